// SHOW CREATE TABLE: a table of the catalog as the statement that creates it again.
#pragma once

#include <string>

#include "catalog/metadata.h"

namespace trailsql {

/// Returns the CREATE EXTERNAL TABLE statement in Athena's layout. It parses to the same table.
std::string create_table_text(const CatalogTable& table);

}  // namespace trailsql
