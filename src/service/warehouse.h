// The folder of managed tables in the home folder: those that CREATE TABLE … AS made without an
// external_location. Their files go when the table is dropped.
#pragma once

#include <string>

#include "analysis/table_name.h"
#include "catalog/catalog.h"

namespace trailsql {

/// Returns the folder for a new managed table: `<home>/warehouse/<database>/<table>-<id>`, which is
/// not there yet. `home` is a real path.
std::string new_managed_folder(const std::string& home, const TableName& table);

/// Removes the folders of managed tables that were dropped, in this warehouse only: a copy of a
/// home must not reach into the other. What cannot be removed now is tried again the next time.
void remove_dropped_folders(Catalog& catalog, const std::string& home);

}  // namespace trailsql
