// What arrays are made of: combinations, ngrams, sequences inside, counts; and arrays side by side.
#include <fmt/core.h>

#include <algorithm>

#include "functions/argument_error.h"
#include "functions/families.h"
#include "functions/map_builder.h"
#include "functions/typed_kernel.h"

namespace trailsql {
namespace {

constexpr size_t kMaxCombinationLength = 5;
constexpr double kMaxCombinationElements = 100'000;

double num_combinations(size_t size, size_t length) {
  double count = 1;
  for (size_t i = 0; i < length; ++i)
    count = count * static_cast<double>(size - i) / static_cast<double>(i + 1);
  return count;
}

// In the order of their last elements' places, then of those before.
void combinations(Column& result, ListView list, int64_t length) {
  if (length < 0) fail_argument(fmt::format("combination size must not be negative: {}", length));
  const auto size = static_cast<size_t>(length);
  if (size > kMaxCombinationLength) {
    fail_argument(
        fmt::format("combination size must not exceed {}: {}", kMaxCombinationLength, length));
  }
  if (size > list.size()) return result.append_list();
  if (num_combinations(list.size(), size) * static_cast<double>(size) > kMaxCombinationElements)
    fail_argument("combinations exceed max size");
  Column& lists = result.children()[0];
  std::vector<size_t> places(size);
  for (size_t i = 0; i < size; ++i) places[i] = i;
  while (true) {
    for (const size_t place : places)
      lists.children()[0].append_from(list.elements(), list.begin + place);
    lists.append_list();
    // The first place that can go on does; those before it begin anew.
    size_t i = 0;
    while (i + 1 < size && places[i] + 1 == places[i + 1]) ++i;
    if (i == size || (i + 1 == size && places[i] + 1 == list.size())) break;
    ++places[i];
    for (size_t j = 0; j < i; ++j) places[j] = j;
  }
  result.append_list();
}

void ngrams(Column& result, ListView list, int64_t length) {
  if (length <= 0) fail_argument("N must be positive");
  const size_t size = std::min(static_cast<size_t>(length), list.size());
  Column& lists = result.children()[0];
  for (size_t first = list.begin; first + size <= list.end; ++first) {
    for (size_t i = first; i < first + size; ++i)
      lists.children()[0].append_from(list.elements(), i);
    lists.append_list();
    if (size == 0) break;
  }
  result.append_list();
}

bool contains_sequence(ListView list, ListView sequence) {
  for (size_t first = list.begin; first + sequence.size() <= list.end; ++first) {
    size_t i = 0;
    while (i < sequence.size() &&
           values_identical(list.elements(), first + i, sequence.elements(), sequence.begin + i))
      ++i;
    if (i == sequence.size()) return true;
  }
  return false;
}

void trim_array(Column& result, ListView list, int64_t size) {
  if (size < 0) fail_argument(fmt::format("size must not be negative: {}", size));
  if (static_cast<size_t>(size) > list.size()) {
    fail_argument(fmt::format("size must not exceed array cardinality {}: {}", list.size(), size));
  }
  for (size_t i = list.begin; i < list.end - static_cast<size_t>(size); ++i)
    result.children()[0].append_from(list.elements(), i);
  result.append_list();
}

void array_histogram(Column& result, ListView list) {
  append_counts(result, list.elements(), sorted_keys(list.elements(), list.begin, list.end));
}

void zip(const BoundFunction&, const KernelCall& call) {
  Column& rows = call.result.children()[0];
  for_each_row(call, [&](size_t row) {
    size_t length = 0;
    for (const Column* list : call.arguments)
      length = std::max(length, list->offset(row + 1) - list->offset(row));
    for (size_t i = 0; i < length; ++i) {
      for (size_t field = 0; field < call.arguments.size(); ++field) {
        const Column& list = *call.arguments[field];
        if (list.offset(row) + i < list.offset(row + 1)) {
          rows.children()[field].append_from(list.children()[0], list.offset(row) + i);
        } else {
          rows.children()[field].append_null();
        }
      }
      rows.append_row();
    }
    call.result.append_list();
  });
}

constexpr FunctionEntry random(FunctionEntry entry) {
  entry.deterministic = false;
  return entry;
}

constexpr FunctionEntry kArrayPartFunctions[] = {
    fallible("combinations", "(array(T), integer) -> array(array(T))",
             "Returns all choices of so many elements.", kernel_of<combinations>),
    fallible("ngrams", "(array(T), integer) -> array(array(T))",
             "Returns all runs of so many neighbours.", kernel_of<ngrams>),
    total("contains_sequence", "(array(T), array(T)) -> boolean",
          "Returns whether the second's elements stand in the first one after the other.",
          kernel_of<contains_sequence>),
    fallible("trim_array", "(array(E), bigint) -> array(E)", "Removes elements from the end.",
             kernel_of<trim_array>),
    total("array_histogram", "(array(T)) -> map(T, bigint)",
          "Counts each distinct element that is not NULL.", kernel_of<array_histogram>),
    random(plain("shuffle", "(array(E)) -> array(E)",
                 "list_transform(list_sort(list_transform({0}, lambda {e}: struct_pack(f0 := "
                 "random(), f1 := {e}))), lambda {e}: struct_extract({e}, 'f1'))",
                 "Puts the elements in any order.")),
    total("zip", "(array(T1), array(T2)) -> array(row(T1, T2))",
          "Makes rows of arrays side by side.", batch_kernel_of<zip>),
    total("zip", "(array(T1), array(T2), array(T3)) -> array(row(T1, T2, T3))",
          "Makes rows of arrays side by side.", batch_kernel_of<zip>),
    total("zip", "(array(T1), array(T2), array(T3), array(T4)) -> array(row(T1, T2, T3, T4))",
          "Makes rows of arrays side by side.", batch_kernel_of<zip>),
    total(
        "zip",
        "(array(T1), array(T2), array(T3), array(T4), array(T5)) -> array(row(T1, T2, T3, T4, T5))",
        "Makes rows of arrays side by side.", batch_kernel_of<zip>),
};

}  // namespace

std::span<const FunctionEntry> array_part_functions() { return kArrayPartFunctions; }

}  // namespace trailsql
