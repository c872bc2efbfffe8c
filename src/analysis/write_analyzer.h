// Statements that write rows: the query, the columns that it fills, and what of it no table can
// hold.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "analysis/analyzer.h"
#include "analysis/table_name.h"
#include "analysis/write_properties.h"

namespace trailsql {

/// One column of the files, or one partition key.
struct WrittenColumn {
  std::string name;  // lower case
  Type type;
  std::optional<uint32_t> output;  // the query's column; none: NULL, as INSERT does not name it
};

/// What a statement that writes means. Lives as long as its tree.
struct WriteAnalysis {
  std::unique_ptr<const Analysis> query;
  std::vector<WrittenColumn> columns;  // partition keys stand last
  size_t num_partition_keys = 0;
};

/// Analyses the query of CREATE TABLE … AS, whose statement stands at `place`. Throws, besides the
/// query's errors, MISSING_COLUMN_NAME, DUPLICATE_COLUMN_NAME, COLUMN_TYPE_UNKNOWN,
/// MISMATCHED_COLUMN_ALIASES, HIVE_COLUMN_ORDER_MISMATCH, INVALID_TABLE_PROPERTY, and NOT_SUPPORTED
/// for types that Hive has not: names, places and texts are Trino's.
WriteAnalysis analyze_create_table_as(const CreateTableAs& node, const WriteProperties& properties,
                                      Location place, uint32_t num_nodes, const Metadata& metadata,
                                      const AnalysisOptions& options);

/// Analyses the query of UNLOAD, with the same rules.
WriteAnalysis analyze_unload(const Unload& node, const WriteProperties& properties, Location place,
                             uint32_t num_nodes, const Metadata& metadata,
                             const AnalysisOptions& options);

/// Analyses the query of INSERT INTO `table`. Throws NOT_SUPPORTED for a view, COLUMN_NOT_FOUND,
/// DUPLICATE_COLUMN_NAME, and TYPE_MISMATCH when the number of columns or their types do not fit.
WriteAnalysis analyze_insert(const Insert& node, const CatalogTable& table, Location place,
                             uint32_t num_nodes, const Metadata& metadata,
                             const AnalysisOptions& options);

}  // namespace trailsql
