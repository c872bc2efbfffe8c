// Takes a statement through the whole journey, over tiny tables: what every fuzzer of statements
// does with one.
#pragma once

#include <string>
#include <string_view>

namespace trailsql {

/// Parses, prints and parses again; then runs the statement, whatever its kind, in a home with tiny
/// tables (TinyHome), unless it names a folder of this machine.
/// Returns what is wrong with the program, or an empty text: a print that is no SQL or means
/// another tree, an engine that refuses our SQL (GENERIC_INTERNAL_ERROR), an exception that is no
/// QueryError. A statement that is refused with an error of its own is fine.
/// `ran`, when given, says whether the statement ran to its end.
std::string check_statement(std::string_view text, bool* ran = nullptr);

}  // namespace trailsql
