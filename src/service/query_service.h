// The only place that sees the whole journey of a statement: text in, rows or a message out.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/cancellation.h"
#include "catalog/catalog.h"
#include "engine/engine.h"
#include "scan/scan_report.h"
#include "service/home_folder.h"
#include "service/listing_memory.h"
#include "service/location_resolver.h"
#include "service/request_cost.h"
#include "service/result_writer.h"
#include "service/time_window.h"
#include "store/file_store.h"
#include "types/row_source.h"

namespace trailsql {

/// Settings that hold for all statements of a service.
struct ServiceOptions {
  std::string home;                        // absolute; made when absent
  EngineOptions engine;                    // temporary_directory may be empty: <home>/tmp/…
  bool strict = false;                     // whatever is odd in files ends the query
  bool deduplicate = false;                // of every table with records: see trailsql.deduplicate
  std::vector<LocationMap> location_maps;  // of the command line: before those remembered
  std::vector<std::string> logs;           // locations of the trail of this service alone
  AwsAccess aws;                           // how buckets are reached, where a table says nothing
  bool skips_denied = false;               // queries go on without what of buckets may not be read
  bool is_dry_run = false;                 // queries tell what they would read, and read nothing
  ScanPrice price;                         // Athena's, for estimates
  uint32_t open_days = kDefaultOpenDays;   // earlier days of a bucket's trails are listed once
  bool refresh = false;                    // what was listed before does not count
  TimeWindow time_window;                  // of every record that a statement reads
};

/// How DESCRIBE and SHOW COLUMNS answer.
enum class ListingForm : uint8_t {
  kColumns,  // for eyes and programs: a column for each of name, type and comment
  kLines,    // as Athena's results: one text a row, padded and joined by tabs
};

/// What a statement depends on besides the catalog.
struct Session {
  std::string database = std::string(Catalog::kDefaultDatabase);  // of unqualified names
  ListingForm listing_form = ListingForm::kColumns;
};

enum class StatementKind : uint8_t {
  kQuery,    // rows of data
  kListing,  // SHOW, DESCRIBE: rows of names
  kText,     // SHOW CREATE TABLE, EXPLAIN: one column, whose rows are the lines of a text
  kChange,   // of the catalog: no columns, a message
};

/// One statement under way. Use from one thread; destroying it early ends it. `next` and
/// `next_text` throw whatever ends the query.
class QueryRun : public RowSource {
 public:
  virtual StatementKind kind() const = 0;
  virtual const std::vector<ResultColumn>& columns() const = 0;
  /// Returns what was done, one line for people ("Table default.t was created"), of kChange; else
  /// an empty text.
  virtual std::string message() const { return {}; }
  /// Returns what a person may have meant otherwise, one line each.
  virtual std::vector<std::string> advice() const { return {}; }
};

/// Runs statements. One object per thread; several, in one process or many, may share a home.
class QueryService {
 public:
  /// Opens the catalog in `options.home`. Throws HIVE_FILESYSTEM_ERROR, HIVE_METASTORE_ERROR, and
  /// INVALID_ARGUMENTS when nothing lies where `options.logs` says.
  explicit QueryService(ServiceOptions options);
  ~QueryService();

  /// Starts one statement. Changes of the catalog are done when this returns; of queries, columns
  /// are known and rows are pulled from the run. `cancellation` and `report` must outlive the run.
  /// Throws every error of every station by Trino's name and place (in `statement`).
  std::unique_ptr<QueryRun> run(std::string_view statement, const Session& session,
                                const Cancellation& cancellation, ScanReport& report);

  /// Runs a query, or an EXECUTE of one, and writes its rows as a Parquet file to `path`, whatever
  /// their types (`ParquetValueLowering`), compressed with zstd. Returns a run with one row, their
  /// number. Throws NOT_SUPPORTED for other statements.
  std::unique_ptr<QueryRun> run_to_parquet(std::string_view statement, const Session& session,
                                           const Cancellation& cancellation, ScanReport& report,
                                           const std::string& path);

  /// Throws PERMISSION_DENIED when a file of this path would be among logs, or is one, and when it
  /// is part of the program's own state.
  void check_output_file(const std::string& path) const;

  Catalog& catalog() { return *catalog_; }
  /// Returns where locations lie by the maps known now.
  LocationResolver location_resolver() const;
  const std::string& home() const { return options_.home; }
  /// Returns how the files of a trail are reached. What is given by reference must outlive it.
  FileStore store_of(const Trail& trail, const Cancellation& cancellation, RequestCounts& counts);

 private:
  template <typename Use>
  std::unique_ptr<QueryRun> with_statement(std::string_view text, const Session& session,
                                           const Cancellation& cancellation, ScanReport& report,
                                           const Use& use);
  std::shared_ptr<ListingCache> listing_memory(std::function<void(std::string)> tell) const;

  ServiceOptions options_;
  std::unique_ptr<Catalog> catalog_;
  TemporaryFolder temporary_folder_;
  Buckets buckets_;
};

}  // namespace trailsql
