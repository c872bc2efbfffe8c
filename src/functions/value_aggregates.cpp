// Aggregates that look at values as bytes: checksum and the sizes that Trino's statistics count.
#include <fmt/core.h>

#include <algorithm>

#include "functions/families.h"
#include "functions/typed_kernel.h"
#include "functions/value_hash.h"

namespace trailsql {
namespace {

// NULLs count, too.
std::string checksum(ListView values) {
  constexpr uint64_t kPrime = 0x9E3779B185EBCA87;
  const Column& elements = values.elements();
  if (!is_hashable(elements.type())) {
    throw QueryError(ErrorCode::kNotSupported,
                     fmt::format("checksum of {} is not supported yet", elements.type().display()));
  }
  uint64_t sum = 0;
  for (size_t i = values.begin; i < values.end; ++i)
    sum += kPrime * (elements.is_null(i) ? 1 : hash_value(elements, i));
  std::string bytes;
  for (int shift = 0; shift < 64; shift += 8) bytes += static_cast<char>(sum >> shift & 0xff);
  return bytes;
}
KernelPtr make_checksum(const BoundFunction& bound) {
  return finish_kernel<checksum>(bound, {Type::array(bound.argument_types[0])});
}

int64_t fixed_size(const Type& type) {
  constexpr int kMaxShortTimestamp = 6;
  constexpr int kMaxShortZoned = 3;
  constexpr int kMaxShortZonedTime = 9;
  switch (type.kind()) {
    case TypeKind::kBoolean:
    case TypeKind::kTinyint: return 1;
    case TypeKind::kSmallint: return 2;
    case TypeKind::kInteger:
    case TypeKind::kReal:
    case TypeKind::kDate:
    case TypeKind::kIntervalYearToMonth: return 4;
    case TypeKind::kDecimal: return type.precision() <= Type::kMaxShortDecimalPrecision ? 8 : 16;
    case TypeKind::kTimestamp: return type.precision() <= kMaxShortTimestamp ? 8 : 12;
    case TypeKind::kTimestampWithTimeZone: return type.precision() <= kMaxShortZoned ? 8 : 12;
    case TypeKind::kTimeWithTimeZone: return type.precision() <= kMaxShortZonedTime ? 8 : 12;
    case TypeKind::kUuid:
    case TypeKind::kIpAddress: return 16;
    default: return 8;
  }
}

// Returns how many bytes Trino's optimizer counts for a value; none for NULL.
int64_t size_for_statistics(const Column& column, size_t row) {
  if (column.is_null(row)) return 0;
  const Type& type = column.type();
  if (type.is(TypeKind::kRow)) {
    int64_t size = 0;
    for (const Column& child : column.children()) size += size_for_statistics(child, row);
    return size;
  }
  if (type.is_nested()) {
    int64_t size = 0;
    for (size_t i = column.offset(row); i < column.offset(row + 1); ++i) {
      for (const Column& child : column.children()) size += size_for_statistics(child, i);
    }
    return size;
  }
  if (storage_of(type) == Storage::kString && !type.is(TypeKind::kUuid) &&
      !type.is(TypeKind::kIpAddress))
    return static_cast<int64_t>(column.string_at(row).size());
  return fixed_size(type);
}
int64_t sum_of_sizes(ListView values) {
  int64_t sum = 0;
  for (size_t i = values.begin; i < values.end; ++i)
    sum += size_for_statistics(values.elements(), i);
  return sum;
}
int64_t greatest_size(ListView values) {
  int64_t greatest = 0;
  for (size_t i = values.begin; i < values.end; ++i)
    greatest = std::max(greatest, size_for_statistics(values.elements(), i));
  return greatest;
}
template <auto Function>
KernelPtr make_size(const BoundFunction& bound) {
  return finish_kernel<Function>(bound, {Type::array(bound.argument_types[0])});
}

constexpr std::string_view kSize = "coalesce({kernel}(list({distinct}{0}{order}){tail}), 0)";

constexpr FunctionEntry kValueAggregates[] = {
    aggregate("checksum", "(T) -> varbinary", "{kernel}(list({distinct}{0}{order}){tail})",
              "Returns a checksum of all values, in any order.", make_checksum),
    aggregate("$internal$sum_data_size_for_stats", "(T) -> bigint", kSize,
              "Adds up the bytes of all values.", make_size<sum_of_sizes>),
    aggregate("$internal$max_data_size_for_stats", "(T) -> bigint", kSize,
              "Returns the bytes of the longest value.", make_size<greatest_size>),
};

}  // namespace

std::span<const FunctionEntry> value_aggregates() { return kValueAggregates; }

}  // namespace trailsql
