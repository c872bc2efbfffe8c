// What the plan asks of one scan of one table: where, which rows, which columns. Crosses from plan
// to scan; nothing else does.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "types/column.h"

namespace trailsql {

class FileStore;

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
    kRecordText,        // "$raw": what the row was made of, as it stands in the file, varchar
    kPath,              // "$path": the file's URL as the table's LOCATION spells it
    kFileSize,          // "$file_size": bytes as stored, bigint
    kFileModifiedTime,  // "$file_modified_time": timestamp(3) with time zone
    kPartition,         // a partition column: the same for all rows of a partition
    kPartitionName,     // "$partition": "region=us-east-1/day=10"; NULL without partitions
    kBucket,            // "$bucket": integer, always NULL, since no table has buckets here
  };
  Source source = Source::kTable;
  uint32_t table_column = 0;  // of kTable: index into ScanSpec::table_columns; of kPartition: into
                              // ScanSpec::partition_columns
  std::vector<uint32_t>
      fields;  // field positions from there down through nested rows; empty: the whole value
  Type type;   // what is delivered: the type at the end of the path
};

/// Returns whether such a column holds what the documents of the files say.
constexpr bool is_in_document(ScanColumn::Source source) {
  return source == ScanColumn::Source::kTable || source == ScanColumn::Source::kElement ||
         source == ScanColumn::Source::kRecordText;
}

/// How files become rows.
struct ScanFormat {
  enum class Kind : uint8_t {
    kOpenXJson,
    kHiveJson,           // Hive's own JsonSerDe: strict
    kCloudTrail,         // a row is an element of Records; what is bad is skipped, and noted
    kCloudTrailRecords,  // likewise, and records in any form in which they are exported
    kDelimited,          // LazySimpleSerDe
    kCsv,                // OpenCSVSerde
    kRegex,
    kGrok,
    kParquet,  // the engine reads the files itself (parquet_table.h)
  };
  Kind kind = Kind::kOpenXJson;
  // TBLPROPERTIES and, before them, SERDEPROPERTIES; keys in lower case
  std::map<std::string, std::string> properties;
};

/// Returns whether all that can be read of such files is wanted, and the rest is noted; otherwise
/// what cannot be read ends the query, as in Athena. So it is for ready-made tables, which are
/// Athena's by nothing but name.
constexpr bool reads_what_it_can(ScanFormat::Kind kind) {
  return kind == ScanFormat::Kind::kCloudTrailRecords;
}

/// The partitions of a table that one scan reads: each a folder whose files share the values of the
/// partition columns. Never changed once a scan has it; safe from any thread.
struct ScanPartitions {
  std::vector<std::string> locations;     // by partition, as declared; "$path" begins with it
  std::vector<std::string> stored_paths;  // by partition: where it lies, as `store` has it
  std::vector<std::string> names;         // by partition: "$partition"
  ColumnBatch values;                     // a row a partition, a column a partition column

  size_t size() const { return locations.size(); }
};

/// A condition on what is known before a file is read. Where it is not true, nothing need be read;
/// it is true of everything that the query's own conditions keep.
///
/// What is known has positions: first the partition columns, then what the hidden columns hold
/// ("$path", "$file_size", "$file_modified_time", "$partition", "$bucket"), then the first and the
/// last time, as eventTime spells it, that events of the folder can have (varchar, NULL: unknown).
struct ScanCondition {
  std::string sql;                // engine SQL, names what is known as k.c0, k.c1 …
  std::vector<uint32_t> columns;  // positions that it reads, sorted
};

/// The only values that a partition column can have in rows that the query keeps.
struct ScanEqualValues {
  uint32_t partition_column = 0;
  std::vector<std::string> values_sql;  // engine SQL of constants, varchar
};

/// Paths between two texts, both included: all that "$path" can be where a condition is true.
struct ScanPathRange {
  std::string first_sql;  // engine SQL of a constant, varchar; empty: no bound
  std::string last_sql;   // likewise
};

/// A condition on a text of each row: it is one of some values, or lies between two (both
/// included). True of every row that the query's own conditions keep, which are asked again: a scan
/// may leave out others, or not.
struct ScanTextFilter {
  ScanColumn column;                // of type varchar, in the documents
  std::vector<std::string> values;  // sorted; none: any that lies between
  std::optional<std::string> first;
  std::optional<std::string> last;
};

/// Describes one scan. With `unnest_column`, `CROSS JOIN UNNEST(that column)` is fused: one row per
/// element (none for NULL and []), where the column is an array; kElement paths start at the
/// element. Without, one row per document of the files.
struct ScanSpec {
  std::string table_name;   // database.table, for messages
  std::string location;     // as declared: s3://bucket/prefix/, file:///x/ or /x/
  std::string stored_path;  // where it lies: a path of this machine, or in a bucket; filled in by
                            // service before the scan starts, as is `store`
  std::shared_ptr<const FileStore> store;  // none: of this machine alone
  std::vector<ScanTableColumn> table_columns;
  std::vector<ScanTableColumn> partition_columns;
  /// Of a table with partition columns: those to read. Filled in by service before the scan starts,
  /// instead of stored_path.
  std::shared_ptr<const ScanPartitions> partitions;
  std::vector<ScanCondition> conditions;  // all must be true of what is read
  std::vector<ScanEqualValues> equal_values;
  /// By condition on "$path": every file that is read has a path in one of its ranges.
  std::vector<std::vector<ScanPathRange>> path_ranges;
  /// How many days after an event its file may be delivered, where times of events decide which
  /// folders are read.
  std::optional<uint32_t> event_time_slack_days;
  std::vector<ScanTextFilter> text_filters;  // all must be true of rows that matter
  ScanFormat format;
  std::optional<uint32_t> unnest_column;
  std::vector<ScanColumn>
      columns;  // in the order delivered; may be empty, when only the rows' number counts
};

}  // namespace trailsql
