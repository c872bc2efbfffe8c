#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>

#include "scan/scan_fixture.h"
#include "scan/scan_limits.h"
#include "scan/scan_worker.h"

namespace trailsql {
namespace {

struct Answer {
  std::vector<std::string> rows;
  std::vector<std::string> notes;  // "line kind: detail"
  bool operator==(const Answer&) const = default;
};

// Scans one file for eventName and the record's own text, by both paths.
Answer records_of(const std::string& bytes) {
  const TemporaryFolder folder;
  folder.write("export.json", bytes);
  ScanOrder order{{{"records", "array<struct<eventname:string>>"}}, {}, 0};
  ScanSpec spec = make_spec(order, folder.path());
  spec.format.kind = ScanFormat::Kind::kCloudTrailRecords;
  spec.columns = {wanted(ScanColumn::Source::kElement, 0, {0}, Type::varchar()),
                  wanted(ScanColumn::Source::kRecordText, 0, {}, Type::varchar())};
  std::vector<Answer> answers;
  for (const bool exact_only : {false, true}) {
    ScanReport report;
    const Cancellation cancellation;
    auto state = std::make_shared<JsonScanState>(spec, report, cancellation);
    state->options = options_of(spec.format);
    state->set_files(list_files(folder.path()).files);
    JsonScanWorker worker(state, {0, 1}, exact_only);
    Answer& answer = answers.emplace_back();
    ColumnBatch batch;
    while (const size_t num_rows = worker.next(batch, 3)) {
      for (size_t row = 0; row < num_rows; ++row)
        answer.rows.push_back(value_text(batch.columns[0], row) + " " +
                              (batch.columns[1].is_null(row)
                                   ? std::string("NULL")
                                   : std::string(batch.columns[1].string_at(row))));
    }
    for (const ScanNote& note : report.notes())
      answer.notes.push_back(std::to_string(note.line) + " " + note_kind_text(note.kind) + ": " +
                             note.detail);
  }
  EXPECT_EQ(answers[0].rows, answers[1].rows) << bytes;
  return answers[0];
}

using Lines = std::vector<std::string>;

constexpr const char* kA = R"({"eventVersion": "1.08","eventName":"A"})";
constexpr const char* kB = R"({"eventVersion":"1.09","eventName":"B","x":[1, {"Records":[]}]})";
const std::string kRowA = std::string("\"A\" ") + kA;
const std::string kRowB = std::string("\"B\" ") + kB;
const Lines kBoth = {kRowA, kRowB};

std::string records(const std::string& inner) { return R"({"Records":[)" + inner + "]}"; }
std::string both() { return std::string(kA) + "," + kB; }

TEST(RecordUnwrapperTest, LogFiles) {
  EXPECT_EQ(records_of(records(both())), (Answer{kBoth, {}}));
  EXPECT_EQ(records_of("\n" + records(kA) + "\r\n\r\n" + records(kB) + "\n"), (Answer{kBoth, {}}));
  EXPECT_EQ(records_of(records(kA) + records(kB)), (Answer{kBoth, {}}));
  EXPECT_EQ(records_of("{ \"records\" :\n [ " + std::string(kA) + "\n,\n" + kB + "\n]\n}\n"),
            (Answer{kBoth, {}}));
  EXPECT_EQ(records_of(records("")), (Answer{}));
  EXPECT_EQ(records_of(records("null")), (Answer{{"null NULL"}, {}}));
}

TEST(RecordUnwrapperTest, RecordsAlone) {
  EXPECT_EQ(records_of(std::string(kA) + "\n" + kB + "\n"), (Answer{kBoth, {}}));
  EXPECT_EQ(records_of(std::string(kA) + kB), (Answer{kBoth, {}}));
  EXPECT_EQ(records_of("[" + both() + "]"), (Answer{kBoth, {}}));
  EXPECT_EQ(records_of("[\n  " + std::string(kA) + ",\n  " + kB + "\n]\n"), (Answer{kBoth, {}}));
  EXPECT_EQ(records_of(records(kA) + "\n" + kB), (Answer{kBoth, {}}));
  // Collectors put fields of their own beside those of the record.
  const std::string more = R"({"eventVersion":"1","eventName":"M","message":"x","detail":{}})";
  EXPECT_EQ(records_of(more), (Answer{{"\"M\" " + more}, {}}));
  const std::string pretty = "{\n  \"eventName\": \"A\",\n  \"eventVersion\": \"1.0\"\n}";
  EXPECT_EQ(records_of(pretty + "\n" + pretty).rows, Lines(2, "\"A\" " + pretty));
}

TEST(RecordUnwrapperTest, LookupEvents) {
  const auto event = [](const std::string& record) {
    return R"({"EventId":"1","EventName":"n","EventSource":"s","CloudTrailEvent":)" +
           json_string(record) + "}";
  };
  const std::string page = R"({"Events":[)" + event(kA) + "," + event(kB) + R"(],"NextToken":"t"})";
  EXPECT_EQ(records_of(page), (Answer{kBoth, {}}));
  EXPECT_EQ(records_of(page + "\n" + page).rows.size(), 4U);
  EXPECT_EQ(records_of(event(kA) + "\n" + event(kB)), (Answer{kBoth, {}}));
  EXPECT_EQ(records_of("[" + event(kA) + "," + event(kB) + "]"), (Answer{kBoth, {}}));
  EXPECT_EQ(records_of("[" + json_string(kA) + ",\n" + json_string(kB) + "]"), (Answer{kBoth, {}}));
}

TEST(RecordUnwrapperTest, EventBridge) {
  const auto event = [](const std::string& record) {
    return R"({"version":"0","detail-type":"AWS API Call via CloudTrail","source":"aws.s3","detail":)" +
           record + "}";
  };
  EXPECT_EQ(records_of(event(kA) + "\n" + event(kB)), (Answer{kBoth, {}}));
  EXPECT_EQ(records_of(event(kA) + event(kB)), (Answer{kBoth, {}}));
  EXPECT_EQ(records_of("[" + event(kA) + "," + event(kB) + "]"), (Answer{kBoth, {}}));
  EXPECT_EQ(
      records_of(R"({"detail-type":"EC2 Instance State-change","detail":{"state":"x"}})"),
      (Answer{{},
              {R"(1 document without records: JSON without a CloudTrail record: {"state":"x"})"}}));
}

TEST(RecordUnwrapperTest, CloudWatchLogs) {
  EXPECT_EQ(records_of("2023-07-10T19:00:00.000Z " + std::string(kA) +
                       "\n2023-07-10T19:00:01.000Z " + kB + "\n"),
            (Answer{kBoth, {}}));
  EXPECT_EQ(records_of("2023-07-10T19:00:00.000000+00:00 123_CloudTrail_eu " + std::string(kA)),
            (Answer{{kRowA}, {}}));
  const std::string events = R"([{"id":"1","timestamp":1,"message":)" + json_string(kA) +
                             R"(},{"message":)" + json_string(kB) + "}]";
  const std::string document = R"({"messageType":"DATA_MESSAGE","logEvents":)" + events + "}";
  EXPECT_EQ(records_of(document), (Answer{kBoth, {}}));
  EXPECT_EQ(records_of(document + document).rows.size(), 4U);
  EXPECT_EQ(records_of(R"({"events":)" + events + R"(,"searchedLogStreams":[]})"),
            (Answer{kBoth, {}}));
}

TEST(RecordUnwrapperTest, WhatIsNoRecordIsNoted) {
  EXPECT_EQ(records_of("first\nsecond\n" + std::string(kA) + "\nthird"),
            (Answer{{kRowA},
                    {"1 malformed line: not JSON: 2 lines skipped",
                     "4 malformed line: not JSON: skipped"}}));
  EXPECT_EQ(records_of(std::string(kA) + "\n{\"digestS3Object\":\"x\"}\n" + kB),
            (Answer{kBoth, {"2 document without records: a digest file, not records"}}));
  EXPECT_EQ(records_of(R"([{"message":"START"}, 12])").notes,
            (Lines{"1 document without records: text without a CloudTrail record: START",
                   "1 document without records: JSON without a CloudTrail record: 12"}));
}

TEST(RecordUnwrapperTest, MalformedAndCutOff) {
  const Answer answer =
      records_of(std::string(kA) + "\n{\"eventName\":\"Cut\n" + kB + "\n{\"Records\":[{\"a\":");
  EXPECT_EQ(answer.rows, kBoth);
  ASSERT_EQ(answer.notes.size(), 2U);
  EXPECT_TRUE(answer.notes[0].starts_with("2 malformed line: Unterminated string"));
  EXPECT_TRUE(answer.notes[1].starts_with("4 malformed line: End of input"));
}

// Every place at which a log file can break off: what is complete before it is read.
TEST(RecordUnwrapperTest, LogFilesThatBreakOff) {
  for (const char* before : {R"({"Records":[)", R"({ "x":[{"y":1}], "records": [ )", "[",
                             R"({"messageType":"DATA_MESSAGE","logEvents":[)"}) {
    const std::string whole = std::string(before) + both() + "]";
    const size_t end_of_a = std::string(before).size() + std::string(kA).size();
    for (size_t size = end_of_a; size < whole.size(); ++size) {
      const Answer answer = records_of(whole.substr(0, size));
      EXPECT_EQ(answer.rows, size < whole.size() - 1 ? Lines{kRowA} : kBoth) << size << before;
      ASSERT_EQ(answer.notes.size(), 1U) << size << before;
      EXPECT_TRUE(answer.notes[0].starts_with("1 malformed line: breaks off, read up to there: "));
    }
  }
  EXPECT_EQ(records_of(records(kA).substr(0, records(kA).size() - 2) + "\n" + records(kB)).rows,
            kBoth);
}

TEST(RecordUnwrapperTest, LenientDocuments) {
  EXPECT_EQ(records_of("{'Records':[{eventName:A}]}\n" + records(kB)),
            (Answer{{"\"A\" {eventName:A}", kRowB}, {}}));
  EXPECT_EQ(records_of(std::string(kA) + "\n{eventVersion:1, eventName:C}\n" + kB).rows,
            (Lines{kRowA, "\"C\" {eventVersion:1, eventName:C}", kRowB}));
}

TEST(RecordUnwrapperTest, DeepAndInvalidText) {
  std::string deep = R"({"eventVersion":"1","eventName":"D","x":)";
  deep += std::string(100, '[') + std::string(100, ']') + "}";
  EXPECT_EQ(records_of(std::string(kA) + "\n" + deep).rows, (Lines{kRowA, "\"D\" " + deep}));
  const Answer answer = records_of("{\"eventVersion\":\"1\",\"eventName\":\"\xFF\"}\n");
  EXPECT_EQ(answer.rows,
            Lines{"\"\xEF\xBF\xBD\" {\"eventVersion\":\"1\",\"eventName\":\"\xEF\xBF\xBD\"}"});
  EXPECT_EQ(answer.notes, Lines{"1 invalid UTF-8: replaced by U+FFFD"});
}

// A record that has `depth` objects and arrays within each other.
std::string nested(size_t depth) {
  return R"({"eventVersion":"1","eventName":"D","x":)" + std::string(depth - 1, '[') +
         std::string(depth - 1, ']') + "}";
}

TEST(RecordUnwrapperTest, ARecordThatIsTooDeepHidesNoOther) {
  const std::string deepest = nested(kMaxNestingDepth - 2);
  const std::string row = "\"D\" " + deepest;
  const std::string lines[] = {kA, deepest, kB};
  EXPECT_EQ(records_of(fmt::format("{}", fmt::join(lines, "\n"))).rows, (Lines{kRowA, row, kRowB}));
  EXPECT_EQ(records_of(records(fmt::format("{}", fmt::join(lines, ",")))),
            (Answer{{kRowA, row, kRowB}, {}}));
  for (const size_t depth : {kMaxNestingDepth - 1, kMaxNestingDepth}) {
    const Answer answer = records_of(std::string(kA) + "\n" + nested(depth) + "\n" + kB);
    EXPECT_EQ(answer.rows, kBoth);
    ASSERT_EQ(answer.notes.size(), 1U);
    EXPECT_TRUE(answer.notes[0].starts_with(
        "2 malformed line: a record of more than 498 nested objects and arrays is left out: {"));
  }
  const std::string too_deep = nested(600);
  for (const std::string& text : {records(std::string(kA) + "," + too_deep + "," + kB),
                                  "[" + std::string(kA) + "," + too_deep + "," + kB + "]",
                                  records(std::string(kA) + "," + too_deep) + records(kB)}) {
    const Answer answer = records_of(text);
    EXPECT_EQ(answer.rows, kBoth);
    ASSERT_EQ(answer.notes.size(), 1U);
    EXPECT_TRUE(answer.notes[0].starts_with("1 malformed line: a record of more than 498 nested"));
  }
  const Answer alone = records_of(std::string(kA) + "\n" + too_deep + "\n" + kB);
  EXPECT_EQ(alone.rows, kBoth);
  ASSERT_EQ(alone.notes.size(), 1U);
  EXPECT_TRUE(alone.notes[0].starts_with("2 malformed line: More than 500 nested"));
}

TEST(RecordUnwrapperTest, DeepRecordsInStrings) {
  const std::string deep = nested(100);
  EXPECT_EQ(
      records_of(R"({"Events":[{"EventName":"n","CloudTrailEvent":)" + json_string(deep) + "}]}"),
      (Answer{{"\"D\" " + deep}, {}}));
  const Answer answer =
      records_of(R"({"Events":[{"CloudTrailEvent":)" + json_string(nested(600)) + "}]}");
  EXPECT_EQ(answer.rows, Lines{});
  ASSERT_EQ(answer.notes.size(), 1U);
  EXPECT_TRUE(answer.notes[0].starts_with("1 malformed line: a record of more than 498 nested"));
}

TEST(RecordUnwrapperTest, EnvelopesInStrings) {
  const std::string events = R"({"Records":[)" + both() + "]}";
  EXPECT_EQ(records_of(R"({"message":)" + json_string(events) + "}"), (Answer{kBoth, {}}));
  const std::string list = "[" + json_string(kA) + "," + json_string(kB) + "]";
  EXPECT_EQ(records_of(R"({"message":)" + json_string(list) + "}\n" + kA),
            (Answer{{kRowA, kRowB, kRowA}, {}}));
}

TEST(RecordUnwrapperTest, ShortLenientDocuments) {
  EXPECT_EQ(records_of("{Records:[]}\n" + records(both())), (Answer{kBoth, {}}));
  EXPECT_EQ(records_of("{Records:[]}{Records:null}{Records:{eventName:A}}").rows,
            Lines{"\"A\" {eventName:A}"});
}

TEST(RecordUnwrapperTest, ScalarsAreNoRecords) {
  EXPECT_EQ(records_of(records(R"(5,)" + std::string(kA) + R"(,"text",null)")),
            (Answer{{kRowA, "null NULL"},
                    {"1 document without records: JSON without a CloudTrail record: 5",
                     "1 document without records: text without a CloudTrail record: text"}}));
  EXPECT_EQ(records_of("{Records:[5,{eventName:A},'text']}"),
            (Answer{{"\"A\" {eventName:A}"},
                    {"1 document without records: JSON without a CloudTrail record: 5",
                     "1 document without records: JSON without a CloudTrail record: text"}}));
}

TEST(RecordUnwrapperTest, WhiteSpaceBeforeTheBreak) {
  const Answer answer = records_of("{\"Records\":\n[" + both());
  EXPECT_EQ(answer.rows, kBoth);
  EXPECT_EQ(records_of("{\"Records\":").rows, Lines{});
  EXPECT_EQ(records_of("{\"Records\":[ \n").rows, Lines{});
}

TEST(RecordUnwrapperTest, InvalidTextBehindLenientDocuments) {
  EXPECT_EQ(records_of("{Records:[]} \xFF " + std::string(kA) + "\n" + kB).rows, Lines{kRowB});
  const std::string bad = R"({"eventVersion":"1","eventName":")" + std::string("\xFF") + "\"}";
  const std::string repaired = R"({"eventVersion":"1","eventName":")"
                               "\xEF\xBF\xBD"
                               "\"}";
  EXPECT_EQ(
      records_of("{Records:[{eventName:A}]}" + bad + kB + "\n" + kA + "\n" + bad),
      (Answer{{"\"A\" {eventName:A}", "\"\xEF\xBF\xBD\" " + repaired, kRowB, kRowA,
               "\"\xEF\xBF\xBD\" " + repaired},
              {"1 invalid UTF-8: replaced by U+FFFD", "3 invalid UTF-8: replaced by U+FFFD"}}));
}

