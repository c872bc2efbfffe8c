#include "analysis/usual_mistakes.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "base/text.h"

namespace trailsql {
namespace {

using Entry = std::pair<std::string_view, std::string_view>;

constexpr auto kFunctions = std::to_array<Entry>({
    {"array_contains", "contains(array, value)"},
    {"array_length", "cardinality(array)"},
    {"array_size", "cardinality(array)"},
    {"charindex", "strpos(text, part)"},
    {"collect_list", "array_agg(value)"},
    {"collect_set", "array_distinct(array_agg(value))"},
    {"convert", "CAST(value AS type)"},
    {"convert_timezone", "value AT TIME ZONE 'zone'"},
    {"date_sub", "date_add('day', -1, value)"},
    {"dateadd", "date_add('day', 1, value)"},
    {"datediff", "date_diff('day', from, to)"},
    {"datepart", "extract(DAY FROM value)"},
    {"date_part", "extract(DAY FROM value)"},
    {"datetime", "from_iso8601_timestamp(text)"},
    {"decode", "CASE value WHEN … THEN … END"},
    {"endswith", "text LIKE '%end'"},
    {"ends_with", "text LIKE '%end'"},
    {"explode", "CROSS JOIN UNNEST(array) AS t (value)"},
    {"flatten_json", "json_extract(text, '$.path')"},
    {"get_json_object", "json_extract_scalar(text, '$.path')"},
    {"getdate", "current_timestamp"},
    {"group_concat", "array_join(array_agg(value), ',')"},
    {"ifnull", "coalesce(value, other)"},
    {"iff", "if(condition, value, other)"},
    {"iif", "if(condition, value, other)"},
    {"instr", "strpos(text, part)"},
    {"isnull", "value IS NULL, or coalesce(value, other)"},
    {"json_extract_path_text", "json_extract_scalar(text, '$.path')"},
    {"json_extract_string", "json_extract_scalar(text, '$.path')"},
    {"json_value_text", "json_extract_scalar(text, '$.path')"},
    {"lcase", "lower(text)"},
    {"left", "substr(text, 1, n)"},
    {"len", "length(text)"},
    {"locate", "strpos(text, part)"},
    {"mid", "substr(text, from, n)"},
    {"nvl", "coalesce(value, other)"},
    {"nvl2", "if(value IS NOT NULL, a, b)"},
    {"parse_json", "json_parse(text)"},
    {"regexp", "regexp_like(text, 'pattern')"},
    {"regexp_contains", "regexp_like(text, 'pattern')"},
    {"regexp_matches", "regexp_like(text, 'pattern')"},
    {"regexp_substr", "regexp_extract(text, 'pattern')"},
    {"right", "substr(text, -n)"},
    {"size", "cardinality(array)"},
    {"startswith", "starts_with(text, start)"},
    {"str_to_date", "date_parse(text, '%Y-%m-%d')"},
    {"string_agg", "array_join(array_agg(value), ',')"},
    {"string_split", "split(text, ',')"},
    {"substring_index", "split_part(text, delimiter, 1)"},
    {"sysdate", "current_timestamp"},
    {"timestampadd", "date_add('hour', 1, value)"},
    {"timestampdiff", "date_diff('hour', from, to)"},
    {"to_char", "date_format(value, '%Y-%m-%d')"},
    {"to_date", "date_parse(text, '%Y-%m-%d')"},
    {"to_number", "CAST(text AS double)"},
    {"to_timestamp", "from_iso8601_timestamp(text)"},
    {"toupper", "upper(text)"},
    {"tolower", "lower(text)"},
    {"ucase", "upper(text)"},
    {"unix_timestamp", "to_unixtime(current_timestamp)"},
    {"utc_timestamp", "current_timestamp"},
});

constexpr auto kConstants = std::to_array<Entry>({
    {"getdate", "current_timestamp"},
    {"now", "now()"},
    {"rownum", "row_number() OVER ()"},
    {"sysdate", "current_timestamp"},
    {"systimestamp", "current_timestamp"},
    {"today", "current_date"},
});

constexpr auto kUnits = std::to_array<std::string_view>(
    {"millisecond", "second", "minute", "hour", "day", "week", "month", "quarter", "year"});

std::string_view find(std::span<const Entry> entries, std::string_view name) {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const Entry& entry) { return entry.first == name; });
  return found == entries.end() ? std::string_view() : found->second;
}

bool is_time(const Type& type) {
  return type.is(TypeKind::kTimestamp) || type.is(TypeKind::kTimestampWithTimeZone);
}

std::string one_sided_hint(const Type& value, const Type& other) {
  if (!other.is(TypeKind::kVarchar)) return {};
  if (value.is(TypeKind::kDate)) return "write DATE '2024-01-31', or date(text)";
  if (is_time(value))
    return "write TIMESTAMP '2024-01-31 12:00:00', or from_iso8601_timestamp(text)";
  if (value.is_numeric()) return "write the number in quotes, or CAST(text AS bigint)";
  if (value.is(TypeKind::kBoolean)) return "write 'true' in quotes for a text";
  return {};
}

}  // namespace

std::string foreign_function_hint(std::string_view name) {
  const std::string_view instead = find(kFunctions, name);
  return instead.empty() ? std::string() : fmt::format("write {}", instead);
}

std::string foreign_column_hint(const Identifier& name) {
  if (name.quoted) return fmt::format("text stands in single quotes: '{}'", name.value);
  const std::string lower = to_lower_ascii(name.value);
  if (const std::string_view instead = find(kConstants, lower); !instead.empty())
    return fmt::format("write {}", instead);
  if (std::find(kUnits.begin(), kUnits.end(), lower) != kUnits.end())
    return fmt::format("a unit of time stands in quotes: '{}'", lower);
  return {};
}

std::string comparison_hint(const Type& left, const Type& right) {
  const std::string hint = one_sided_hint(left, right);
  return hint.empty() ? one_sided_hint(right, left) : hint;
}

std::string arithmetic_hint(const Type& left, std::string_view symbol, const Type& right) {
  const bool has_text = left.is(TypeKind::kVarchar) || right.is(TypeKind::kVarchar);
  if (symbol == "+" && has_text) return "text is joined with ||";
  const bool has_date = left.is(TypeKind::kDate) || is_time(left);
  if (has_date && right.is_numeric())
    return fmt::format("write {} INTERVAL '7' DAY, with a unit", symbol);
  return {};
}

}  // namespace trailsql
