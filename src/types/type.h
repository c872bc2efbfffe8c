// SQL types as Trino knows them, spelled as Trino and as Hive spell them. The vocabulary of
// everything after the parser.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace trailsql {

enum class TypeKind : uint8_t {
  kUnknown,  // the type of NULL
  kBoolean,
  kTinyint,
  kSmallint,
  kInteger,
  kBigint,
  kReal,
  kDouble,
  kDecimal,
  kVarchar,
  kChar,
  kVarbinary,
  kDate,
  kTime,
  kTimeWithTimeZone,
  kTimestamp,
  kTimestampWithTimeZone,
  kIntervalYearToMonth,
  kIntervalDayToSecond,
  kArray,
  kMap,
  kRow,
  kJson,
  kUuid,
  kIpAddress,
  kHyperLogLog,  // a sketch of distinct values
  kSetDigest,    // a set of hashes and how often each was met
  kFunction,     // of a lambda; exists during analysis only
};

class Type;

/// Names one field of a row type; anonymous fields have no name.
struct RowField;

/// Holds one SQL type. A small value: copies share the parts of nested types, which never change,
/// so it is safe across threads.
class Type {
 public:
  static constexpr uint32_t kUnbounded = 0x7fffffff;  // the length of plain varchar
  static constexpr uint32_t kMaxCharLength = 65536;
  static constexpr int kMaxDecimalPrecision = 38;
  static constexpr int kMaxShortDecimalPrecision = 18;  // whose values Trino keeps in 64 bits
  static constexpr int kMaxTimePrecision = 12;          // of time and timestamp
  static constexpr int kDefaultTimePrecision = 3;

  Type() = default;  // unknown
  /// Makes a type without parameters. `kind` must be one that has none.
  Type(TypeKind kind);  // NOLINT: conversions from a kind are meant to be implicit.

  static Type decimal(int precision, int scale);
  static Type varchar(uint32_t length = kUnbounded);
  static Type character(uint32_t length);
  static Type time(int precision);
  static Type time_with_time_zone(int precision);
  static Type timestamp(int precision);
  static Type timestamp_with_time_zone(int precision);
  /// Returns this time type, or timestamp type, with another precision.
  Type with_precision(int precision) const;
  static Type array(Type element);
  static Type map(Type key, Type value);
  static Type row(std::vector<RowField> fields);
  /// Makes the type of a lambda: its parameters, then what it returns.
  static Type function(std::vector<Type> arguments, Type result);

  TypeKind kind() const { return kind_; }
  bool is(TypeKind kind) const { return kind_ == kind; }
  bool is_integral() const { return kind_ >= TypeKind::kTinyint && kind_ <= TypeKind::kBigint; }
  bool is_floating() const { return kind_ == TypeKind::kReal || kind_ == TypeKind::kDouble; }
  bool is_numeric() const { return is_integral() || is_floating() || kind_ == TypeKind::kDecimal; }
  bool is_text() const { return kind_ == TypeKind::kVarchar || kind_ == TypeKind::kChar; }
  /// Whether values carry a zone, which makes no difference to what they equal.
  bool has_zone() const {
    return kind_ == TypeKind::kTimeWithTimeZone || kind_ == TypeKind::kTimestampWithTimeZone;
  }
  /// Whether values are dates, times of day or timestamps.
  bool is_moment() const {
    return kind_ == TypeKind::kDate || kind_ == TypeKind::kTime || kind_ == TypeKind::kTimestamp ||
           has_zone();
  }
  /// Whether values are timestamps that keep picoseconds beside their microseconds.
  bool has_picoseconds() const {
    constexpr int kMicrosecondDigits = 6;
    return (kind_ == TypeKind::kTimestamp || kind_ == TypeKind::kTimestampWithTimeZone) &&
           precision() > kMicrosecondDigits;
  }
  bool is_nested() const {
    return kind_ == TypeKind::kArray || kind_ == TypeKind::kMap || kind_ == TypeKind::kRow;
  }

  int precision() const { return static_cast<int>(first_); }  // decimal, time, timestamp
  int scale() const { return static_cast<int>(second_); }     // decimal
  uint32_t length() const { return first_; }                  // varchar, char
  bool is_unbounded_varchar() const { return kind_ == TypeKind::kVarchar && first_ == kUnbounded; }

  /// The parts: array → {element}; map → {key, value}; row → its fields; function → arguments, then
  /// the result; else empty.
  const std::vector<RowField>& fields() const;
  const Type& element() const;
  const Type& key() const;
  const Type& value() const;

  /// Spells the type as Trino's messages and `typeof` do: "row(a varchar(3), b decimal(2,1))".
  std::string display() const;
  /// Spells it as Trino's client protocol does, which differs in one space: "decimal(2, 1)", and in
  /// capital INTERVAL names.
  std::string protocol_name() const;
  /// Spells it as Hive's DDL does: "struct<a:string>", "int", "float".
  std::string hive_name() const;

  /// Equal types have equal kinds, parameters, parts and field names.
  bool operator==(const Type& other) const;

 private:
  TypeKind kind_ = TypeKind::kUnknown;
  uint32_t first_ = 0;
  uint32_t second_ = 0;
  std::shared_ptr<const std::vector<RowField>> fields_;
};

struct RowField {
  std::optional<std::string> name;
  Type type;
  bool operator==(const RowField& other) const = default;
};

/// Returns the name of a kind without parameters, as Trino spells it: "decimal"; "time" and
/// "timestamp" also for those with time zone.
std::string_view kind_name(TypeKind kind);

/// The names of types without parameters, in lower case, as Trino and as Hive spell them; "string",
/// which is varchar, is not among them.
struct PlainTypeName {
  std::string_view name;
  TypeKind kind;
};
std::span<const PlainTypeName> plain_type_names();

/// Makes decimal(precision, scale); throws INVALID_FUNCTION_ARGUMENT beyond their ranges.
Type checked_decimal_type(uint64_t precision, uint64_t scale);

/// Parses a type as Trino's messages spell it ("array(row(a varchar))") or as Hive's DDL does
/// ("array<struct<a:string>>"); both spellings may be mixed, names are kept as written but for Hive
/// struct fields, which become lower case. Throws TYPE_NOT_FOUND, or SYNTAX_ERROR when the text is
/// no type. Nesting is limited to 500.
Type parse_type(std::string_view text);

}  // namespace trailsql
