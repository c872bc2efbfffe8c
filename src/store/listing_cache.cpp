#include "store/listing_cache.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <iterator>

#include "store/compressor.h"
#include "store/inflater.h"

namespace trailsql {
namespace {

// Takes a number and the character behind it off the front of `rest`.
template <typename Number>
bool take_number(std::string_view& rest, Number& number) {
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
  const auto size = static_cast<size_t>(end - rest.data());
  if (error != std::errc() || size == rest.size()) return false;
  rest.remove_prefix(size + 1);
  return true;
}

bool take_text(std::string_view& rest, size_t size, std::string& text) {
  if (size > rest.size()) return false;
  text = rest.substr(0, size);
  rest.remove_prefix(size);
  return true;
}

bool take_object(std::string_view& rest, S3Object& object) {
  size_t etag_size = 0;
  size_t key_size = 0;
  if (!take_number(rest, object.size_bytes) || !take_number(rest, object.modified_time_us) ||
      !take_number(rest, etag_size) || !take_number(rest, key_size)) {
    return false;
  }
  return take_text(rest, etag_size, object.etag) && take_text(rest, key_size, object.key);
}

}  // namespace

std::vector<ListedPiece> pieces_outside(const ListedPiece& piece, const ListedPiece& taken) {
  std::vector<ListedPiece> rest;
  const auto keep = [&](const std::string& first, const std::string& end) {
    if (first >= end) return;
    rest.push_back({piece.folder, first, end, {}});
    std::ranges::copy_if(
        piece.objects, std::back_inserter(rest.back().objects),
        [&](const S3Object& object) { return first <= object.key && object.key < end; });
  };
  keep(piece.first, std::min(piece.end, taken.first));
  keep(std::max(piece.first, taken.end), piece.end);
  return rest;
}

std::string encode_objects(const std::vector<S3Object>& objects) {
  const std::unique_ptr<Compressor> compressor = new_zstd_compressor();
  std::string bytes;
  std::string record;
  for (const S3Object& object : objects) {
    record.clear();
    fmt::format_to(std::back_inserter(record), "{} {} {} {}\n{}{}", object.size_bytes,
                   object.modified_time_us, object.etag.size(), object.key.size(), object.etag,
                   object.key);
    compressor->add(record, bytes);
  }
  compressor->finish(bytes);
  return bytes;
}

std::vector<S3Object> decode_objects(std::string_view bytes, bool& is_damaged) {
  ByteBuffer raw;
  const InflateResult result = new_inflater(Compression::kZstd)->inflate(bytes, raw);
  is_damaged = result.status != InflateResult::Status::kOk;
  std::vector<S3Object> objects;
  for (std::string_view rest = raw.view(); !rest.empty() && !is_damaged;)
    is_damaged = !take_object(rest, objects.emplace_back());
  if (is_damaged) objects.clear();
  return objects;
}

}  // namespace trailsql
