// A planned query on its way: its tables become scans over files, the engine delivers rows.
#pragma once

#include <memory>
#include <optional>

#include "catalog/catalog.h"
#include "engine/engine.h"
#include "partitions/partition_candidates.h"
#include "plan/plan.h"
#include "service/location_resolver.h"
#include "service/query_service.h"
#include "service/request_cost.h"
#include "service/shared_objects.h"

namespace trailsql {

/// What running a plan needs of the service and of the statement. All of it outlives the run.
struct PlanContext {
  Catalog& catalog;
  const ServiceOptions& options;
  const Cancellation& cancellation;
  ScanReport& report;
  Buckets& buckets;
  std::shared_ptr<ListingCache> listings;  // may be absent
};

/// Returns the time of day, in microseconds since 1970-01-01 UTC.
int64_t now_us();

LocationResolver resolver_of(const PlanContext& context);

/// Returns how the files of a table are reached; with `objects`, each is fetched once.
std::shared_ptr<const FileStore> store_of(const PlanContext& context, const CatalogTable& table,
                                          std::shared_ptr<ObjectCache> objects = nullptr);

/// Undoes what processes have sent into buckets that died before it counted.
void undo_dead_uploads(const PlanContext& context);

/// Gives partitions what they need of a statement's surroundings. Lives as long as it is used.
class PartitionSurroundings {
 public:
  PartitionSurroundings(const PlanContext& context, std::vector<KernelPtr> kernels,
                        SharedObjects shared = {})
      : resolver_(resolver_of(context)),
        context_{context.catalog,
                 [this](const std::string& location) { return resolver_.resolve(location); },
                 [context, shared = std::move(shared)](const CatalogTable& table) {
                   return store_of(context, table, shared.cache_of(table));
                 },
                 {std::move(kernels), context.options.engine, context.cancellation},
                 now_us()} {}
  PartitionSurroundings(const PartitionSurroundings&) = delete;  // its context points into it
  PartitionSurroundings& operator=(const PartitionSurroundings&) = delete;

  const PartitionContext& context() const { return context_; }
  const LocationResolver& resolver() const { return resolver_; }

 private:
  LocationResolver resolver_;
  PartitionContext context_;
};

/// Starts a planned query. With `output` the engine writes the rows there.
std::unique_ptr<ResultStream> start_plan(const PlanContext& context, Plan plan,
                                         std::optional<ParquetOutput> output);

/// Starts a planned query for somebody who pulls its rows.
std::unique_ptr<QueryRun> run_plan(const PlanContext& context, Plan plan);

/// What a plan would read, of all its tables.
struct ReadingTotals {
  uint64_t num_files = 0;
  uint64_t stored_bytes = 0;
  uint64_t num_lists = 0;  // requests to buckets that were made to find that out
  uint64_t num_gets = 0;   // and those that reading takes

  /// Returns "12 files, 1.1 kB; 3 LIST made, 12 GET to come; Athena's price, estimated: $0.00005".
  std::string text(const ScanPrice& price) const;
};

/// Adds to each table of a plan which partitions and files it would read, for EXPLAIN.
ReadingTotals add_reading(const PlanContext& context, Plan& plan);

}  // namespace trailsql
