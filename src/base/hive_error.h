// Errors of Hive's DDL have Hive's form, as in Athena: "FAILED: ParseException line 1:63 …",
// "FAILED: SemanticException [Error 10001]: Table not found x". Their what() is the whole text but
// for the place, which QueryError::full_text() writes into it, so an error can be placed elsewhere
// later.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace trailsql {

/// Makes an error of Hive's parser; `text` is what follows the place.
QueryError hive_parse_error(Location location, std::string_view text, std::string hint = {});

/// Makes an error of Hive's analysis or execution: `text` is what follows "FAILED: ".
QueryError hive_error(ErrorCode code, Location location, std::string_view text,
                      std::string hint = {});

/// Returns whether an error has Hive's form.
bool has_hive_form(const QueryError& error);

}  // namespace trailsql
