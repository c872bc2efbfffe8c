#include "types/coercion.h"

#include <algorithm>

namespace trailsql {
namespace {

// The decimal that holds every value of an integral type.
Type integral_as_decimal(TypeKind kind) {
  switch (kind) {
    case TypeKind::kTinyint: return Type::decimal(3, 0);
    case TypeKind::kSmallint: return Type::decimal(5, 0);
    case TypeKind::kInteger: return Type::decimal(10, 0);
    default: return Type::decimal(19, 0);
  }
}

Type decimal_super_type(const Type& a, const Type& b) {
  const int scale = std::max(a.scale(), b.scale());
  const int integer_digits = std::max(a.precision() - a.scale(), b.precision() - b.scale());
  return Type::decimal(std::min(integer_digits + scale, Type::kMaxDecimalPrecision), scale);
}

std::optional<Type> row_super_type(const Type& a, const Type& b) {
  if (a.fields().size() != b.fields().size()) return std::nullopt;
  std::vector<RowField> fields;
  for (size_t i = 0; i < a.fields().size(); ++i) {
    const RowField& left = a.fields()[i];
    const RowField& right = b.fields()[i];
    const std::optional<Type> type = common_super_type(left.type, right.type);
    if (!type) return std::nullopt;
    fields.push_back({left.name == right.name ? left.name : std::nullopt, *type});
  }
  return Type::row(std::move(fields));
}

std::optional<Type> same_kind_super_type(const Type& a, const Type& b) {
  switch (a.kind()) {
    case TypeKind::kDecimal: return decimal_super_type(a, b);
    case TypeKind::kVarchar: return Type::varchar(std::max(a.length(), b.length()));
    case TypeKind::kChar: return Type::character(std::max(a.length(), b.length()));
    case TypeKind::kTime:
    case TypeKind::kTimeWithTimeZone:
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampWithTimeZone:
      return b.with_precision(std::max(a.precision(), b.precision()));
    case TypeKind::kArray: {
      const std::optional<Type> element = common_super_type(a.element(), b.element());
      if (!element) return std::nullopt;
      return Type::array(*element);
    }
    case TypeKind::kMap: {
      const std::optional<Type> key = common_super_type(a.key(), b.key());
      const std::optional<Type> value = common_super_type(a.value(), b.value());
      if (!key || !value) return std::nullopt;
      return Type::map(*key, *value);
    }
    case TypeKind::kRow: return row_super_type(a, b);
    default: return std::nullopt;
  }
}

// `a` stands before `b` in TypeKind, so each pair needs one line.
std::optional<Type> mixed_super_type(const Type& a, const Type& b) {
  if (a.is_integral() && b.is_integral()) return b;
  if (a.is_integral() && b.is_floating()) return b;
  if (a.is_integral() && b.is(TypeKind::kDecimal))
    return decimal_super_type(integral_as_decimal(a.kind()), b);
  if (a.is(TypeKind::kReal) && b.is(TypeKind::kDouble)) return b;
  if (a.is_floating() && b.is(TypeKind::kDecimal)) return a;
  if (a.is(TypeKind::kVarchar) && b.is(TypeKind::kChar)) {
    return Type::character(std::min(std::max(a.length(), b.length()), Type::kMaxCharLength));
  }
  if (a.is(TypeKind::kDate) &&
      (b.is(TypeKind::kTimestamp) || b.is(TypeKind::kTimestampWithTimeZone)))
    return b;
  if ((a.is(TypeKind::kTime) && b.is(TypeKind::kTimeWithTimeZone)) ||
      (a.is(TypeKind::kTimestamp) && b.is(TypeKind::kTimestampWithTimeZone)))
    return b.with_precision(std::max(a.precision(), b.precision()));
  return std::nullopt;
}

bool all_fields(const Type& type, bool (*test)(const Type&)) {
  return std::all_of(type.fields().begin(), type.fields().end(),
                     [test](const RowField& field) { return test(field.type); });
}

}  // namespace

std::optional<Type> common_super_type(const Type& a, const Type& b) {
  if (a == b) return a;
  if (a.is(TypeKind::kUnknown)) return b;
  if (b.is(TypeKind::kUnknown)) return a;
  if (a.kind() == b.kind()) return same_kind_super_type(a, b);
  return a.kind() < b.kind() ? mixed_super_type(a, b) : mixed_super_type(b, a);
}

bool can_coerce(const Type& from, const Type& to) {
  if (from == to || from.is(TypeKind::kUnknown)) return true;
  // Names of row fields do not hinder a coercion, so rows are compared part by part.
  if (from.is(TypeKind::kRow) && to.is(TypeKind::kRow)) {
    if (from.fields().size() != to.fields().size()) return false;
    for (size_t i = 0; i < from.fields().size(); ++i) {
      if (!can_coerce(from.fields()[i].type, to.fields()[i].type)) return false;
    }
    return true;
  }
  if (from.is(TypeKind::kArray) && to.is(TypeKind::kArray))
    return can_coerce(from.element(), to.element());
  if (from.is(TypeKind::kMap) && to.is(TypeKind::kMap))
    return can_coerce(from.key(), to.key()) && can_coerce(from.value(), to.value());
  const std::optional<Type> common = common_super_type(from, to);
  return common && *common == to;
}

bool is_physically_equal(const Type& from, const Type& to) {
  if (from == to) return true;
  if (from.kind() != to.kind()) {
    // Text is text: a coercion of varchar(n) or char(n) (kept without its padding) to anything
    // wider of the kind changes no byte, but char to varchar pads.
    return false;
  }
  switch (from.kind()) {
    case TypeKind::kVarchar:
    case TypeKind::kChar: return from.length() <= to.length();
    case TypeKind::kTime:
    case TypeKind::kTimeWithTimeZone:
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampWithTimeZone:
      return from.precision() <= to.precision() && from.has_picoseconds() == to.has_picoseconds();
    case TypeKind::kArray:
    case TypeKind::kMap:
    case TypeKind::kRow:
      return from.fields().size() == to.fields().size() &&
             std::equal(from.fields().begin(), from.fields().end(), to.fields().begin(),
                        [](const RowField& a, const RowField& b) {
                          return is_physically_equal(a.type, b.type);
                        });
    default: return false;
  }
}

bool is_comparable(const Type& type) {
  switch (type.kind()) {
    case TypeKind::kHyperLogLog:
    case TypeKind::kSetDigest:
    case TypeKind::kFunction: return false;
    default: return all_fields(type, is_comparable);
  }
}

bool is_orderable(const Type& type) {
  switch (type.kind()) {
    case TypeKind::kMap:
    case TypeKind::kJson:
    case TypeKind::kHyperLogLog:
    case TypeKind::kSetDigest:
    case TypeKind::kFunction: return false;
    default: return all_fields(type, is_orderable);
  }
}

}  // namespace trailsql
