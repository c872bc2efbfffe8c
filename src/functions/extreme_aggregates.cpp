// Aggregates that return the least or greatest n values.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "functions/argument_error.h"
#include "functions/compare.h"
#include "functions/families.h"
#include "functions/typed_kernel.h"

namespace trailsql {
namespace {

constexpr int64_t kMaxValues = 10'000;

bool is_nan_key(const Column& column, size_t row) {
  return column.type().is_floating() && std::isnan(column.double_at(row));
}

// Returns the places of [begin, end) whose key is not NULL, from the least or the greatest on. NaN
// comes last both ways.
std::vector<size_t> places_in_order(const Column& keys, size_t begin, size_t end, bool greatest) {
  std::vector<size_t> places = sorted_places(keys, begin, end);
  if (greatest) {
    std::stable_sort(places.begin(), places.end(), [&](size_t a, size_t b) {
      if (is_nan_key(keys, a) || is_nan_key(keys, b))
        return !is_nan_key(keys, a) && is_nan_key(keys, b);
      return compare_values(keys, a, keys, b) > 0;
    });
  }
  return places;
}

void append_values(Column& result, const Column& values, std::vector<size_t> places,
                   int64_t count) {
  places.resize(std::min(places.size(), static_cast<size_t>(count)));
  for (const size_t place : places) result.children()[0].append_from(values, place);
  result.append_list();
}

template <bool greatest>
void extreme_values(Column& result, ListView values, int64_t count) {
  constexpr std::string_view kName = greatest ? "max_n" : "min_n";
  const Column& elements = values.elements();
  std::vector<size_t> places = places_in_order(elements, values.begin, values.end, greatest);
  if (places.empty()) return result.append_null();
  if (count <= 0) fail_argument(fmt::format("second argument of {} must be positive", kName));
  if (count > kMaxValues) {
    fail_argument(fmt::format("second argument of {} must be less than or equal to {}; found {}",
                              kName, kMaxValues, count));
  }
  append_values(result, elements, std::move(places), count);
}

template <bool greatest>
void values_by_key(Column& result, ListView rows, int64_t count) {
  constexpr std::string_view kName = greatest ? "max_by" : "min_by";
  const std::vector<Column>& parts = rows.elements().children();
  std::vector<size_t> places = places_in_order(parts[1], rows.begin, rows.end, greatest);
  if (places.empty()) return result.append_null();
  if (count <= 0)
    fail_argument(fmt::format("third argument of {} must be a positive integer", kName));
  if (count > kMaxValues) {
    fail_argument(fmt::format("third argument of {} must be less than or equal to {}; found {}",
                              kName, kMaxValues, count));
  }
  append_values(result, parts[0], std::move(places), count);
}

template <auto Function>
KernelPtr make_extremes(const BoundFunction& bound) {
  return finish_kernel<Function>(bound, {Type::array(bound.argument_types[0]), TypeKind::kBigint});
}
template <auto Function>
KernelPtr make_extremes_by(const BoundFunction& bound) {
  const Type row =
      Type::row({{std::nullopt, bound.argument_types[0]}, {std::nullopt, bound.argument_types[1]}});
  return finish_kernel<Function>(bound, {Type::array(row), TypeKind::kBigint});
}

constexpr std::string_view kValues = "{kernel}(list({distinct}{0}{order}){tail}, last({1}){tail})";
constexpr std::string_view kRows =
    "{kernel}(list({distinct}struct_pack(f0 := {0}, f1 := {1}){order}){tail}, last({2}){tail})";

constexpr FunctionEntry kExtremeAggregates[] = {
    aggregate("min", "(E:orderable, bigint) -> array(E)", kValues, "Returns the n least values.",
              make_extremes<extreme_values<false>>),
    aggregate("max", "(E:orderable, bigint) -> array(E)", kValues, "Returns the n greatest values.",
              make_extremes<extreme_values<true>>),
    aggregate("min_by", "(V, K:orderable, bigint) -> array(V)", kRows,
              "Returns the first arguments of the n rows where the second is least.",
              make_extremes_by<values_by_key<false>>),
    aggregate("max_by", "(V, K:orderable, bigint) -> array(V)", kRows,
              "Returns the first arguments of the n rows where the second is greatest.",
              make_extremes_by<values_by_key<true>>),
};

}  // namespace

std::span<const FunctionEntry> extreme_aggregates() { return kExtremeAggregates; }

}  // namespace trailsql
