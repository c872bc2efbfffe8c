// Numbers and values spelled for people, and sizes read from such text.
#include <fmt/core.h>

#include <array>
#include <cmath>

#include "base/error.h"
#include "functions/argument_error.h"
#include "functions/decimal.h"
#include "functions/families.h"
#include "functions/java_format.h"
#include "functions/typed_kernel.h"

namespace trailsql {
namespace {

// The argument that each directive takes: its own number, the last one again, or the next.
class ArgumentCursor {
 public:
  ArgumentCursor(const KernelCall& call, std::string_view pattern)
      : arguments_(call.arguments.subspan(1)), pattern_(pattern) {}

  const Column& take(const FormatDirective& directive) {
    if (directive.index) {
      last_ = static_cast<size_t>(*directive.index) - 1;
    } else if (!directive.same_argument) {
      last_ = next_++;
    }
    if (last_ >= arguments_.size())
      fail_format(pattern_,
                  fmt::format("MissingFormatArgument: Format specifier '{}'", directive.text));
    return *arguments_[last_];
  }

 private:
  std::span<const Column* const> arguments_;
  std::string_view pattern_;
  size_t next_ = 0;
  size_t last_ = SIZE_MAX;
};

void format_values(const BoundFunction&, const KernelCall& call) {
  for (size_t row = 0; row < call.num_rows; ++row) {
    if (call.arguments[0]->is_null(row)) {
      call.result.append_null();
      continue;
    }
    const std::string_view pattern = call.arguments[0]->string_at(row);
    const std::vector<FormatDirective>& directives = parse_kept<parse_format>(pattern);
    ArgumentCursor cursor(call, pattern);
    std::string out;
    for (const FormatDirective& directive : directives) {
      out += directive.literal;
      if (directive.text.empty()) continue;
      out += spell_value(directive, pattern, cursor.take(directive), row);
      if (out.size() > kMaxTextBytes) fail_argument("Result of format is too large");
    }
    call.result.append_string(out);
  }
}

// Three digits or so and a unit of a thousand. Trino takes every negative number for one below
// ten. source: asked from Trino 476.
std::string spell_in_thousands(double value) {
  constexpr std::array<std::string_view, 6> kUnits = {"", "K", "M", "B", "T", "Q"};
  size_t unit = 0;
  while (std::abs(value) >= 1000 && unit + 1 < kUnits.size()) {
    value /= 1000;
    ++unit;
  }
  const int num_decimals = value < 10 ? 2 : (value < 100 ? 1 : 0);
  bool is_number = false;
  // The binary value has at most 60 digits behind the point, and is rounded from all of them.
  const std::string exact = fmt::format("{:.60f}", value);
  constexpr int kMaxPrecision = 18;
  const int128_t rounded = *parse_decimal(exact, kMaxPrecision, num_decimals, is_number);
  std::string text = fmt::format(
      "{:.{}f}", static_cast<double>(rounded) / static_cast<double>(power_of_ten(num_decimals)),
      num_decimals);
  if (num_decimals > 0) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
  }
  return text.append(kUnits[unit]);
}
std::string format_bigint(int64_t value) { return spell_in_thousands(static_cast<double>(value)); }
// The number is cut to a bigint first, as Java does it.
std::string format_double(double value) {
  if (std::isnan(value)) return "0";
  constexpr double kLimit = 9223372036854775808.0;
  return spell_in_thousands(std::trunc(std::min(std::max(value, -kLimit), kLimit)));
}

// Sizes such as "2.5MB". The number is decimal, the units are powers of 1024; what is left of a
// byte is dropped.
int128_t parse_data_size(std::string_view text) {
  constexpr std::array<std::string_view, 9> kUnits = {"B",  "kB", "MB", "GB", "TB",
                                                      "PB", "EB", "ZB", "YB"};
  const size_t end = std::min(text.find_first_not_of("0123456789."), text.size());
  const std::string_view number = text.substr(0, end);
  const std::string_view name = text.substr(end);
  const auto unit = std::find(kUnits.begin(), kUnits.end(), name);
  const size_t point = std::min(number.find('.'), number.size());
  const std::string_view fraction = number.substr(std::min(point + 1, number.size()));
  const bool is_number = number.size() > (point < number.size() ? 1U : 0U) &&
                         fraction.find('.') == std::string_view::npos;
  if (!is_number || unit == kUnits.end())
    fail_argument(fmt::format("Invalid data size: '{}'", text));
  const auto shift = static_cast<unsigned>(10 * (unit - kUnits.begin()));
  const int128_t scale = int128_t{1} << shift;
  int128_t whole = 0;
  for (const char c : number.substr(0, point)) {
    if (__builtin_mul_overflow(whole, int128_t{10}, &whole) ||
        __builtin_add_overflow(whole, int128_t{c - '0'}, &whole))
      whole = power_of_ten(38);
  }
  int128_t size = 0;
  if (__builtin_mul_overflow(whole, scale, &size) || !fits_precision(size, 38))
    throw QueryError(ErrorCode::kGenericInternalError, "Decimal overflow");
  // More digits than these say nothing about whole bytes.
  constexpr size_t kMaxFraction = 13;
  const std::string_view kept = fraction.substr(0, kMaxFraction);
  int128_t part = 0;
  for (const char c : kept) part = part * 10 + (c - '0');
  return size + part * scale / power_of_ten(static_cast<int>(kept.size()));
}

constexpr FunctionEntry kFormatFunctions[] = {
    {.name = "format",
     .signature = "(varchar, any...) -> varchar",
     .doc = "Spells values by a pattern (\"%,.2f %s\").",
     .may_fail = true,
     .called_on_null = true,
     .make_kernel = batch_kernel_of<format_values>},
    total("format_number", "(bigint) -> varchar", "Spells a number shortly (\"1.23M\").",
          kernel_of<format_bigint>),
    total("format_number", "(double) -> varchar", "Spells a number shortly (\"1.23M\").",
          kernel_of<format_double>),
    fallible("parse_data_size", "(varchar(x)) -> decimal(38, 0)",
             "Reads a size with its unit (\"2.5MB\") as bytes.", kernel_of<parse_data_size>),
    fallible("parse_presto_data_size", "(varchar(x)) -> decimal(38, 0)",
             "Reads a size with its unit (\"2.5MB\") as bytes.", kernel_of<parse_data_size>),
};

}  // namespace

std::span<const FunctionEntry> format_functions() { return kFormatFunctions; }

}  // namespace trailsql
