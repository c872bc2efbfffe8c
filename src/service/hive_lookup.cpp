#include "service/hive_lookup.h"

#include <fmt/core.h>

#include "base/text.h"
#include "catalog/trail_tables.h"

namespace trailsql {

void require_hive_database(const Metadata& metadata, std::string_view database, Location place) {
  if (metadata.find_database(database)) return;
  throw hive_error(
      ErrorCode::kSchemaNotFound, place,
      fmt::format("SemanticException [Error 10072]: Database does not exist: {}", database),
      did_you_mean(database, metadata.database_names()));
}

std::string find_hive_database(const Metadata& metadata, const QualifiedName& name) {
  std::string database = resolve_database_name(name);
  require_hive_database(metadata, database, name.location);
  return database;
}

std::shared_ptr<const CatalogTable> find_hive_table(const Metadata& metadata,
                                                    const QualifiedName& name,
                                                    std::string_view session_database) {
  const TableName resolved = resolve_table_name(name, session_database);
  std::shared_ptr<const CatalogTable> table = find_named_table(metadata, resolved);
  if (table) return table;
  require_hive_database(metadata, resolved.database, name.location);
  throw hive_error(
      ErrorCode::kTableNotFound, name.location,
      fmt::format("SemanticException [Error 10001]: Table not found {}", resolved.name),
      did_you_mean(resolved.name, metadata.table_names(resolved.database)));
}

std::shared_ptr<const CatalogTable> find_changeable_table(const Metadata& metadata,
                                                          const QualifiedName& name,
                                                          std::string_view session_database) {
  std::shared_ptr<const CatalogTable> table = find_hive_table(metadata, name, session_database);
  if (!is_trail_table(*table)) return table;
  throw QueryError(ErrorCode::kNotSupported, name.location,
                   fmt::format("Table {}.{} is made by the trail {} and cannot be changed",
                               table->database, table->name, table->database),
                   "trailsql trail remove forgets a trail with its tables; SHOW CREATE TABLE shows "
                   "how to make a table of your own");
}

void refuse_information_schema(std::string_view database, Location place) {
  if (database != Catalog::kInformationSchema) return;
  throw semantic_error(ErrorCode::kNotSupported, place,
                       "{} tells what is in the catalog; it cannot be changed", database);
}

QueryError hive_execution_error(ErrorCode code, Location place, std::string_view text,
                                std::string hint) {
  return hive_error(code, place,
                    fmt::format("Execution Error, return code 1 from "
                                "org.apache.hadoop.hive.ql.exec.DDLTask. {}",
                                text),
                    std::move(hint));
}

}  // namespace trailsql