TEST(RecordUnwrapperTest, ByteOrderMarks) {
  const std::string mark = "\xEF\xBB\xBF";
  EXPECT_EQ(records_of(mark + records(kA) + "\n" + mark + records(kB)), (Answer{kBoth, {}}));
  EXPECT_EQ(records_of(mark + kA + mark + kB), (Answer{kBoth, {}}));
  EXPECT_EQ(records_of(std::string("\xFF\xFE{\0}\0", 6)),
            (Answer{{},
                    {"1 malformed line: the text is UTF-16, which is not read: convert it to "
                     "UTF-8"}}));
}

TEST(RecordUnwrapperTest, CarriageReturnsEndLines) {
  EXPECT_EQ(records_of(records(kA) + "\r\r\n\n" + kB + "\r5\r\n").notes,
            Lines{"5 malformed line: not JSON: skipped"});
  EXPECT_EQ(records_of(records(kA) + "\r" + records("7") + "\r").notes,
            Lines{"2 document without records: JSON without a CloudTrail record: 7"});
}

TEST(RecordUnwrapperTest, DocumentsOverLinesBehindManyMalformedLines) {
  std::string text;
  for (int i = 0; i < 50; ++i) text += "{\"a\":1,}\n";
  const std::string pretty = "{\n  \"eventName\": \"A\",\n  \"eventVersion\": \"1.0\"\n}";
  EXPECT_EQ(records_of(text + pretty).rows, Lines{"\"A\" " + pretty});
}

