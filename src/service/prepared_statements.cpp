#include "service/prepared_statements.h"

#include <fmt/core.h>

#include <string>
#include <variant>

#include "base/error.h"
#include "base/text.h"
#include "service/listing_run.h"
#include "syntax/parser.h"

namespace trailsql {
namespace {

QueryError not_found(const Catalog& catalog, const Identifier& name) {
  return {ErrorCode::kNotFound, Location{},
          fmt::format("Prepared statement not found: {}", name.value),
          did_you_mean(name.value, catalog.prepared_statement_names())};
}

std::string_view word_of(const Statement::Node& node) {
  if (std::holds_alternative<Prepare>(node)) return "PREPARE";
  if (std::holds_alternative<Execute>(node)) return "EXECUTE";
  if (std::holds_alternative<Deallocate>(node)) return "DEALLOCATE";
  return {};
}

}  // namespace

std::unique_ptr<QueryRun> prepare_statement(Catalog& catalog, const Prepare& node) {
  if (const std::string_view word = word_of(node.statement->node); !word.empty()) {
    throw QueryError(ErrorCode::kNotSupported,
                     fmt::format("Invalid statement type for prepared statement: {}", word));
  }
  catalog.add_prepared_statement(node.name.value, node.statement_text);
  const uint32_t num_values = node.statement->num_parameters;
  return make_message_run(fmt::format("Statement {0} was prepared; run it with EXECUTE {0}{1}",
                                      to_lower_ascii(node.name.value),
                                      num_values == 0   ? ""
                                      : num_values == 1 ? " USING <value>"
                                                        : " USING <value>, …"));
}

std::unique_ptr<QueryRun> deallocate_statement(Catalog& catalog, const Deallocate& node) {
  if (!catalog.remove_prepared_statement(node.name.value)) throw not_found(catalog, node.name);
  return make_message_run(
      fmt::format("Prepared statement {} was removed", to_lower_ascii(node.name.value)));
}

void check_num_parameters(const Statement& statement, size_t num_values) {
  if (statement.num_parameters == num_values) return;
  throw semantic_error(ErrorCode::kInvalidParameterUsage, statement.location,
                       "Incorrect number of parameters: expected {} but found {}",
                       statement.num_parameters, num_values);
}

PreparedStatement open_prepared_statement(const Catalog& catalog, const Execute& node,
                                          NodeId first_node_id) {
  PreparedStatement prepared;
  if (!node.statement_text) {
    std::optional<std::string> text = catalog.find_prepared_statement(node.name.value);
    if (!text) throw not_found(catalog, node.name);
    prepared.source = std::move(*text);
  }
  const ParseOptions options{first_node_id,
                             node.statement_text ? node.text_location : Location{1, 1}};
  try {
    prepared.statement =
        parse_statement(node.statement_text ? *node.statement_text : prepared.source, options);
    if (const auto* execute = std::get_if<Execute>(&prepared.statement->node)) {
      throw QueryError(ErrorCode::kNotSupported,
                       fmt::format("Unsupported statement type: {}",
                                   execute->statement_text ? "ExecuteImmediate" : "Execute"));
    }
    check_num_parameters(*prepared.statement, node.parameters.size());
  } catch (const QueryError& error) {
    throw error.in_text(prepared.source);
  }
  return prepared;
}

}  // namespace trailsql
