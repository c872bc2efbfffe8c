// Functions on arrays. Sets keep the first of equal elements; NULL is an element like any other.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "functions/argument_error.h"
#include "functions/calendar.h"
#include "functions/cast.h"
#include "functions/caster.h"
#include "functions/compare.h"
#include "functions/families.h"
#include "functions/typed_kernel.h"

namespace trailsql {
namespace {

uint64_t rough_hash(const Column& column, size_t row) {
  if (column.is_null(row)) return 1;
  switch (storage_of(column.type())) {
    case Storage::kInt64: return std::hash<int64_t>()(column.int64_at(row));
    case Storage::kDouble: {
      const double value = column.double_at(row);
      return std::isnan(value) ? 2 : std::hash<double>()(value == 0 ? 0 : value);
    }
    case Storage::kInt128: return std::hash<int64_t>()(static_cast<int64_t>(column.int128_at(row)));
    case Storage::kString: return std::hash<std::string_view>()(column.string_at(row));
    case Storage::kList: return column.offset(row + 1) - column.offset(row);
    // Nested values share few hashes; equality decides.
    default: return 3;
  }
}

// A set of places in columns of one type.
class ValueSet {
 public:
  bool insert(const Column& column, size_t row) {
    if (contains(column, row)) return false;
    places_.emplace(rough_hash(column, row), ValueView{&column, row});
    return true;
  }
  bool contains(const Column& column, size_t row) const {
    const auto [first, last] = places_.equal_range(rough_hash(column, row));
    return std::any_of(first, last, [&](const auto& entry) {
      return values_identical(*entry.second.column, entry.second.row, column, row);
    });
  }

