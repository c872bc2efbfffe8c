// kernels: the parts of a scan by themselves, over one document as make_logs writes it, for whoever
// works on one of them: `build/release/kernels FILE [Google Benchmark's options]`. Bytes per second
// are of raw JSON.
#include <benchmark/benchmark.h>
#include <fmt/core.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "analysis/analyzer.h"
#include "analysis/metadata_for_test.h"
#include "plan/plan.h"
#include "scan/fast_rows.h"
#include "scan/json_document.h"
#include "scan/projection.h"
#include "scan/structure_window.h"
#include "store/compression.h"
#include "store/inflater.h"
#include "syntax/parser.h"

namespace trailsql {
namespace {

// The file's bytes, and the document in them; filled in once.
struct Input {
  std::string compressed;
  ByteBuffer raw;
  std::string_view text;
};
Input& input() {
  static Input the_input;
  return the_input;
}

void count_bytes(benchmark::State& state, size_t bytes_per_iteration) {
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations()) *
                          static_cast<int64_t>(bytes_per_iteration));
}

void inflate(benchmark::State& state) {
  const std::unique_ptr<Inflater> inflater = new_inflater(Compression::kGzip);
  for (auto _ : state) inflater->inflate(input().compressed, input().raw);
  count_bytes(state, input().text.size());
}

void masks(benchmark::State& state) {
  const StructureFiller& filler = structure_fillers().at(static_cast<size_t>(state.range(0)));
  if (!filler.supported) return state.SkipWithError("not on this processor");
  state.SetLabel(filler.name);
  StructureWindow window;
  for (auto _ : state) {
    StructureCarry carry;
    const char* at = input().text.data();
    const char* end = at + input().text.size();
    for (; at < end; at += window.num_blocks * StructureWindow::kBlockBytes)
      filler.fill(at, end, false, carry, window);
    benchmark::DoNotOptimize(window);
  }
  count_bytes(state, input().text.size());
}

// A scan of paths in the elements of "records", as in `record.userIdentity.arn`.
struct Paths {
  ScanSpec spec;
  Projection projection;

  Paths(const std::string& type, const std::vector<std::vector<uint32_t>>& paths) {
    spec.table_columns.push_back({"records", parse_type(type)});
    spec.unnest_column = 0;
    std::vector<uint32_t> wanted;
    for (const std::vector<uint32_t>& fields : paths) {
      Type end = spec.table_columns[0].type.element();
      for (const uint32_t field : fields) end = Type(end.fields()[field].type);
      wanted.push_back(static_cast<uint32_t>(spec.columns.size()));
      spec.columns.push_back({ScanColumn::Source::kElement, 0, fields, end});
    }
    projection = make_projection(spec, {}, wanted);
  }
};

constexpr const char* kThreeFields =
    "array(row(eventName varchar,userIdentity row(arn varchar),sourceIPAddress varchar))";
constexpr const char* kWide =
    "array(row(eventVersion varchar,userIdentity row(type varchar,principalId varchar,arn varchar,"
    "accountId varchar,accessKeyId varchar,sessionContext row(sessionIssuer row(arn varchar))),"
    "eventTime varchar,eventSource varchar,eventName varchar,awsRegion varchar,"
    "sourceIPAddress varchar,userAgent varchar,requestParameters varchar,responseElements varchar,"
    "requestID varchar,eventID varchar,readOnly varchar,resources array(row(ARN varchar,type "
    "varchar))))";

// From the text to where the wanted values lie: key matching.
void find(benchmark::State& state, const Paths& paths) {
  ValueConverter converter(paths.projection.options);
  FastRows rows(paths.projection, converter);
  for (auto _ : state) {
    if (!rows.read(input().text, false)) return state.SkipWithError("not sure of the document");
  }
  count_bytes(state, input().text.size());
}

// From there to columns.
void emit(benchmark::State& state, const Paths& paths) {
  ValueConverter converter(paths.projection.options);
  FastRows rows(paths.projection, converter);
  if (!rows.read(input().text, false)) return state.SkipWithError("not sure of the document");
  std::vector<Column> columns;
  for (const Projection::Delivered& column : paths.projection.columns)
    columns.emplace_back(column.type);
  constexpr size_t kRowsAtOnce = 128;
  for (auto _ : state) {
    for (size_t row = 0; row < rows.num_rows(); row += kRowsAtOnce) {
      rows.append(row, std::min(row + kRowsAtOnce, rows.num_rows()), true, columns);
      for (Column& column : columns) column.clear();
    }
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * rows.num_rows()));
  count_bytes(state, input().text.size());
}

void unescape(benchmark::State& state) {
  std::string raw;
  for (int i = 0; i < 1000; ++i) raw += R"({\"Version\":\"2012-10-17\",\"Statement\":[\n]} )";
  std::string decoded(raw.size() + ByteBuffer::kPaddingBytes, '\0');
  raw.append(ByteBuffer::kPaddingBytes, '\0');
  const std::string_view text(raw.data(), raw.size() - ByteBuffer::kPaddingBytes);
  for (auto _ : state) benchmark::DoNotOptimize(decode_escapes(text, decoded.data()));
  count_bytes(state, text.size());
}

void front_end(benchmark::State& state) {
  const std::string text =
      "SELECT record.eventName, count(*) FROM t CROSS JOIN UNNEST(records) AS u (record) "
      "WHERE record.userIdentity.arn LIKE '%role%' GROUP BY 1 ORDER BY 2 DESC LIMIT 20";
  MetadataForTest metadata;
  metadata.add_table("t", {{"records", kThreeFields}});
  for (auto _ : state) {
    const std::unique_ptr<const Statement> statement = parse_statement(text);
    const Query& query = *std::get<QueryStatement>(statement->node).query;
    benchmark::DoNotOptimize(plan_query(*analyze_query(query, statement->num_nodes, metadata, {})));
  }
}

bool read_input(const char* path) {
  std::ifstream file(path, std::ios::binary);
  input().compressed.assign(std::istreambuf_iterator<char>(file), {});
  if (!file) return false;
  new_inflater(Compression::kGzip)->inflate(input().compressed, input().raw);
  input().text = input().raw.view();
  return !input().text.empty();
}

void register_all() {
  static const Paths three(kThreeFields, {{0}, {1, 0}, {2}});
  static const Paths wide(
      kWide, {{0}, {1}, {2}, {3}, {4}, {5}, {6}, {7}, {8}, {9}, {10}, {11}, {12}, {13}});
  benchmark::RegisterBenchmark("inflate", inflate);
  benchmark::RegisterBenchmark("masks", masks)->Arg(0)->Arg(1)->Arg(2);
  benchmark::RegisterBenchmark("find/3 fields", find, three);
  benchmark::RegisterBenchmark("find/14 columns", find, wide);
  benchmark::RegisterBenchmark("emit/3 fields", emit, three);
  benchmark::RegisterBenchmark("emit/14 columns", emit, wide);
  benchmark::RegisterBenchmark("unescape", unescape);
  benchmark::RegisterBenchmark("front end", front_end);
}

}  // namespace
}  // namespace trailsql

int main(int argc, char** argv) {
  if (argc < 2 || !trailsql::read_input(argv[1])) {
    fmt::print(stderr, "kernels: wants a file of CloudTrail logs, gzipped, before the options\n");
    return 2;
  }
  argv[1] = argv[0];
  int num_options = argc - 1;
  trailsql::register_all();
  benchmark::Initialize(&num_options, argv + 1);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
