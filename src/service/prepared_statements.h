// PREPARE, EXECUTE and DEALLOCATE PREPARE: statements with `?` that the catalog remembers, as an
// Athena work group does.
#pragma once

#include <memory>

#include "catalog/catalog.h"
#include "service/query_service.h"
#include "syntax/statement.h"

namespace trailsql {

/// Remembers a statement, instead of one of that name. Throws NOT_SUPPORTED for statements that are
/// themselves about prepared ones.
std::unique_ptr<QueryRun> prepare_statement(Catalog& catalog, const Prepare& node);
/// Throws NOT_FOUND.
std::unique_ptr<QueryRun> deallocate_statement(Catalog& catalog, const Deallocate& node);

/// What EXECUTE runs.
struct PreparedStatement {
  std::unique_ptr<const Statement> statement;
  std::string source;  // the text that its places are in; empty: that of EXECUTE itself
};

/// Parses the statement that `node` names or brings, with node ids from `first_node_id`. Throws
/// NOT_FOUND, NOT_SUPPORTED for an EXECUTE in EXECUTE, INVALID_PARAMETER_USAGE when the number of
/// values is not that of `?`, and syntax errors.
PreparedStatement open_prepared_statement(const Catalog& catalog, const Execute& node,
                                          NodeId first_node_id);

/// Throws INVALID_PARAMETER_USAGE unless the statement has `num_values` parameters.
void check_num_parameters(const Statement& statement, size_t num_values);

}  // namespace trailsql
