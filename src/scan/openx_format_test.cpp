// How files become rows: lines, malformed input, unnesting, projection, notes. Row by row what
// README.md promises.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "scan/scan_fixture.h"
#include "scan/table_files.h"

namespace trailsql {
namespace {

using Rows = std::vector<std::string>;
using Source = ScanColumn::Source;
const std::map<std::string, std::string> kIgnore{{"ignore.malformed.json", "true"}};

ScanOrder one_string() { return {{{"s", "string"}}, {}, std::nullopt}; }

Rows strings(std::string_view bytes, std::map<std::string, std::string> properties = kIgnore) {
  ScanOrder order = one_string();
  order.properties = std::move(properties);
  return rows_of(bytes, order);
}

TEST(OpenXFormat, EveryKindOfLineEndEndsALine) {
  EXPECT_EQ(strings("{\"s\":1}\r\n{\"s\":2}\n{\"s\":3}\r{\"s\":4}"),
            (Rows{"[\"1\"]", "[\"2\"]", "[\"3\"]", "[\"4\"]"}));
  EXPECT_EQ(strings("{\"s\":1}\r\r\n{\"s\":2}\r"), (Rows{"[\"1\"]", "[null]", "[\"2\"]"}));
  EXPECT_EQ(strings("{}\n{\"s\":\"cr\ralone\"}"), Rows(3, "[null]"));
}

TEST(OpenXFormat, LinesWithoutAnObjectAreRowsOfNulls) {
  EXPECT_EQ(strings("bad\n\n  \nnull\n\"text\"\n[]\n", {}), Rows(6, "[null]"));
  EXPECT_EQ(strings("\n", {}), Rows{"[null]"});
  EXPECT_EQ(strings(" ", {}), Rows{"[null]"});
  EXPECT_EQ(strings("", {}), Rows{});
  EXPECT_EQ(strings("\xC2\xA0{\"s\":1}", {}), Rows{"[null]"});
  EXPECT_EQ(strings("\x0B\x01 {\"s\":1}", {}), Rows{"[\"1\"]"});
}

TEST(OpenXFormat, MalformedLinesFailOrBecomeNulls) {
  for (const char* line :
       {"{\"s\":\"x\"", "{\"s\":\"x\",}", "{\"s\":\"x", "{\"s\":\"\\u00zz\"}", "[\"a\"", "{null:1}",
        "{\"s\" 1}", "{\"s\":}", "{{}:1}", "{\"s\":1 /*"}) {
    EXPECT_EQ(strings(line), Rows{"[null]"}) << line;
    const Rows failed = strings(line, {});
    ASSERT_EQ(failed.size(), 1u) << line;
    EXPECT_TRUE(
        failed[0].starts_with("ERROR: HIVE_CURSOR_ERROR: Row is not a valid JSON Object - "))
        << failed[0];
    EXPECT_NE(failed[0].find("(file s3://bucket/prefix/f.json, line 1)"), std::string::npos);
  }
  EXPECT_NE(strings("{\"s\":\"x\"", {})[0].find(
                "Unterminated object at character 8 of JSON: {\"s\":\"x\""),
            std::string::npos);
}

// Positions are Java's: a character beyond 16 bits counts twice. Asked from Trino 476.
TEST(OpenXFormat, MessagesCountAsJavaDoesAndQuoteLittle) {
  EXPECT_NE(strings("{\"s\":\"\xF0\x9F\x98\x80\xC3\xA9x", {})[0].find(
                "Unterminated string at character 10 of JSON: "),
            std::string::npos);
  const std::string field(100'000, 'f');
  EXPECT_LT(strings("{" + field + " 1}", {})[0].size(), 1000u);
}

TEST(OpenXFormat, NestingHasALimit) {
  const auto nested = [](size_t depth) {
    return "{\"s\":" + std::string(depth, '[') + std::string(depth, ']') + ",\"t\":1}";
  };
  EXPECT_NE(strings(nested(400)), Rows{"[null]"});
  EXPECT_EQ(strings(nested(600)), Rows{"[null]"});
  EXPECT_EQ(strings(nested(100'000)), Rows{"[null]"});
}

TEST(OpenXFormat, InvalidUtf8IsReplacedAsTrinoDoes) {
  const std::string mark = "\xEF\xBF\xBD";
  EXPECT_EQ(strings("\xEF\xBB\xBF{\"s\":\"\xE2\x82\x41 \xF0\x9F\x98 \xED\xA0\x80 \xC0\xAF\"}"),
            Rows{"[\"" + mark + "A " + mark + " " + mark + " " + mark + mark + "\"]"});
}

TEST(OpenXFormat, InvalidUtf8IsNotedOncePerDocument) {
  for (const char* text :
       {"{\"s\":\"\xFF\"}", "{\n\"s\":\"\xFF\"\n}", "{\"\xFF\":1,\n\"s\":\"\xFF\"}"}) {
    const TemporaryFolder folder;
    folder.write("f.json", text);
    ScanSpec spec = make_spec(one_string(), folder.path());
    spec.columns = {wanted(Source::kTable, 0, {}, Type::varchar())};
    ScanReport report;
    EXPECT_EQ(scan_rows(std::move(spec), report), Rows{"[\"\xEF\xBF\xBD\"]"}) << text;
    EXPECT_EQ(report.num_notes(ScanNoteKind::kInvalidUtf8), 1u) << text;
  }
}

TEST(OpenXFormat, KeysAreFoundWhateverTheirCase) {
  ScanOrder order{{{"a", "bigint"}, {"k", "string"}, {"o", "struct<x:bigint,y:bigint>"}}, {}, {}};
  EXPECT_EQ(rows_of("{\"A\":1,\"a\":null}\n{\"a\":1,\"A\":2}\n{\"o\":{\"X\":1},\"O\":{\"y\":2}}\n"
                    "{\"\\u0061\":3,\"\\u212a\":\"kelvin\"}\n{\"\xE2\x84\xAA\":\"K\"}",
                    order),
            (Rows{"[null,null,null]", "[2,null,null]", "[null,null,[null,2]]",
                  "[3,\"kelvin\",null]", "[null,\"K\",null]"}));
  order.properties = {{"case.insensitive", "false"}};
  EXPECT_EQ(rows_of("{\"A\":1,\"a\":2,\"K\":1}", order), Rows{"[2,null,null]"});
}

TEST(OpenXFormat, MappingsAndDottedKeys) {
  ScanOrder order{{{"time", "string"}, {"o", "struct<time:string>"}}, {{"mapping.time", "Ts"}}, {}};
  EXPECT_EQ(rows_of("{\"tS\":\"v\",\"o\":{\"ts\":\"w\",\"time\":\"z\"}}", order),
            Rows{"[\"v\",[\"w\"]]"});
  order = {{{"a_b", "bigint"}}, {{"dots.in.keys", "true"}}, {}};
  EXPECT_EQ(
      rows_of("{\"A.b\":1,\"a_B\":2}\n{\"a.B\":3,\"A.b\":4}\n{\"a.b\":null,\"a.b\":5}", order),
      (Rows{"[2]", "[4]", "[5]"}));
  order.properties.clear();
  EXPECT_EQ(rows_of("{\"a.b\":1}", order), Rows{"[null]"});
}

TEST(OpenXFormat, APrettyPrintedFileIsOneDocument) {
  const TemporaryFolder folder;
  folder.write("f.json", "\n{\n  \"s\": {\n    \"a\": 1\n  },\n  \"t\": \"x\"\n}\n\n");
  for (const bool count_only : {false, true}) {
    ScanSpec spec = make_spec(one_string(), folder.path());
    if (!count_only) spec.columns = {wanted(Source::kTable, 0, {}, Type::varchar())};
    ScanReport report;
    const Rows rows = scan_rows(std::move(spec), report);
    EXPECT_EQ(rows, count_only ? (Rows{"[]", "[]"}) : (Rows{"[null]", "[\"{\\\"a\\\":1}\"]"}));
    EXPECT_EQ(report.num_notes(ScanNoteKind::kMultiLineDocument), 1u);
  }
  // Not one document, so lines: nothing is guessed.
  EXPECT_EQ(strings("{\n\"s\":1}\n{\"s\":2}"), (Rows{"[null]", "[null]", "[\"2\"]"}));
}

ScanOrder records() {
  return {{{"id", "string"}, {"records", "array<struct<name:string,who:struct<arn:string>>>"}},
          kIgnore,
          1};
}

// name, who.arn, ordinality and id of every record.
ScanSpec records_spec(const std::string& path) {
  ScanSpec spec = make_spec(records(), path);
  spec.columns = {wanted(Source::kElement, 0, {0}, Type::varchar()),
                  wanted(Source::kElement, 0, {1, 0}, Type::varchar()),
                  wanted(Source::kOrdinality, 0, {}, TypeKind::kBigint),
                  wanted(Source::kTable, 0, {}, Type::varchar())};
  return spec;
}

TEST(OpenXFormat, UnnestMakesARowOfEachElement) {
  const TemporaryFolder folder;
  folder.write("f.json",
               "{\"Records\":[{\"name\":\"a\",\"who\":{\"ARN\":\"x\"}},null,{\"who\":null},{}],"
               "\"id\":7}\n"
               "{\"records\":[]}\n{\"records\":null}\n{\"id\":1}\n{\"records\":\"\"}\nbad\n{\n"
               "{\"records\":{\"name\":\"single\"}}\n"
               "{\"records\":[{\"name\":\"lost\"}],\"RECORDS\":[{\"name\":\"last\"}]}\n"
               "{\"records\":[[\"by\",[\"position\"]]]}");
  ScanReport report;
  EXPECT_EQ(scan_rows(records_spec(folder.path()), report),
            (Rows{"[\"a\",\"x\",1,\"7\"]", "[null,null,2,\"7\"]", "[null,null,3,\"7\"]",
                  "[null,null,4,\"7\"]", "[\"single\",null,1,null]", "[\"last\",null,1,null]",
                  "[\"by\",\"position\",1,null]"}));
  EXPECT_EQ(report.num_notes(ScanNoteKind::kNoRecords), 1u);
  EXPECT_EQ(report.num_notes(ScanNoteKind::kMalformedLine), 2u);
  EXPECT_EQ(report.notes()[1].line, 6u);
  EXPECT_EQ(report.notes()[1].file, "s3://bucket/prefix/f.json");
  EXPECT_EQ(report.num_records, 7u);
}

// The two lines begin like one document, which lacks the column, but are none.
TEST(OpenXFormat, OnlyDocumentsThatCountAreNoted) {
  const TemporaryFolder folder;
  folder.write("f.json", "{\n\"id\":1}\n{\"records\":[{}]}");
  ScanReport report;
  EXPECT_EQ(scan_rows(records_spec(folder.path()), report), Rows{"[null,null,1,null]"});
  EXPECT_EQ(report.num_notes(ScanNoteKind::kNoRecords), 0u);
  EXPECT_EQ(report.num_notes(ScanNoteKind::kMalformedLine), 2u);
}

TEST(OpenXFormat, AScalarOnAPathFailsAsTheWholeValueWould) {
  const TemporaryFolder folder;
  folder.write("f.json", "{\"records\":[{\"name\":\"a\"},{\"who\":\"root\"}]}");
  ScanReport report;
  const Rows rows = scan_rows(records_spec(folder.path()), report);
  EXPECT_NE(rows.back().find("Primitive can not be coerced to a ROW"), std::string::npos);
}

TEST(OpenXFormat, CountingNeedsNoColumns) {
  const TemporaryFolder folder;
  folder.write("a.json", "{\"records\":[1,{},null]}\n{bad\n\n{\"records\":[4]}\n");
  ScanReport report;
  ScanSpec spec = make_spec(records(), folder.path());
  EXPECT_EQ(scan_rows(spec, report).size(), 4u) << "elements";
  spec.unnest_column.reset();
  EXPECT_EQ(scan_rows(spec, report).size(), 4u) << "lines";
}

TEST(OpenXFormat, ManyRecordsCrossBatches) {
  std::string bytes = "{\"Records\":[";
  for (int i = 0; i < 20'000; ++i)
    bytes += (i > 0 ? "," : "") + fmt::format("{{\"name\":\"n{}\",\"x\":[{},\"\\\\\"]}}", i, i);
  const TemporaryFolder folder;
  folder.write("f.json", bytes + "],\"id\":\"late\"}");
  ScanReport report;
  const Rows rows = scan_rows(records_spec(folder.path()), report, 1000);
  ASSERT_EQ(rows.size(), 20'000u);
  EXPECT_EQ(rows[0], "[\"n0\",null,1,\"late\"]");
  EXPECT_EQ(rows[19'999], "[\"n19999\",null,20000,\"late\"]");
}

TEST(OpenXFormat, FileColumnsAndCounters) {
  const TemporaryFolder folder;
  folder.write("d/small.json", "{}\n");
  folder.write("large.json", "{}\n{}\n");
  folder.write("_hidden.json", "{}\n");
  folder.write("empty.json.gz", "");
  folder.write("plain.json.gz", "{}");
  ScanSpec spec = make_spec(one_string(), folder.path());
  spec.columns = {wanted(Source::kPath, 0, {}, Type::varchar()),
                  wanted(Source::kFileSize, 0, {}, TypeKind::kBigint)};
  ScanReport report;
  EXPECT_EQ(scan_rows(spec, report),
            (Rows{"[\"s3://bucket/prefix/large.json\",6]", "[\"s3://bucket/prefix/large.json\",6]",
                  "[\"s3://bucket/prefix/d/small.json\",3]",
                  "[\"s3://bucket/prefix/plain.json.gz\",2]"}));
  EXPECT_EQ(report.num_files_total, 4u);
  EXPECT_EQ(report.num_files_done, 4u);
  EXPECT_EQ(report.stored_bytes_total, 11u);
  EXPECT_EQ(report.stored_bytes_done, 11u);
  EXPECT_EQ(report.raw_bytes_done, 11u);
  EXPECT_EQ(report.num_notes(ScanNoteKind::kEmptyFile), 1u);
  EXPECT_EQ(report.num_notes(ScanNoteKind::kNotCompressedAsNamed), 1u);
  EXPECT_EQ(report.num_notes(), 2u);
}

TEST(OpenXFormat, AFileThatVanishedEndsTheQuery) {
  const TemporaryFolder folder;
  folder.write("f.json", "{}");
  ScanSpec spec = make_spec(one_string(), folder.path());
  ScanReport report;
  const Cancellation cancellation;
  const std::vector<StoredFile> files = list_table_files(spec, {}, report);
  std::filesystem::remove(folder.path() + "/f.json");
  const std::shared_ptr<Scan> scan = open_scan(spec, files, nullptr, report, cancellation);
  ColumnBatch batch;
  try {
    scan->new_worker({})->next(batch, 10);
    FAIL() << "no error";
  } catch (const QueryError& error) {
    EXPECT_EQ(error.code(), ErrorCode::kHiveCannotOpenSplit);
    EXPECT_NE(std::string(error.what()).find("/f.json"), std::string::npos);
  }
}

TEST(OpenXFormat, ACanceledScanStops) {
  const TemporaryFolder folder;
  folder.write("f.json", "{}");
  ScanReport report;
  Cancellation cancellation;
  const auto scan = open_scan(make_spec(one_string(), folder.path()), report, cancellation);
  const auto worker = scan->new_worker({});
  cancellation.request();
  ColumnBatch batch;
  EXPECT_THROW(worker->next(batch, 10), QueryError);
}

}  // namespace
}  // namespace trailsql
