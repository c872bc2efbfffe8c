#include "scan/map_keys.h"

#include <cmath>
#include <optional>
#include <string>
#include <unordered_set>

namespace trailsql {
namespace {

// Returns the bytes that are the same for equal values; nothing for what equals nothing: NULL, NaN,
// arrays and their like.
std::optional<std::string> identity_of(const Column& column, size_t i) {
  const auto bytes_of = [](const auto& value) {
    return std::string(reinterpret_cast<const char*>(&value), sizeof(value));
  };
  if (column.is_null(i)) return std::nullopt;
  switch (storage_of(column.type())) {
    case Storage::kInt64: return bytes_of(column.int64_at(i));
    case Storage::kDouble: {
      const double value = column.double_at(i) + 0.0;  // makes -0.0 the same as 0.0
      return std::isnan(value) ? std::nullopt : std::optional(bytes_of(value));
    }
    case Storage::kInt128: return bytes_of(column.int128_at(i));
    case Storage::kString: return std::string(column.string_at(i));
    default: return std::nullopt;
  }
}

}  // namespace

std::vector<uint8_t> repeated_keys(const Column& keys, KeptKey kept) {
  std::vector<uint8_t> repeated(keys.size(), 0);
  std::unordered_set<std::string> seen;
  for (size_t n = 0; n < keys.size(); ++n) {
    const size_t i = kept == KeptKey::kFirst ? n : keys.size() - 1 - n;
    std::optional<std::string> identity = identity_of(keys, i);
    if (identity && !seen.insert(*std::move(identity)).second) repeated[i] = 1;
  }
  return repeated;
}

}  // namespace trailsql
