// front_end: how long a query's journey takes before the engine sees it: parse, analyse, plan.
// Prints one JSON object a query, for ./dev bench.
#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include "analysis/analyzer.h"
#include "analysis/metadata_for_test.h"
#include "analysis/type_resolver.h"
#include "plan/plan.h"
#include "syntax/parser.h"

namespace trailsql {
namespace {

constexpr size_t kSmallBytes = 1'000;
constexpr size_t kLargeBytes = 200'000;
constexpr int kSmallRuns = 200;
constexpr int kLargeRuns = 9;

std::string read_file(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// One rule of a detection, as the field writes them; no two are equal.
std::string rule(size_t number) {
  return fmt::format(
      "count_if(record.eventName = 'Event{0}' AND record.eventSource LIKE '%{1}.amazonaws.com' AND "
      "coalesce(record.userIdentity.arn, '') NOT IN ('arn:aws:iam::{2:012}:user/a', 'b{0}')) AS "
      "rule_{0}",
      number, number % 97, number * 7919);
}

// A query of about `size_bytes` bytes: rules over the unnested records.
std::string query_of(size_t size_bytes) {
  std::string text = "SELECT record.awsRegion AS region";
  for (size_t i = 0; text.size() + 400 < size_bytes; ++i) text += ",\n" + rule(i);
  text += "\nFROM my_table_name CROSS JOIN UNNEST(records) AS t (record)\n";
  text += "WHERE from_iso8601_timestamp(record.eventTime) > TIMESTAMP '2023-01-01 00:00:00 UTC'\n";
  return text + "GROUP BY record.awsRegion ORDER BY 1 LIMIT 100";
}

struct Times {
  double parse_ms, analyse_ms, plan_ms;
  double total_ms() const { return parse_ms + analyse_ms + plan_ms; }
};

Times measure(const std::string& text, const Metadata& metadata) {
  using Clock = std::chrono::steady_clock;
  const auto milliseconds = [](Clock::time_point from, Clock::time_point to) {
    return std::chrono::duration<double, std::milli>(to - from).count();
  };
  const Clock::time_point start = Clock::now();
  const std::unique_ptr<const Statement> statement = parse_statement(text);
  const Clock::time_point parsed = Clock::now();
  const Query& query = *std::get<QueryStatement>(statement->node).query;
  const auto analysis = analyze_query(query, statement->num_nodes, metadata, {});
  const Clock::time_point analysed = Clock::now();
  const Plan plan = plan_query(*analysis);
  return {milliseconds(start, parsed), milliseconds(parsed, analysed),
          milliseconds(analysed, Clock::now())};
}

void report(const std::string& text, int num_runs, const Metadata& metadata) {
  std::vector<Times> runs;
  for (int i = 0; i < num_runs; ++i) runs.push_back(measure(text, metadata));
  std::sort(runs.begin(), runs.end(),
            [](const Times& a, const Times& b) { return a.total_ms() < b.total_ms(); });
  const Times& median = runs[runs.size() / 2];
  fmt::print(
      "{{\"bytes\":{},\"runs\":{},\"median_ms\":{:.3f},\"parse_ms\":{:.3f},\"analyse_ms\":{:.3f},"
      "\"plan_ms\":{:.3f},\"slowest_ms\":{:.3f}}}\n",
      text.size(), num_runs, median.total_ms(), median.parse_ms, median.analyse_ms, median.plan_ms,
      runs.back().total_ms());
}

void run(const std::string& table_file) {
  // The classic table of the DDL's own text, so that names resolve as they do for users.
  const std::unique_ptr<const Statement> ddl = parse_statement(read_file(table_file));
  const auto& create = std::get<CreateTable>(ddl->node);
  MetadataForTest metadata;
  std::vector<std::pair<std::string, std::string>> columns;
  for (const auto& column : create.columns)
    columns.emplace_back(column.name.value, resolve_type(column.type).hive_name());
  metadata.add_table("my_table_name", columns);
  report(query_of(kSmallBytes), kSmallRuns, metadata);
  report(query_of(kLargeBytes), kLargeRuns, metadata);
}

}  // namespace
}  // namespace trailsql

int main(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "Usage: front_end TABLE.sql\n");
    return 2;
  }
  try {
    trailsql::run(argv[1]);
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "front_end: {}\n", error.what());
    return 1;
  }
}
