// The patterns of format(): Java's Formatter ("%-10s", "%,.2f", "%1$tF").
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "types/column.h"

namespace trailsql {

/// One directive of a pattern, with the literal text before it.
struct FormatDirective {
  std::string literal;
  std::string text;            // as written: "%-10s"; empty: only the literal, at the pattern's end
  std::optional<int> index;    // of "1$", from 1
  bool same_argument = false;  // of "<"
  std::string flags;
  std::optional<int> width;
  std::optional<int> precision;
  bool is_time = false;
  char conversion = 0;

  bool has(char flag) const { return flags.find(flag) != std::string::npos; }
};

/// Cuts a pattern into directives. Throws what `fail_format` throws.
std::vector<FormatDirective> parse_format(std::string_view pattern);

/// Throws INVALID_FUNCTION_ARGUMENT "Invalid format string: <pattern> (<problem>)".
[[noreturn]] void fail_format(std::string_view pattern, const std::string& problem);

/// Returns a value, which may be NULL, as the directive spells it.
std::string spell_value(const FormatDirective& directive, std::string_view pattern,
                        const Column& column, size_t row);

/// Returns whether format() takes values of the type.
bool is_formattable(const Type& type);

}  // namespace trailsql
