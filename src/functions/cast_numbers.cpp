// Casts among boolean, integers, real, double and decimal.
#include <fmt/core.h>

#include <cmath>
#include <limits>

#include "base/text.h"
#include "functions/caster.h"
#include "functions/decimal.h"
#include "types/value_text.h"

namespace trailsql {
namespace {

bool fail(CastProblem& problem, ErrorCode code, std::string text) {
  problem = {code, std::move(text)};
  return false;
}

bool is_number(const Type& type) { return type.is_numeric() || type.is(TypeKind::kBoolean); }

std::string spell(const Column& column, size_t row) {
  std::string text;
  append_text(text, column, row);
  return text;
}

// Integers and booleans to anything.
Caster make_from_integer(const Type& from, const Type& to) {
  if (to.is(TypeKind::kBoolean)) {
    return [](const Column& column, size_t row, Column& result, CastProblem&) {
      result.append_boolean(column.int64_at(row) != 0);
      return true;
    };
  }
  if (to.is_integral()) {
    return [to](const Column& column, size_t row, Column& result, CastProblem& problem) {
      const int64_t value = column.int64_at(row);
      if (value < least_of(to.kind()) || value > greatest_of(to.kind())) {
        return fail(problem, ErrorCode::kNumericValueOutOfRange,
                    fmt::format("Out of range for {}: {}", to.display(), value));
      }
      result.append_int64(value);
      return true;
    };
  }
  if (to.is_floating()) {
    const bool real = to.is(TypeKind::kReal);
    return [real](const Column& column, size_t row, Column& result, CastProblem&) {
      const int64_t value = column.int64_at(row);
      result.append_double(real ? static_cast<double>(static_cast<float>(value))
                                : static_cast<double>(value));
      return true;
    };
  }
  return [from, to](const Column& column, size_t row, Column& result, CastProblem& problem) {
    const std::optional<int128_t> value =
        rescale(column.int64_at(row), 0, to.scale(), to.precision());
    if (!value) {
      return fail(problem, ErrorCode::kInvalidCastArgument,
                  fmt::format("Cannot cast {} '{}' to {}", capital_name(from), column.int64_at(row),
                              capital_name(to)));
    }
    result.append_int128(*value);
    return true;
  };
}

// What passes bigint is an error for a double; a real becomes the nearest bigint.
bool append_rounded(double value, const Type& from, const Type& to, Column& result,
                    CastProblem& problem) {
  const auto spelled = [&] {
    std::string text;
    if (from.is(TypeKind::kReal)) {
      append_java_real(text, static_cast<float>(value));
    } else {
      append_java_double(text, value);
    }
    return text;
  };
  const double rounded = std::round(value);
  if (to.is(TypeKind::kBigint)) {
    constexpr double kLimit = 9223372036854775808.0;
    if (from.is(TypeKind::kReal) && std::isnan(value))
      return fail(problem, ErrorCode::kInvalidCastArgument, "Cannot cast real NaN to bigint");
    if (from.is(TypeKind::kReal) && std::abs(rounded) >= kLimit) {
      result.append_int64(value < 0 ? INT64_MIN : INT64_MAX);
      return true;
    }
    if (!std::isfinite(value) || rounded >= kLimit || rounded < -kLimit) {
      return fail(problem, ErrorCode::kInvalidCastArgument,
                  fmt::format("Unable to cast {} to bigint", spelled()));
    }
    result.append_int64(static_cast<int64_t>(rounded));
    return true;
  }
  if (std::isnan(value)) {
    return fail(problem, ErrorCode::kInvalidCastArgument,
                fmt::format("Cannot cast {} NaN to {}", from.display(), to.display()));
  }
  if (rounded < static_cast<double>(least_of(to.kind())) ||
      rounded > static_cast<double>(greatest_of(to.kind()))) {
    return fail(problem, ErrorCode::kNumericValueOutOfRange,
                fmt::format("Out of range for {}: {}", to.display(), spelled()));
  }
  result.append_int64(static_cast<int64_t>(rounded));
  return true;
}

Caster make_from_floating(const Type& from, const Type& to) {
  if (to.is(TypeKind::kBoolean)) {
    return [](const Column& column, size_t row, Column& result, CastProblem&) {
      result.append_boolean(column.double_at(row) != 0);
      return true;
    };
  }
  if (to.is_integral()) {
    return [from, to](const Column& column, size_t row, Column& result, CastProblem& problem) {
      return append_rounded(column.double_at(row), from, to, result, problem);
    };
  }
  if (to.is_floating()) {
    return [to](const Column& column, size_t row, Column& result, CastProblem&) {
      result.append_double(narrow_double(to, column.double_at(row)));
      return true;
    };
  }
  return [from, to](const Column& column, size_t row, Column& result, CastProblem& problem) {
    // The decimal is that of the shortest digits, as Trino's is.
    const std::string text = spell(column, row);
    bool number = false;
    const std::optional<int128_t> value = parse_decimal(text, to.precision(), to.scale(), number);
    if (!value) {
      return fail(
          problem, ErrorCode::kInvalidCastArgument,
          fmt::format("Cannot cast {} '{}' to {}", capital_name(from), text, capital_name(to)));
    }
    result.append_int128(*value);
    return true;
  };
}

Caster make_from_decimal(const Type& from, const Type& to) {
  if (to.is(TypeKind::kBoolean)) {
    return [](const Column& column, size_t row, Column& result, CastProblem&) {
      result.append_boolean(column.int128_at(row) != 0);
      return true;
    };
  }
  if (to.is_integral()) {
    return [from, to](const Column& column, size_t row, Column& result, CastProblem& problem) {
      const int128_t value = divide_half_up(column.int128_at(row), power_of_ten(from.scale()));
      if (value < least_of(to.kind()) || value > greatest_of(to.kind())) {
        std::string text;
        append_decimal(text, value, 0);
        return fail(problem, ErrorCode::kInvalidCastArgument,
                    fmt::format("Cannot cast '{}' to {}", text, capital_name(to)));
      }
      result.append_int64(static_cast<int64_t>(value));
      return true;
    };
  }
  if (to.is_floating()) {
    return [from, to](const Column& column, size_t row, Column& result, CastProblem&) {
      const double value = decimal_to_double(column.int128_at(row), from.scale());
      result.append_double(narrow_double(to, value));
      return true;
    };
  }
  return [from, to](const Column& column, size_t row, Column& result, CastProblem& problem) {
    const std::optional<int128_t> value =
        rescale(column.int128_at(row), from.scale(), to.scale(), to.precision());
    if (!value) {
      return fail(problem, ErrorCode::kInvalidCastArgument,
                  fmt::format("Cannot cast {} '{}' to {}", capital_name(from), spell(column, row),
                              capital_name(to)));
    }
    result.append_int128(*value);
    return true;
  };
}

}  // namespace

int64_t least_of(TypeKind kind) {
  switch (kind) {
    case TypeKind::kTinyint: return std::numeric_limits<int8_t>::min();
    case TypeKind::kSmallint: return std::numeric_limits<int16_t>::min();
    case TypeKind::kInteger: return std::numeric_limits<int32_t>::min();
    default: return std::numeric_limits<int64_t>::min();
  }
}

int64_t greatest_of(TypeKind kind) {
  switch (kind) {
    case TypeKind::kTinyint: return std::numeric_limits<int8_t>::max();
    case TypeKind::kSmallint: return std::numeric_limits<int16_t>::max();
    case TypeKind::kInteger: return std::numeric_limits<int32_t>::max();
    default: return std::numeric_limits<int64_t>::max();
  }
}

std::string capital_name(const Type& type) { return to_upper_ascii(type.protocol_name()); }

double narrow_double(const Type& type, double value) {
  return type.is(TypeKind::kReal) ? static_cast<double>(static_cast<float>(value)) : value;
}

Caster make_number_caster(const Type& from, const Type& to) {
  if (!is_number(from) || !is_number(to)) return {};
  if (from.is_integral() || from.is(TypeKind::kBoolean)) return make_from_integer(from, to);
  return from.is_floating() ? make_from_floating(from, to) : make_from_decimal(from, to);
}

}  // namespace trailsql
