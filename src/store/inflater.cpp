#include "store/inflater.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "store/store_limits.h"

namespace trailsql {

uint64_t Inflater::max_raw_bytes() {
  return std::min(kMaxRawFileBytes, usable_memory_bytes() / kMaxRawMemoryShare);
}

void Inflater::release() {
  if (shared_ != nullptr) shared_->change(held_bytes_, 0);
  if (std::exchange(has_turn_, false)) shared_->end_turn();
  held_bytes_ = 0;
}

// Makes the buffer as large as that, if all files together may hold so much.
bool Inflater::try_hold(ByteBuffer& raw, size_t capacity) {
  capacity = std::max(capacity, raw.capacity());
  if (shared_ != nullptr && !has_turn_ && !shared_->change(held_bytes_, capacity)) return false;
  if (has_turn_) shared_->change_beyond(held_bytes_, capacity);
  held_bytes_ = capacity;
  raw.reserve(capacity);
  return true;
}

// Makes the buffer as large as that, when its turn comes.
void Inflater::hold(ByteBuffer& raw, size_t capacity) {
  if (try_hold(raw, capacity)) return;
  shared_->begin_turn();
  has_turn_ = true;
  try_hold(raw, capacity);
}

InflateResult Inflater::inflate(std::string_view compressed, ByteBuffer& raw) {
  raw.set_size(0);
  release();
  // What a file says of itself may be too much; what it takes will show.
  try_hold(raw, std::min<uint64_t>(raw_size_hint(compressed), max_raw_bytes_) + kSlackBytes);
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
  const uint64_t doubled = std::min<uint64_t>(raw.capacity() * 2, max_raw_bytes_ + kSlackBytes);
  if (!try_hold(raw, std::max<uint64_t>(wanted, doubled))) hold(raw, wanted);
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
    case Compression::kZlib: return new_gzip_inflater(compression);
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
