// The database that is in every catalog and tells what is in it, as Trino has it.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/metadata.h"
#include "types/column.h"

namespace trailsql {

/// Returns a table of information_schema (`columns`, `schemata`, `tables`, `views`), with Trino's
/// columns and types; null when there is none of that name.
std::shared_ptr<const CatalogTable> information_schema_table(std::string_view name);

/// Returns whether a table is one of these.
bool is_in_information_schema(const CatalogTable& table);

/// Returns the names of its tables, sorted.
std::vector<std::string> information_schema_table_names();

/// Returns all rows of such a table, sorted by name: what `metadata` holds now, information_schema
/// included. Columns are those of information_schema_table.
ColumnBatch information_schema_rows(const Metadata& metadata, std::string_view name);

}  // namespace trailsql
