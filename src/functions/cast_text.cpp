// Casts to varchar and char, and from them to numbers, dates and times.
#include <fmt/core.h>

#include "base/text.h"
#include "functions/caster.h"
#include "functions/decimal.h"
#include "functions/parse_value.h"
#include "functions/typed_kernel.h"
#include "functions/utf8.h"
#include "types/coercion.h"
#include "types/time_zone.h"
#include "types/value_text.h"

namespace trailsql {
namespace {

bool has_time_of_day(const Type& type) {
  switch (type.kind()) {
    case TypeKind::kTime:
    case TypeKind::kTimeWithTimeZone:
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampWithTimeZone:
    case TypeKind::kIntervalYearToMonth:
    case TypeKind::kIntervalDayToSecond: return true;
    default: return false;
  }
}

std::string_view strip_trailing_spaces(std::string_view text) {
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

Caster make_text_to_text(const Type& from, const Type& to) {
  const bool pads = from.is(TypeKind::kChar) && to.is(TypeKind::kVarchar);
  return [to, pads](const Column& column, size_t row, Column& result, CastProblem&) {
    std::string padded;
    std::string_view text = column.string_at(row);
    if (pads) {
      append_text(padded, column, row);  // char is printed with its padding
      text = padded;
    }
    text = text.substr(0, character_offset(text, to.length()));
    result.append_string(to.is(TypeKind::kChar) ? strip_trailing_spaces(text) : text);
    return true;
  };
}

Caster make_value_to_text(const Type& from, const Type& to) {
  return [from, to](const Column& column, size_t row, Column& result, CastProblem& problem) {
    std::string text;
    append_cast_text(text, column, row);
    if (num_code_points(text) > to.length()) {
      if (from.is(TypeKind::kBoolean) || has_time_of_day(from)) {
        problem = {ErrorCode::kGenericInternalError,
                   fmt::format("Character count exceeds length limit {}", to.length())};
        if (has_time_of_day(from)) {
          problem.text += ": base64:";
          append_base64(problem.text, text, kBase64Digits);
        }
        return false;
      }
      std::string shown;
      append_text(shown, column, row);
      if (from.is_floating()) shown += " (" + text + ")";
      return fail_cast(problem,
                       fmt::format("Value {} cannot be represented as {}", shown, to.display()));
    }
    result.append_string(text);
    return true;
  };
}

bool fail_plain(CastProblem& problem, std::string_view text, const Type& to) {
  std::string name = capital_name(to);
  if (to.is(TypeKind::kInteger)) name = "INT";
  return fail_cast(problem, fmt::format("Cannot cast '{}' to {}", text, name));
}

Caster make_text_to_number(const Type& to) {
  if (to.is(TypeKind::kBoolean)) {
    return [to](const Column& column, size_t row, Column& result, CastProblem& problem) {
      const std::optional<bool> value = parse_boolean(column.string_at(row));
      if (!value) return fail_plain(problem, column.string_at(row), to);
      result.append_boolean(*value);
      return true;
    };
  }
  if (to.is_integral()) {
    return [to](const Column& column, size_t row, Column& result, CastProblem& problem) {
      const std::optional<int64_t> value = parse_bigint(column.string_at(row));
      if (!value || *value < least_of(to.kind()) || *value > greatest_of(to.kind()))
        return fail_plain(problem, column.string_at(row), to);
      result.append_int64(*value);
      return true;
    };
  }
  if (to.is_floating()) {
    return [to](const Column& column, size_t row, Column& result, CastProblem& problem) {
      const std::optional<double> value = to.is(TypeKind::kReal)
                                              ? parse_real(column.string_at(row))
                                              : parse_double(column.string_at(row));
      if (!value) return fail_plain(problem, column.string_at(row), to);
      result.append_double(*value);
      return true;
    };
  }
  return [to](const Column& column, size_t row, Column& result, CastProblem& problem) {
    bool number = false;
    const std::optional<int128_t> value =
        parse_decimal(column.string_at(row), to.precision(), to.scale(), number);
    if (!value) {
      return fail_cast(
          problem,
          fmt::format("Cannot cast VARCHAR '{}' to {}. {}", column.string_at(row), capital_name(to),
                      number ? "Value too large." : "Value is not a number."));
    }
    result.append_int128(*value);
    return true;
  };
}

bool fail_time(CastProblem& problem, std::string_view text, std::string_view kind) {
  return fail_cast(problem, fmt::format("Value cannot be cast to {}: {}", kind, text));
}

Caster make_text_to_date() {
  return [](const Column& column, size_t row, Column& result, CastProblem& problem) {
    const std::optional<int64_t> days = parse_date(column.string_at(row));
    if (!days) return fail_time(problem, column.string_at(row), "date");
    result.append_int64(*days);
    return true;
  };
}

Caster make_text_to_timestamp(const Type& to) {
  const bool zoned = to.is(TypeKind::kTimestampWithTimeZone);
  return [to, zoned](const Column& column, size_t row, Column& result, CastProblem& problem) {
    const std::optional<ParsedTimestamp> parsed = parse_timestamp(column.string_at(row));
    // A zone must be one even where it is left out of the result.
    const TimeZone* zone =
        parsed ? find_time_zone(parsed->zone.empty() ? "UTC" : parsed->zone) : nullptr;
    if (parsed && zone == nullptr && zoned && is_zone_of_java(parsed->zone)) {
      problem = {ErrorCode::kNotSupported,
                 fmt::format("Time zone not supported: {}", parsed->zone)};
      return false;
    }
    if (zone == nullptr) return fail_time(problem, column.string_at(row), "timestamp");
    const Stamp local = round_stamp(parsed->local, to.precision());
    if (!zoned) {
      typed_kernel::append(result, local);
      return true;
    }
    const ZonedTime time = zoned_of_local(local, zone->name());
    if (!is_zoned_range(time.microseconds))
      return fail_time(problem, column.string_at(row), "timestamp");
    typed_kernel::append(result, time);
    return true;
  };
}

Caster make_from_text(const Type& to) {
  if (to.is_numeric() || to.is(TypeKind::kBoolean)) return make_text_to_number(to);
  if (to.is(TypeKind::kDate)) return make_text_to_date();
  if (to.is(TypeKind::kTimestamp) || to.is(TypeKind::kTimestampWithTimeZone))
    return make_text_to_timestamp(to);
  return {};
}

}  // namespace

void append_cast_text(std::string& out, const Column& column, size_t row) {
  switch (column.type().kind()) {
    case TypeKind::kDouble: return append_sql_double(out, column.double_at(row));
    case TypeKind::kReal: return append_sql_real(out, static_cast<float>(column.double_at(row)));
    default: return append_text(out, column, row);
  }
}

Caster make_text_caster(const Type& from, const Type& to) {
  if (from.is_text() && to.is_text()) return make_text_to_text(from, to);
  if (from.is(TypeKind::kVarchar)) return make_from_text(to);
  if (to.is(TypeKind::kVarchar) && !from.is_nested() && !from.is(TypeKind::kJson) &&
      !from.is(TypeKind::kVarbinary) && is_comparable(from))
    return make_value_to_text(from, to);
  return {};
}

}  // namespace trailsql
