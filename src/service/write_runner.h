// Statements that write rows: CREATE TABLE … AS, INSERT and UNLOAD.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "analysis/write_analyzer.h"
#include "catalog/catalog.h"
#include "engine/engine.h"
#include "plan/write_plan.h"
#include "service/location_resolver.h"
#include "service/query_service.h"
#include "service/sent_files.h"
#include "service/staged_files.h"
#include "service/table_format.h"

namespace trailsql {

/// What a WriteRunner needs of the statement and its surroundings. All of it outlives the runner.
struct WriteContext {
  /// Starts a planned query; with an output the engine writes the rows itself.
  using StartPlan =
      std::function<std::unique_ptr<ResultStream>(Plan, std::optional<ParquetOutput>)>;

  Catalog& catalog;
  const LocationResolver& resolver;
  const std::string& home;
  const AnalysisOptions& options;
  Location place;          // of the statement
  uint32_t num_nodes = 0;  // of the statement and its parameters
  StartPlan start;
  /// Returns how the files of a table are reached.
  std::function<std::shared_ptr<const FileStore>(const CatalogTable&)> store_of;
  /// Undoes what dead processes have sent into buckets.
  std::function<void()> undo_dead_uploads;
};

/// Carries one statement out. Files are written into a hidden folder; when all are whole, the
/// catalog is told of them in one transaction, and they are moved to their place, by whoever comes
/// next if this process dies. Into buckets they are sent before the catalog is told. A statement
/// that ends early leaves nothing. Runs have a message and
/// one row, the number of rows written.
class WriteRunner {
 public:
  explicit WriteRunner(WriteContext context) : context_(std::move(context)) {}

  /// Throws TABLE_ALREADY_EXISTS, what read_table_properties and analyze_create_table_as throw,
  /// INVALID_TABLE_PROPERTY and HIVE_PATH_ALREADY_EXISTS for the external_location,
  /// PERMISSION_DENIED when it would be among logs, and what the query throws.
  std::unique_ptr<QueryRun> create_table_as(const CreateTableAs& node) const;
  /// Throws TABLE_NOT_FOUND, what analyze_insert and form_of throw, PERMISSION_DENIED.
  std::unique_ptr<QueryRun> insert(const Insert& node) const;
  /// Throws as create_table_as does, of its location.
  std::unique_ptr<QueryRun> unload(const Unload& node) const;

  /// Returns the plan that the statement runs, for EXPLAIN.
  Plan plan(const CreateTableAs& node) const;
  Plan plan(const Insert& node) const;
  Plan plan(const Unload& node) const;

 private:
  struct Written {
    uint64_t num_rows = 0;
    std::vector<CatalogPartition> partitions;
  };
  /// Runs the query and writes its rows into `staged`, which it finishes.
  Written write(const WriteAnalysis& analysis, const FileForm& form, StagedFiles& staged) const;
  uint64_t write_parquet(Plan plan, const FileForm& form, const PartitionNumbers& partitions,
                         const StagedFiles& staged) const;
  uint64_t write_lines(Plan plan, const FileForm& form, const PartitionNumbers& partitions,
                       const StagedFiles& staged) const;
  std::map<std::string, std::string> target_folders(
      const CatalogTable& table, const std::string& folder,
      const std::vector<CatalogPartition>& written) const;
  void check_new_partitions(const CatalogTable& table,
                            const std::map<std::string, std::string>& targets) const;
  void prepare_folder(const std::string& name, const std::string& target,
                      const StagedFiles& staged) const;
  void move_into_table(const CatalogTable& table, const std::string& folder, StagedFiles& staged,
                       const std::vector<CatalogPartition>& partitions) const;
  /// Moves what the catalog knows of by now, and remembers that its folders hold no logs.
  void finish_written(const std::vector<std::string>& folders, StagedFiles& staged) const;
  WriteAnalysis analyze(const CreateTableAs& node, const WriteProperties& properties) const;
  std::shared_ptr<const CatalogTable> target_of(const Insert& node) const;
  /// Returns where a location lies: a real path, or in a bucket.
  std::string folder_at(const std::string& location) const;
  /// Returns the folder that a statement writes to: one of folder_at, empty, and not among logs.
  std::string empty_folder(const std::string& location, const std::string& statement) const;
  /// Returns where the files for a folder are staged: in `beside`, or for a bucket in the home.
  std::string staging_parent(const std::string& folder, const std::string& beside) const;

  WriteContext context_;
};

}  // namespace trailsql
