// The words that Trino's grammar knows. Used by the parser, by the printers for quoting and by the
// shell for completion.
#pragma once

#include <span>
#include <string_view>

namespace trailsql {

/// Returns the words that cannot be names without quotes, upper case and sorted.
std::span<const std::string_view> reserved_words();

/// Returns the words that mean something in some places and are good names elsewhere, upper case
/// and sorted.
std::span<const std::string_view> non_reserved_words();

/// Returns whether `word`, in any case, is reserved.
bool is_reserved_word(std::string_view word);

}  // namespace trailsql
