// Writes a JsonDocument's values back as text: what a column declared STRING holds.
#pragma once

#include <string>
#include <string_view>

#include "scan/json_document.h"

namespace trailsql {

/// Returns whether a number is written as it stands: most in logs are short plain integers.
bool is_plain_integer(std::string_view text);

/// Returns whether an unquoted scalar is a word or a plain integer that is shown as it stands.
bool is_canonical_literal(std::string_view literal);

/// Appends an unquoted scalar as the SerDe shows it in text: numbers in decimal form (1e3 → 1E+3,
/// 0x10 → 16), true and false in lower case; returns false, appending nothing, for any other word.
bool append_canonical_literal(std::string_view literal, std::string& out);

/// Appends the value as JSON without white space: keys in their order and case, numbers in decimal
/// form, non-ASCII text raw; `html_safe` writes "</" as "<\\/".
void append_json_text(const JsonDocument& document, uint32_t node, bool html_safe,
                      std::string& out);

}  // namespace trailsql
