// From a table of the catalog to the scan that reads it.
#pragma once

#include <optional>
#include <string_view>

#include "catalog/metadata.h"
#include "scan/scan_spec.h"

namespace trailsql {

/// Starts the scan of `table`: name, location, columns and format; no columns wanted yet.
/// Throws NOT_SUPPORTED for SerDes and table forms that cannot be read yet, naming them.
ScanSpec scan_spec_of(const CatalogTable& table);

/// Returns whether the files of `table` are Parquet, which the engine reads itself.
bool is_parquet(const CatalogTable& table);

/// Returns whether a row of the table is an element of a file's `Records`, as CloudTrail's own
/// SerDe and input format have it. Its scan unnests them, so no UNNEST of a query can be fused.
bool is_row_per_record(const CatalogTable& table);

/// Returns whether the rows are no files' but the catalog's: of information_schema, and of a
/// table's partitions.
bool is_at_hand(const CatalogTable& table);

/// Returns whether the table's SerDe reads nothing but logs, of CloudTrail (also OpenX) or of other
/// services (Regex, Grok): nothing is ever written into such a table.
bool is_log_table(const CatalogTable& table);

/// Returns whether the table's scan can make the elements of an array its rows, so that an UNNEST
/// of the query is fused into it.
bool can_unnest(const CatalogTable& table);

/// Says where the scan finds data column `column`, or what lies in it at `path`; `type` is that of
/// what is found.
ScanColumn data_column(const CatalogTable& table, uint32_t column,
                       const std::vector<uint32_t>& path, const Type& type);

/// Returns how many days after an event a file with it may still be delivered, where the table lets
/// times of events decide which folders are read (`trailsql.eventtime_pruning` = off | safe |
/// days); else nothing. Throws INVALID_TABLE_PROPERTY.
std::optional<uint32_t> event_time_slack_days(const CatalogTable& table);
/// Returns the same for bounds on the times of all records, which are none of the query's own:
/// there every table is safe by default.
std::optional<uint32_t> bounded_slack_days(const CatalogTable& table);
/// Returns whether a column, or a record's field, of this name holds the time of an event.
bool is_event_time_name(std::string_view name);

/// Says where the scan finds what stands behind the data columns: partition columns, then hidden
/// ones; `position` counts from the first of them.
ScanColumn known_column(const CatalogTable& table, uint32_t position, const Type& type);

}  // namespace trailsql
