// Literals: their types, and whether their texts mean a value at all.
#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "analysis/expression_analyzer.h"
#include "analysis/literal_value.h"
#include "analysis/type_resolver.h"
#include "base/error.h"
#include "base/text.h"
#include "functions/caster.h"
#include "functions/compare.h"
#include "functions/parse_value.h"

namespace trailsql {
namespace {

QueryError invalid_literal(std::string_view text, std::string_view type, Location place) {
  return semantic_error(ErrorCode::kInvalidLiteral, place, "'{}' is not a valid {} literal", text,
                        type);
}

// Returns how many digits stand behind the first point.
size_t num_fraction_digits(std::string_view text) {
  const size_t point = text.find('.');
  if (point == std::string_view::npos) return 0;
  const size_t end = text.find_first_not_of("0123456789_", point + 1);
  const std::string_view digits = text.substr(point + 1, std::min(end, text.size()) - point - 1);
  return digits.size() - static_cast<size_t>(std::ranges::count(digits, '_'));
}

// Unlike the text of a cast: no white space, no exponent, but _ between digits.
bool is_decimal_text(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  const auto is_digit_at = [&](size_t place) {
    return place < text.size() && text[place] >= '0' && text[place] <= '9';
  };
  bool has_point = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool is_separator = text[i] == '_' && i > 0 && is_digit_at(i - 1) && is_digit_at(i + 1);
    const bool is_point = text[i] == '.' && !std::exchange(has_point, true);
    if (!is_digit_at(i) && !is_separator && !is_point) return false;
  }
  return text.find_first_of("0123456789") != std::string_view::npos;
}

// 00.50 is decimal(2,2): zeros before the first other digit of the whole part do not count.
Type decimal_type(std::string_view text, Location place) {
  const size_t scale = num_fraction_digits(text);
  std::string_view whole = text.substr(0, text.find('.'));
  whole.remove_prefix(std::min(whole.find_first_of("123456789"), whole.size()));
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto num_digits = static_cast<size_t>(std::ranges::count_if(whole, is_digit));
  const size_t precision = std::max<size_t>(num_digits + scale, 1);
  if (precision > Type::kMaxDecimalPrecision) throw invalid_literal(text, "DECIMAL", place);
  return Type::decimal(static_cast<int>(precision), static_cast<int>(scale));
}

// DECIMAL, TIME and TIMESTAMP take their parameters, and whether they have a zone, from the text.
std::optional<Type> type_by_text(const std::string& name, std::string_view text, Location place) {
  if (name == "decimal") {
    if (!is_decimal_text(text)) throw invalid_literal(text, "DECIMAL", place);
    return decimal_type(text, place);
  }
  if (name != "time" && name != "timestamp") return std::nullopt;
  const size_t digits = num_fraction_digits(text);
  if (digits > Type::kMaxTimePrecision) {
    const bool has_zone = name == "time" && text.find_first_of("+-") != std::string_view::npos;
    throw semantic_error(ErrorCode::kNumericValueOutOfRange, place,
                         "{}{} precision must be in range [0, {}]: {}", to_upper_ascii(name),
                         has_zone ? " WITH TIME ZONE" : "", Type::kMaxTimePrecision, digits);
  }
  const int precision = static_cast<int>(digits);
  if (name == "time") {
    const bool has_zone = text.find_first_of("+-") != std::string_view::npos;
    // The cast of a text with a zone allows white space around it; the literal does not.
    if (has_zone && trim_spaces(text) != text) throw invalid_literal(text, "TIME", place);
    return has_zone ? Type::time_with_time_zone(precision) : Type::time(precision);
  }
  // A zone is anything but a time of day behind the date: a name, or an offset.
  const size_t date = text.find(' ');
  const bool has_zone = date != std::string_view::npos &&
                        text.find_first_not_of("0123456789:. ", date) != std::string_view::npos;
  return has_zone ? Type::timestamp_with_time_zone(precision) : Type::timestamp(precision);
}

// Whether CAST(text AS type), or json_parse(text), has a value.
bool has_value(const std::string& text, const Type& type) {
  Column source((Type::varchar()));
  source.append_borrowed_string(text);
  Column result(type);
  if (!type.is(TypeKind::kJson)) {
    CastProblem problem;
    return append_cast(make_caster(source.type(), type), source, 0, result, problem);
  }
  const BoundFunction parse = *resolve_function("json_parse", {&source.type(), 1});
  const Column* arguments[] = {&source};
  try {
    parse.entry->make_kernel(parse)->run({arguments, 1, result});
    return true;
  } catch (const QueryError&) {
    return false;
  }
}

// Whether the clock of the zone skips the time that the text says.
bool is_in_gap(const std::string& text, const Type& zoned) {
  const Type local = Type::timestamp(zoned.precision());
  Column source((Type::varchar()));
  source.append_borrowed_string(text);
  Column instant(zoned);
  Column shown(local);
  Column written(local);
  CastProblem problem;
  return !append_cast(make_caster(source.type(), zoned), source, 0, instant, problem) ||
         !append_cast(make_caster(zoned, local), instant, 0, shown, problem) ||
         !append_cast(make_caster(source.type(), local), source, 0, written, problem) ||
         !values_identical(shown, 0, written, 0);
}

Type type_of_literal(const TypedLiteral& node, Location place) {
  try {
    return resolve_type(node.type, place);
  } catch (const QueryError& error) {
    if (error.code() != ErrorCode::kTypeMismatch) throw;
    const std::string hint =
        node.type.name == "interval"
            ? fmt::format("write INTERVAL '{}' and YEAR, MONTH, DAY, HOUR, MINUTE or SECOND",
                          node.text)
            : error.hint();
    throw QueryError(ErrorCode::kTypeNotFound, place, error.what(), hint);
  }
}

}  // namespace

