#include "service/query_service.h"

#include <fmt/core.h>

#include <functional>
#include <span>
#include <variant>

#include "analysis/analyzer.h"
#include "base/error.h"
#include "base/text.h"
#include "catalog/trail_tables.h"
#include "plan/plan.h"
#include "service/ddl_runner.h"
#include "service/listing_run.h"
#include "service/local_path.h"
#include "service/log_guard.h"
#include "service/partition_runner.h"
#include "service/plan_runner.h"
#include "service/prepared_statements.h"
#include "service/show_runner.h"
#include "service/table_access.h"
#include "service/trail_summary.h"
#include "service/warehouse.h"
#include "service/write_runner.h"
#include "syntax/parser.h"

namespace trailsql {
namespace {

/// Everything that running one statement needs.
struct Context : PlanContext {
  const Session& session;
  const Statement& statement;
  std::span<const ExpressionPtr> parameters = {};  // of EXECUTE … USING
  uint32_t num_nodes = 0;                          // of the statement and of the parameters
};

[[noreturn]] void refuse(const Statement& statement, std::string_view what) {
  throw semantic_error(ErrorCode::kNotSupported, statement.location, "{} is not supported yet",
                       what);
}

AnalysisOptions analysis_options(const Context& context) {
  AnalysisOptions options;
  options.database = context.session.database;
  options.start_time_us = now_us();
  options.parameters = context.parameters;
  options.event_times = context.options.time_window.at(options.start_time_us);
  options.deduplicate = context.options.deduplicate;
  return options;
}

Plan plan_of(const Context& context, const Query& query) {
  const std::unique_ptr<const Analysis> analysis =
      analyze_query(query, context.num_nodes, context.catalog, analysis_options(context));
  return plan_query(*analysis);
}

/// Calls `use` with a runner of statements that write.
template <typename Use>
auto with_write_runner(const Context& context, const Use& use) {
  const LocationResolver resolver = resolver_of(context);
  const AnalysisOptions options = analysis_options(context);
  return use(
      WriteRunner({context.catalog, resolver, context.options.home, options,
                   context.statement.location, context.num_nodes,
                   [&context](Plan plan, std::optional<ParquetOutput> output) {
                     return start_plan(context, std::move(plan), std::move(output));
                   },
                   [&context](const CatalogTable& table) { return store_of(context, table); },
                   [&context] { undo_dead_uploads(context); }}));
}

/// Runs `run` with the statement that EXECUTE names and the values for its parameters.
std::unique_ptr<QueryRun> run_prepared(
    const Context& context, const Execute& node,
    const std::function<std::unique_ptr<QueryRun>(const Context&)>& run) {
  const PreparedStatement prepared =
      open_prepared_statement(context.catalog, node, context.num_nodes);
  const Statement& statement = *prepared.statement;
  const Context inner{static_cast<const PlanContext&>(context), context.session, statement,
                      node.parameters, context.num_nodes + statement.num_nodes};
  check_parameters(context.num_nodes, context.catalog, analysis_options(inner));
  try {
    return run(inner);
  } catch (const QueryError& error) {
    throw error.location().known() ? error.in_text(prepared.source) : error;
  }
}

/// Says of each table what would be read, and of all together.
std::string reading_lines(const Context& context, const Plan& plan, const ReadingTotals& totals) {
  std::string lines;
  for (const std::vector<TableScan>* scans : {&plan.scans, &plan.parquet_tables}) {
    for (const TableScan& scan : *scans) {
      if (!scan.reading.empty())
        lines += fmt::format("{}: {}\n", scan.spec.table_name, scan.reading);
    }
  }
  return lines + "in all: " + totals.text(context.options.price) + "\n";
}

std::unique_ptr<QueryRun> explain_statement(const Context& context, const Statement& statement) {
  const auto explain = [&](Plan plan) {
    const ReadingTotals totals = add_reading(context, plan);
    if (context.options.is_dry_run)
      return make_text_run("Reading", reading_lines(context, plan, totals));
    std::string text = explain_plan(plan);
    if (totals.num_lists > 0) text += "Requests\n  " + totals.text(context.options.price) + "\n";
    return make_text_run("Query Plan", text);
  };
  const auto explain_write = [&](const auto& node) {
    return with_write_runner(context,
                             [&](const WriteRunner& runner) { return explain(runner.plan(node)); });
  };
  if (const auto* query = std::get_if<QueryStatement>(&statement.node))
    return explain(plan_of(context, *query->query));
  if (const auto* create = std::get_if<CreateTableAs>(&statement.node))
    return explain_write(*create);
  if (const auto* insert = std::get_if<Insert>(&statement.node)) return explain_write(*insert);
  if (const auto* unload = std::get_if<Unload>(&statement.node)) return explain_write(*unload);
  if (context.options.is_dry_run) {
    throw semantic_error(ErrorCode::kNotSupported, context.statement.location,
                         "A dry run tells what queries would read; this statement is none");
  }
  refuse(context.statement, "EXPLAIN of a statement that is not a query");
}

std::unique_ptr<QueryRun> run_explain(const Context& context, const Explain& explain) {
  if (explain.analyze) refuse(context.statement, "EXPLAIN ANALYZE");
  for (const auto& [key, value] : explain.options) {
    const bool is_default = equals_ignoring_case(value, "TEXT") ||
                            equals_ignoring_case(value, "LOGICAL") ||
                            equals_ignoring_case(value, "DISTRIBUTED");
    if (!is_default) refuse(context.statement, "EXPLAIN (" + key + " " + value + ")");
  }
  if (const auto* execute = std::get_if<Execute>(&explain.statement->node)) {
    return run_prepared(context, *execute, [](const Context& inner) {
      return explain_statement(inner, inner.statement);
    });
  }
  return explain_statement(context, *explain.statement);
}

/// Tells what a statement would read.
std::unique_ptr<QueryRun> run_dry(const Context& context) {
  const auto tell = [](const Context& inner) { return explain_statement(inner, inner.statement); };
  if (const auto* execute = std::get_if<Execute>(&context.statement.node))
    return run_prepared(context, *execute, tell);
  return tell(context);
}

/// Writes the rows of a query to one Parquet file.
std::unique_ptr<QueryRun> write_parquet_file(const Context& context, const std::string& path) {
  const auto* query = std::get_if<QueryStatement>(&context.statement.node);
  if (query == nullptr) {
    throw semantic_error(ErrorCode::kNotSupported, context.statement.location,
                         "Only the rows of a query can become a Parquet file");
  }
  const std::unique_ptr<const Analysis> analysis =
      analyze_query(*query->query, context.num_nodes, context.catalog, analysis_options(context));
  const std::unique_ptr<ResultStream> stream =
      start_plan(context, plan_parquet_export(*analysis), ParquetOutput{path, "zstd", {}});
  uint64_t num_rows = 0;
  for (ColumnBatch batch; stream->next(batch);)
    num_rows += static_cast<uint64_t>(batch.columns[0].int64_at(0));
  return make_count_run({}, num_rows);
}

/// Chooses who runs a statement. No catch-all: a new form must be handled here.
struct Dispatcher {
  const Context& context;

