// The one exception of the program: it ends a query. What is expected is a return value instead.
#pragma once

#include <fmt/core.h>

#include <stdexcept>
#include <string>
#include <utility>

#include "base/error_code.h"
#include "base/location.h"

namespace trailsql {

/// Ends a query. `what()` is the text without name and place; `hint()` is advice for people ("did
/// you mean …?") or empty.
class QueryError : public std::runtime_error {
 public:
  QueryError(ErrorCode code, Location location, const std::string& message, std::string hint = {})
      : std::runtime_error(visible(message)),
        code_(code),
        location_(location),
        hint_(std::move(hint)) {}
  QueryError(ErrorCode code, const std::string& message) : QueryError(code, Location{}, message) {}

  ErrorCode code() const { return code_; }
  Location location() const { return location_; }
  const std::string& hint() const { return hint_; }
  /// The text that location() is in; empty when it is the statement's own.
  const std::string& source() const { return source_; }

  /// Returns this error, placed in another text than the statement's: that of a prepared statement.
  QueryError in_text(std::string source) const {
    QueryError error = *this;
    error.source_ = std::move(source);
    return error;
  }

  /// Returns "NAME: line L:C: text", or "NAME: text" without a place: the form of Athena's engine
  /// v3.
  std::string full_text() const;

 private:
  /// what() ends at a zero byte, which a statement or a log may hold: shows it as U+2400.
  static std::string visible(std::string message);

  ErrorCode code_;
  Location location_;
  std::string hint_;
  std::string source_;
};

/// Makes the error of an analysis step, formatted in place: `throw semantic_error(code, location,
/// "Column '{}' …", name)`.
template <typename... Arguments>
QueryError semantic_error(ErrorCode code, Location location,
                          fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  return QueryError(code, location, fmt::format(format, std::forward<Arguments>(arguments)...));
}

}  // namespace trailsql
