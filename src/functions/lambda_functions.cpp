// Functions that take lambdas: the engine's own lambdas run the bodies, kernels prepare what they
// run over and finish what they make.
#include <algorithm>

#include "functions/argument_error.h"
#include "functions/compare.h"
#include "functions/families.h"
#include "functions/map_builder.h"
#include "functions/typed_kernel.h"

namespace trailsql {
namespace {

// Reads the outcomes of a predicate: whether any is `wanted`, or else NULL if any is NULL.
std::optional<bool> any_is(const ListView& outcomes, bool wanted) {
  bool unknown = false;
  for (size_t i = outcomes.begin; i < outcomes.end; ++i) {
    if (outcomes.elements().is_null(i)) {
      unknown = true;
    } else if (outcomes.elements().boolean_at(i) == wanted) {
      return true;
    }
  }
  return unknown ? std::nullopt : std::optional(false);
}
std::optional<bool> negated(std::optional<bool> value) {
  return value ? std::optional(!*value) : std::nullopt;
}
std::optional<bool> any_match(ListView outcomes) { return any_is(outcomes, true); }
std::optional<bool> none_match(ListView outcomes) { return negated(any_is(outcomes, true)); }
std::optional<bool> all_match(ListView outcomes) { return negated(any_is(outcomes, false)); }

template <auto Function>
KernelPtr make_match(const BoundFunction& bound) {
  return finish_kernel<Function>(bound, {Type::array(TypeKind::kBoolean)});
}

Type pair_type(const Type& first, const Type& second) {
  return Type::row({{std::nullopt, first}, {std::nullopt, second}});
}

// Makes the kernel whose result is the list that a lambda runs over.
template <auto Function>
KernelPtr list_kernel(const BoundFunction& bound, const Type& element) {
  BoundFunction inner = bound;
  inner.argument_types.resize(2);
  inner.result_type = Type::array(element);
  return kernel_of<Function>(inner);
}

void append_or_null(Column& result, const Column& source, size_t i, size_t end) {
  if (i < end) {
    result.append_from(source, i);
  } else {
    result.append_null();
  }
}

void zip_pairs(Column& result, ListView a, ListView b) {
  Column& rows = result.children()[0];
  for (size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    append_or_null(rows.children()[0], a.elements(), a.begin + i, a.end);
    append_or_null(rows.children()[1], b.elements(), b.begin + i, b.end);
    rows.append_row();
  }
  result.append_list();
}
KernelPtr make_zip_pairs(const BoundFunction& bound) {
  return list_kernel<zip_pairs>(
      bound, pair_type(bound.argument_types[0].element(), bound.argument_types[1].element()));
}

// Lists every key of either map, in order, with both values; NULL where a map lacks it.
void zip_maps(Column& result, ListView a, ListView b) {
  Column& rows = result.children()[0];
  const auto append_value = [](Column& column, const ListView& map, const size_t* entry) {
    if (entry != nullptr) {
      column.append_from(map.values(), *entry);
    } else {
      column.append_null();
    }
  };
  // A map that was read from a file may not be sorted.
  const std::vector<size_t> left = sorted_keys(a.keys(), a.begin, a.end);
  const std::vector<size_t> right = sorted_keys(b.keys(), b.begin, b.end);
  size_t i = 0;
  size_t j = 0;
  while (i < left.size() || j < right.size()) {
    int order = i == left.size() ? 1 : -1;
    if (i < left.size() && j < right.size())
      order = compare_total(a.keys(), left[i], b.keys(), right[j]);
    const size_t* in_a = order <= 0 ? &left[i++] : nullptr;
    const size_t* in_b = order >= 0 ? &right[j++] : nullptr;
    rows.children()[0].append_from(in_a ? a.keys() : b.keys(), in_a ? *in_a : *in_b);
    append_value(rows.children()[1], a, in_a);
    append_value(rows.children()[2], b, in_b);
    rows.append_row();
  }
  result.append_list();
}
KernelPtr make_zip_maps(const BoundFunction& bound) {
  const Type& a = bound.argument_types[0];
  return list_kernel<zip_maps>(bound, Type::row({{std::nullopt, a.key()},
                                                 {std::nullopt, a.value()},
                                                 {std::nullopt, bound.argument_types[1].value()}}));
}

void map_of_pairs(Column& result, ListView pairs) { append_map_of_entries(result, pairs); }
KernelPtr make_transform_keys(const BoundFunction& bound) {
  return finish_kernel<map_of_pairs>(
      bound, {Type::array(pair_type(bound.result_type.key(), bound.result_type.value()))});
}
// Sorts by what the comparator says of every pair: a list for each element, its outcome beside each
// other element.
void sort_by_outcomes(Column& result, ListView list, ListView outcomes) {
  const Column& lists = outcomes.elements();
  const auto outcome = [&](size_t a, size_t b) {
    const size_t place = lists.offset(outcomes.begin + a) + b;
    return lists.children()[0].is_null(place) ? 2 : lists.children()[0].int64_at(place);
  };
  std::vector<size_t> places(list.size());
  for (size_t i = 0; i < places.size(); ++i) places[i] = i;
  std::stable_sort(places.begin(), places.end(), [&](size_t a, size_t b) {
    const int64_t order = outcome(a, b);
    if (order < -1 || order > 1) fail_argument("Lambda comparator must return either -1, 0, or 1");
    return order < 0;
  });
  for (const size_t place : places)
    result.children()[0].append_from(list.elements(), list.begin + place);
  result.append_list();
}
KernelPtr make_sort_by_outcomes(const BoundFunction& bound) {
  return finish_kernel<sort_by_outcomes>(
      bound, {bound.argument_types[0], Type::array(Type::array(TypeKind::kInteger))});
}

constexpr FunctionEntry lambda(std::string_view name, std::string_view signature,
                               std::array<std::string_view, 2> paths, std::string_view lowering,
                               std::string_view doc, MakeKernel make_kernel = nullptr) {
  FunctionEntry entry = plain(name, signature, lowering, doc);
  entry.lambdas = paths;
  entry.make_kernel = make_kernel;
  return entry;
}

constexpr FunctionEntry fails(FunctionEntry entry) {
  entry.may_fail = true;
  return entry;
}

// Elements after the one that decides are not asked, so a body that may fail goes step by step.
constexpr FunctionEntry matcher(std::string_view name, std::string_view stepwise,
                                std::string_view doc, MakeKernel make_kernel) {
  FunctionEntry entry = lambda(name, "(array(T), function(T, boolean)) -> boolean", {"e"},
                               "{kernel}(list_transform({0}, lambda {e}: {1}))", doc, make_kernel);
  entry.lowering_may_fail = stepwise;
  return entry;
}

// The state goes through structs {outcome so far, element}, so that it has the elements' type. The
// body stands in a list of one element, because it names that element {e}.
constexpr std::string_view kStepwiseAny =
    "struct_extract(list_reduce(list_transform({0}, lambda {e}: struct_pack(f0 := FALSE, f1 := "
    "{e})), lambda {a}, {e}: struct_pack(f0 := CASE WHEN struct_extract({a}, 'f0') THEN TRUE ELSE "
    "(list_extract(list_transform([struct_extract({e}, 'f1')], lambda {e}: {1}), 1) OR "
    "struct_extract({a}, 'f0')) END, f1 := struct_extract({e}, 'f1')), struct_pack(f0 := FALSE, f1 "
    ":= CAST(NULL AS {element0}))), 'f0')";
constexpr std::string_view kStepwiseNone =
    "(NOT struct_extract(list_reduce(list_transform({0}, lambda {e}: struct_pack(f0 := FALSE, f1 "
    ":= {e})), lambda {a}, {e}: struct_pack(f0 := CASE WHEN struct_extract({a}, 'f0') THEN TRUE "
    "ELSE (list_extract(list_transform([struct_extract({e}, 'f1')], lambda {e}: {1}), 1) OR "
    "struct_extract({a}, 'f0')) END, f1 := struct_extract({e}, 'f1')), struct_pack(f0 := FALSE, f1 "
    ":= CAST(NULL AS {element0}))), 'f0'))";
constexpr std::string_view kStepwiseAll =
    "struct_extract(list_reduce(list_transform({0}, lambda {e}: struct_pack(f0 := TRUE, f1 := "
    "{e})), lambda {a}, {e}: struct_pack(f0 := CASE WHEN NOT struct_extract({a}, 'f0') THEN FALSE "
    "ELSE (list_extract(list_transform([struct_extract({e}, 'f1')], lambda {e}: {1}), 1) AND "
    "struct_extract({a}, 'f0')) END, f1 := struct_extract({e}, 'f1')), struct_pack(f0 := TRUE, f1 "
    ":= CAST(NULL AS {element0}))), 'f0')";

// A NULL array leaves no state: the last lambda runs over a list of one state or none.
constexpr std::string_view kReduce =
    "list_extract(list_transform(list_filter([list_reduce(list_transform({0}, lambda {e}: "
    "struct_pack(f0 := CAST(NULL AS {type1}), f1 := {e})), lambda {a}, {e}: struct_pack(f0 := {2}, "
    "f1 := struct_extract({e}, 'f1')), struct_pack(f0 := {1}, f1 := CAST(NULL AS {element0})))], "
    "lambda {e}: {e} IS NOT NULL), lambda {e}: {3}), 1)";

constexpr FunctionEntry kLambdaFunctions[] = {
    lambda("transform", "(array(T), function(T, U)) -> array(U)", {"e"},
           "list_transform({0}, lambda {e}: {1})", "Applies a lambda to every element."),
    lambda("filter", "(array(T), function(T, boolean)) -> array(T)", {"e"},
           "list_filter({0}, lambda {e}: {1})", "Keeps the elements for which a lambda is true."),
    matcher("any_match", kStepwiseAny, "Returns whether a lambda is true for any element.",
            make_match<any_match>),
    matcher("all_match", kStepwiseAll, "Returns whether a lambda is true for all elements.",
            make_match<all_match>),
    matcher("none_match", kStepwiseNone, "Returns whether a lambda is true for no element.",
            make_match<none_match>),
    lambda("reduce", "(array(T), S, function(S, T, S), function(S, R)) -> R", {"a.f0 e.f1", "e.f0"},
           kReduce, "Takes a state through all elements, then applies the last lambda to it."),
    lambda("zip_with", "(array(T), array(U), function(T, U, R)) -> array(R)", {"e.f0 e.f1"},
           "list_transform({kernel}({0}, {1}), lambda {e}: {2})",
           "Applies a lambda to elements of the same place.", make_zip_pairs),
    fails(lambda("array_sort", "(array(T), function(T, T, integer)) -> array(T)", {"a e"},
                 "{kernel}({0}, list_transform({0}, lambda {a}: list_transform({0}, lambda {e}: "
                 "{1})))",
                 "Sorts by what a comparator says: -1, 0 or 1.", make_sort_by_outcomes)),
    lambda("map_filter", "(map(K, V), function(K, V, boolean)) -> map(K, V)", {"e.key e.value"},
           "CAST(map_from_entries(list_filter(map_entries({0}), lambda {e}: {1})) AS {type})",
           "Keeps the entries for which a lambda is true."),
    fails(lambda("transform_keys", "(map(K1, V), function(K1, V, K2)) -> map(K2, V)",
                 {"e.key e.value"},
                 "{kernel}(list_transform(map_entries({0}), lambda {e}: struct_pack(f0 := {1}, f1 "
                 ":= struct_extract({e}, 'value'))))",
                 "Applies a lambda to every entry for a new key.", make_transform_keys)),
    lambda("transform_values", "(map(K, V1), function(K, V1, V2)) -> map(K, V2)", {"e.key e.value"},
           "CAST(map_from_entries(list_transform(map_entries({0}), lambda {e}: struct_pack(\"key\" "
           ":= struct_extract({e}, 'key'), \"value\" := {1}))) AS {type})",
           "Applies a lambda to every entry for a new value."),
    lambda("map_zip_with", "(map(K, V1), map(K, V2), function(K, V1, V2, V3)) -> map(K, V3)",
           {"e.f0 e.f1 e.f2"},
           "CAST(map_from_entries(list_transform({kernel}({0}, {1}), lambda {e}: "
           "struct_pack(\"key\" := struct_extract({e}, 'f0'), \"value\" := {2}))) AS {type})",
           "Applies a lambda to the values of each key of either map.", make_zip_maps),
};

}  // namespace

std::span<const FunctionEntry> lambda_functions() { return kLambdaFunctions; }

}  // namespace trailsql
