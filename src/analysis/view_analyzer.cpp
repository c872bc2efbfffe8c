// Views: a view is its query, analysed in the database where it was made and without the names
// around the reference.
#include "analysis/view_analyzer.h"

#include <fmt/core.h>

#include <optional>

#include "analysis/analysis_context.h"
#include "base/error.h"
#include "base/text.h"
#include "catalog/catalog.h"
#include "syntax/parser.h"
#include "syntax/printer.h"
#include "types/coercion.h"

namespace trailsql {
namespace {

std::string full_name(const CatalogTable& view) {
  return fmt::format("{}.{}.{}", Catalog::kCatalogName, view.database, view.name);
}

void refuse_recursion(const AnalysisContext& context, const CatalogTable& view, Location place) {
  for (const EnclosingView* outer = context.enclosing_view; outer; outer = outer->outer) {
    if (outer->view.database == view.database && outer->view.name == view.name)
      throw semantic_error(ErrorCode::kViewIsRecursive, place, "View is recursive");
  }
  if (context.options.replaced_view == view.database + "." + view.name) {
    throw semantic_error(ErrorCode::kViewIsRecursive, place,
                         "Statement would create a recursive view");
  }
}

QueryIndex analyze_text(AnalysisContext& context, const CatalogTable& view,
                        const std::string& text) {
  ParseOptions parse_options;
  parse_options.first_node_id = static_cast<NodeId>(context.analysis.expressions.size());
  std::unique_ptr<const Statement> statement = parse_statement(text, parse_options);
  context.analysis.expressions.resize(context.analysis.expressions.size() + statement->num_nodes);
  context.analysis.relation_of_node.resize(context.analysis.expressions.size());
  const auto* query = std::get_if<QueryStatement>(&statement->node);
  if (!query) throw QueryError(ErrorCode::kInvalidView, "it is no query");
  AnalysisOptions options = context.options;
  options.database = view.view_database.empty() ? view.database : view.view_database;
  const EnclosingView enclosing{view, context.enclosing_view};
  AnalysisContext inner{context.analysis, context.metadata, options, context.view_depth + 1,
                        &enclosing};
  const QueryIndex index = analyze_query_node(inner, *query->query, nullptr);
  context.analysis.view_statements.push_back(std::move(statement));
  return index;
}

// Says what no longer fits the columns that the view was created with, as Trino words it.
std::optional<std::string> staleness(const CatalogTable& view,
                                     const std::vector<OutputField>& outputs) {
  if (view.columns.size() != outputs.size()) {
    return fmt::format(
        "stored view column count ({}) does not match column count derived from the view query "
        "analysis ({})",
        view.columns.size(), outputs.size());
  }
  for (size_t i = 0; i < outputs.size(); ++i) {
    const CatalogColumn& column = view.columns[i];
    const OutputField& output = outputs[i];
    if (!output.name) {
      return fmt::format("a column of type {} projected from query view at position {} has no name",
                         output.type.display(), i);
    }
    const auto differs = [&](std::string_view how) {
      return fmt::format(
          "column [{}] of type {} projected from query view at position {} {} column [{}] of type "
          "{} stored in view definition",
          to_lower_ascii(*output.name), output.type.display(), i, how, column.name,
          column.type.display());
    };
    if (!equals_ignoring_case(*output.name, column.name))
      return differs("has a different name from");
    if (!can_coerce(output.type, column.type)) return differs("cannot be coerced to");
  }
  return std::nullopt;
}

bool has_other_types(const CatalogTable& view, const std::vector<OutputField>& outputs) {
  for (size_t i = 0; i < outputs.size(); ++i) {
    if (!(outputs[i].type == view.columns[i].type)) return true;
  }
  return false;
}

// The view's query around which its columns get the types that the view was created with.
std::string text_with_types(const CatalogTable& view) {
  std::string columns;
  std::string names;
  for (size_t i = 0; i < view.columns.size(); ++i) {
    const std::string separator = i == 0 ? "" : ", ";
    columns +=
        fmt::format("{}CAST(c{} AS {}) AS ", separator, i, view.columns[i].type.protocol_name());
    append_identifier(columns, {view.columns[i].name, true, {}});
    names += fmt::format("{}c{}", separator, i);
  }
  return fmt::format("SELECT {} FROM (\n{}\n) AS v ({})", columns, view.view_text, names);
}

}  // namespace

QueryIndex analyze_view(AnalysisContext& context, const CatalogTable& view, Location place) {
  refuse_recursion(context, view, place);
  if (context.view_depth >= kMaxViewDepth) {
    throw semantic_error(ErrorCode::kInvalidView, place, "View '{}' is nested deeper than {}",
                         full_name(view), kMaxViewDepth);
  }
  QueryIndex index = 0;
  try {
    index = analyze_text(context, view, view.view_text);
  } catch (const QueryError& error) {
    const Location at = error.location();
    const std::string where = at.known() ? fmt::format("line {}:{}: ", at.line, at.column) : "";
    throw QueryError(ErrorCode::kInvalidView, place,
                     fmt::format("Failed analyzing stored view '{}': {}{}", full_name(view), where,
                                 error.what()),
                     error.hint());
  }
  const std::vector<OutputField>& outputs = context.analysis.queries[index].outputs;
  if (const std::optional<std::string> why = staleness(view, outputs)) {
    throw semantic_error(ErrorCode::kViewIsStale, place,
                         "View '{}' is stale or in invalid state: {}", full_name(view), *why);
  }
  if (has_other_types(view, outputs)) index = analyze_text(context, view, text_with_types(view));
  return index;
}

}  // namespace trailsql