 private:
  std::unordered_multimap<uint64_t, ValueView> places_;
};

void append_all(Column& result, const ListView& list) {
  for (size_t i = list.begin; i < list.end; ++i)
    result.children()[0].append_from(list.elements(), i);
}

// Whether an element, which is not NULL, equals a value. Trino's search stops where a NULL inside
// leaves that unknown.
bool equals(const Column& elements, size_t i, const ValueView& value, std::string_view function) {
  const std::optional<bool> equal = values_equal(elements, i, *value.column, value.row);
  if (equal) return *equal;
  throw QueryError(
      ErrorCode::kNotSupported,
      fmt::format("{} does not support arrays with elements that are null or contain null",
                  function));
}

std::optional<bool> contains(ListView list, ValueView value) {
  bool unknown = false;
  for (size_t i = list.begin; i < list.end; ++i) {
    if (list.elements().is_null(i)) {
      unknown = true;
    } else if (equals(list.elements(), i, value, "contains")) {
      return true;
    }
  }
  return unknown ? std::nullopt : std::optional(false);
}

int64_t array_position(ListView list, ValueView value) {
  for (size_t i = list.begin; i < list.end; ++i) {
    if (list.elements().is_null(i)) continue;
    if (equals(list.elements(), i, value, "array_position"))
      return static_cast<int64_t>(i - list.begin) + 1;
  }
  return 0;
}

void element_at(Column& result, ListView list, int64_t index) {
  if (index == 0) fail_argument("SQL array indices start at 1");
  const auto length = static_cast<int64_t>(list.size());
  if (index > length || index < -length) return result.append_null();
  const int64_t offset = index > 0 ? index - 1 : length + index;
  result.append_from(list.elements(), list.begin + static_cast<size_t>(offset));
}

// Appends an element as its cast to varchar.
void append_element_text(std::string& out, const Column& elements, size_t i) {
  if (!elements.type().is(TypeKind::kJson)) return append_cast_text(out, elements, i);
  Column text(Type::varchar());
  CastProblem problem;
  if (!append_cast(make_caster(elements.type(), text.type()), elements, i, text, problem))
    throw QueryError(problem.code, problem.text);
  if (!text.is_null(0)) out += text.string_at(0);
}

std::string join(ListView list, std::string_view separator,
                 std::optional<std::string_view> null_text) {
  std::string out;
  bool first = true;
  for (size_t i = list.begin; i < list.end; ++i) {
    const bool is_null = list.elements().is_null(i);
    if (is_null && !null_text) continue;
    if (!first) out += separator;
    first = false;
    if (is_null) {
      out += *null_text;
    } else {
      append_element_text(out, list.elements(), i);
    }
  }
  return out;
}
std::string array_join(ListView list, std::string_view separator) {
  return join(list, separator, std::nullopt);
}
std::string join_with_separator(std::string_view separator, ListView list) {
  return array_join(list, separator);
}
std::string array_join_null(ListView list, std::string_view separator, std::string_view text) {
  return join(list, separator, text);
}
template <auto Join>
KernelPtr make_array_join(const BoundFunction& bound) {
  const Type& element = bound.argument_types[0].element();
  if (!can_cast(element, Type::varchar())) {
    throw QueryError(ErrorCode::kOperatorNotFound,
                     fmt::format("Cannot cast {} to varchar", element.display()));
  }
  return kernel_of<Join>(bound);
}

void array_distinct(Column& result, ListView list) {
  ValueSet seen;
  for (size_t i = list.begin; i < list.end; ++i) {
    if (seen.insert(list.elements(), i)) result.children()[0].append_from(list.elements(), i);
  }
  result.append_list();
}
void array_union(Column& result, ListView a, ListView b) {
  ValueSet seen;
  for (const ListView& list : {a, b}) {
    for (size_t i = list.begin; i < list.end; ++i) {
      if (seen.insert(list.elements(), i)) result.children()[0].append_from(list.elements(), i);
    }
  }
  result.append_list();
}
void append_filtered(Column& result, const ListView& a, const ListView& b, bool wanted) {
  ValueSet other;
  ValueSet seen;
  for (size_t i = b.begin; i < b.end; ++i) other.insert(b.elements(), i);
  for (size_t i = a.begin; i < a.end; ++i) {
    if (other.contains(a.elements(), i) == wanted && seen.insert(a.elements(), i))
      result.children()[0].append_from(a.elements(), i);
  }
  result.append_list();
}
// In the order of the longer array, as in Trino.
void array_intersect(Column& result, ListView a, ListView b) {
  append_filtered(result, a.size() < b.size() ? b : a, a.size() < b.size() ? a : b, true);
}
void array_except(Column& result, ListView a, ListView b) { append_filtered(result, a, b, false); }

std::optional<bool> arrays_overlap(ListView a, ListView b) {
  ValueSet values;
  bool has_null = false;
  for (size_t i = a.begin; i < a.end; ++i) {
    has_null = has_null || a.elements().is_null(i);
    if (!a.elements().is_null(i)) values.insert(a.elements(), i);
  }
  bool other_null = false;
  for (size_t i = b.begin; i < b.end; ++i) {
    other_null = other_null || b.elements().is_null(i);
    if (!b.elements().is_null(i) && values.contains(b.elements(), i)) return true;
  }
  const bool unknown = (has_null && b.size() > 0) || (other_null && a.size() > 0);
  return unknown ? std::nullopt : std::optional(false);
}

void array_remove(Column& result, ListView list, ValueView value) {
  for (size_t i = list.begin; i < list.end; ++i) {
    const bool equal =
        !list.elements().is_null(i) && equals(list.elements(), i, value, "array_remove");
    if (!equal) result.children()[0].append_from(list.elements(), i);
  }
  result.append_list();
}

void array_sort(Column& result, ListView list) {
  const std::vector<size_t> places = sorted_places(list.elements(), list.begin, list.end);
  for (const size_t place : places) result.children()[0].append_from(list.elements(), place);
  for (size_t i = places.size(); i < list.size(); ++i) result.children()[0].append_null();
  result.append_list();
}

// NaN is neither the least nor the greatest where there is another value.
void append_extreme(Column& result, const ListView& list, int sign) {
  const NanOrder nan = sign > 0 ? NanOrder::kLeast : NanOrder::kGreatest;
  const Column& values = list.elements();
  std::optional<size_t> best;
  for (size_t i = list.begin; i < list.end; ++i) {
    if (values.is_null(i)) return result.append_null();
    if (!best || compare_values(values, i, values, *best, nan) * sign > 0) best = i;
  }
  if (!best) return result.append_null();
  result.append_from(values, *best);
}
void array_max(Column& result, ListView list) { append_extreme(result, list, 1); }
void array_min(Column& result, ListView list) { append_extreme(result, list, -1); }

void flatten(Column& result, ListView lists) {
  const Column& inner = lists.elements();
  for (size_t i = lists.begin; i < lists.end; ++i) {
    if (!inner.is_null(i)) append_all(result, {&inner, inner.offset(i), inner.offset(i + 1)});
  }
  result.append_list();
}

void reverse(Column& result, ListView list) {
  for (size_t i = list.end; i > list.begin; --i)
    result.children()[0].append_from(list.elements(), i - 1);
  result.append_list();
}

void slice(Column& result, ListView list, int64_t start, int64_t length) {
  if (length < 0) fail_argument("length must be greater than or equal to 0");
  if (start == 0) fail_argument("SQL array indices start at 1");
  const auto size = static_cast<int64_t>(list.size());
  const int64_t from = start > 0 ? start - 1 : size + start;
  if (from >= 0 && from < size) {
    for (int64_t i = from; i < std::min(size, from + std::min(length, size)); ++i)
      result.children()[0].append_from(list.elements(), list.begin + static_cast<size_t>(i));
  }
  result.append_list();
}

void concat(const BoundFunction&, const KernelCall& call) {
  if (call.arguments.size() < 2) fail_argument("There must be two or more arguments to concat");
  for_each_row(call, [&](size_t row) {
    for (const Column* list : call.arguments)
      append_all(call.result, {list, list->offset(row), list->offset(row + 1)});
    call.result.append_list();
  });
}
void append_element(Column& result, ListView list, ValueView element) {
  append_all(result, list);
  result.children()[0].append_from(*element.column, element.row);
  result.append_list();
}
void prepend_element(Column& result, ValueView element, ListView list) {
  result.children()[0].append_from(*element.column, element.row);
  append_all(result, list);
  result.append_list();
}

constexpr int64_t kMaxSequence = 10'000;

template <typename Step>
void append_sequence(Column& result, int64_t start, int64_t stop, bool up, Step&& step) {
  int64_t count = 0;
  for (int64_t value = start; up ? value <= stop : value >= stop;) {
    if (++count > kMaxSequence)
      fail_argument("result of sequence function must not have more than 10000 entries");
    result.children()[0].append_int64(value);
    const std::optional<int64_t> next = step(count);
    if (!next) break;
    value = *next;
  }
  result.append_list();
}
void check_sequence(int64_t start, int64_t stop, int64_t step) {
  if (step == 0) fail_argument("step must not be zero");
  if (step > 0 ? stop >= start : stop <= start) return;
  fail_argument(
      "sequence stop value should be greater than or equal to start value if step is greater than "
      "zero otherwise stop should be less than or equal to start");
}
void sequence_step(Column& result, int64_t start, int64_t stop, int64_t step) {
  check_sequence(start, stop, step);
  append_sequence(result, start, stop, step > 0, [&](int64_t count) -> std::optional<int64_t> {
    int64_t next = 0;
    if (__builtin_mul_overflow(step, count, &next) || __builtin_add_overflow(start, next, &next))
      return std::nullopt;
    return next;
  });
}
void sequence(Column& result, int64_t start, int64_t stop) {
  sequence_step(result, start, stop, stop >= start ? 1 : -1);
}
void sequence_dates(Column& result, int64_t start, int64_t stop, int64_t milliseconds) {
  if (milliseconds % kMillisecondsPerDay != 0)
    fail_argument("sequence step must be a day interval if start and end values are dates");
  sequence_step(result, start, stop, milliseconds / kMillisecondsPerDay);
}
// Lists microseconds with `list(column)`; the picoseconds of all values are those of the first, and
// those of the last do not count, as in Trino.
template <typename List>
void sequence_stamps(Column& result, Stamp start, List&& list) {
  if (!result.type().element().has_picoseconds()) return list(result);
  Column microseconds(Type::array(TypeKind::kBigint));
  list(microseconds);
  for (const int64_t value : microseconds.children()[0].int64s())
    typed_kernel::append(result.children()[0], Stamp{value, start.picoseconds});
  result.append_list();
}
void sequence_timestamps(Column& result, Stamp start, Stamp stop, int64_t milliseconds) {
  sequence_stamps(result, start, [&](Column& column) {
    sequence_step(column, start.microseconds, stop.microseconds,
                  milliseconds * kMicrosecondsPerMillisecond);
  });
}
void sequence_date_months(Column& result, int64_t start, int64_t stop, int64_t months) {
  check_sequence(start, stop, months);
  append_sequence(result, start, stop, months > 0, [&](int64_t count) {
    return std::optional(
        days_of_microseconds(add_months(microseconds_of_days(start), months * count)));
  });
}
void sequence_timestamp_months(Column& result, Stamp start, Stamp stop, int64_t months) {
  check_sequence(start.microseconds, stop.microseconds, months);
  sequence_stamps(result, start, [&](Column& column) {
    append_sequence(column, start.microseconds, stop.microseconds, months > 0, [&](int64_t count) {
      return std::optional(add_months(start.microseconds, months * count));
    });
  });
}

void repeat(const BoundFunction&, const KernelCall& call) {
  for (size_t row = 0; row < call.num_rows; ++row) {
    if (call.arguments[1]->is_null(row)) {
      call.result.append_null();
      continue;
    }
    const int64_t count = call.arguments[1]->int64_at(row);
    if (count < 0)
      fail_argument("count argument of repeat function must be greater than or equal to 0");
    if (count > kMaxSequence)
      fail_argument("count argument of repeat function must be less than or equal to 10000");
    for (int64_t i = 0; i < count; ++i)
      call.result.children()[0].append_from(*call.arguments[0], row);
    call.result.append_list();
  }
}

constexpr FunctionEntry kArrayFunctions[] = {
    plain("cardinality", "(array(E)) -> bigint", "len({0})", "Counts the elements."),
    fallible("contains", "(array(T), T) -> boolean", "Returns whether the array has the element.",
             kernel_of<contains>),
    fallible("array_position", "(array(T), T) -> bigint", "Returns the place of the element, or 0.",
             kernel_of<array_position>),
    fallible("element_at", "(array(E), bigint) -> E",
             "Returns an element, from the end if negative, or NULL.", kernel_of<element_at>),
    total("array_join", "(array(E), varchar) -> varchar", "Joins the elements that are not NULL.",
          make_array_join<array_join>),
    total("array_join", "(array(E), varchar, varchar) -> varchar",
          "Joins the elements, with a text for NULL.", make_array_join<array_join_null>),
    total("concat_ws", "(varchar, array(varchar)) -> varchar",
          "Joins an array's texts that are not NULL with a separator.",
          kernel_of<join_with_separator>),
    total("array_distinct", "(array(E)) -> array(E)", "Removes repeated elements.",
          kernel_of<array_distinct>),
    total("array_union", "(array(E), array(E)) -> array(E)",
          "Returns the elements of either, without repeats.", kernel_of<array_union>),
    total("array_intersect", "(array(E), array(E)) -> array(E)",
          "Returns the elements of both, without repeats.", kernel_of<array_intersect>),
    total("array_except", "(array(E), array(E)) -> array(E)",
          "Returns the first's elements that the second lacks, without repeats.",
          kernel_of<array_except>),
    total("arrays_overlap", "(array(E), array(E)) -> boolean",
          "Returns whether they share an element.", kernel_of<arrays_overlap>),
    fallible("array_remove", "(array(E), E) -> array(E)",
             "Removes all elements that equal a value.", kernel_of<array_remove>),
    fallible("array_sort", "(array(E:orderable)) -> array(E)", "Sorts the elements, NULLs last.",
             kernel_of<array_sort>),
    fallible("array_max", "(array(T:orderable)) -> T", "Returns the greatest element.",
             kernel_of<array_max>),
    fallible("array_min", "(array(T:orderable)) -> T", "Returns the least element.",
             kernel_of<array_min>),
    total("flatten", "(array(array(E))) -> array(E)", "Joins the inner arrays.",
          kernel_of<flatten>),
    total("reverse", "(array(E)) -> array(E)", "Reverses the elements.", kernel_of<reverse>),
    fallible("slice", "(array(E), bigint, bigint) -> array(E)",
             "Returns so many elements from a place on.", kernel_of<slice>),
    fallible("concat", "(array(E), array(E)...) -> array(E)", "Joins arrays.",
             batch_kernel_of<concat>),
    total("concat", "(array(E), E) -> array(E)", "Appends an element.", kernel_of<append_element>),
    total("concat", "(E, array(E)) -> array(E)", "Puts an element in front.",
          kernel_of<prepend_element>),
    fallible("sequence", "(bigint, bigint) -> array(bigint)", "Counts from one number to another.",
             kernel_of<sequence>),
    fallible("sequence", "(bigint, bigint, bigint) -> array(bigint)", "Counts in steps.",
             kernel_of<sequence_step>),
    fallible("sequence", "(date, date) -> array(date)", "Lists the days.", kernel_of<sequence>),
    fallible("sequence", "(date, date, interval day to second) -> array(date)",
             "Lists dates in steps of days.", kernel_of<sequence_dates>),
    fallible("sequence", "(date, date, interval year to month) -> array(date)",
             "Lists dates in steps of months.", kernel_of<sequence_date_months>),
    fallible("sequence",
             "(timestamp(p), timestamp(p), interval day to second) -> array(timestamp(p))",
             "Lists timestamps in steps.", kernel_of<sequence_timestamps>),
    fallible("sequence",
             "(timestamp(p), timestamp(p), interval year to month) -> array(timestamp(p))",
             "Lists timestamps in steps of months.", kernel_of<sequence_timestamp_months>),
    {.name = "repeat",
     .signature = "(T, bigint) -> array(T)",
     .doc = "Repeats a value.",
     .may_fail = true,
     .called_on_null = true,
     .make_kernel = batch_kernel_of<repeat>},
};

}  // namespace

std::span<const FunctionEntry> array_functions() { return kArrayFunctions; }

}  // namespace trailsql
