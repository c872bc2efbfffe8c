// The folder of managed tables in the home folder: those that CREATE TABLE … AS made without an
// external_location. Their files go when the table is dropped.
#pragma once

#include <string>

#include "analysis/table_name.h"
#include "catalog/catalog.h"

namespace trailsql {

/// Returns the folder for a new managed table: `<home>/warehouse/<database>/<table>-<id>`, which is
/// not there yet.
std::string new_managed_folder(const std::string& home, const TableName& table);

/// Removes folders of the warehouse that no managed table has: those of tables that were dropped,
/// and what a process left that died between moving files and making its table. What others are
/// just writing is hidden, and stays.
void sweep_warehouse(Catalog& catalog, const std::string& home);

/// Returns an identifier that no other call in any process returns: of folders and files.
std::string unique_id();

}  // namespace trailsql
