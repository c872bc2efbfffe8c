// What quoted names and string literals stand for, U&'…' and X'…' included.
#pragma once

#include <string>
#include <string_view>

#include "base/location.h"
#include "syntax/lexer.h"

namespace trailsql {

/// Returns what stands between the quotes of a string or a quoted name, with doubled quotes made
/// single and, in strings of Hive's dialect, backslash escapes resolved.
std::string unquoted_text(const Token& token, Dialect dialect);

/// Returns the text of a U&'…' literal with `\0041` and `\+01F600` resolved; `escape` is what
/// stands for the backslash. Throws SYNTAX_ERROR with Trino's texts.
std::string decode_unicode_string(std::string_view text, std::string_view escape,
                                  Location location);

/// Returns the bytes of an X'…' literal; blanks between digits are fine. Throws SYNTAX_ERROR.
std::string decode_binary_string(std::string_view digits, Location location);

}  // namespace trailsql
