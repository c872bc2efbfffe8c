// A table as the statement that makes it.
#pragma once

#include <string>
#include <string_view>

#include "catalog/metadata.h"

namespace trailsql {

/// Returns the CREATE EXTERNAL TABLE statement of a table in the layout of Athena's SHOW CREATE
/// TABLE, blanks at the ends of lines included; lines end with \n. Run again it makes an equal
/// table. (Athena adds the property transient_lastDdlTime, and COMMENT 'from deserializer'.)
std::string create_table_text(const CatalogTable& table);

/// Returns properties by their keys: the order in which Hive shows them.
CatalogProperties sorted_properties(CatalogProperties properties);

/// Returns whether `name` needs no quotes of any kind: lower-case letters, digits and _.
bool is_plain_word(std::string_view name);

}  // namespace trailsql
