#include "functions/value_hash.h"

#include <xxhash.h>

#include <bit>
#include <cmath>

#include "functions/utf8.h"
#include "types/time_units.h"

namespace trailsql {
namespace {

uint64_t hash_bytes(std::string_view bytes) { return XXH64(bytes.data(), bytes.size(), 0); }

uint64_t hash_integer(int64_t value) { return XXH64(&value, sizeof(value), 0); }

uint64_t hash_double(const Type& type, double value) {
  if (value == 0) value = 0;  // -0.0 is 0.0
  if (type.is(TypeKind::kReal)) {
    constexpr int32_t kNaN = 0x7fc00000;
    const auto bits = std::bit_cast<int32_t>(static_cast<float>(value));
    return hash_integer(std::isnan(value) ? kNaN : bits);
  }
  constexpr int64_t kNaN = 0x7ff8000000000000;
  return hash_integer(std::isnan(value) ? kNaN : std::bit_cast<int64_t>(value));
}

uint64_t hash_decimal(const Type& type, int128_t value) {
  const auto low = static_cast<int64_t>(value);
  if (type.precision() <= Type::kMaxShortDecimalPrecision) return hash_integer(low);
  return hash_integer(static_cast<int64_t>(value >> 64)) ^ hash_integer(low);
}

uint64_t hash_text(const Type& type, std::string_view bytes) {
  if (!type.is(TypeKind::kUuid) && !type.is(TypeKind::kIpAddress)) return hash_bytes(bytes);
  constexpr size_t kHalf = 8;
  return hash_bytes(bytes.substr(0, kHalf)) ^ hash_bytes(bytes.substr(kHalf));
}

uint64_t hash_child(const Column& column, size_t row) {
  return column.is_null(row) ? 0 : hash_value(column, row);
}

uint64_t hash_list(const Column& column, size_t row) {
  uint64_t hash = 0;
  for (size_t i = column.offset(row); i < column.offset(row + 1); ++i) {
    if (column.type().is(TypeKind::kMap)) {
      hash += hash_child(column.children()[0], i) ^ hash_child(column.children()[1], i);
    } else {
      hash = hash * 31 + hash_child(column.children()[0], i);
    }
  }
  return hash;
}

// Timestamps of more than six digits, and those with a time zone.
uint64_t hash_long_timestamp(const Column& column, size_t row) {
  constexpr int kMilliDigits = 3;
  const Type& type = column.type();
  const int64_t micros = column.children()[0].int64_at(row);
  const int64_t picos = type.has_picoseconds() ? column.children()[1].int64_at(row) : 0;
  if (type.is(TypeKind::kTimestamp)) return hash_integer(micros) ^ hash_integer(picos);
  const int64_t rest = ((micros % kMicrosecondsPerMillisecond) + kMicrosecondsPerMillisecond) %
                       kMicrosecondsPerMillisecond;
  const uint64_t millis = hash_integer((micros - rest) / kMicrosecondsPerMillisecond);
  if (type.precision() <= kMilliDigits) return millis;
  return millis ^ hash_integer(rest * kPicosecondsPerMicrosecond + picos);
}

}  // namespace

bool is_hashable(const Type& type) {
  switch (type.kind()) {
    case TypeKind::kUnknown: return true;
    case TypeKind::kRow:
    case TypeKind::kTimeWithTimeZone:
    case TypeKind::kHyperLogLog:
    case TypeKind::kSetDigest:
    case TypeKind::kFunction: return false;
    case TypeKind::kArray: return is_hashable(type.element());
    case TypeKind::kMap: return is_hashable(type.key()) && is_hashable(type.value());
    default: return true;
  }
}

uint64_t hash_value(const Column& column, size_t row) {
  const Type& type = column.type();
  switch (storage_of(type)) {
    case Storage::kNone: return 0;
    case Storage::kInt64: return hash_integer(column.int64_at(row));
    case Storage::kDouble: return hash_double(type, column.double_at(row));
    case Storage::kInt128: return hash_decimal(type, column.int128_at(row));
    case Storage::kString: return hash_text(type, column.string_at(row));
    case Storage::kList: return hash_list(column, row);
    case Storage::kRow: return hash_long_timestamp(column, row);
  }
  return 0;
}

uint32_t java_hash(std::string_view text) {
  uint32_t hash = 0;
  for (const char32_t c : code_points(text)) {
    constexpr char32_t kFirstPair = 0x10000;
    if (c >= kFirstPair) hash = hash * 31 + 0xD7C0 + (c >> 10U);  // the high surrogate
    hash = hash * 31 + (c >= kFirstPair ? 0xDC00 + (c & 0x3FFU) : c);
  }
  return hash;
}

}  // namespace trailsql
