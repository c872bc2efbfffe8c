// Columns as Hive's DDL defines them → columns of the catalog.
#pragma once

#include <string>
#include <unordered_set>

#include "catalog/metadata.h"
#include "syntax/statement.h"

namespace trailsql {

/// AWS: names of databases, tables and columns have at most 255 characters.
inline constexpr size_t kMaxNameLength = 255;
/// Throws SYNTAX_ERROR for a name that is empty or too long.
void check_name(const Identifier& name);

/// Returns a column with the type that Hive gives it, where `decimal` is decimal(10,0). Throws
/// TYPE_MISMATCH beyond Hive's bounds: char 1 to 255, varchar 1 to 65535, decimal up to 38 digits;
/// DUPLICATE_COLUMN_NAME for fields of one struct that differ in nothing but case.
CatalogColumn catalog_column(const ColumnDefinition& column);

/// Remembers a column's name in `seen`. Throws DUPLICATE_COLUMN_NAME if it is there already.
void check_distinct_column(const Identifier& name, std::unordered_set<std::string>& seen);

/// Returns the path, as DESCRIBE has it, of what is in `path`: an element, a field, ….
std::string inner_path(const std::string& path, const std::string& part);
inline constexpr const char* kElementPart = "$elem$";
inline constexpr const char* kKeyPart = "$key$";
inline constexpr const char* kValuePart = "$value$";

}  // namespace trailsql
