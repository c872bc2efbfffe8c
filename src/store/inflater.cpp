#include "store/inflater.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "store/store_limits.h"

namespace trailsql {

uint64_t Inflater::max_raw_bytes() {
  return std::min(kMaxRawFileBytes, usable_memory_bytes() / kMaxRawMemoryShare);
}

void Inflater::release() {
  if (shared_ != nullptr) shared_->change(held_bytes_, 0);
  held_bytes_ = 0;
}

// Makes the buffer as large as that, if it may hold so much.
bool Inflater::hold(ByteBuffer& raw, size_t capacity) {
  capacity = std::max(capacity, raw.capacity());
  if (shared_ != nullptr && !shared_->change(held_bytes_, capacity)) return false;
  held_bytes_ = capacity;
  raw.reserve(capacity);
  return true;
}

InflateResult Inflater::inflate(std::string_view compressed, ByteBuffer& raw) {
  raw.set_size(0);
  release();
  // What a file says of itself may be too much; what it takes will show.
  hold(raw, std::min<uint64_t>(raw_size_hint(compressed), max_raw_bytes_) + kSlackBytes);
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

bool Inflater::make_room(ByteBuffer& raw, size_t size, InflateResult& result) {
  const size_t wanted = raw.size() + size;
  if (wanted > max_raw_bytes_)
    return fail(result, InflateResult::Status::kTooLarge,
                fmt::format("more than {} after decompression",
                            human_size(static_cast<double>(max_raw_bytes_))));
  if (wanted <= raw.capacity()) return true;
  if (hold(raw, std::max(wanted, raw.capacity() * 2)) || hold(raw, wanted)) return true;
  return fail(result, InflateResult::Status::kTooLarge,
              fmt::format("more than {} after decompression, with the other files that are read at "
                          "the same time",
                          human_size(static_cast<double>(shared_->limit_bytes()))));
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
