// Chains of names, `a.b.c`: what they are made of and how messages spell them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "syntax/expression.h"

namespace trailsql {

/// Returns the names of `a.b.c`, pointing into the tree; empty when the expression is no such
/// chain.
std::vector<std::string_view> names_of_chain(const Expression& expression);

/// Spells a chain as Trino's messages do: "a.b.c", in lower case.
std::string spell_chain(const std::vector<std::string_view>& names);

}  // namespace trailsql
