// From a table of the catalog to the scan that reads it.
#pragma once

#include <string_view>

#include "catalog/metadata.h"
#include "scan/scan_spec.h"

namespace trailsql {

/// Starts the scan of `table`: name, location, columns and format; no columns wanted yet.
/// Throws NOT_SUPPORTED for SerDes and table forms that cannot be read yet, naming them.
ScanSpec scan_spec_of(const CatalogTable& table);

/// The SerDe of Parquet tables; STORED AS PARQUET implies it.
inline constexpr std::string_view kParquetSerDe =
    "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe";

/// Returns whether the files of `table` are Parquet, which the engine reads itself.
bool is_parquet(const CatalogTable& table);

/// Returns whether a row of the table is an element of a file's `Records`, as CloudTrail's own
/// SerDe and input format have it. Its scan unnests them, so no UNNEST of a query can be fused.
bool is_row_per_record(const CatalogTable& table);

/// Returns whether the table's SerDe reads CloudTrail's files and their like: nothing is ever
/// written into such a table.
bool is_log_table(const CatalogTable& table);

/// Says where the scan finds data column `column`, or what lies in it at `path`; `type` is that of
/// what is found.
ScanColumn data_column(const CatalogTable& table, uint32_t column,
                       const std::vector<uint32_t>& path, const Type& type);

/// Says where the scan finds what stands behind the data columns: partition columns, then hidden
/// ones; `position` counts from the first of them.
ScanColumn known_column(const CatalogTable& table, uint32_t position, const Type& type);

}  // namespace trailsql
