// The plan: everything the engine needs for one query, and what each scan must deliver.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "analysis/analysis.h"
#include "functions/kernel.h"
#include "plan/repeated_records.h"
#include "scan/scan_spec.h"

namespace trailsql {

/// Names one column of the answer.
struct OutputColumn {
  std::string name;  // as headings show it: an alias as written, or _col3
  Type type;
};

/// One use of a table in a query.
struct TableScan {
  ScanSpec spec;  // stored_path and partitions still empty: service fills them in
  std::shared_ptr<const CatalogTable> table;
  std::string reading;  // for EXPLAIN: which partitions and files, as far as service found out
};

struct Plan {
  std::string engine_sql;  // names scans as trailsql_scan(i) and Parquet tables as parquet_i, both
                           // with columns c0 …; output columns in order
  std::vector<TableScan> scans;
  std::vector<TableScan> parquet_tables;  // the engine reads their files itself
  std::vector<KernelPtr> kernels;
  std::vector<OutputColumn> columns;
  std::optional<std::vector<uint32_t>> scan_columns;  // the answer is these columns of the only
                                                      // scan, each once, and no more is in the SQL
  std::string partition_column;  // of rows to write in partitions: the last column; else empty
  bool ordered = false;          // the order of rows matters, or costs nothing
  std::optional<uint64_t> enough_rows;  // a LIMIT that is content with the first rows that come
  std::vector<std::shared_ptr<const RepeatedRecords>> repeats;  // counted while the query runs
  std::vector<std::string> advice;                              // for people: Analysis::advice
};

/// Lowers an analysed query. Throws NOT_SUPPORTED for what the engine cannot do yet.
Plan plan_query(const Analysis& analysis);

/// Describes a plan for people: EXPLAIN's text.
std::string explain_plan(const Plan& plan);

}  // namespace trailsql
