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

/// Returns what a hidden column of that name holds.
ScanColumn::Source hidden_source(std::string_view name);

}  // namespace trailsql
