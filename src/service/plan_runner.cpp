#include "service/plan_runner.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <set>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "catalog/information_schema.h"
#include "partitions/partition_choice.h"
#include "plan/repeated_records.h"
#include "plan/scan_format.h"
#include "scan/parquet_copies.h"
#include "scan/parquet_table.h"
#include "scan/rows_at_hand.h"
#include "scan/scan.h"
#include "scan/table_files.h"
#include "service/file_moves.h"
#include "service/log_guard.h"
#include "service/log_watch.h"
#include "service/run_summary.h"
#include "service/sent_files.h"
#include "service/table_access.h"

namespace trailsql {
namespace {

/// A query whose rows the engine delivers.
class EngineRun : public QueryRun {
 public:
  EngineRun(std::vector<ResultColumn> columns, std::unique_ptr<ResultStream> stream,
            std::vector<std::string> advice,
            std::vector<std::shared_ptr<const RepeatedRecords>> repeats, ScanReport& report)
      : columns_(std::move(columns)),
        stream_(std::move(stream)),
        advice_(std::move(advice)),
        repeats_(std::move(repeats)),
        report_(report) {}
  StatementKind kind() const override { return StatementKind::kQuery; }
  const std::vector<ResultColumn>& columns() const override { return columns_; }
  bool next(ColumnBatch& batch) override { return is_row(stream_->next(batch)); }
  bool next_text(const RenderRows& render, RowsText& rows) override {
    return is_row(stream_->next_text(render, rows));
  }
  std::vector<std::string> advice() const override { return advice_; }

 private:
  bool is_row(bool has_rows) {
    if (!has_rows) tell_repeats();
    return has_rows;
  }
  void tell_repeats() {
    for (const auto& repeats : std::exchange(repeats_, {})) {
      if (std::string summary = repeats->summary(); !summary.empty())
        report_.add_remark(std::move(summary));
    }
  }

