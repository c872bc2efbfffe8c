// The fast path and the exact path give the same answers: over real logs, and over documents broken
// at random.
#include <gtest/gtest.h>

#include <random>

#include "scan/fast_rows.h"
#include "scan/scan_fixture.h"
#include "scan/scan_worker.h"
#include "scan/structure_window.h"

namespace trailsql {
namespace {

namespace fs = std::filesystem;
using Rows = std::vector<std::string>;
using Source = ScanColumn::Source;

constexpr const char* kRecords =
    "array<struct<eventName:string,userIdentity:struct<type:string,arn:string,sessionContext:"
    "struct<attributes:struct<mfaAuthenticated:boolean>>>,sourceIPAddress:string,"
    "requestParameters:string,resources:array<struct<ARN:string,accountId:bigint>>,"
    "additionalEventData:map<string,string>,readOnly:boolean,eventTime:timestamp,errorCode:string,"
    "tls:struct<version:string,hosts:array<string>,offers:array<struct<n:int,names:array<string>,"
    "of:struct<a:string,b:boolean>>>>>>";

ScanSpec paths_spec(const std::string& path) {
  ScanOrder order{
      {{"records", kRecords}, {"extra", "double"}}, {{"ignore.malformed.json", "true"}}, 0};
  ScanSpec spec = make_spec(order, path);
  const Type record = spec.table_columns[0].type.element();
  const std::vector<std::vector<uint32_t>> paths{{0}, {1}, {1, 1}, {1, 2, 0, 0}, {2}, {3},    {4},
                                                 {5}, {6}, {7},    {8},          {9}, {9, 2}, {}};
  for (const std::vector<uint32_t>& fields : paths) {
    Type type = record;
    for (const uint32_t field : fields) type = Type(type.fields()[field].type);
    spec.columns.push_back(wanted(Source::kElement, 0, fields, type));
  }
  spec.columns.push_back(wanted(Source::kTable, 1, {}, TypeKind::kDouble));
  return spec;
}

Rows run(const ScanSpec& spec, bool exact_only, ScanReport& report) {
  const Cancellation cancellation;
  auto state = std::make_shared<JsonScanState>(spec, report, cancellation);
  state->options = parse_openx_options(spec.format.properties);
  state->set_files(list_files(spec.stored_path).files);
  std::vector<uint32_t> all(spec.columns.size());
  for (uint32_t i = 0; i < all.size(); ++i) all[i] = i;
  Rows rows;
  try {
    JsonScanWorker worker(state, all, exact_only);
    ColumnBatch batch;
    while (const size_t num_rows = worker.next(batch, 100)) {
      for (size_t row = 0; row < num_rows; ++row) {
        std::string text;
        for (const Column& column : batch.columns) text += value_text(column, row) + " ";
        rows.push_back(std::move(text));
      }
    }
  } catch (const QueryError& error) {
    // How many rows came before the error depends on the path taken; that there is one does not.
    return {"ERROR " + std::string(error_name(error.code()))};
  }
  return rows;
}

void expect_same(const std::string& bytes) {
  static const TemporaryFolder folder;
  folder.write("f.json", bytes);
  const ScanSpec spec = paths_spec(folder.path());
  ScanReport fast_report;
  ScanReport exact_report;
  ASSERT_EQ(run(spec, false, fast_report), run(spec, true, exact_report)) << bytes;
  ASSERT_EQ(fast_report.num_notes(ScanNoteKind::kMalformedLine),
            exact_report.num_notes(ScanNoteKind::kMalformedLine));
  ASSERT_EQ(fast_report.num_notes(ScanNoteKind::kTrailingData),
            exact_report.num_notes(ScanNoteKind::kTrailingData));
}

// With a filter on the names of events, a scan may leave out rows of other names, and nothing else.
void expect_filtered(const std::string& bytes) {
  static const TemporaryFolder folder;
  folder.write("f.json", bytes);
  ScanSpec spec = paths_spec(folder.path());
  spec.format.properties["use.null.for.invalid.data"] = "true";
  ScanReport report;
  const Rows all = run(spec, true, report);
  const ScanColumn name = spec.columns[0];
  for (const std::string value : {"A", "x", "last", "pretty", "q\"\\A\U0001F600"}) {
    spec.text_filters = {{name, {value}, {}, {}}};
    ScanReport filtered_report;
    const Rows kept = run(spec, false, filtered_report);
    EXPECT_EQ(filtered_report.num_records, report.num_records) << bytes;
    size_t next = 0;
    for (const std::string& row : all) {
      const bool is_kept = next < kept.size() && kept[next] == row;
      if (is_kept) ++next;
      ASSERT_TRUE(is_kept || !row.starts_with(json_string(value) + " ")) << bytes;
    }
    ASSERT_EQ(next, kept.size()) << bytes;
  }
}

const std::vector<std::string> kSeeds{
    R"({"Records":[{"eventName":"A","userIdentity":{"type":"Root","arn":"arn:x","sessionContext":)"
    R"({"attributes":{"mfaAuthenticated":"true"}}},"sourceIPAddress":"1.2.3.4","requestParameters":)"
    R"({"a": [1, 2.50, {"b":null}], "tag":1,"Tag":"é"},"readOnly":true},null,{}],"extra":1.5})",
    R"({"records":[{"EVENTNAME":"q\"\\\u0041\ud83d\ude00","resources":[{"ARN":"r","accountId":12}],)"
    R"("additionalEventData":{"k":"v","n":1,"N":2},"eventTime":"2023-07-10T11:42:00Z"}]})",
    R"({ "records" : [ { "errorCode" : null , "eventTime":1688989320 } , {"eventName":"x"} ] } x)",
    R"({"records":{"eventName":"single"},"RECORDS":[{"eventName":"last"},{"userIdentity":null}]})",
    "{\n \"records\": [\n  {\"eventName\": \"pretty\",\n \"readOnly\": \"no\"}\n ]\n}\n",
    R"({"extra":12,"records":[{"requestParameters":"text \/ \t","errorCode":007}]})"
    "\n"
    R"({"extra":-0.0,"records":[]})",
    R"({"records":[{"tls":{"version":"1.3","hosts":["a", "b\\n",null,7],"offers":[{"n":1,"names":["x"],)"
    R"("of":{"b":true,"A":"q","a":"é"}}, null,{"names":null,"N":"2","of":null}]},"resources":[]},)"
    R"({"tls":{"HOSTS":"one","offers":{"n":3},"version":null,"version":{"a":1}}},{"tls":[1,[2]]}]})",
};

TEST(Differential, MutatedDocuments) {
  const std::string kBytes = "{}[]\",:\\/ \t\n\r'=;#0123456789aeunlt\xC3\xA9\xFF\x01";
  std::mt19937 random(20260101);
  for (int i = 0; i < 1500; ++i) {
    std::string text = kSeeds[random() % kSeeds.size()];
    for (size_t edits = random() % 4; edits > 0; --edits) {
      const size_t at = random() % text.size();
      switch (random() % 4) {
        case 0: text[at] = kBytes[random() % kBytes.size()]; break;
        case 1: text.insert(at, 1, kBytes[random() % kBytes.size()]); break;
        case 2: text.erase(at, 1 + random() % 3); break;
        default: text.insert(at, text.substr(random() % text.size(), random() % 20));
      }
      if (text.empty()) text = "{";
    }
    ASSERT_NO_FATAL_FAILURE(expect_same(text));
    ASSERT_NO_FATAL_FAILURE(expect_filtered(text));
  }
}

TEST(Differential, RowsThatAreFilteredOut) {
  for (const std::string& seed : kSeeds) ASSERT_NO_FATAL_FAILURE(expect_filtered(seed));
  // Most documents hold no row to keep, then most do.
  std::string text;
  for (int i = 0; i < 3000; ++i) {
    text += fmt::format(R"({{"records":[{{"eventName":"{}"}},{{"eventName":"A{}"}}]}})",
                        i % 100 == 0 || i > 1500 ? "x" : "y", i) +
            "\n";
  }
  expect_filtered(text);
}

// Long texts, so that strings, escapes and line ends meet the borders of blocks and windows.
TEST(Differential, BordersOfBlocks) {
  for (size_t padding = 3950; padding < 4250; ++padding) {
    const std::string text = R"({"records":[{"eventName":")" + std::string(padding, 'p') +
                             R"(\\","requestParameters":"\"\u0041\\\\"}]})";
    ASSERT_NO_FATAL_FAILURE(expect_same(text + "\r\n" + text));
  }
}

