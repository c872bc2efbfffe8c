// CREATE EXTERNAL TABLE → the table that the catalog keeps.
#pragma once

#include <string>
#include <string_view>

#include "catalog/metadata.h"
#include "service/location_resolver.h"
#include "syntax/statement.h"

namespace trailsql {

/// Returns the table, in `database`, with its format spelled out as Hive does: STORED AS is short
/// for a SerDe and two classes. `place` is where is told what concerns the whole statement. Throws
/// NOT_SUPPORTED without EXTERNAL, DUPLICATE_COLUMN_NAME, INVALID_TABLE_PROPERTY for a bad
/// LOCATION, what catalog_column throws.
CatalogTable define_table(const CreateTable& node, const std::string& database, Location place,
                          const LocationResolver& resolver);

/// Throws INVALID_TABLE_PROPERTY unless `location` is an s3:// or file:/// URL, or an absolute
/// path, of a folder.
void check_table_location(const std::string& location, Location place,
                          const LocationResolver& resolver);

}  // namespace trailsql
