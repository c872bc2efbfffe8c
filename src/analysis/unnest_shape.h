// Which columns an UNNEST has: Athena's rule, which differs from Trino's for arrays of rows.
#pragma once

#include <vector>

#include "analysis/analysis.h"

namespace trailsql {

/// Returns the columns of `UNNEST(…) [AS alias [(aliases)]]` over arguments of these types.
/// As many aliases as arguments (a map counts two, plus the ordinality): one column per argument,
/// rows stay rows, except rows of one anonymous field, which expand. As many as the expanded
/// fields: rows are expanded. None: expanded, and a hidden last column is the whole row. Throws
/// MISMATCHED_COLUMN_ALIASES otherwise. Source: facts of Athena's engine, which differs from Trino
/// here.
RelationFacts unnest_shape(const Unnest& node, const std::vector<Type>& arguments,
                           const std::vector<Identifier>& aliases, const Identifier* alias,
                           Location place);

}  // namespace trailsql
