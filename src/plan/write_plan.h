// Plans of queries whose rows are written to files: real names and real types instead of the
// engine's physical ones.
#pragma once

#include <memory>

#include "analysis/write_analyzer.h"
#include "plan/partition_numbers.h"
#include "plan/plan.h"

namespace trailsql {

/// Who writes the files.
enum class FileWriter : uint8_t {
  kEngine,   // Parquet: columns have the names and the physical types of the files
  kService,  // rows of text: columns are ours
};

/// Plans a statement that writes: the columns of `write` without the partition keys, converted to
/// their types; of a partitioned table a last bigint column `Plan::partition_column`, the number of
/// the row's partition in `partitions`. Throws like plan_query.
Plan plan_write(const WriteAnalysis& write, FileWriter writer,
                const std::shared_ptr<PartitionNumbers>& partitions);

/// Plans a query whose rows become one Parquet file, whatever their types: a timestamp with time
/// zone becomes an instant, and what Parquet has not becomes text (the list is at
/// `ParquetValueLowering`).
Plan plan_parquet_export(const Analysis& analysis);

}  // namespace trailsql
