#include "store/s3_checksum.h"

#include <fmt/core.h>
#include <isa-l.h>
#include <openssl/evp.h>

#include <array>
#include <cstdint>
#include <cstring>

#include "base/text.h"

namespace trailsql {
namespace {

// CRC-64/NVME, which ISA-L has only in newer versions: eight bytes a step, a table for each.
constexpr uint64_t kCrc64Polynomial = 0x9a6c9329ac4bc9b5;  // reflected
using Crc64Tables = std::array<std::array<uint64_t, 256>, 8>;

constexpr Crc64Tables make_crc64_tables() {
  Crc64Tables tables{};
  for (uint64_t byte = 0; byte < 256; ++byte) {
    uint64_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? kCrc64Polynomial : 0);
    tables[0][byte] = crc;
  }
  for (size_t table = 1; table < tables.size(); ++table) {
    for (size_t byte = 0; byte < 256; ++byte) {
      const uint64_t before = tables[table - 1][byte];
      tables[table][byte] = (before >> 8) ^ tables[0][before & 255];
    }
  }
  return tables;
}

uint64_t crc64_nvme(std::string_view bytes) {
  static constexpr Crc64Tables kTables = make_crc64_tables();
  uint64_t crc = ~uint64_t{0};
  for (; bytes.size() >= 8; bytes.remove_prefix(8)) {
    uint64_t word = 0;
    std::memcpy(&word, bytes.data(), sizeof word);  // little-endian, as all our machines are
    crc ^= word;
    uint64_t next = 0;
    for (size_t i = 0; i < 8; ++i) next ^= kTables[7 - i][(crc >> (8 * i)) & 255];
    crc = next;
  }
  for (const char byte : bytes)
    crc = (crc >> 8) ^ kTables[0][(crc ^ static_cast<unsigned char>(byte)) & 255];
  return ~crc;
}

template <typename Number>
std::string big_endian(Number number) {
  std::string bytes;
  for (size_t i = sizeof number; i > 0; --i)
    bytes += static_cast<char>((number >> (8 * (i - 1))) & 255);
  return bytes;
}

std::string message_digest(std::string_view bytes, const EVP_MD* kind) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, kind, nullptr);
  return {reinterpret_cast<const char*>(digest.data()), size};
}

std::string crc32_of(std::string_view bytes) {
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  return big_endian(crc32_gzip_refl(0, data, bytes.size()));
}

std::string crc32c_of(std::string_view bytes) {
  // ISA-L reads the bytes only, whatever its signature says.
  auto* data = reinterpret_cast<unsigned char*>(const_cast<char*>(bytes.data()));
  uint32_t crc = ~uint32_t{0};
  constexpr size_t kPieceBytes = 1u << 30;
  for (size_t at = 0; at < bytes.size(); at += kPieceBytes) {
    const size_t size = std::min(kPieceBytes, bytes.size() - at);
    crc = crc32_iscsi(data + at, static_cast<int>(size), crc);
  }
  return big_endian(~crc);
}

std::string crc64_of(std::string_view bytes) { return big_endian(crc64_nvme(bytes)); }
std::string sha1_of(std::string_view bytes) { return message_digest(bytes, EVP_sha1()); }
std::string sha256_of(std::string_view bytes) { return message_digest(bytes, EVP_sha256()); }

struct ChecksumKind {
  std::string_view header;
  std::string (*compute)(std::string_view bytes);
};
constexpr std::array kChecksumKinds = {
    ChecksumKind{"x-amz-checksum-crc64nvme", crc64_of},
    ChecksumKind{"x-amz-checksum-crc32", crc32_of},
    ChecksumKind{"x-amz-checksum-crc32c", crc32c_of},
    ChecksumKind{"x-amz-checksum-sha256", sha256_of},
    ChecksumKind{"x-amz-checksum-sha1", sha1_of},
};

}  // namespace

std::string checksum_problem(const HttpFields& headers, std::string_view bytes) {
  if (const std::string* type = find_field(headers, "x-amz-checksum-type");
      type && *type == "COMPOSITE")
    return {};
  for (const ChecksumKind& kind : kChecksumKinds) {
    const std::string* expected = find_field(headers, kind.header);
    if (expected == nullptr || expected->find('-') != std::string::npos) continue;
    std::string computed;
    append_base64(computed, kind.compute(bytes), kBase64Digits);
    if (computed == *expected) return {};
    return fmt::format("its bytes do not have the checksum that S3 has stored ({} {}, not {})",
                       kind.header, computed, *expected);
  }
  return {};
}

}  // namespace trailsql
