#include "store/inflater.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "store/store_limits.h"

namespace trailsql {

uint64_t Inflater::max_raw_bytes() {
  const long num_pages = ::sysconf(_SC_PHYS_PAGES);
  const long page_bytes = ::sysconf(_SC_PAGESIZE);
  if (num_pages <= 0 || page_bytes <= 0) return kMaxRawFileBytes;
  const auto memory_bytes = static_cast<uint64_t>(num_pages) * static_cast<uint64_t>(page_bytes);
  return std::min(kMaxRawFileBytes, memory_bytes / kMaxRawMemoryShare);
}

InflateResult Inflater::inflate(std::string_view compressed, ByteBuffer& raw) {
  raw.set_size(0);
  raw.reserve(std::min<uint64_t>(raw_size_hint(compressed), max_raw_bytes_) + kSlackBytes);
  InflateResult result;
  std::string_view rest = compressed;
  while (inflate_member(rest, raw, result)) {
    ++result.num_members;
    if (rest.empty()) break;
    if (compression_of(rest) != compression()) {
      result.trailing_bytes = rest.size();
      break;
    }
  }
  return result;
}

bool Inflater::make_room(ByteBuffer& raw, size_t size, InflateResult& result) const {
  if (raw.size() + size > max_raw_bytes_)
    return fail(result, InflateResult::Status::kTooLarge,
                fmt::format("more than {} after decompression",
                            human_size(static_cast<double>(max_raw_bytes_))));
  if (raw.size() + size > raw.capacity())
    raw.reserve(std::max(raw.size() + size, raw.capacity() * 2));
  return true;
}

bool Inflater::fail(InflateResult& result, InflateResult::Status status, std::string problem) {
  result.status = status;
  result.problem = std::move(problem);
  return false;
}

std::unique_ptr<Inflater> new_inflater(Compression compression) {
  switch (compression) {
    case Compression::kGzip:
    case Compression::kZlib: return new_igzip_inflater(compression);
    case Compression::kZstd: return new_zstd_inflater();
    case Compression::kBzip2: return new_bzip2_inflater();
    case Compression::kSnappy: return new_snappy_inflater();
    case Compression::kNone:
    case Compression::kLz4:
    case Compression::kXz:
    case Compression::kLzop: break;
  }
  throw QueryError(ErrorCode::kGenericInternalError,
                   fmt::format("No reader for {}", compression_name(compression)));
}

}  // namespace trailsql
