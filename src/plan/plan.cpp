#include "plan/plan.h"

#include "plan/lowering.h"

namespace trailsql {

Plan plan_query(const Analysis& analysis) {
  Lowering lowering(analysis);
  Plan plan;
  plan.engine_sql = lowering.lower_root();
  plan.scans = lowering.take_scans();
  plan.parquet_tables = lowering.take_parquet_tables();
  plan.scan_columns = lowering.scan_columns();
  plan.kernels = lowering.kernels();
  plan.repeats = lowering.take_repeats();
  const QueryFacts& root = analysis.queries[analysis.root];
  for (size_t i = 0; i < root.outputs.size(); ++i)
    plan.columns.push_back({output_name(root.outputs, i), root.outputs[i].type});
  // Parquet is read in order at no cost; then LIMIT takes the first rows, as Trino mostly does.
  plan.ordered = !root.order_by.empty() || plan.scans.empty();
  if (root.order_by.empty()) plan.enough_rows = root.limit;
  plan.advice = analysis.advice;
  return plan;
}

}  // namespace trailsql
