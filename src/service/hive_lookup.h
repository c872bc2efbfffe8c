// Finds what a statement of Hive's DDL names; what is not there is told in Hive's words.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "analysis/table_name.h"
#include "base/hive_error.h"

namespace trailsql {

/// Returns the database of `name`, lower case, which is there. Throws SCHEMA_NOT_FOUND
/// "SemanticException [Error 10072]: Database does not exist: d" with the nearest name as a hint,
/// CATALOG_NOT_FOUND.
std::string find_hive_database(const Metadata& metadata, const QualifiedName& name);
/// The same for a name that was resolved; `place` is where it is told of.
void require_hive_database(const Metadata& metadata, std::string_view database, Location place);

/// Finds a table or view. Throws TABLE_NOT_FOUND "SemanticException [Error 10001]: Table not found
/// t" with the nearest name as a hint, and what is wrong with its database. Texts: measured on
/// Athena.
std::shared_ptr<const CatalogTable> find_hive_table(const Metadata& metadata,
                                                    const QualifiedName& name,
                                                    std::string_view session_database);

/// Finds a table or view that a statement changes or drops. Throws NOT_SUPPORTED for the ready-made
/// tables of a trail, and as find_hive_table does.
std::shared_ptr<const CatalogTable> find_changeable_table(const Metadata& metadata,
                                                          const QualifiedName& name,
                                                          std::string_view session_database);

/// Throws NOT_SUPPORTED when the database is information_schema, in which nothing can be made.
void refuse_information_schema(std::string_view database, Location place);

/// Makes an error of Hive's DDLTask, which Athena shows with the class that failed.
QueryError hive_execution_error(ErrorCode code, Location place, std::string_view text,
                                std::string hint = {});

}  // namespace trailsql
