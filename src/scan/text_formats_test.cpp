// The formats of text, end to end through a scan. Expected: asked from Trino 476 where it has the
// format (TEXTFILE, CSV, REGEX), see the names of the tests.
#include <gtest/gtest.h>

#include "scan/scan_fixture.h"
#include "scan/scan_limits.h"

namespace trailsql {
namespace {

using Kind = ScanFormat::Kind;
using Rows = std::vector<std::string>;

bool fails_with(const Rows& rows, const std::string& name) {
  return !rows.empty() && rows.back().starts_with("ERROR: " + name);
}

ScanOrder order_of(Kind kind, std::vector<std::pair<std::string, std::string>> table,
                   std::map<std::string, std::string> properties = {}) {
  ScanOrder order;
  order.table = std::move(table);
  order.properties = std::move(properties);
  order.kind = kind;
  return order;
}

std::vector<std::string> delimited(std::string_view bytes, const std::string& type,
                                   std::map<std::string, std::string> properties = {}) {
  properties.emplace("field.delim", ",");
  return rows_of(bytes, order_of(Kind::kDelimited, {{"a", type}}, std::move(properties)));
}

TEST(Delimited, IntegersEndAtAPoint) {
  EXPECT_EQ(
      delimited("+1\n01\n1.5\n.\n-.5\n1.5x\n1e3\n+\n 1\n9223372036854775808\n", "bigint"),
      (Rows{"[1]", "[1]", "[1]", "[0]", "[0]", "[null]", "[null]", "[null]", "[null]", "[null]"}));
  EXPECT_EQ(delimited("127\n128\n", "tinyint"), (Rows{"[127]", "[null]"}));
}

TEST(Delimited, BooleansAndBytes) {
  EXPECT_EQ(delimited("True\nFALSE\nt\n1\n", "boolean"),
            (Rows{"[true]", "[false]", "[null]", "[null]"}));
  EXPECT_EQ(delimited("aGVsbG8=\nh@llo\naGVsbG8\n", "binary"),
            (Rows{"[\"hello\"]", "[\"h@llo\"]", "[\"hello\"]"}));
}

TEST(Delimited, DatesAreLenient) {
  EXPECT_EQ(delimited("1970-1-2\n1970-01-02 x\n1970-02-30\n+1970-01-02\n1970-01-02T1\nx\n", "date"),
            (Rows{"[1]", "[1]", "[60]", "[1]", "[null]", "[null]"}));
  EXPECT_EQ(delimited("1970-01-01 00:00:01\n1970-01-01T00:01\n1970-01-01 00:00\n1970-01-01\n"
                      "1970-01-01 00:00:00Z\n1970-01-01 00:00:00.0006\n",
                      "timestamp"),
            (Rows{"[1000000]", "[60000000]", "[null]", "[null]", "[null]", "[1000]"}));
}

TEST(Delimited, TimestampFormatsComeFirst) {
  EXPECT_EQ(delimited("02/01/1970 00:00:00\n1970-01-01 00:00:01\n", "timestamp",
                      {{"timestamp.formats", "dd/MM/yyyy HH:mm:ss"}}),
            (Rows{"[86400000000]", "[1000000]"}));
}

TEST(Delimited, MapsKeepTheFirstOfEqualKeys) {
  EXPECT_EQ(delimited("1\x03"
                      "a\x02"
                      "1.5\x03"
                      "b\x02x\x03"
                      "c\x02"
                      "2\n",
                      "map<bigint,string>"),
            (Rows{"[[1,2]->[\"a\",null]]"}));
}

TEST(Delimited, EscapesHideSeparatorsAtEveryLevel) {
  EXPECT_EQ(
      delimited("a\\;b;c\n", "array<string>", {{"escape.delim", "\\"}, {"collection.delim", ";"}}),
      (Rows{"[[\"a;b\",\"c\"]]"}));
}

TEST(Delimited, LevelsOfNestingAreLimited) {
  std::string type = "string";
  for (int i = 0; i < 8; ++i) type = "array<" + type + ">";
  EXPECT_TRUE(fails_with(delimited("x\n", type), "HIVE_INVALID_METADATA"));
  EXPECT_EQ(delimited("x\n", type, {{"hive.serialization.extend.nesting.levels", "true"}}),
            (Rows{"[[[[[[[[[\"x\"]]]]]]]]]"}));
}

TEST(Delimited, HeaderAndFooterAreOfEveryFile) {
  const std::map<std::string, std::string> skipped{{"skip.header.line.count", "1"},
                                                   {"skip.footer.line.count", "2"}};
  EXPECT_EQ(delimited("h\r\na\r\nf\r\nf", "string", skipped), (Rows{"[\"a\"]"}));
  EXPECT_EQ(delimited("h\nf\n", "string", skipped), (Rows{}));
}

TEST(Delimited, FieldsOfRowsAreTakenOutOfTheText) {
  const TemporaryFolder folder;
  folder.write("f", "x,1\x02y\x03z\nx,\\N\nx,1\n");
  ScanSpec spec =
      make_spec(order_of(Kind::kDelimited,
                         {{"a", "string"}, {"r", "struct<n:int,s:struct<p:string,q:string>>"}},
                         {{"field.delim", ","}}),
                folder.path());
  spec.columns.push_back(wanted(ScanColumn::Source::kTable, 1, {1, 1}, parse_type("string")));
  spec.columns.push_back(wanted(ScanColumn::Source::kTable, 1, {0}, parse_type("int")));
  ScanReport report;
  EXPECT_EQ(scan_rows(spec, report), (Rows{"[\"z\",1]", "[null,null]", "[null,1]"}));
}

TEST(Delimited, LargeFilesAreBorrowedFrom) {
  std::string text;
  for (int i = 0; i < 40'000; ++i) text += "row " + std::to_string(i) + ",x\n";
  ScanOrder order =
      order_of(Kind::kDelimited, {{"a", "string"}, {"b", "string"}}, {{"field.delim", ","}});
  order.max_rows = 1000;
  const std::vector<std::string> rows = rows_of(text, order);
  ASSERT_EQ(rows.size(), 40'000u);
  EXPECT_EQ(rows[39'999], "[\"row 39999\",\"x\"]");
}

TEST(Csv, AnswersAsOpenCsvDoes) {
  const ScanOrder order = order_of(Kind::kCsv, {{"a", "string"}, {"b", "string"}, {"c", "string"}});
  EXPECT_EQ(
      rows_of("\"a,1\",\"b\"\"q\",c\na,\"b\\\"x\",c\na,bc\"d\"ef,g\na\n\na,b,\"open\n\"open,b\n"
              " \"a\" , b ,c\n\\a,b\\\\c,d\\\n\"a\"b,c,d\nx,\"y\" ,z\n\"a\" \"b\",c\n \"a,b\",c\n",
              order),
      (Rows{R"(["a,1","b\"q","c"])", R"(["a","b\"x","c"])", R"(["a","bc\"d\"ef","g"])",
            R"(["a",null,null])", "[null,null,null]", R"(["a","b",null])", "[null,null,null]",
            R"([" a\" "," b ","c"])", R"(["a","b\\c","d"])", R"(["ab","c","d"])",
            R"(["x","y\" ","z"])", R"(["a \"b","c",null])", R"([" a,b","c",null])"}));
}

TEST(Csv, ValuesOfOtherTypesEndTheQuery) {
  EXPECT_EQ(rows_of("1,x\n", order_of(Kind::kCsv, {{"a", "int"}, {"b", "double"}})),
            (Rows{"ERROR: HIVE_BAD_DATA: Failed to read file at s3://bucket/prefix/f.json, "
                  "line 1: Error parsing field value 'x' for field 1: For input string: \"x\""}));
}

TEST(Regex, TheWholeLineHasToMatch) {
  const ScanOrder order = order_of(Kind::kRegex, {{"a", "int"}, {"b", "boolean"}, {"c", "string"}},
                                   {{"input.regex", "(\\d+) (\\w*)"}});
  EXPECT_EQ(rows_of("1 TRUE\n2 x\n3\n4 true.\n", order),
            (Rows{"[1,true,null]", "[2,false,null]", "[null,null,null]", "[null,null,null]"}));
}

TEST(Grok, ColumnsAreFoundByNameOrPlace) {
  const std::string line = "10.0.0.1 GET 200 rest\nnothing\n";
  EXPECT_EQ(rows_of(line, order_of(Kind::kGrok, {{"status", "int"}, {"client", "string"}},
                                   {{"input.format", "%{IP:client} %{WORD:verb} %{INT:Status}"}})),
            (Rows{"[200,\"10.0.0.1\"]", "[null,null]"}));
  EXPECT_EQ(rows_of(line, order_of(Kind::kGrok, {{"a", "string"}, {"b", "string"}},
                                   {{"input.format", "%{IP:client} %{VERB:verb}"},
                                    {"input.grokcustompatterns", "VERB GET|PUT"}})),
            (Rows{"[\"10.0.0.1\",\"GET\"]", "[null,null]"}));
  EXPECT_TRUE(fails_with(rows_of(line, order_of(Kind::kGrok, {{"a", "string"}},
                                                {{"input.format", "%{A:a}"},
                                                 {"input.grokcustompatterns", "A %{B}\nB %{A}"}})),
                         "HIVE_INVALID_METADATA"));
}

TEST(HiveJson, IsStrict) {
  const ScanOrder order = order_of(Kind::kHiveJson, {{"s", "string"}});
  for (const char* bad :
       {"null", "\"x\"", "[1]", "{s:\"a\"}", "{'s':'a'}", "{\"s\":\"a\",}", "{\"q\":tru}", "{\"s\"",
        "{\"s\":NaN}", "{\"s\":01}", "{\"s\":\"\\x\"}", "{\"s\":\"\t\"}", "{\"s\":[1]}",
        "{\"s\":{}}", "{\"s\":\"a\"}\n\n", "{\"s\":1.}", "{\"s\":\"\\u12g4\"}"})
    EXPECT_TRUE(fails_with(rows_of(bad, order), "HIVE_CURSOR_ERROR")) << bad;
  EXPECT_EQ(rows_of("{\"S\":1.50} x\n {\"s\":-0}\n{}\n{\"s\":\"\\ud83d\"}\n", order),
            (Rows{"[\"1.50\"]", "[\"-0\"]", "[null]", "[\"?\"]"}));
}

TEST(HiveJson, NumbersAreNumbers) {
  const auto read = [](const std::string& value, const std::string& type) {
    return rows_of("{\"a\":" + value + "}", order_of(Kind::kHiveJson, {{"a", type}})).at(0);
  };
  EXPECT_EQ(read("1.9", "bigint"), "[1]");
  EXPECT_EQ(read("1e3", "bigint"), "[1000]");
  EXPECT_EQ(read("200", "tinyint"), "[-56]");
  EXPECT_EQ(read("1", "boolean"), "[false]");
  EXPECT_EQ(read("\"1.005\"", "decimal(5,2)"), "[101]");
  EXPECT_EQ(read("true", "decimal(5,2)"), "[null]");
  EXPECT_EQ(read("\"h\"", "binary"), "[\"h\"]");
  EXPECT_EQ(read("{\"1\":\"a\",\"1\":\"b\"}", "map<int,string>"), "[[1]->[\"b\"]]");
  for (const auto& [value, type] :
       std::vector<std::pair<std::string, std::string>>{{"\"12\"", "bigint"},
                                                        {"9223372036854775808", "bigint"},
                                                        {"256", "tinyint"},
                                                        {"\"1\"", "double"},
                                                        {"{}", "boolean"},
                                                        {"1000", "decimal(5,2)"},
                                                        {"1406894400", "timestamp"},
                                                        {"\"x\"", "date"},
                                                        {"1", "array<bigint>"},
                                                        {"[1]", "map<string,int>"},
                                                        {"{\"x\":1}", "map<int,int>"},
                                                        {"\"\"", "struct<x:int>"},
                                                        {"[1]", "struct<x:int>"}})
    EXPECT_TRUE(fails_with(Rows{read(value, type)}, "HIVE_CURSOR_ERROR")) << value << " " << type;
}

TEST(TextFormats, SeparatorsBeyondAsciiAreRefused) {
  for (const char* separator : {"\xC3\xBC", "-62"}) {
    EXPECT_TRUE(fails_with(delimited("x\n", "string", {{"field.delim", separator}}),
                           "HIVE_INVALID_METADATA: Separators, quotes and escapes must be ASCII"));
  }
  for (const char* key : {"separatorchar", "quotechar", "escapechar"}) {
    EXPECT_TRUE(
        fails_with(rows_of("x\n", order_of(Kind::kCsv, {{"a", "string"}}, {{key, "\xC2\xA7"}})),
                   "HIVE_INVALID_METADATA: Separators, quotes and escapes must be ASCII"));
  }
}

TEST(TextFormats, AValueHasABoundedNumberOfElements) {
  const std::string text = "x\n" + std::string(kMaxValueElements, '\x02');
  const std::string expected =
      "NOT_SUPPORTED: Failed to read file at s3://bucket/prefix/f.json, line 2: an array or map of "
      "more than 4194304 elements";
  EXPECT_TRUE(fails_with(delimited(text, "array<bigint>"), expected));
  EXPECT_TRUE(fails_with(delimited(text, "map<bigint,bigint>"), expected));
  std::string numbers = "{}\n{\"a\":[";
  for (size_t i = 0; i < kMaxValueElements; ++i) numbers += "1,";
  ScanOrder order{{{"a", "array<bigint>"}}, {}, std::nullopt};
  EXPECT_TRUE(fails_with(rows_of(numbers + "1]}", order), expected));
}

TEST(TextFormats, StrictNotesTellThePlaceOnceAndTheWayOut) {
  const TemporaryFolder folder;
  folder.write("f.log", "a\n1\n");
  ScanSpec spec = make_spec(
      order_of(Kind::kRegex, {{"a", "string"}}, {{"input.regex", "([a-z]+)"}}), folder.path());
  spec.columns.push_back(wanted(ScanColumn::Source::kTable, 0, {}, Type::varchar()));
  ScanReport report;
  report.make_notes_errors();
  const Cancellation cancellation;
  try {
    ColumnBatch batch;
    open_scan(spec, report, cancellation)->new_worker({0})->next(batch, 10);
    FAIL() << "no error";
  } catch (const QueryError& error) {
    EXPECT_EQ(std::string(error.what()),
              "s3://bucket/prefix/f.log:2: malformed line: does not match input.regex: a row of "
              "NULLs");
    EXPECT_FALSE(error.hint().empty());
  }
}

TEST(Regex, ALineOverWhichTheSearchGivesUpIsARowOfNulls) {
  const std::string trap = std::string(60, 'a') + "cb\n";
  EXPECT_EQ(rows_of("aab\n" + trap + "aab\n", order_of(Kind::kRegex, {{"a", "string"}},
                                                       {{"input.regex", R"(((a+)+)(?=b)b)"}})),
            (Rows{"[\"aa\"]", "[null]", "[\"aa\"]"}));
  EXPECT_EQ(
      rows_of("aab\n" + trap + "aab\n", order_of(Kind::kGrok, {{"x", "string"}},
                                                 {{"input.format", R"(^(?<x>(a+)+)(?=b)b$)"}})),
      (Rows{"[\"aa\"]", "[null]", "[\"aa\"]"}));
}

TEST(Regex, AnExpressionMayEndInAComment) {
  EXPECT_EQ(rows_of("ab\nab1\n", order_of(Kind::kRegex, {{"a", "string"}},
                                          {{"input.regex", "(?x) ([a-z]+)  # a word"}})),
            (Rows{"[\"ab\"]", "[null]"}));
  // Neither alternatives nor a line end make less than the whole line match.
  EXPECT_EQ(rows_of("ab\na\nabc\n",
                    order_of(Kind::kRegex, {{"a", "string"}}, {{"input.regex", "(a)|(?i)AB"}})),
            (Rows{"[null]", "[\"a\"]", "[null]"}));
}

TEST(Grok, ThePlaceCountsOnlyWhereNoNameFits) {
  const std::string format = "%{WORD:first} %{WORD:second}";
  EXPECT_EQ(rows_of("x y\n", order_of(Kind::kGrok, {{"a", "string"}, {"b", "string"}},
                                      {{"input.format", format}})),
            Rows{"[\"x\",\"y\"]"});
  EXPECT_EQ(rows_of("x y\n", order_of(Kind::kGrok, {{"second", "string"}, {"b", "string"}},
                                      {{"input.format", format}})),
            Rows{"[\"y\",null]"});
}

}  // namespace
}  // namespace trailsql
