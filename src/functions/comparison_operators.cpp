// = < <= and IS DISTINCT FROM, LIKE, and the subscript.
#include <fmt/core.h>

#include <cmath>

#include "base/text.h"
#include "functions/argument_error.h"
#include "functions/cast.h"
#include "functions/caster.h"
#include "functions/compare.h"
#include "functions/families.h"
#include "functions/operators.h"
#include "functions/typed_kernel.h"
#include "functions/utf8.h"
#include "types/value_text.h"

namespace trailsql {
namespace {

// How values of a type compare in the engine. Padded values (char) are kept without their padding,
// so they are equal as they stand, but their order needs it.
// Instants leave out their zones; those beyond microseconds are structs, which the engine tests for
// equality but, in the BETWEEN that its optimizer makes, not for order.
enum class Comparison : uint8_t {
  kPlain,
  kPadded,
  kByInstant,
  kEqualByInstant,
  kFloating,
  kKernel,
};

Comparison comparison_of(const Type& type) {
  switch (type.kind()) {
    case TypeKind::kReal:
    case TypeKind::kDouble: return Comparison::kFloating;
    case TypeKind::kTimeWithTimeZone: return Comparison::kByInstant;
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampWithTimeZone:
      return type.has_picoseconds() ? Comparison::kEqualByInstant : Comparison::kByInstant;
    case TypeKind::kChar: return Comparison::kPadded;
    case TypeKind::kArray:
    case TypeKind::kMap:
    case TypeKind::kRow:
    case TypeKind::kFunction: return Comparison::kKernel;
    default: return Comparison::kPlain;
  }
}

constexpr std::string_view kCallKernel = "{kernel}({0}, {1})";

std::string_view choose_equal(const BoundFunction& bound) {
  switch (comparison_of(bound.argument_types[0])) {
    case Comparison::kPlain:
    case Comparison::kPadded: return "({0} = {1})";
    case Comparison::kByInstant:
    case Comparison::kEqualByInstant: return "({instant0} = {instant1})";
    default: return kCallKernel;
  }
}

std::string_view choose_less(const BoundFunction& bound) {
  switch (comparison_of(bound.argument_types[0])) {
    case Comparison::kPlain: return "({0} < {1})";
    case Comparison::kByInstant: return "({instant0} < {instant1})";
    default: return kCallKernel;
  }
}

std::string_view choose_less_or_equal(const BoundFunction& bound) {
  switch (comparison_of(bound.argument_types[0])) {
    case Comparison::kPlain: return "({0} <= {1})";
    case Comparison::kByInstant: return "({instant0} <= {instant1})";
    default: return kCallKernel;
  }
}

std::string_view choose_distinct(const BoundFunction& bound) {
  switch (comparison_of(bound.argument_types[0])) {
    case Comparison::kPlain:
    case Comparison::kPadded:
    case Comparison::kFloating: return "({0} IS DISTINCT FROM {1})";
    case Comparison::kByInstant:
    case Comparison::kEqualByInstant: return "({instant0} IS DISTINCT FROM {instant1})";
    default: return kCallKernel;
  }
}

std::optional<bool> equal(ValueView a, ValueView b) {
  return values_equal(*a.column, a.row, *b.column, b.row);
}

// Comparisons with NaN are false, though it sorts last.
bool either_is_nan(ValueView a, ValueView b) {
  return a.column->type().is_floating() &&
         (std::isnan(a.column->double_at(a.row)) || std::isnan(b.column->double_at(b.row)));
}

bool less(ValueView a, ValueView b) {
  return !either_is_nan(a, b) && compare_values(*a.column, a.row, *b.column, b.row) < 0;
}

bool less_or_equal(ValueView a, ValueView b) {
  return !either_is_nan(a, b) && compare_values(*a.column, a.row, *b.column, b.row) <= 0;
}

void distinct(const BoundFunction&, const KernelCall& call) {
  for (size_t row = 0; row < call.num_rows; ++row) {
    call.result.append_boolean(!values_identical(*call.arguments[0], row, *call.arguments[1], row));
  }
}

void array_subscript(Column& result, ListView array, int64_t index) {
  if (index == 0) fail_argument("SQL array indices start at 1");
  if (index < 0) fail_argument(fmt::format("Array subscript is negative: {}", index));
  if (static_cast<uint64_t>(index) > array.size()) {
    fail_argument(fmt::format("Array subscript must be less than or equal to array length: {} > {}",
                              index, array.size()));
  }
  result.append_from(array.elements(), array.begin + static_cast<size_t>(index) - 1);
}

void map_subscript(Column& result, ListView map, ValueView key) {
  const size_t entry = find_equal_entry(map.keys(), map.begin, map.end, *key.column, key.row);
  if (entry != map.end) return result.append_from(map.values(), entry);
  if (!can_cast(key.column->type(), Type::varchar())) fail_argument("Key not present in map");
  std::string text;
  append_cast_text(text, *key.column, key.row);
  fail_argument(fmt::format("Key not present in map: {}", text));
}

// LIKE over UTF-8 text with an escape character (a whole character, so a view). Refers to the
// pattern.
class LikeMatcher {
 public:
  LikeMatcher(std::string_view pattern, std::string_view escape) {
    for (size_t i = 0; i < pattern.size();) {
      std::string_view symbol = take_character(pattern, i);
      if (!escape.empty() && symbol == escape) {
        symbol = i < pattern.size() ? take_character(pattern, i) : std::string_view();
        if (symbol.empty() || (symbol != "%" && symbol != "_" && symbol != escape))
          fail_argument(
              "Escape character must be followed by '%', '_' or the escape character itself");
        parts_.push_back({Kind::kLiteral, symbol});
      } else if (symbol == "%") {
        if (parts_.empty() || parts_.back().kind != Kind::kAny) parts_.push_back({Kind::kAny, {}});
      } else {
        parts_.push_back({symbol == "_" ? Kind::kOne : Kind::kLiteral, symbol});
      }
    }
  }