Type ExpressionAnalyzer::integer(const Expression& expression, const IntegerLiteral& node) {
  const std::optional<int64_t> value = integer_value(node);
  if (!value) {
    throw semantic_error(ErrorCode::kSyntaxError, expression.location,
                         "Invalid numeric literal: {}", node.text);
  }
  return *value >= INT32_MIN && *value <= INT32_MAX ? TypeKind::kInteger : TypeKind::kBigint;
}

Type ExpressionAnalyzer::decimal(const Expression& expression, const DecimalLiteral& node) {
  return decimal_type(node.text, expression.location);
}

Type ExpressionAnalyzer::literal(const Expression& expression, const TypedLiteral& node) {
  std::optional<Type> type = type_by_text(node.type.name, node.text, expression.location);
  if (!type) type = type_of_literal(node, expression.location);
  if (type->is(TypeKind::kChar)) {
    type = Type::character(static_cast<uint32_t>(num_code_points(node.text)));
  }
  if (type->is(TypeKind::kVarbinary)) return *type;
  if (!make_caster(Type::varchar(), *type)) {
    // Times finer than the casts go: the plan refuses them, as it does all such values.
    if (type_by_text(node.type.name, node.text, expression.location)) return *type;
    throw semantic_error(ErrorCode::kInvalidLiteral, expression.location,
                         "No literal form for type {}", type->display());
  }
  // Unlike a cast, a literal allows neither spaces in front nor times that clocks skip.
  const bool moment = type->is(TypeKind::kTimestamp) || type->is(TypeKind::kTimestampWithTimeZone);
  const std::string text = type->is(TypeKind::kDecimal) ? without_separators(node.text) : node.text;
  if (!has_value(text, *type) || (moment && node.text.starts_with(' ')) ||
      (type->is(TypeKind::kTimestampWithTimeZone) && is_in_gap(node.text, *type))) {
    throw invalid_literal(node.text, to_upper_ascii(node.type.name), expression.location);
  }
  return *type;
}

Type ExpressionAnalyzer::interval(const Expression& expression, const IntervalLiteral& node) {
  if (!is_interval_qualifier(node)) {
    throw semantic_error(ErrorCode::kInvalidLiteral, expression.location,
                         "Invalid interval qualifier: {}", interval_fields(node));
  }
  if (!interval_value(node)) {
    throw semantic_error(ErrorCode::kInvalidLiteral, expression.location,
                         "Invalid INTERVAL {} value: {}", interval_fields(node), node.text);
  }
  const bool months = node.from == IntervalField::kYear || node.from == IntervalField::kMonth;
  return months ? TypeKind::kIntervalYearToMonth : TypeKind::kIntervalDayToSecond;
}

}  // namespace trailsql