TEST(Differential, TheFastPathTakesPlainLogs) {
  ScanOrder order{{{"records", kRecords}}, {}, 0};
  ScanSpec spec = make_spec(order, "");
  spec.columns = {wanted(Source::kElement, 0, {0}, Type::varchar())};
  const OpenXOptions options;
  const Projection projection = make_projection(spec, options, {0});
  ValueConverter converter(options);
  FastRows fast(projection, converter);
  const std::string text = kSeeds[0] + std::string(ByteBuffer::kPaddingBytes, '\0');
  const std::string_view document = std::string_view(text).substr(0, kSeeds[0].size());
  EXPECT_TRUE(fast.read(document, true));
  EXPECT_EQ(fast.num_rows(), 3u);
  EXPECT_EQ(fast.consumed_bytes(), document.size());
}

void expect_same_window(const StructureWindow& window, const StructureWindow& expected) {
  ASSERT_EQ(window.num_blocks, expected.num_blocks);
  ASSERT_EQ(window.at_end, expected.at_end);
  ASSERT_EQ(window.has_non_ascii, expected.has_non_ascii);
  ASSERT_EQ(window.has_backslash, expected.has_backslash);
  for (size_t i = 0; i < window.num_blocks; ++i) {
    ASSERT_EQ(window.quotes[i], expected.quotes[i]);
    ASSERT_EQ(window.brackets[i], expected.brackets[i]);
    ASSERT_EQ(window.opens[i], expected.opens[i]);
    ASSERT_EQ(window.curlies[i] & window.brackets[i], expected.curlies[i] & window.brackets[i]);
    ASSERT_EQ(window.colons[i], expected.colons[i]);
    ASSERT_EQ(window.bad_in_object[i], expected.bad_in_object[i]);
    ASSERT_EQ(window.bad_in_array[i], expected.bad_in_array[i]);
  }
}