  // Goes back to the last % only, so the time is bounded by text × pattern.
  bool matches(std::string_view text) const {
    size_t at = 0;
    size_t part = 0;
    size_t retry_part = parts_.size() + 1;
    size_t retry_at = 0;
    while (at < text.size() || part < parts_.size()) {
      if (part < parts_.size() && parts_[part].kind == Kind::kAny) {
        retry_part = ++part;
        retry_at = at;
        continue;
      }
      size_t next = at;
      if (part < parts_.size() && at < text.size()) {
        const std::string_view symbol = take_character(text, next);
        if (parts_[part].kind == Kind::kOne || symbol == parts_[part].symbol) {
          at = next;
          ++part;
          continue;
        }
      }
      if (retry_part > parts_.size() || retry_at >= text.size()) return false;
      retry_at = next_character(text, retry_at);
      at = retry_at;
      part = retry_part;
    }
    return true;
  }

 private:
  enum class Kind : uint8_t { kLiteral, kOne, kAny };
  struct Part {
    Kind kind;
    std::string_view symbol;
  };

  static std::string_view take_character(std::string_view text, size_t& position) {
    const size_t start = position;
    position = next_character(text, start);
    return text.substr(start, position - start);
  }

  std::vector<Part> parts_;
};

// Text, padded if it is char, with a pattern and perhaps an escape character. Both are mostly
// constants, so the matcher is kept from row to row.
void like(const BoundFunction&, const KernelCall& call) {
  const bool pads = call.arguments[0]->type().is(TypeKind::kChar);
  const Column* escapes = call.arguments.size() > 2 ? call.arguments[2] : nullptr;
  std::optional<LikeMatcher> matcher;
  std::string_view pattern;
  std::string_view escape;
  std::string padded;
  for_each_row(call, [&](size_t row) {
    const std::string_view row_pattern = call.arguments[1]->string_at(row);
    const std::string_view row_escape = escapes ? escapes->string_at(row) : std::string_view();
    if (!matcher || row_pattern != pattern || row_escape != escape) {
      if (escapes && num_code_points(row_escape) != 1)
        fail_argument("Escape string must be a single character");
      pattern = row_pattern;
      escape = row_escape;
      matcher.emplace(pattern, escape);
    }
    padded.clear();
    if (pads) append_text(padded, *call.arguments[0], row);
    call.result.append_boolean(matcher->matches(pads ? padded : call.arguments[0]->string_at(row)));
  });
}

// AND (of_all) or OR of all arguments: decided by one FALSE or TRUE, else NULL if any is.
template <bool of_all>
void combine(const BoundFunction&, const KernelCall& call) {
  for (size_t row = 0; row < call.num_rows; ++row) {
    bool has_null = false;
    bool decided = false;
    for (const Column* argument : call.arguments) {
      if (argument->is_null(row)) {
        has_null = true;
      } else if (argument->boolean_at(row) != of_all) {
        decided = true;
        break;
      }
    }
    if (!decided && has_null) {
      call.result.append_null();
    } else {
      call.result.append_boolean(decided != of_all);
    }
  }
}

void combine_all(const BoundFunction& bound, const KernelCall& call) { combine<true>(bound, call); }
void combine_any(const BoundFunction& bound, const KernelCall& call) {
  combine<false>(bound, call);
}

constexpr FunctionEntry kComparisonOperators[] = {
    on_null(kAllOperator, "(boolean, boolean...) -> boolean", "AND of all.",
            batch_kernel_of<combine_all>),
    on_null(kAnyOperator, "(boolean, boolean...) -> boolean", "OR of all.",
            batch_kernel_of<combine_any>),
    {.name = "$equal",
     .signature = "(T, T) -> boolean",
     .doc = "Returns whether two values are equal.",
     .make_kernel = kernel_of<equal>,
     .choose_lowering = choose_equal},
    {.name = "$less",
     .signature = "(T, T) -> boolean",
     .doc = "Returns whether the first value is less.",
     .make_kernel = kernel_of<less>,
     .choose_lowering = choose_less},
    {.name = "$less_or_equal",
     .signature = "(T, T) -> boolean",
     .doc = "Returns whether the first value is less or equal.",
     .make_kernel = kernel_of<less_or_equal>,
     .choose_lowering = choose_less_or_equal},
    {.name = "$distinct",
     .signature = "(T, T) -> boolean",
     .doc = "Returns whether two values differ, NULL being a value.",
     .called_on_null = true,
     .make_kernel = batch_kernel_of<distinct>,
     .choose_lowering = choose_distinct},
    plain("$like", "(varchar, varchar) -> boolean", "({0} LIKE {1})",
          "Matches text with a pattern of % and _."),
    total("$like", "(char(x), varchar) -> boolean",
          "Matches padded text with a pattern of % and _.", batch_kernel_of<like>),
    fallible("$like", "(varchar, varchar, varchar) -> boolean",
             "Matches text with a pattern of % and _ and an escape character.",
             batch_kernel_of<like>),
    fallible("$like", "(char(x), varchar, varchar) -> boolean",
             "Matches padded text with a pattern and an escape character.", batch_kernel_of<like>),
    fallible("$subscript", "(array(E), bigint) -> E", "Returns the element at an index from 1.",
             kernel_of<array_subscript>),
    fallible("$subscript", "(map(K, V), K) -> V", "Returns the value of a key.",
             kernel_of<map_subscript>),
};

}  // namespace

std::span<const FunctionEntry> comparison_operators() { return kComparisonOperators; }

}  // namespace trailsql
