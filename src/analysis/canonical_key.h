// Tells whether two expressions of a query mean the same: the question behind GROUP BY and
// DISTINCT.
#pragma once

#include <string>

#include "analysis/analysis.h"

namespace trailsql {

/// Returns a text that is equal for expressions that mean the same: names count as what they
/// resolved to, case and parentheses do not count. Precondition: the expression was analysed.
std::string canonical_key(const Analysis& analysis, const Expression& expression);

/// Returns the key of a column reference alone, as canonical_key would for an expression that means
/// it.
std::string canonical_key(const ColumnUse& use);

/// Returns the key of what is an expression (or a field of its row) or, when that is null, a
/// column.
std::string canonical_key(const Analysis& analysis, const Expression* expression,
                          const ColumnUse& use, std::optional<uint32_t> field = {});

}  // namespace trailsql
