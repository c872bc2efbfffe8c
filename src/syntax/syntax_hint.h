// Advice below a syntax error: which of the usual mistakes it looks like.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "syntax/token.h"

namespace trailsql {

/// Says what to write instead, or returns an empty text. `position` is the token at which parsing
/// failed, `expectations` what was looked for there, `text` the statement. The advice is a guess:
/// it never replaces the error's own text.
std::string syntax_hint(std::string_view text, std::span<const Token> tokens, size_t position,
                        std::span<const std::string> expectations);

}  // namespace trailsql
