// Runs functions and casts on single values given as text, for the tests.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trailsql {

/// A value: the type's name, and its text as CAST reads it (arrays, maps and rows as JSON); no text
/// means NULL.
struct TestValue {
  std::string type;
  std::optional<std::string> text;
};

/// Resolves the function, coerces the arguments, runs its kernel and returns the result as text
/// ("NULL" for NULL), or "ERROR_NAME: message".
std::string run_function(std::string_view name, const std::vector<TestValue>& arguments);

/// Casts a value and returns it likewise.
std::string run_cast(const TestValue& value, std::string_view to);

}  // namespace trailsql