  std::unique_ptr<QueryRun> operator()(const QueryStatement& node) const {
    return run_plan(context, plan_of(context, *node.query));
  }
  std::unique_ptr<QueryRun> operator()(const Explain& node) const {
    return run_explain(context, node);
  }
  std::unique_ptr<QueryRun> operator()(const CreateTable& node) const {
    return ddl().create_table(node, resolver());
  }
  std::unique_ptr<QueryRun> operator()(const CreateDatabase& node) const {
    return ddl().create_database(node);
  }
  std::unique_ptr<QueryRun> operator()(const AlterDatabase& node) const {
    return ddl().alter_database(node);
  }
  std::unique_ptr<QueryRun> operator()(const AlterTable& node) const {
    if (!std::holds_alternative<AlterTable::PartitionChange>(node.change))
      return ddl().alter_table(node, resolver());
    return with_partitions([&](const PartitionRunner& runner) { return runner.alter(node); });
  }
  std::unique_ptr<QueryRun> operator()(const CreateTableAs& node) const {
    return with_write_runner(
        context, [&](const WriteRunner& runner) { return runner.create_table_as(node); });
  }
  std::unique_ptr<QueryRun> operator()(const Insert& node) const {
    return with_write_runner(context,
                             [&](const WriteRunner& runner) { return runner.insert(node); });
  }
  std::unique_ptr<QueryRun> operator()(const Unload& node) const {
    return with_write_runner(context,
                             [&](const WriteRunner& runner) { return runner.unload(node); });
  }
  std::unique_ptr<QueryRun> operator()(const RepairTable& node) const {
    return with_partitions([&](const PartitionRunner& runner) { return runner.repair(node); });
  }
  std::unique_ptr<QueryRun> operator()(const DropDatabase& node) const {
    return swept(ddl().drop_database(node));
  }
  std::unique_ptr<QueryRun> operator()(const DropTable& node) const {
    return swept(ddl().drop_table(node));
  }
  std::unique_ptr<QueryRun> operator()(const CreateView& node) const {
    return ddl().create_view(node, now_us());
  }
  std::unique_ptr<QueryRun> operator()(const DropView& node) const { return ddl().drop_view(node); }
  std::unique_ptr<QueryRun> operator()(const ShowDatabases& node) const {
    return show().databases(node);
  }
  std::unique_ptr<QueryRun> operator()(const ShowTables& node) const { return show().tables(node); }
  std::unique_ptr<QueryRun> operator()(const ShowViews& node) const { return show().views(node); }
  std::unique_ptr<QueryRun> operator()(const ShowColumns& node) const {
    return show().columns(node);
  }
  std::unique_ptr<QueryRun> operator()(const ShowCreateTable& node) const {
    return show().create_table(
        node, resolver(), [this](const CatalogTable& table) { return store_of(context, table); },
        context.cancellation);
  }
  std::unique_ptr<QueryRun> operator()(const ShowCreateView& node) const {
    return show().create_view(node);
  }
  std::unique_ptr<QueryRun> operator()(const ShowTableProperties& node) const {
    return show().table_properties(node);
  }
  std::unique_ptr<QueryRun> operator()(const ShowPartitions& node) const {
    return with_partitions([&](const PartitionRunner& runner) { return runner.show(node); });
  }
  std::unique_ptr<QueryRun> operator()(const ShowFunctions& node) const {
    return show().functions(node);
  }
  std::unique_ptr<QueryRun> operator()(const Describe& node) const {
    if (!node.partition) return show().describe(node, std::nullopt);
    return with_partitions([&](const PartitionRunner& runner) {
      return show().describe(node, runner.find_described(node.table, *node.partition));
    });
  }
  std::unique_ptr<QueryRun> operator()(const Prepare& node) const {
    return prepare_statement(context.catalog, node);
  }
  std::unique_ptr<QueryRun> operator()(const Execute& node) const {
    return run_prepared(context, node, [](const Context& inner) {
      return std::visit(Dispatcher{inner}, inner.statement.node);
    });
  }
  std::unique_ptr<QueryRun> operator()(const Deallocate& node) const {
    return deallocate_statement(context.catalog, node);
  }