// Whatever the bytes, and however the windows are cut, every implementation sees the same.
TEST(Differential, AllImplementationsOfStructureWindows) {
  std::mt19937 random(7);
  const std::string kBytes = "\"\"\"\\u0a\xC3\n\r\t {}[],::1nx";
  const StructureFiller& portable = structure_fillers().back();
  for (int i = 0; i < 3000; ++i) {
    std::string text(random() % 6000, 'x');
    for (size_t changes = random() % 500; changes > 0 && !text.empty(); --changes)
      text[random() % text.size()] = kBytes[random() % kBytes.size()];
    const size_t size = text.size();
    text.resize(size + ByteBuffer::kPaddingBytes);
    const bool stop = random() % 4 == 0;
    for (const StructureFiller& filler : structure_fillers()) {
      if (!filler.supported) continue;
      StructureCarry carry;
      StructureCarry portable_carry;
      StructureWindow window;
      StructureWindow expected;
      window.at_end = false;
      const char* begin = text.data();
      for (const char* end = begin + size; !window.at_end;) {
        filler.fill(begin, end, stop, carry, window);
        portable.fill(begin, end, stop, portable_carry, expected);
        ASSERT_NO_FATAL_FAILURE(expect_same_window(window, expected)) << filler.name;
        begin += window.num_blocks * StructureWindow::kBlockBytes;
      }
    }
  }
}

std::string log_folder() { return shared_folder() + "/data/cloudtrail"; }

TEST(Differential, RealLogs) {
  if (!fs::exists(log_folder())) GTEST_SKIP() << "no logs under " << log_folder();
  size_t num_files = 0;
  for (const char* part : {"/bucket", "/oddities", "/digests"}) {
    for (const StoredFile& file : list_files(log_folder() + part).files) {
      const ScanSpec spec = paths_spec(log_folder() + part + "/" + file.relative_path);
      ScanReport fast_report;
      ScanReport exact_report;
      EXPECT_EQ(run(spec, false, fast_report), run(spec, true, exact_report)) << file.relative_path;
      ++num_files;
    }
  }
  EXPECT_GT(num_files, 150u);
}

TEST(RealLogs, TheBucketHoldsAllItsRecords) {
  const std::string folder = log_folder() + "/bucket";
  if (!fs::exists(folder)) GTEST_SKIP() << "no logs under " << folder;
  ScanReport report;
  ScanSpec spec = paths_spec(folder + "/my-cross-account-prefix");
  const Rows rows = run(spec, false, report);
  EXPECT_EQ(rows.size(), 2900u);
  EXPECT_EQ(report.num_files_done, 55u);
  EXPECT_EQ(report.num_notes(), 0u);
  spec.columns.clear();
  EXPECT_EQ(run(spec, false, report).size(), 2900u);
}

TEST(RealLogs, EveryOddityIsCountedOrReported) {
  const std::string folder = log_folder() + "/oddities";
  if (!fs::exists(folder)) GTEST_SKIP() << "no logs under " << folder;
  for (const StoredFile& file : list_files(folder).files) {
    ScanReport report;
    ScanSpec spec = paths_spec(folder + "/" + file.relative_path);
    spec.columns.clear();
    const Rows rows = run(spec, false, report);
    EXPECT_TRUE(!rows.empty() || report.num_notes() > 0) << file.relative_path;
    EXPECT_TRUE(rows.empty() || !rows[0].starts_with("ERROR")) << file.relative_path;
  }
}

}  // namespace
}  // namespace trailsql
