// The executor: engine SQL and scans in, batches of rows out. The only module that knows DuckDB.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/cancellation.h"
#include "engine/database_stock.h"
#include "functions/kernel.h"
#include "scan/parquet_table.h"
#include "scan/scan.h"
#include "types/column.h"
#include "types/row_source.h"

namespace trailsql {

struct EngineOptions {
  DatabaseSettings database;
  std::string temporary_directory;       // for spilling; must be set; made when needed
  std::shared_ptr<DatabaseStock> stock;  // of such databases; may be null
};

/// Where the rows of a query go instead of into a stream: Parquet files that the engine writes. The
/// SQL names the columns as the files shall have them.
struct ParquetOutput {
  std::string path;              // of one file; with a partition column: of a folder, which is not
                                 // there yet, in one that holds nothing else
  std::string compression;       // "snappy", "gzip", "zstd" or "uncompressed"
  std::string partition_column;  // a bigint column that is not written: rows with n in it go to
                                 // files in the folder partition_folder(output, n)
};
/// Returns the folder of one partition's files, which is there if the partition has rows.
std::string partition_folder(const ParquetOutput& output, int64_t number);

/// One query for the engine. The SQL names scans as `trailsql_scan(i)`, a table function over
/// scans[i], and Parquet tables as `parquet_i`, a view over parquet_tables[i]; the columns of both
/// are c0, c1, … in the order of ScanSpec::columns. Kernels are named by Kernel::sql_name.
struct EngineQuery {
  std::string sql;
  std::vector<std::shared_ptr<Scan>> scans;
  std::vector<KernelPtr> kernels;
  std::vector<Type> result_types;  // one per output column; the engine's own types must match
                                   // engine_type_name of each
  std::vector<ParquetTable> parquet_tables;  // DuckDB may read their files and no others
  std::optional<ParquetOutput> output;  // then the stream has one row, the number of rows written
  std::optional<std::vector<uint32_t>> scan_columns;  // the answer is these columns of the only
                                                      // scan, as they are: DuckDB is not asked
  std::optional<uint64_t> enough_rows;  // a LIMIT that any rows may meet: they are handed on as
                                        // they come, and scans end when there are so many
  bool ordered =
      false;  // the SQL's order is part of the answer (else preserve_insertion_order is off)
};

/// Streams the rows of one running query. Use from one thread. Destroying it early ends the query.
/// `next` and `next_text` throw what the query fails with: errors of kernels and scans as they were
/// thrown; DuckDB's own mapped to EXCEEDED_MEMORY_LIMIT, USER_CANCELED, GENERIC_INTERNAL_ERROR (its
/// text, as a bug of ours), ….
class ResultStream : public RowSource {};

/// Starts the query in a DuckDB instance of its own, locked down to what the query needs.
/// `cancellation` must outlive the stream and ends it with USER_CANCELED within ~20 ms. Throws like
/// ResultStream.
std::unique_ptr<ResultStream> execute(EngineQuery query, const EngineOptions& options,
                                      const Cancellation& cancellation);

/// Returns the version of DuckDB in use, for --version.
std::string engine_version();

}  // namespace trailsql
