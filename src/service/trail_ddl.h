// SHOW CREATE TABLE of a ready-made table: what was explored here, taken to Athena.
#pragma once

#include <string>
#include <vector>

#include "base/cancellation.h"
#include "catalog/metadata.h"
#include "service/location_resolver.h"
#include "store/file_store.h"

namespace trailsql {

/// A ready-made table in the form of Athena's DDL, and what that reads otherwise, for people.
struct AthenaTable {
  CatalogTable table;
  std::vector<std::string> advice;
};

/// Returns the table as Athena's own DDL can declare it: with partition projection over the
/// organizations, accounts, regions and days found, and an s3:// location where a map says it. Of
/// several locations the first that has folders of days counts; where none has, the table has no
/// partitions. What one table of Athena's cannot say is told. source: AWS's "Create a table for
/// CloudTrail logs in Athena using partition projection". Throws HIVE_FILESYSTEM_ERROR when a
/// location cannot be listed.
AthenaTable athena_table_of(const CatalogTable& table, const LocationResolver& resolver,
                            const FileStore& storage, const Cancellation& cancellation);

}  // namespace trailsql
