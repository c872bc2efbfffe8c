// Walks over expression trees without knowing every form: the direct children of a node, and the
// query it holds.
#pragma once

#include <functional>

#include "syntax/query.h"

namespace trailsql {

/// Calls `visit` for every expression directly below `expression`, in the order of the text. Does
/// not enter subqueries.
void for_each_child(const Expression& expression,
                    const std::function<void(const Expression&)>& visit);

/// Returns the relation that aliases stand around, or the relation itself.
const Relation& without_alias(const Relation& relation);

/// Returns the query inside an EXISTS, IN, quantified comparison or scalar subquery; null for other
/// forms.
const Query* query_of(const Expression& expression);

/// Calls `visit` for the expressions of `query` from the outside in, those of its relations and of
/// the queries inside it included. Where `visit` returns false, what is below that expression is
/// left out.
void walk_expressions(const Query& query, const std::function<bool(const Expression&)>& visit);

}  // namespace trailsql
