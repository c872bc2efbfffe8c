// Values as text for people and for clients: Athena's result text and Trino's protocol JSON.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "types/column.h"

namespace trailsql {

/// Appends the value as Athena's results spell it (AWS: "Values as text"): `1.0E20`, `[1, 2]`,
/// `{a=1, b=2}`, `{k=v}`, `2020-01-01 10:00:00.000 UTC`, varbinary as hex pairs with spaces. A NULL
/// inside a nested value is `null`; a NULL value itself appends nothing: the caller must ask
/// `column.is_null(row)`.
void append_text(std::string& out, const Column& column, size_t row);

/// Does the same for many values of one type: what stands between the parts of nested ones is
/// worked out once. Safe for several threads.
class ValueText {
 public:
  explicit ValueText(const Type& type);
  void append(std::string& out, const Column& column, size_t row) const;

 private:
  void append_part(std::string& out, const Column& column, size_t row) const;
  void append_list(std::string& out, const Column& column, size_t row) const;
  void append_row(std::string& out, const Column& column, size_t row) const;

  struct Field {         // of a row
    std::string before;  // the value: "{a=", ", b="
    std::string null;    // the same with a NULL
  };
  std::vector<Field> fields_;
  std::vector<ValueText> parts_;  // of nested types: as Type::fields
};

/// Appends a value as Trino's protocol and messages spell keys of maps: "[1, a]" for arrays and
/// rows, "{a=1}" for maps, base64 for bytes.
void append_object_text(std::string& out, const Column& column, size_t row);

/// Appends the value as JSON, as Trino's client protocol sends it: numbers, `"NaN"`, `"Infinity"`,
/// decimals, dates, times and intervals as text, varbinary as base64, arrays and rows as arrays,
/// maps as objects with text keys, JSON as text, NULL as `null`.
void append_protocol_json(std::string& out, const Column& column, size_t row);

/// Appends a double (or real) as Java prints it: "1.0", "1.0E20", "1.0E-7", "NaN", "Infinity".
void append_java_double(std::string& out, double value);
void append_java_real(std::string& out, float value);

/// Appends a double (or real) as CAST(… AS varchar) does: always with an exponent, "1.0E0", "0E0",
/// "NaN".
void append_sql_double(std::string& out, double value);
void append_sql_real(std::string& out, float value);

/// Appends an unscaled decimal with `scale` digits after the point: (-5, 2) → "-0.05".
void append_decimal(std::string& out, int128_t unscaled, int scale);

/// Appends "2020-01-31" for days since 1970-01-01. Years before 0 have a minus, above 9999 a plus,
/// as Java's.
void append_date(std::string& out, int64_t days);

/// Appends "10:00:00.000" for picoseconds of the day, with `precision` digits after the second.
void append_time_of_day(std::string& out, int64_t picoseconds, int precision);

/// Appends "+05:30" for minutes; "+00:00" for none. `separator` stands between the two numbers.
void append_time_offset(std::string& out, int64_t offset_minutes, std::string_view separator = ":");

/// Appends "2020-01-31 10:00:00.000" for microseconds since 1970-01-01 and `picoseconds` beyond
/// them.
void append_timestamp(std::string& out, int64_t microseconds, int64_t picoseconds, int precision);

/// Appends "1-2" for months, and "0 01:00:00.000" for milliseconds.
void append_year_month_interval(std::string& out, int64_t months);
void append_day_second_interval(std::string& out, int64_t milliseconds);

}  // namespace trailsql
