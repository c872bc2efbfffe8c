// Runs functions and casts on single values given as text, for the tests.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "functions/caster.h"
#include "functions/function.h"
#include "types/value_text.h"

namespace trailsql {

/// A value: the type's name, and its text as CAST reads it (arrays, maps and rows as JSON); no text
/// means NULL.
struct TestValue {
  std::string type;
  std::optional<std::string> text;
};

inline TestValue text(std::string value) { return {"varchar", std::move(value)}; }
inline TestValue count(std::string value) { return {"bigint", std::move(value)}; }

// Appends `from`'s only value to `to`, cast.
inline void append(const Column& from, Column& to) {
  CastProblem problem;
  const Caster caster = make_caster(from.type(), to.type());
  if (!caster) throw QueryError(ErrorCode::kTypeMismatch, "no such cast");
  if (!append_cast(caster, from, 0, to, problem)) throw QueryError(problem.code, problem.text);
}

inline Column column_of(const TestValue& value) {
  Column column(parse_type(value.type));
  if (!value.text) {
    column.append_null();
    return column;
  }
  Column text(column.type().is_nested() ? Type(TypeKind::kJson) : Type::varchar());
  text.append_string(*value.text);
  if (column.type().is(TypeKind::kJson)) {
    column.append_string(*value.text);
  } else {
    append(text, column);
  }
  return column;
}

inline std::string text_of(const Column& column) {
  if (column.is_null(0)) return "NULL";
  std::string text;
  append_text(text, column, 0);
  return text;
}

/// Resolves the function, coerces the arguments, runs its kernel and returns the result as text
/// ("NULL" for NULL), or "ERROR_NAME: message".
inline std::string run_function(std::string_view name, const std::vector<TestValue>& arguments) {
  std::vector<Type> types;
  for (const TestValue& argument : arguments) types.push_back(parse_type(argument.type));
  const std::optional<BoundFunction> bound = resolve_function(name, types);
  if (!bound || bound->entry->make_kernel == nullptr) return "no kernel";
  try {
    std::vector<Column> columns(arguments.size());
    std::vector<const Column*> places;
    for (size_t i = 0; i < arguments.size(); ++i) {
      columns[i] = Column(bound->argument_types[i]);
      append(column_of(arguments[i]), columns[i]);
      places.push_back(&columns[i]);
    }
    Column result(bound->result_type);
    bound->entry->make_kernel(*bound)->run({places, 1, result});
    return text_of(result);
  } catch (const QueryError& error) {
    return error.full_text();
  }
}

/// Casts a value and returns it likewise.
inline std::string run_cast(const TestValue& value, std::string_view to) {
  try {
    Column result(parse_type(to));
    append(column_of(value), result);
    return text_of(result);
  } catch (const QueryError& error) {
    return error.full_text();
  }
}

}  // namespace trailsql