 private:
  LocationResolver resolver() const { return resolver_of(context); }
  /// Removes the files of managed tables that are no more.
  std::unique_ptr<QueryRun> swept(std::unique_ptr<QueryRun> run) const {
    remove_dropped_folders(context.catalog, context.options.home);
    return run;
  }
  DdlRunner ddl() const {
    return DdlRunner(context.catalog, context.session.database, context.statement);
  }
  template <typename Run>
  std::unique_ptr<QueryRun> with_partitions(const Run& run) const {
    const PartitionSurroundings surroundings(context, {});
    return run(PartitionRunner(context.catalog, context.session.database, surroundings.resolver(),
                               surroundings.context()));
  }
  ShowRunner show() const {
    return ShowRunner(context.catalog, context.session, context.statement);
  }
};

// The catalog knows no places; what it refuses is told of the whole statement, as Trino does.
bool is_about_whole_statement(ErrorCode code) {
  return code == ErrorCode::kTableAlreadyExists || code == ErrorCode::kSchemaAlreadyExists ||
         code == ErrorCode::kSchemaNotEmpty || code == ErrorCode::kGenericUserError ||
         code == ErrorCode::kPermissionDenied;
}

ServiceOptions with_home(ServiceOptions options) {
  make_private_folder(options.home);
  options.home = real_path(options.home);
  return options;
}

}  // namespace

QueryService::QueryService(ServiceOptions options)
    : options_(with_home(std::move(options))),
      catalog_(Catalog::open(options_.home + "/catalog.db")),
      temporary_folder_(options_.home + "/tmp", "run-") {
  if (options_.engine.temporary_directory.empty()) {
    options_.engine.temporary_directory = temporary_folder_.path();
  }
  options_.engine.stock = std::make_shared<DatabaseStock>(options_.engine.database);
  if (!options_.logs.empty())
    catalog_->set_session_trail(make_trail(kSessionTrailName, options_.logs, location_resolver()));
}

LocationResolver QueryService::location_resolver() const {
  return LocationResolver(options_.location_maps, catalog_->location_maps());
}

FileStore QueryService::store_of(const Trail& trail, const Cancellation& cancellation,
                                 RequestCounts& counts) {
  return FileStore(buckets_, access_of(trail.properties, "Trail " + trail.name, options_.aws),
                   RequestContext{cancellation, counts}, options_.skips_denied,
                   {listing_memory({}), {}});
}

std::shared_ptr<ListingCache> QueryService::listing_memory(
    std::function<void(std::string)> tell) const {
  return std::make_shared<ListingMemory>(options_.home + "/catalog.db", options_.open_days,
                                         options_.refresh, std::move(tell));
}

QueryService::~QueryService() = default;

void QueryService::check_output_file(const std::string& path) const {
  check_no_logs(*catalog_, location_resolver(), path, path);
  const std::string real = real_path(path);
  if (real.substr(0, real.rfind('/')) != options_.home) return;
  throw QueryError(ErrorCode::kPermissionDenied,
                   fmt::format("Access Denied: {} lies where this program keeps its state", path));
}

/// Parses a statement, calls `use` with everything that it needs, and places errors.
template <typename Use>
std::unique_ptr<QueryRun> QueryService::with_statement(std::string_view text,
                                                       const Session& session,
                                                       const Cancellation& cancellation,
                                                       ScanReport& report, const Use& use) {
  const std::unique_ptr<const Statement> statement = parse_statement(text);
  const auto tell = [&report](std::string sentence) { report.add_remark(std::move(sentence)); };
  const Context context{{*catalog_, options_, cancellation, report, buckets_, listing_memory(tell)},
                        session,
                        *statement,
                        {},
                        statement->num_nodes};
  if (options_.strict) report.make_notes_errors();
  try {
    const bool takes_values = std::holds_alternative<Prepare>(statement->node) ||
                              std::holds_alternative<Execute>(statement->node);
    if (!takes_values) check_num_parameters(*statement, 0);
    return use(context);
  } catch (const QueryError& error) {
    if (error.location().known() || !is_about_whole_statement(error.code())) throw;
    throw QueryError(error.code(), statement->location, error.what(), error.hint());
  }
}

std::unique_ptr<QueryRun> QueryService::run(std::string_view statement, const Session& session,
                                            const Cancellation& cancellation, ScanReport& report) {
  return with_statement(statement, session, cancellation, report, [](const Context& context) {
    if (context.options.is_dry_run && !std::holds_alternative<Explain>(context.statement.node))
      return run_dry(context);
    return std::visit(Dispatcher{context}, context.statement.node);
  });
}

std::unique_ptr<QueryRun> QueryService::run_to_parquet(std::string_view statement,
                                                       const Session& session,
                                                       const Cancellation& cancellation,
                                                       ScanReport& report,
                                                       const std::string& path) {
  const auto write = [&](const Context& context) { return write_parquet_file(context, path); };
  return with_statement(statement, session, cancellation, report, [&](const Context& context) {
    if (const auto* execute = std::get_if<Execute>(&context.statement.node))
      return run_prepared(context, *execute, write);
    return write(context);
  });
}

}  // namespace trailsql
