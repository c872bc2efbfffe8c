#include "statement_check.h"

#include <fmt/core.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <thread>
#include <variant>

#include "analysis/analyzer.h"
#include "analysis/metadata_for_test.h"
#include "base/error.h"
#include "engine/engine.h"
#include "plan/plan.h"
#include "scan/scan.h"
#include "syntax/parser.h"

namespace trailsql {
namespace {

constexpr uint64_t kMemoryBytes = 2'000'000'000;
constexpr auto kPatience = std::chrono::seconds(10);

// Two tables and the files under them.
class TinyTables {
 public:
  TinyTables()
      : folder_(std::filesystem::temp_directory_path() /
                fmt::format("trailsql_fuzz_{}",
                            std::chrono::steady_clock::now().time_since_epoch().count())) {
    write("logs", R"({"Records":[{"eventName":"PutObject","eventTime":"2024-05-01T10:00:00Z",)"
                  R"("requestParameters":{"bucketName":"b","items":[{"name":"x"}]},)"
                  R"("userIdentity":{"type":"Root","arn":"arn:aws:iam::1:root"},)"
                  R"("resources":[{"arn":"a","type":"t"},{"arn":null}]},{"eventName":null}]})"
                  "\n");
    write("accounts",
          R"({"id":"1","seats":3,"cost":1.5,"active":true,"since":"2024-01-01","tags":{"a":"b"},)"
          R"("owners":["x","y"]})"
          "\n{\"id\":null}\n{\"id\":\"\",\"seats\":-7,\"cost\":\"NaN\",\"owners\":[]}\n");
    metadata_.add_table(
        "my_table_name",
        {{"records",
          "array<struct<eventname:string,eventtime:string,requestparameters:string,"
          "useridentity:struct<type:string,arn:string,sessioncontext:struct<attributes:"
          "struct<mfaauthenticated:string>>>,resources:array<struct<arn:string,type:string>>>>"}});
    metadata_.add_table("accounts", {{"id", "string"},
                                     {"seats", "int"},
                                     {"cost", "double"},
                                     {"active", "boolean"},
                                     {"since", "date"},
                                     {"tags", "map<string,string>"},
                                     {"owners", "array<string>"}});
    metadata_.add_view("events",
                       "SELECT r.eventname, r.eventtime, r.requestparameters FROM my_table_name "
                       "CROSS JOIN UNNEST(records) AS t (r)",
                       {"eventname", "eventtime", "requestparameters"});
  }
  ~TinyTables() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  TinyTables(const TinyTables&) = delete;
  TinyTables& operator=(const TinyTables&) = delete;

  const Metadata& metadata() const { return metadata_; }
  std::string folder_of(std::string_view location) const {
    return (folder_ / (location.find("accounts") != std::string_view::npos ? "accounts" : "logs"))
        .string();
  }
  std::string temporary_folder() const { return (folder_ / "spill").string(); }

 private:
  void write(const std::string& name, std::string_view content) const {
    std::filesystem::create_directories(folder_ / name);
    std::ofstream(folder_ / name / "part.json") << content;
  }

  std::filesystem::path folder_;
  MetadataForTest metadata_;
};

const TinyTables& tiny_tables() {
  static const TinyTables tables;
  return tables;
}

// Asks the query to stop when it takes too long: mutations write cross joins.
class Watchdog {
 public:
  explicit Watchdog(Cancellation& cancellation)
      : thread_([this, &cancellation] {
          const auto end = std::chrono::steady_clock::now() + kPatience;
          while (!done_ && std::chrono::steady_clock::now() < end)
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
          if (!done_) cancellation.request();
        }) {}
  ~Watchdog() {
    done_ = true;
    thread_.join();
  }
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

 private:
  std::atomic<bool> done_{false};
  std::thread thread_;
};

void run(const Query& query, uint32_t num_nodes) {
  const TinyTables& tables = tiny_tables();
  AnalysisOptions options;
  options.start_time_us = 1'714'557'600'000'000;
  const std::unique_ptr<const Analysis> analysis =
      analyze_query(query, num_nodes, tables.metadata(), options);
  Plan plan = plan_query(*analysis);
  Cancellation cancellation;
  ScanReport report;
  EngineQuery engine_query;
  for (TableScan& scan : plan.scans) {
    scan.spec.local_path = tables.folder_of(scan.spec.location);
    engine_query.scans.push_back(open_scan(std::move(scan.spec), report, cancellation));
  }
  engine_query.sql = std::move(plan.engine_sql);
  engine_query.kernels = std::move(plan.kernels);
  for (const OutputColumn& column : plan.columns) engine_query.result_types.push_back(column.type);
  engine_query.ordered = plan.ordered;
  EngineOptions engine_options;
  engine_options.num_threads = 1;
  engine_options.memory_limit_bytes = kMemoryBytes;
  engine_options.temporary_directory = tables.temporary_folder();
  const Watchdog watchdog(cancellation);
  const auto stream = execute(std::move(engine_query), engine_options, cancellation);
  ColumnBatch batch;
  while (stream->next(batch)) cancellation.check();
}

// What one step says is wrong; empty when the statement was refused, or went through.
template <typename Step>
std::string finding_of(const Step& step) {
  try {
    return step();
  } catch (const QueryError& error) {
    const bool is_ours = error.code() == ErrorCode::kGenericInternalError;
    return is_ours ? error.full_text() : std::string();
  } catch (const std::exception& error) {
    return fmt::format("an exception: {}", error.what());
  }
}

// The prints are Trino's, where a query that is negated stands in two pairs of parentheses and in
// three when printed again: those, and blanks, do not count.
std::string without_parentheses(std::string text) {
  std::erase_if(text, [](char c) { return c == '(' || c == ')' || c == ' ' || c == '\n'; });
  return text;
}

}  // namespace

std::string check_statement(std::string_view text, bool* ran) {
  std::unique_ptr<const Statement> statement;
  std::string finding = finding_of([&] {
    statement = parse_statement(text);
    return std::string();
  });
  if (!statement) return finding;
  const std::string printed = print_statement(*statement);
  try {
    const std::string again = print_statement(*parse_statement(printed));
    if (without_parentheses(again) != without_parentheses(printed))
      return fmt::format("prints as\n{}\nand that as\n{}", printed, again);
  } catch (const QueryError& error) {
    // Printing adds parentheses, so a tree near a limit may print as one beyond it.
    if (error.code() == ErrorCode::kSyntaxError)
      return fmt::format("prints as\n{}\n{}", printed, error.full_text());
  }
  const auto* query = std::get_if<QueryStatement>(&statement->node);
  if (!query) return {};
  return finding_of([&] {
    run(*query->query, statement->num_nodes);
    if (ran) *ran = true;
    return std::string();
  });
}

}  // namespace trailsql