  std::vector<ResultColumn> columns_;
  std::unique_ptr<ResultStream> stream_;
  std::vector<std::string> advice_;
  std::vector<std::shared_ptr<const RepeatedRecords>> repeats_;
  ScanReport& report_;
};

/// Returns what a scan of a table without files delivers.
ColumnBatch rows_at_hand(const Catalog& catalog, const TableScan& scan,
                         const PartitionContext& partitions) {
  const CatalogTable& table = *scan.table;
  ColumnBatch all =
      table.partitions_of.empty()
          ? information_schema_rows(catalog, table.name)
          : partition_rows(*catalog.find_table(table.database, table.partitions_of), partitions);
  ColumnBatch wanted;
  wanted.num_rows = all.num_rows;
  for (const ScanColumn& column : scan.spec.columns)
    wanted.columns.push_back(std::move(all.columns[column.table_column]));
  return wanted;
}

// What another process wrote, and died before it was in its place, belongs to the answer.
void finish_moves_of_others(const PlanContext& context) {
  for (const FailedMove& failed : finish_moves(context.catalog)) {
    context.report.add_note(
        {ScanNoteKind::kUnreadableFile, failed.move.target, 0,
         fmt::format("written, but not in its place yet: it cannot be renamed from {}: {}",
                     failed.move.source, failed.reason)});
  }
}

// Whether a table lies in a bucket where statements of this program may have put files.
bool reads_written_buckets(const Plan& plan, const LocationResolver& resolver) {
  const auto is_in_bucket = [&](const TableScan& scan) {
    return !is_at_hand(*scan.table) && is_s3_location(scan.table->location) &&
           !resolver.is_mapped(scan.table->location);
  };
  return std::ranges::any_of(plan.scans, is_in_bucket) ||
         std::ranges::any_of(plan.parquet_tables, is_in_bucket);
}

SharedObjects shared_objects_of(const PlanContext& context, const Plan& plan) {
  return {plan.scans, resolver_of(context), context.options.engine.temporary_directory};
}

/// Returns how many requests it takes to read an object, after all that were asked of before.
using RequestsFor =
    std::function<uint64_t(const FileStore& store, const std::string& url, uint64_t size_bytes)>;

// Finds out which partitions and files a scan would read, and what it would leave out. Throws as
// reading would.
std::string reading_of(const PlanContext& context, const std::vector<KernelPtr>& kernels,
                       const SharedObjects& shared, const RequestsFor& requests_for,
                       TableScan& scan, ReadingTotals& totals) {
  ScanReport report;
  const PlanContext inner{context.catalog, context.options, context.cancellation,
                          report,          context.buckets, context.listings};
  const auto surroundings = std::make_shared<PartitionSurroundings>(inner, kernels, shared);
  uint64_t num_gets = 0;
  const std::vector<StoredFile> files =
      choose_files(scan.spec, scan.table, {surroundings, &surroundings->context()}, report, false)
          .files;
  announce_files(files, report);
  for (const StoredFile& file : files) {
    const std::string url = stored_path_of(scan.spec, scan.spec.partitions.get(), file);
    if (is_bucket_path(url)) num_gets += requests_for(*scan.spec.store, url, file.size_bytes);
  }
  for (const ScanNote& note : report.notes()) context.report.add_note(note);
  for (const std::string& remark : report.remarks()) context.report.add_remark(remark);
  totals.num_files += report.num_files_total;
  totals.stored_bytes += report.stored_bytes_total;
  totals.num_lists += report.requests.num_lists;
  totals.num_gets += num_gets;
  return reading_text(report, num_gets);
}

}  // namespace

int64_t now_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

LocationResolver resolver_of(const PlanContext& context) {
  return LocationResolver(context.options.location_maps, context.catalog.location_maps());
}

std::shared_ptr<const FileStore> store_of(const PlanContext& context, const CatalogTable& table,
                                          std::shared_ptr<ObjectCache> objects) {
  return std::make_shared<FileStore>(context.buckets, access_of(table, context.options.aws),
                                     RequestContext{context.cancellation, context.report.requests},
                                     context.options.skips_denied,
                                     BucketCaches{context.listings, std::move(objects)});
}

void undo_dead_uploads(const PlanContext& context) {
  const auto make_store = [&](const AwsAccess& access, const RequestContext& requests) {
    return FileStore(context.buckets, access, requests, false);
  };
  for (std::string& problem : undo_dead_uploads(context.options.home, context.catalog, make_store))
    context.report.add_remark(std::move(problem));
}

std::unique_ptr<ResultStream> start_plan(const PlanContext& context, Plan plan,
                                         std::optional<ParquetOutput> output) {
  // The engine is opened while files are chosen.
  if (!plan.scan_columns && context.options.engine.stock) context.options.engine.stock->prepare();
  finish_moves_of_others(context);
  EngineQuery query;
  const auto surroundings = std::make_shared<PartitionSurroundings>(
      context, plan.kernels, shared_objects_of(context, plan));
  const std::shared_ptr<const PartitionContext> partitions(surroundings, &surroundings->context());
  if (reads_written_buckets(plan, surroundings->resolver())) undo_dead_uploads(context);
  const auto watch = std::make_shared<LogWatch>(context.catalog, surroundings->resolver());
  for (TableScan& scan : plan.scans) {
    if (is_at_hand(*scan.table)) {
      query.scans.push_back(scan_rows_at_hand(rows_at_hand(context.catalog, scan, *partitions)));
      continue;
    }
    ChosenFiles chosen = choose_files(scan.spec, scan.table, partitions, context.report, true);
    if (chosen.more) {
      chosen.more = watch->watch(std::move(chosen.more), scan.table, scan.spec);
    } else {
      BucketFolders folders;
      add_bucket_folders(scan.spec, scan.spec.partitions.get(), chosen.files, folders);
      note_logs(context.catalog, surroundings->resolver(), *scan.table, scan.spec.partitions.get(),
                folders);
    }
    query.scans.push_back(open_scan(std::move(scan.spec), std::move(chosen.files),
                                    std::move(chosen.more), context.report, context.cancellation));
  }
  const auto copies = std::make_shared<ParquetCopies>(context.options.engine.temporary_directory);
  for (TableScan& scan : plan.parquet_tables) {
    const std::vector<StoredFile> files =
        choose_files(scan.spec, scan.table, partitions, context.report, false).files;
    query.parquet_tables.push_back(
        open_parquet_table(std::move(scan.spec), files, context.report, copies));
  }
  query.sql = std::move(plan.engine_sql);
  query.kernels = std::move(plan.kernels);
  query.ordered = plan.ordered;
  query.scan_columns = std::move(plan.scan_columns);
  query.enough_rows = plan.enough_rows;
  query.output = std::move(output);
  for (const OutputColumn& column : plan.columns) query.result_types.push_back(column.type);
  return watched(execute(std::move(query), context.options.engine, context.cancellation), watch);
}

std::unique_ptr<QueryRun> run_plan(const PlanContext& context, Plan plan) {
  std::vector<ResultColumn> columns;
  for (const OutputColumn& column : plan.columns) columns.push_back({column.name, column.type});
  std::vector<std::string> advice = plan.advice;
  std::vector<std::shared_ptr<const RepeatedRecords>> repeats = plan.repeats;
  return std::make_unique<EngineRun>(std::move(columns),
                                     start_plan(context, std::move(plan), std::nullopt),
                                     std::move(advice), std::move(repeats), context.report);
}

ReadingTotals add_reading(const PlanContext& context, Plan& plan) {
  ReadingTotals totals;
  const SharedObjects shared = shared_objects_of(context, plan);
  const auto add = [&](std::vector<TableScan>& scans, const RequestsFor& requests_for) {
    for (TableScan& scan : scans) {
      if (!is_at_hand(*scan.table))
        scan.reading = reading_of(context, plan.kernels, shared, requests_for, scan, totals);
    }
  };
  add(plan.scans, [](const FileStore& store, const std::string& url, uint64_t size_bytes) {
    return store.num_requests_for(url, size_bytes);
  });
  // Of Parquet files there is one copy each.
  std::set<std::pair<AwsAccess, std::string>> copied;
  add(plan.parquet_tables,
      [&](const FileStore& store, const std::string& url, uint64_t size_bytes) -> uint64_t {
        return copied.insert({store.access(), url}).second ? num_requests_to_read(size_bytes) : 0;
      });
  return totals;
}

std::string ReadingTotals::text(const ScanPrice& price) const {
  std::string text = fmt::format("{} {}, {}", num_files, num_files == 1 ? "file" : "files",
                                 human_size(static_cast<double>(stored_bytes)));
  if (num_lists > 0) text += fmt::format("; {} LIST made, {} GET to come", num_lists, num_gets);
  return text + "; " + price_text(stored_bytes, price);
}

}  // namespace trailsql
