#include "store/whole_gzip.h"

#if TRAILSQL_HAS_LIBDEFLATE
#include <libdeflate.h>
#endif

namespace trailsql {
namespace {

constexpr size_t kMinMemberBytes = 18;  // header and trailer

}  // namespace

WholeGzip::~WholeGzip() = default;

#if TRAILSQL_HAS_LIBDEFLATE

WholeGzip::WholeGzip() : decompressor_(::libdeflate_alloc_decompressor()) {}

void WholeGzip::Free::operator()(libdeflate_decompressor* decompressor) const {
  ::libdeflate_free_decompressor(decompressor);
}

std::optional<WholeGzip::Member> WholeGzip::inflate(std::string_view gzip, char* out, size_t room) {
  constexpr size_t kFlagsAt = 3;
  constexpr char kUnusualFlags = '\xE2';  // a checksum of the header, and what nobody knows
  if (gzip.size() < kMinMemberBytes || (gzip[kFlagsAt] & kUnusualFlags) != 0) return std::nullopt;
  Member member{};
  if (::libdeflate_gzip_decompress_ex(decompressor_.get(), gzip.data(), gzip.size(), out, room,
                                      &member.stored_bytes,
                                      &member.raw_bytes) != LIBDEFLATE_SUCCESS)
    return std::nullopt;
  return member;
}

#else

WholeGzip::WholeGzip() = default;

void WholeGzip::Free::operator()(libdeflate_decompressor*) const {}

std::optional<WholeGzip::Member> WholeGzip::inflate(std::string_view, char*, size_t) {
  return std::nullopt;
}

#endif

uint32_t stated_raw_size(std::string_view gzip) {
  if (gzip.size() < kMinMemberBytes) return 0;
  uint32_t stated = 0;
  for (size_t i = 0; i < 4; ++i)
    stated |= static_cast<uint32_t>(static_cast<uint8_t>(gzip[gzip.size() - 4 + i])) << (8 * i);
  return stated;
}

}  // namespace trailsql
