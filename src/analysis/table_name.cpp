#include "analysis/table_name.h"

#include <fmt/core.h>

#include "base/error.h"
#include "base/text.h"

namespace trailsql {

namespace {

std::string joined(const QualifiedName& name) {
  std::string text;
  for (const Identifier& part : name.parts)
    text += (text.empty() ? "" : ".") + to_lower_ascii(part.value);
  return text;
}

void check_catalog(const Identifier& catalog) {
  if (equals_ignoring_case(catalog.value, Catalog::kCatalogName)) return;
  throw semantic_error(ErrorCode::kCatalogNotFound, catalog.location, "Catalog '{}' not found",
                       to_lower_ascii(catalog.value));
}

}  // namespace

std::string resolve_database_name(const QualifiedName& name) {
  if (name.parts.size() > 2)
    throw QueryError(ErrorCode::kSyntaxError, "Too many parts in schema name: " + joined(name));
  if (name.parts.size() == 2) check_catalog(name.parts[0]);
  return to_lower_ascii(name.parts.back().value);
}

TableName resolve_table_name(const QualifiedName& name, std::string_view session_database) {
  const std::vector<Identifier>& parts = name.parts;
  if (parts.size() > 3)
    throw QueryError(ErrorCode::kSyntaxError, "Too many dots in table name: " + joined(name));
  if (parts.size() == 3) check_catalog(parts[0]);
  TableName result;
  result.name = to_lower_ascii(parts.back().value);
  result.database =
      to_lower_ascii(parts.size() > 1 ? parts[parts.size() - 2].value : session_database);
  return result;
}

void check_database_exists(const Metadata& metadata, std::string_view database, Location place) {
  if (metadata.find_database(database)) return;
  throw QueryError(ErrorCode::kSchemaNotFound, place,
                   fmt::format("Schema '{}' does not exist", database),
                   did_you_mean(database, metadata.database_names()));
}

std::shared_ptr<const CatalogTable> find_table_or_throw(const Metadata& metadata,
                                                        const TableName& name, Location place) {
  std::shared_ptr<const CatalogTable> table = metadata.find_table(name.database, name.name);
  if (table) return table;
  check_database_exists(metadata, name.database, place);
  throw QueryError(ErrorCode::kTableNotFound, place,
                   fmt::format("Table '{}.{}.{}' does not exist", Catalog::kCatalogName,
                               name.database, name.name),
                   did_you_mean(name.name, metadata.table_names(name.database)));
}

}  // namespace trailsql
