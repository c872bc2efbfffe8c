#include "functions/java_format.h"

#include <fmt/core.h>

#include <charconv>
#include <cmath>

#include "base/text.h"
#include "functions/argument_error.h"
#include "functions/caster.h"
#include "functions/java_time_format.h"
#include "functions/number_format.h"
#include "functions/utf8.h"
#include "functions/value_hash.h"
#include "types/value_text.h"

namespace trailsql {
namespace {

// Reads the digits at `i`; empty when there are none, or too many to be a width.
std::optional<int> read_number(std::string_view text, size_t& i) {
  const size_t start = i;
  while (i < text.size() && is_digit(text[i])) ++i;
  int value = 0;
  const auto [stop, problem] = std::from_chars(text.data() + start, text.data() + i, value);
  if (i == start || problem != std::errc()) return std::nullopt;
  return value;
}

// Reads the directive whose % stands at `i`, and moves behind it. False where there is none.
bool read_directive(std::string_view pattern, size_t& i, FormatDirective& directive) {
  const size_t start = i++;
  const size_t after_sign = i;
  const std::optional<int> index = read_number(pattern, i);
  if (index && i < pattern.size() && pattern[i] == '$') {
    directive.index = index;
    ++i;
  } else {
    i = after_sign;
  }
  constexpr std::string_view kFlags = "-#+ 0,(<";
  for (; i < pattern.size() && kFlags.find(pattern[i]) != std::string_view::npos; ++i) {
    if (pattern[i] == '<') {
      directive.same_argument = true;
    } else {
      directive.flags += pattern[i];
    }
  }
  directive.width = read_number(pattern, i);
  if (i < pattern.size() && pattern[i] == '.') {
    ++i;
    directive.precision = read_number(pattern, i);
    if (!directive.precision) return false;
  }
  if (i < pattern.size() && (pattern[i] == 't' || pattern[i] == 'T')) {
    directive.is_time = true;
    if (pattern[i++] == 'T') directive.flags += '^';
  }
  if (i >= pattern.size()) return false;
  directive.conversion = pattern[i++];
  directive.text = std::string(pattern.substr(start, i - start));
  return true;
}

std::string_view java_class(const Type& type) {
  switch (type.kind()) {
    case TypeKind::kBoolean: return "java.lang.Boolean";
    case TypeKind::kTinyint:
    case TypeKind::kSmallint:
    case TypeKind::kInteger:
    case TypeKind::kBigint: return "java.lang.Long";
    case TypeKind::kReal: return "java.lang.Float";
    case TypeKind::kDouble: return "java.lang.Double";
    case TypeKind::kDecimal: return "java.math.BigDecimal";
    case TypeKind::kDate: return "java.time.LocalDate";
    case TypeKind::kTime: return "java.time.LocalTime";
    case TypeKind::kTimestamp: return "java.time.LocalDateTime";
    case TypeKind::kTimestampWithTimeZone: return "java.time.ZonedDateTime";
    default: return "java.lang.String";
  }
}

void check_flags(const FormatDirective& directive, std::string_view pattern,
                 std::string_view allowed) {
  if ((directive.has('-') || directive.has('0')) && !directive.width)
    fail_format(pattern, "MissingFormatWidth: " + directive.text);
  for (const char flag : directive.flags) {
    if (flag == '^' || allowed.find(flag) != std::string_view::npos) continue;
    fail_format(pattern, fmt::format("FormatFlagsConversionMismatch: Conversion = {}, Flags = {}",
                                     directive.conversion, flag));
  }
  if ((directive.has('-') && directive.has('0')) || (directive.has('+') && directive.has(' ')))
    fail_format(pattern, fmt::format("IllegalFormatFlags: Flags = '{}'", directive.flags));
}

void refuse_precision(const FormatDirective& directive, std::string_view pattern) {
  if (directive.precision)
    fail_format(pattern, fmt::format("IllegalFormatPrecision: {}", *directive.precision));
}

[[noreturn]] void fail_conversion(const FormatDirective& directive, std::string_view pattern,
                                  const Type& type) {
  fail_format(pattern, fmt::format("IllegalFormatConversion: {} != {}", directive.conversion,
                                   java_class(type)));
}

std::string padded(const FormatDirective& directive, std::string text) {
  const size_t width = directive.width ? static_cast<size_t>(*directive.width) : 0;
  const size_t length = num_code_points(text);
  if (length >= width) return text;
  const std::string filling(width - length, ' ');
  return directive.has('-') ? text + filling : filling + text;
}

// Adds sign, separators and leading zeros to the spelling of a number's size.
std::string signed_number(const FormatDirective& directive, bool negative, std::string text) {
  if (directive.has(',')) text = with_separators(text);
  std::string before = negative ? "-" : directive.has('+') ? "+" : directive.has(' ') ? " " : "";
  std::string after;
  if (negative && directive.has('(')) {
    before = "(";
    after = ")";
  }
  const size_t length = before.size() + text.size() + after.size();
  if (directive.has('0') && static_cast<size_t>(directive.width.value_or(0)) > length)
    text.insert(0, static_cast<size_t>(*directive.width) - length, '0');
  return before + text + after;
}

std::string spell_integer(const FormatDirective& directive, std::string_view pattern,
                          int64_t value) {
  refuse_precision(directive, pattern);
  const bool negative = value < 0;
  const uint64_t bits = static_cast<uint64_t>(value);
  if (directive.conversion == 'd') {
    check_flags(directive, pattern, "-+ 0,(");
    return signed_number(directive, negative, std::to_string(negative ? uint64_t{0} - bits : bits));
  }
  check_flags(directive, pattern, "-#0");
  std::string text =
      directive.conversion == 'o' ? fmt::format("{:o}", bits) : fmt::format("{:x}", bits);
  if (directive.has('#')) text.insert(0, directive.conversion == 'o' ? "0" : "0x");
  FormatDirective unsigned_directive = directive;
  return signed_number(unsigned_directive, false, std::move(text));
}

std::string spell_number(const FormatDirective& directive, std::string_view pattern,
                         const Column& column, size_t row) {
  const Type& type = column.type();
  const char kind = static_cast<char>(directive.conversion | 0x20);
  check_flags(directive, pattern, kind == 'f' || kind == 'g' ? "-#+ 0,(" : "-#+ 0(");
  const int precision = directive.precision.value_or(6);
  if (type.is(TypeKind::kDecimal)) {
    if (kind == 'a') fail_conversion(directive, pattern, type);
    const int128_t value = column.int128_at(row);
    const DecimalDigits digits = digits_of(value, type.scale());
    const std::string text = kind == 'f'   ? spell_fixed(digits, precision)
                             : kind == 'e' ? spell_scientific(digits, precision)
                                           : spell_general(digits, precision);
    return signed_number(directive, value < 0, text);
  }
  const double value = column.double_at(row);
  const bool negative = std::signbit(value) && !std::isnan(value);
  if (!std::isfinite(value)) {
    FormatDirective plain = directive;
    std::erase_if(plain.flags, [](char flag) { return flag == '0' || flag == ','; });
    if (std::isnan(value)) return "NaN";
    return signed_number(plain, negative, "Infinity");
  }
  if (kind == 'a') return signed_number(directive, negative, spell_hexadecimal(value));
  const DecimalDigits digits = digits_of(value, type.is(TypeKind::kReal));
  const std::string text = kind == 'f'   ? spell_fixed(digits, precision)
                           : kind == 'e' ? spell_scientific(digits, precision)
                                         : spell_general(digits, precision);
  return signed_number(directive, negative, text);
}

// What toString of the value's Java class says.
std::string plain_text(const Column& column, size_t row) {
  std::string text;
  switch (column.type().kind()) {
    case TypeKind::kReal: append_java_real(text, static_cast<float>(column.double_at(row))); break;
    case TypeKind::kDouble: append_java_double(text, column.double_at(row)); break;
    case TypeKind::kTime:
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampWithTimeZone: append_java_time(text, column, row); break;
    default: append_text(text, column, row);
  }
  return text;
}

std::string spell_text(const FormatDirective& directive, std::string_view pattern,
                       std::string text) {
  check_flags(directive, pattern, "-");
  if (directive.precision)
    text.resize(character_offset(text, static_cast<size_t>(*directive.precision)));
  return text;
}

// Object.hashCode of what the value is in Java.
int32_t object_hash(const Column& column, size_t row) {
  const Type& type = column.type();
  if (type.is(TypeKind::kBoolean)) return column.boolean_at(row) ? 1231 : 1237;
  if (type.is_integral()) {
    const auto bits = static_cast<uint64_t>(column.int64_at(row));
    return static_cast<int32_t>(static_cast<uint32_t>(bits ^ bits >> 32U));
  }
  return static_cast<int32_t>(java_hash(plain_text(column, row)));
}

std::string spell_present(const FormatDirective& directive, std::string_view pattern,
                          const Column& column, size_t row) {
  const Type& type = column.type();
  if (directive.is_time) {
    refuse_precision(directive, pattern);
    check_flags(directive, pattern, "-");
    const std::optional<std::string> text = spell_java_time(directive.conversion, column, row);
    if (!text) fail_conversion(directive, pattern, type);
    return *text;
  }
  switch (static_cast<char>(directive.conversion | 0x20)) {
    case 'b': {
      const bool value = !type.is(TypeKind::kBoolean) || column.boolean_at(row);
      return spell_text(directive, pattern, value ? "true" : "false");
    }
    case 'h':
      return spell_text(directive, pattern,
                        fmt::format("{:x}", static_cast<uint32_t>(object_hash(column, row))));
    case 's': return spell_text(directive, pattern, plain_text(column, row));
    case 'd':
    case 'o':
    case 'x':
      if (!type.is_integral()) fail_conversion(directive, pattern, type);
      return spell_integer(directive, pattern, column.int64_at(row));
    case 'e':
    case 'f':
    case 'g':
    case 'a':
      if (!type.is_floating() && !type.is(TypeKind::kDecimal))
        fail_conversion(directive, pattern, type);
      return spell_number(directive, pattern, column, row);
    default: fail_conversion(directive, pattern, type);
  }
}

}  // namespace

void fail_format(std::string_view pattern, const std::string& problem) {
  fail_argument(fmt::format("Invalid format string: {} ({})", pattern, problem));
}

std::vector<FormatDirective> parse_format(std::string_view pattern) {
  std::vector<FormatDirective> directives;
  std::string literal;
  for (size_t i = 0; i < pattern.size();) {
    if (pattern[i] != '%') {
      literal += pattern[i++];
      continue;
    }
    FormatDirective directive;
    const size_t start = i;
    if (!read_directive(pattern, i, directive)) {
      const char unknown = start + 1 < pattern.size() ? pattern[start + 1] : '%';
      fail_format(pattern, fmt::format("UnknownFormatConversion: Conversion = '{}'", unknown));
    }
    constexpr std::string_view kConversions = "bBhHsScCdoxXeEfgGaA%n";
    constexpr std::string_view kTimeConversions = "HIklMSLNpzZsQBbhAaCYyjmdeRTrDFc";
    const std::string_view known = directive.is_time ? kTimeConversions : kConversions;
    if (known.find(directive.conversion) == std::string_view::npos) {
      const std::string name = directive.is_time ? "t" + std::string(1, directive.conversion)
                                                 : std::string(1, directive.conversion);
      fail_format(pattern, fmt::format("UnknownFormatConversion: Conversion = '{}'", name));
    }
    if (!directive.is_time && (directive.conversion == '%' || directive.conversion == 'n')) {
      literal += directive.conversion == 'n' ? "\n" : padded(directive, "%");
      continue;
    }
    directive.literal = std::move(literal);
    literal.clear();
    directives.push_back(std::move(directive));
  }
  FormatDirective rest;
  rest.literal = std::move(literal);
  directives.push_back(std::move(rest));
  return directives;
}

std::string spell_value(const FormatDirective& directive, std::string_view pattern,
                        const Column& column, size_t row) {
  const bool is_boolean = !directive.is_time && (directive.conversion | 0x20) == 'b';
  std::string text;
  if (column.is_null(row)) {
    FormatDirective plain = directive;
    plain.flags = directive.has('-') ? "-" : "";
    text = spell_text(plain, pattern, is_boolean ? "false" : "null");
  } else {
    text = spell_present(directive, pattern, column, row);
  }
  const bool upper = directive.is_time ? directive.has('^')
                                       : directive.conversion >= 'A' && directive.conversion <= 'Z';
  return padded(directive, upper ? to_upper_ascii(text) : std::move(text));
}

bool is_formattable(const Type& type) {
  return !type.is_nested() && !type.is(TypeKind::kVarbinary) && !type.is(TypeKind::kFunction);
}

}  // namespace trailsql
