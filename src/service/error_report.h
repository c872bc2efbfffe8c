// Errors as people see them: name, place and text, the source line with a caret under the place,
// and a hint.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace trailsql {

/// How errors are shown.
struct ErrorStyle {
  bool colors = false;
  size_t width = 100;  // cells; of longer source lines only the part around the caret is shown
};

/// Returns the report, lines ending with \n:
///
///   COLUMN_NOT_FOUND: line 1:8: Column 'evntname' cannot be resolved
///     SELECT evntname FROM t
///            ^
///   did you mean eventname?
///
/// `source` is the text the error's location is in, if the error does not bring it.
std::string render_error(const QueryError& error, std::string_view source,
                         const ErrorStyle& style = {});

/// Returns the error of a statement that begins at `start` of a script, placed in the script.
QueryError placed_in_script(const QueryError& error, Location start);

}  // namespace trailsql
