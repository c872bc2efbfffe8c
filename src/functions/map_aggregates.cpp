// Aggregates that make maps, and reduce_agg: the engine's list of the values, followed by a kernel
// or a lambda.
#include <fmt/core.h>

#include "base/error.h"
#include "functions/families.h"
#include "functions/map_builder.h"

namespace trailsql {
namespace {

Type pair_list(const Type& key, const Type& value) {
  return Type::array(Type::row({{std::nullopt, key}, {std::nullopt, value}}));
}
constexpr std::string_view kPairs =
    "{kernel}(list({distinct}struct_pack(f0 := {0}, f1 := {1}){order}){tail})";

// NULL keys are passed over; a group without keys is NULL.
void aggregate_map(Column& result, ListView pairs) {
  const std::vector<Column>& pair = pairs.elements().children();
  const std::vector<size_t> places = sorted_keys(pair[0], pairs.begin, pairs.end);
  if (places.empty()) return result.append_null();
  for_each_group(pair[0], places, [&](size_t first, size_t) {
    result.children()[0].append_from(pair[0], places[first]);
    result.children()[1].append_from(pair[1], places[first]);
  });
  result.append_list();
}
KernelPtr make_map_agg(const BoundFunction& bound) {
  return finish_kernel<aggregate_map>(
      bound, {pair_list(bound.argument_types[0], bound.argument_types[1])});
}

void aggregate_multimap(Column& result, ListView pairs) {
  const std::vector<Column>& pair = pairs.elements().children();
  const std::vector<size_t> places = sorted_keys(pair[0], pairs.begin, pairs.end);
  if (places.empty()) return result.append_null();
  append_multimap(result, pair[0], places, pair[1]);
}
KernelPtr make_multimap_agg(const BoundFunction& bound) {
  return finish_kernel<aggregate_multimap>(
      bound, {pair_list(bound.argument_types[0], bound.argument_types[1])});
}

void count_values(Column& result, ListView values) {
  const Column& elements = values.elements();
  const std::vector<size_t> places = sorted_keys(elements, values.begin, values.end);
  if (places.empty()) return result.append_null();
  append_counts(result, elements, places);
}
KernelPtr make_histogram(const BoundFunction& bound) {
  return finish_kernel<count_values>(bound, {Type::array(bound.argument_types[0])});
}

// The first value of a key stays. `maps` may hold NULLs.
void unite_maps(Column& result, ListView maps) {
  const Column& lists = maps.elements();
  const std::vector<Column>& entries = lists.children();
  const size_t begin = lists.offset(maps.begin);
  const size_t end = lists.offset(maps.end);
  bool has_map = false;
  for (size_t i = maps.begin; i < maps.end; ++i) has_map = has_map || !lists.is_null(i);
  if (!has_map) return result.append_null();
  const std::vector<size_t> places = sorted_keys(entries[0], begin, end);
  for_each_group(entries[0], places, [&](size_t first, size_t) {
    result.children()[0].append_from(entries[0], places[first]);
    result.children()[1].append_from(entries[1], places[first]);
  });
  result.append_list();
}
KernelPtr make_map_union(const BoundFunction& bound) {
  return finish_kernel<unite_maps>(bound, {Type::array(bound.result_type)});
}

// Trino passes over NULLs. One node never has two states to combine, so the second lambda is not
// used.
constexpr std::string_view kReduceAgg =
    "list_extract(list_transform(list_filter([list_filter(list({distinct}struct_pack(f0 := {1}, "
    "f1 := {0}){order}){tail}, lambda {e}: struct_extract({e}, 'f1') IS NOT NULL)], lambda {a}: "
    "len({a}) > 0), lambda {a}: struct_extract(list_reduce({a}, lambda {b}, {e}: struct_pack(f0 := "
    "{2}, f1 := struct_extract({e}, 'f1')), struct_pack(f0 := struct_extract(list_extract({a}, 1), "
    "'f0'), f1 := CAST(NULL AS {type0}))), 'f0')), 1)";
// Trino's accumulators hold a number, a text or bytes.
std::string_view choose_reduce_agg(const BoundFunction& bound) {
  const Type& state = bound.argument_types[1];
  const bool is_long_decimal =
      state.is(TypeKind::kDecimal) && state.precision() > Type::kMaxShortDecimalPrecision;
  const bool is_long_time = state.is(TypeKind::kTimestamp) && state.has_picoseconds();
  if (state.is_nested() || is_long_decimal || is_long_time) {
    throw QueryError(ErrorCode::kNotSupported,
                     fmt::format("State type not supported for reduce_agg: {}", state.display()));
  }
  return kReduceAgg;
}

constexpr FunctionEntry reduce_agg() {
  FunctionEntry entry =
      aggregate("reduce_agg", "(T, S, function(S, T, S), function(S, S, S)) -> S", kReduceAgg,
                "Takes a state through all values that are not NULL.");
  entry.lambdas = {"b.f0 e.f1", "b.f0 b.f0"};
  entry.choose_lowering = choose_reduce_agg;
  entry.may_fail = true;
  return entry;
}

constexpr FunctionEntry kMapAggregates[] = {
    aggregate("map_agg", "(K, V) -> map(K, V)", kPairs,
              "Makes a map of keys and values; the first value of a key stays.", make_map_agg),
    aggregate("multimap_agg", "(K, V) -> map(K, array(V))", kPairs,
              "Makes a map of keys and the arrays of their values.", make_multimap_agg),
    aggregate("map_union", "(map(K, V)) -> map(K, V)", "{kernel}(list({distinct}{0}{order}){tail})",
              "Joins maps; the first value of a key stays.", make_map_union),
    aggregate("histogram", "(T) -> map(T, bigint)", "{kernel}(list({distinct}{0}{order}){tail})",
              "Counts each distinct value.", make_histogram),
    reduce_agg(),
};

}  // namespace

std::span<const FunctionEntry> map_aggregates() { return kMapAggregates; }

}  // namespace trailsql
