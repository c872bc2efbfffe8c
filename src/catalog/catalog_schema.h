// The tables inside the catalog's file, and how files of older programs become current. Documented
// in docs/formats/catalog.md.
#pragma once

#include "catalog/sqlite_database.h"

namespace trailsql {

/// Names the current version of the catalog's schema. Every change adds one and a step in
/// catalog_schema.cpp.
inline constexpr int64_t kCatalogVersion = 8;

/// Makes the tables in a new file, with the database `default`, or brings an older file to
/// kCatalogVersion; one transaction. Throws HIVE_METASTORE_ERROR for files of newer programs and
/// for those that are no catalogs.
void prepare_catalog_schema(SqliteDatabase& database);

}  // namespace trailsql
