// What the plan asks of one scan of one table: where, which rows, which columns. Crosses from plan
// to scan; nothing else does.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "types/type.h"

namespace trailsql {

/// Names a data column of the table as declared; names are lower case, positions are those of the
/// DDL.
struct ScanTableColumn {
  std::string name;
  Type type;
};

/// Says what one delivered column holds.
struct ScanColumn {
  enum class Source : uint8_t {
    kTable,             // a path into a data column of the table
    kElement,           // a path into the element that the fused UNNEST made this row of
    kOrdinality,        // the 1-based position of that element, bigint
    kPath,              // "$path": the file's URL as the table's LOCATION spells it
    kFileSize,          // "$file_size": bytes as stored, bigint
    kFileModifiedTime,  // "$file_modified_time": timestamp(3) with time zone
  };
  Source source = Source::kTable;
  uint32_t table_column = 0;  // of kTable: index into ScanSpec::table_columns
  std::vector<uint32_t>
      fields;  // field positions from there down through nested rows; empty: the whole value
  Type type;   // what is delivered: the type at the end of the path
};

/// How files become rows.
struct ScanFormat {
  enum class Kind : uint8_t {
    kOpenXJson,
    kHiveJson,    // Hive's own JsonSerDe: strict
    kCloudTrail,  // a row is an element of Records; what is bad is skipped, and noted
    kDelimited,   // LazySimpleSerDe
    kCsv,         // OpenCSVSerde
    kRegex,
    kGrok,
    kParquet,  // the engine reads the files itself (parquet_table.h)
  };
  Kind kind = Kind::kOpenXJson;
  // TBLPROPERTIES and, before them, SERDEPROPERTIES; keys in lower case
  std::map<std::string, std::string> properties;
};

/// Describes one scan. With `unnest_column`, `CROSS JOIN UNNEST(that column)` is fused: one row per
/// element (none for NULL and []), where the column is an array; kElement paths start at the
/// element. Without, one row per document of the files.
struct ScanSpec {
  std::string table_name;  // database.table, for messages
  std::string location;    // as declared: s3://bucket/prefix/, file:///x/ or /x/
  std::string local_path;  // where it lies on disk; filled in by service before the scan starts
  std::vector<ScanTableColumn> table_columns;
  ScanFormat format;
  std::optional<uint32_t> unnest_column;
  std::vector<ScanColumn>
      columns;  // in the order delivered; may be empty, when only the rows' number counts
};

}  // namespace trailsql
