// Digests and hashes of bytes.
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <xxhash.h>
#include <zlib.h>

#include <array>
#include <bit>

#include "base/error.h"
#include "functions/families.h"
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

// MurmurHash3, the 128-bit form for 64-bit machines, which is in the public domain.
class Murmur3 {
 public:
  static std::string hash(std::string_view bytes) {
    Murmur3 state;
    const uint64_t size = bytes.size();
    for (; bytes.size() >= kBlockBytes; bytes.remove_prefix(kBlockBytes))
      state.mix_block(word(bytes.substr(0, 8)), word(bytes.substr(8, 8)));
    if (bytes.size() > 8) state.second_ ^= scramble_second(word(bytes.substr(8)));
    if (!bytes.empty()) state.first_ ^= scramble_first(word(bytes.substr(0, 8)));
    return state.finish(size);
  }

 private:
  static constexpr size_t kBlockBytes = 16;
  static constexpr uint64_t kFirst = 0x87c37b91114253d5U;
  static constexpr uint64_t kSecond = 0x4cf5ad432745937fU;

  static uint64_t word(std::string_view bytes) {
    uint64_t value = 0;
    for (size_t i = bytes.size(); i > 0; --i)
      value = value << 8U | static_cast<unsigned char>(bytes[i - 1]);
    return value;
  }
  static uint64_t scramble_first(uint64_t value) { return std::rotl(value * kFirst, 31) * kSecond; }
  static uint64_t scramble_second(uint64_t value) {
    return std::rotl(value * kSecond, 33) * kFirst;
  }
  static uint64_t spread(uint64_t value) {
    value = (value ^ value >> 33U) * 0xff51afd7ed558ccdU;
    value = (value ^ value >> 33U) * 0xc4ceb9fe1a85ec53U;
    return value ^ value >> 33U;
  }
  static std::string little_endian(uint64_t value) {
    const std::string bytes = big_endian(value, 8);
    return {bytes.rbegin(), bytes.rend()};
  }

  void mix_block(uint64_t first, uint64_t second) {
    first_ ^= scramble_first(first);
    first_ = (std::rotl(first_, 27) + second_) * 5 + 0x52dce729U;
    second_ ^= scramble_second(second);
    second_ = (std::rotl(second_, 31) + first_) * 5 + 0x38495ab5U;
  }
  std::string finish(uint64_t size) {
    first_ ^= size;
    second_ ^= size;
    first_ += second_;
    second_ += first_;
    first_ = spread(first_);
    second_ = spread(second_);
    first_ += second_;
    second_ += first_;
    return little_endian(first_) + little_endian(second_);
  }

  uint64_t first_ = 0;
  uint64_t second_ = 0;
};
std::string murmur3(std::string_view bytes) { return Murmur3::hash(bytes); }

constexpr std::string_view kBytes = "(varbinary) -> varbinary";
constexpr std::string_view kKeyed = "(varbinary, varbinary) -> varbinary";

constexpr FunctionEntry kEntries[] = {
    total("md5", kBytes, "Returns the MD5 digest.", kernel_of<digest<EVP_md5>>),
    total("sha1", kBytes, "Returns the SHA-1 digest.", kernel_of<digest<EVP_sha1>>),
    total("sha256", kBytes, "Returns the SHA-256 digest.", kernel_of<digest<EVP_sha256>>),
    total("sha512", kBytes, "Returns the SHA-512 digest.", kernel_of<digest<EVP_sha512>>),
    fallible("hmac_md5", kKeyed, "Returns the MD5 digest with a key.",
             kernel_of<keyed_digest<EVP_md5>>),
    fallible("hmac_sha1", kKeyed, "Returns the SHA-1 digest with a key.",
             kernel_of<keyed_digest<EVP_sha1>>),
    fallible("hmac_sha256", kKeyed, "Returns the SHA-256 digest with a key.",
             kernel_of<keyed_digest<EVP_sha256>>),
    fallible("hmac_sha512", kKeyed, "Returns the SHA-512 digest with a key.",
             kernel_of<keyed_digest<EVP_sha512>>),
    total("crc32", "(varbinary) -> bigint", "Returns the CRC-32 checksum.", kernel_of<crc32_of>),
    total("xxhash64", kBytes, "Returns the 64-bit xxHash.", kernel_of<xxhash64>),
    total("murmur3", kBytes, "Returns the 128-bit MurmurHash3.", kernel_of<murmur3>),
    total("spooky_hash_v2_32", kBytes, "Returns the 32-bit SpookyHash.", kernel_of<spooky_hash_32>),
    total("spooky_hash_v2_64", kBytes, "Returns the 64-bit SpookyHash.", kernel_of<spooky_hash_64>),
};

}  // namespace

std::span<const FunctionEntry> hash_functions() { return kEntries; }

}  // namespace trailsql
