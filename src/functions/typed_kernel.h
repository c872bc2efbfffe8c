// Makes kernels out of plain C++ functions: the adaptor reads the arguments from the columns, skips
// rows with a NULL, and appends the result.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "functions/function.h"

namespace trailsql {

/// An instant and the name of the zone it is shown in: timestamp(p ≤ 6) with time zone.
struct ZonedTime {
  int64_t microseconds;
  std::string_view zone;
};

/// One value of an array or map column: elements [begin, end) of the children.
struct ListView {
  const Column* column;
  size_t begin;
  size_t end;
  const Column& elements() const { return column->children()[0]; }
  const Column& keys() const { return column->children()[0]; }
  const Column& values() const { return column->children()[1]; }
  size_t size() const { return end - begin; }
};

/// Any value, by place: for functions that take every type.
struct ValueView {
  const Column* column;
  size_t row;
};

/// Returns a name that is unique for the function's name and types ("k_lower_varchar_5").
std::string kernel_name(const BoundFunction& function);
std::string kernel_name(std::string_view prefix, std::span<const Type> types);

/// Makes the function's kernel, which is what `run` does.
KernelPtr new_kernel(const BoundFunction& function, KernelFunction run);

/// The bytes of one text that a function makes at most; Trino's own limit is its 2 GB block.
inline constexpr size_t kMaxTextBytes = size_t{256} << 20U;

namespace typed_kernel {

template <typename T>
T read(const Column& column, size_t row) {
  if constexpr (std::is_same_v<T, bool>) {
    return column.boolean_at(row);
  } else if constexpr (std::is_same_v<T, int64_t>) {
    return column.int64_at(row);
  } else if constexpr (std::is_same_v<T, double>) {
    return column.double_at(row);
  } else if constexpr (std::is_same_v<T, int128_t>) {
    return column.int128_at(row);
  } else if constexpr (std::is_same_v<T, std::string_view>) {
    return column.string_at(row);
  } else if constexpr (std::is_same_v<T, ZonedTime>) {
    return {column.children()[0].int64_at(row), column.children()[1].string_at(row)};
  } else if constexpr (std::is_same_v<T, ListView>) {
    return {&column, column.offset(row), column.offset(row + 1)};
  } else {
    static_assert(std::is_same_v<T, ValueView>);
    return {&column, row};
  }
}

inline void append(Column& column, bool value) { column.append_boolean(value); }
inline void append(Column& column, int64_t value) { column.append_int64(value); }
inline void append(Column& column, double value) { column.append_double(value); }
inline void append(Column& column, int128_t value) { column.append_int128(value); }
inline void append(Column& column, std::string_view value) { column.append_string(value); }
inline void append(Column& column, const std::string& value) { column.append_string(value); }
inline void append(Column& column, ZonedTime value) {
  column.children()[0].append_int64(value.microseconds);
  column.children()[1].append_string(value.zone);
  column.append_row();
}
inline void append(Column& column, ValueView value) {
  column.append_from(*value.column, value.row);
}
template <typename T>
void append(Column& column, const std::optional<T>& value) {
  if (value) {
    append(column, *value);
  } else {
    column.append_null();
  }
}

template <auto Function, typename Signature>
struct Caller;

template <auto Function, typename Result, typename... Arguments>
struct Caller<Function, Result (*)(Arguments...)> {
  static void run(const BoundFunction&, const KernelCall& call, size_t row) {
    run(call, row, std::index_sequence_for<Arguments...>());
  }
  template <size_t... I>
  static void run(const KernelCall& call, size_t row, std::index_sequence<I...>) {
    append(call.result, Function(read<Arguments>(*call.arguments[I], row)...));
  }
};

template <auto Function, typename Result, typename... Arguments>
struct Caller<Function, Result (*)(const BoundFunction&, Arguments...)> {
  static void run(const BoundFunction& bound, const KernelCall& call, size_t row) {
    run(bound, call, row, std::index_sequence_for<Arguments...>());
  }
  template <size_t... I>
  static void run(const BoundFunction& bound, const KernelCall& call, size_t row,
                  std::index_sequence<I...>) {
    append(call.result, Function(bound, read<Arguments>(*call.arguments[I], row)...));
  }
};

template <auto Function, typename... Arguments>
struct Caller<Function, void (*)(Column&, Arguments...)> {
  static void run(const BoundFunction&, const KernelCall& call, size_t row) {
    run(call, row, std::index_sequence_for<Arguments...>());
  }
  template <size_t... I>
  static void run(const KernelCall& call, size_t row, std::index_sequence<I...>) {
    Function(call.result, read<Arguments>(*call.arguments[I], row)...);
  }
};

}  // namespace typed_kernel

/// Makes the kernel that calls `Function` for every row without NULLs. `Function` takes int64_t,
/// double, bool, int128_t, string_view, ZonedTime, ListView or ValueView for each argument, and
/// returns one of them, a string, or an optional (empty means NULL). Two other forms: with
/// `const BoundFunction&` before the arguments; or `void(Column& result, arguments…)`, which
/// appends its one value itself.
template <auto Function>
KernelPtr kernel_of(const BoundFunction& bound) {
  using Caller = typed_kernel::Caller<Function, decltype(Function)>;
  return new_kernel(bound, [bound](const KernelCall& call) {
    for_each_row(call, [&](size_t row) { Caller::run(bound, call, row); });
  });
}

/// Makes the kernel of a function that looks after rows and NULLs itself.
template <void (*Function)(const BoundFunction&, const KernelCall&)>
KernelPtr batch_kernel_of(const BoundFunction& bound) {
  return new_kernel(bound, [bound](const KernelCall& call) { Function(bound, call); });
}

/// Makes the kernel that stands around or inside other engine SQL: its arguments, of these types,
/// are not those of the call.
template <auto Function>
KernelPtr finish_kernel(const BoundFunction& bound, std::vector<Type> types) {
  BoundFunction inner = bound;
  inner.argument_types = std::move(types);
  return kernel_of<Function>(inner);
}

/// Returns Parse(text). Each thread keeps its last result, because a query has few patterns, mostly
/// one constant. The reference is valid until the thread's next call.
template <auto Parse>
const auto& parse_kept(std::string_view text) {
  struct Kept {
    std::string text;
    decltype(Parse(text)) parsed;
  };
  thread_local std::optional<Kept> last;
  if (!last || last->text != text) last = Kept{std::string(text), Parse(text)};
  return last->parsed;
}

}  // namespace trailsql
