// Digests and hashes of bytes.
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <xxhash.h>
#include <zlib.h>

#include <array>

#include "base/error.h"
#include "functions/families.h"
#include "functions/murmur_hash.h"
#include "functions/spooky_hash.h"
#include "functions/typed_kernel.h"

namespace trailsql {
namespace {

std::string big_endian(uint64_t value, size_t num_bytes) {
  std::string out(num_bytes, '\0');
  for (size_t i = num_bytes; i > 0; --i, value >>= 8U)
    out[i - 1] = static_cast<char>(value & 0xFFU);
  return out;
}

using Algorithm = const EVP_MD* (*)();

template <Algorithm GetAlgorithm>
std::string digest(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned length = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), hash.data(), &length, GetAlgorithm(), nullptr) != 1)
    throw QueryError(ErrorCode::kGenericInternalError, "Digest is not available");
  return {reinterpret_cast<const char*>(hash.data()), length};
}

template <Algorithm GetAlgorithm>
std::string keyed_digest(std::string_view bytes, std::string_view key) {
  if (key.empty()) throw QueryError(ErrorCode::kGenericInternalError, "Empty key");
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned length = 0;
  if (HMAC(GetAlgorithm(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), hash.data(),
           &length) == nullptr)
    throw QueryError(ErrorCode::kGenericInternalError, "Digest is not available");
  return {reinterpret_cast<const char*>(hash.data()), length};
}

int64_t crc32_of(std::string_view bytes) {
  const uLong start = crc32_z(0, nullptr, 0);
  return static_cast<int64_t>(
      crc32_z(start, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

std::string xxhash64(std::string_view bytes) {
  return big_endian(XXH64(bytes.data(), bytes.size(), 0), 8);
}
std::string spooky_hash_64(std::string_view bytes) { return big_endian(spooky_hash(bytes), 8); }
std::string spooky_hash_32(std::string_view bytes) {
  return big_endian(spooky_hash(bytes) & 0xFFFFFFFFU, 4);
}

std::string murmur3(std::string_view bytes) {
  std::string out;
  for (const uint64_t half : murmur3_hash(bytes)) {
    const std::string reversed = big_endian(half, 8);
    out.append(reversed.rbegin(), reversed.rend());
  }
  return out;
}

constexpr std::string_view kOfBytes = "(varbinary) -> varbinary";
constexpr std::string_view kOfKeyedBytes = "(varbinary, varbinary) -> varbinary";

constexpr FunctionEntry kHashFunctions[] = {
    total("md5", kOfBytes, "Returns the MD5 digest.", kernel_of<digest<EVP_md5>>),
    total("sha1", kOfBytes, "Returns the SHA-1 digest.", kernel_of<digest<EVP_sha1>>),
    total("sha256", kOfBytes, "Returns the SHA-256 digest.", kernel_of<digest<EVP_sha256>>),
    total("sha512", kOfBytes, "Returns the SHA-512 digest.", kernel_of<digest<EVP_sha512>>),
    fallible("hmac_md5", kOfKeyedBytes, "Returns the MD5 digest with a key.",
             kernel_of<keyed_digest<EVP_md5>>),
    fallible("hmac_sha1", kOfKeyedBytes, "Returns the SHA-1 digest with a key.",
             kernel_of<keyed_digest<EVP_sha1>>),
    fallible("hmac_sha256", kOfKeyedBytes, "Returns the SHA-256 digest with a key.",
             kernel_of<keyed_digest<EVP_sha256>>),
    fallible("hmac_sha512", kOfKeyedBytes, "Returns the SHA-512 digest with a key.",
             kernel_of<keyed_digest<EVP_sha512>>),
    total("crc32", "(varbinary) -> bigint", "Returns the CRC-32 checksum.", kernel_of<crc32_of>),
    total("xxhash64", kOfBytes, "Returns the 64-bit xxHash.", kernel_of<xxhash64>),
    total("murmur3", kOfBytes, "Returns the 128-bit MurmurHash3.", kernel_of<murmur3>),
    total("spooky_hash_v2_32", kOfBytes, "Returns the 32-bit SpookyHash.",
          kernel_of<spooky_hash_32>),
    total("spooky_hash_v2_64", kOfBytes, "Returns the 64-bit SpookyHash.",
          kernel_of<spooky_hash_64>),
};

}  // namespace

std::span<const FunctionEntry> hash_functions() { return kHashFunctions; }

}  // namespace trailsql