// Each took seconds to minutes when it cost the square of its size, and then sixteen times as long
// for four times as much.
TEST(RecordUnwrapperTest, TimeGrowsWithTheSize) {
  const auto many = [](size_t count, const std::string& text) {
    std::string texts;
    for (size_t i = 0; i < count; ++i) texts += text;
    return texts;
  };
  const auto duration_of = [](const std::string& text) {
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(records_of(text).rows, Lines{});
    return std::chrono::steady_clock::now() - start;
  };
  constexpr size_t kSome = 10'000;
  for (const auto& [document, behind] :
       {std::pair<std::string, std::string>{records(""), std::string(100, '\n')},
        {"{Records:[1]}", ""},
        {"2023-07-10T19:00:00{}", ""}}) {
    const auto some = duration_of(many(kSome, document) + many(kSome, behind));
    const auto four_times = duration_of(many(4 * kSome, document) + many(4 * kSome, behind));
    EXPECT_LT(four_times, 9 * some + std::chrono::milliseconds(300)) << document;
  }
}

TEST(RecordUnwrapperTest, StopsAtOnceWhenCanceled) {
  Cancellation cancellation;
  uint64_t num_notes = 0;
  RecordUnwrapper unwrapper(
      [&](ScanNoteKind, uint64_t, const NoteText&) {
        if (++num_notes == 1000) cancellation.request();
      },
      cancellation);
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "{}\n";
  const size_t size = text.size();
  text.append(ByteBuffer::kPaddingBytes, '\0');
  unwrapper.start(std::string_view(text).substr(0, size), 1);
  EXPECT_THROW(unwrapper.next(), QueryError);
  EXPECT_LT(num_notes, 2000U);
}

TEST(RecordUnwrapperTest, ManyPieces) {
  std::string line =
      R"({"eventVersion":"1","eventName":"E","pad":")" + std::string(1000, 'x') + "\"}";
  const size_t num_lines = 2 * kUnwrappedBytes / line.size();
  std::string text;
  for (size_t i = 0; i < num_lines; ++i) text += line + "\n";
  EXPECT_EQ(records_of(text).rows, Lines(num_lines, "\"E\" " + line));
}

}  // namespace
}  // namespace trailsql
