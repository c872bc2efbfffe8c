// Ready-made tables: what a trail offers without any DDL. They lie in no catalog file; the catalog
// makes them for each trail it knows.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/metadata.h"

namespace trailsql {

/// A place where CloudTrail's files lie, by a name that is also that of a database.
struct Trail {
  std::string name;                    // lower case
  std::vector<std::string> locations;  // absolute paths or s3:// URLs, in the order given
  CatalogProperties properties = {};   // trailsql.profile and the like: how buckets are reached
};

/// The properties that mark a ready-made table: the kind of its files, as their folder is called
/// ("CloudTrail-Insight"), and its locations, one property each.
inline constexpr std::string_view kTrailKindProperty = "trailsql.layout";
inline constexpr std::string_view kTrailLocationProperty = "trailsql.location";

/// The partition columns of ready-made tables, in this order: three texts and a date.
inline constexpr std::string_view kTrailPartitionColumns[] = {"organization", "account", "region",
                                                              "date"};

/// Returns the names of the tables that every trail has, sorted.
std::span<const std::string_view> trail_table_names();

/// Makes the table of that name, with every field that CloudTrail documents up to eventVersion
/// 1.11; nullptr when trails have no such table. The columns have the types of AWS's own DDL:
/// times are texts, and what depends on the service is JSON text.
std::shared_ptr<const CatalogTable> make_trail_table(const Trail& trail, std::string_view name);

/// Returns whether the table was made by make_trail_table, or by DDL with its properties.
bool is_trail_table(const CatalogTable& table);
/// Returns the locations of a ready-made table.
std::vector<std::string> trail_locations(const CatalogTable& table);

}  // namespace trailsql
