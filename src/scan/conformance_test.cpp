// The OpenX cases recorded from the reference, at the level of scans.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <fstream>
#include <regex>

#include "scan/scan_fixture.h"

namespace trailsql {
namespace {

using Rows = std::vector<std::string>;
namespace dom = simdjson::dom;

std::string decode_base64(std::string_view text) {
  std::string bytes;
  uint32_t bits = 0;
  int num_bits = 0;
  for (const char c : text) {
    const size_t digit = kBase64Digits.find(c);
    if (digit == std::string_view::npos) break;
    bits = bits << 6 | static_cast<uint32_t>(digit);
    num_bits += 6;
    if (num_bits < 8) continue;
    num_bits -= 8;
    bytes.push_back(static_cast<char>(bits >> num_bits & 0xFF));
  }
  return bytes;
}

dom::array array_of(dom::element value) {
  dom::array result;
  EXPECT_EQ(value.get(result), simdjson::SUCCESS);
  return result;
}

std::string text_of(dom::element value) {
  std::string_view result;
  EXPECT_EQ(value.get(result), simdjson::SUCCESS);
  return std::string(result);
}

dom::element member(dom::element object, const char* key) {
  dom::element result;
  EXPECT_EQ(object[key].get(result), simdjson::SUCCESS) << key;
  return result;
}

std::string expected_text(dom::element value) {
  switch (value.type()) {
    case dom::element_type::STRING: return json_string(text_of(value));
    case dom::element_type::ARRAY: {
      std::string out = "[";
      for (const dom::element item : array_of(value))
        out += (out.size() > 1 ? "," : "") + expected_text(item);
      return out + "]";
    }
    default: return simdjson::minify(value);
  }
}

// The columns of "CREATE EXTERNAL TABLE {t} (`a` string, …)".
std::vector<std::pair<std::string, std::string>> ddl_columns(const std::string& ddl) {
  const size_t start = ddl.find('(') + 1;
  const std::string list = ddl.substr(start, ddl.find(") ROW FORMAT") - start);
  std::vector<std::pair<std::string, std::string>> columns;
  const std::regex name("`(\\w+)` ");
  for (std::sregex_iterator it(list.begin(), list.end(), name), end; it != end; ++it) {
    const auto from = static_cast<size_t>(it->position() + it->length());
    auto next = std::next(it);
    const size_t to =
        next == end ? list.size() : static_cast<size_t>(next->position()) - 2;  // ", "
    columns.emplace_back(to_lower_ascii((*it)[1].str()), list.substr(from, to - from));
  }
  return columns;
}

ScanOrder order_of(const std::string& ddl) {
  ScanOrder order;
  order.table = ddl_columns(ddl);
  const std::regex property("'([^']+)'='([^']+)'");
  for (std::sregex_iterator it(ddl.begin(), ddl.end(), property), end; it != end; ++it)
    order.properties[to_lower_ascii((*it)[1].str())] = (*it)[2].str();
  return order;
}

// What the statement needs from the scan, and what it makes of the scan's rows.
struct Question {
  std::vector<ScanColumn> columns;
  bool unnest = false;
  size_t rows_only_first_columns = 0;  // compare that many columns of each row; 0: all
};

Question question_of(const std::string& sql, const ScanSpec& spec) {
  using Source = ScanColumn::Source;
  Question question;
  const auto table = [&](uint32_t i) {
    question.columns.push_back(wanted(Source::kTable, i, {}, spec.table_columns[i].type));
  };
  const auto element = [&](std::vector<uint32_t> fields) {
    Type type = spec.table_columns[0].type.element();
    for (const uint32_t field : fields) type = Type(type.fields()[field].type);
    question.columns.push_back(wanted(Source::kElement, 0, std::move(fields), type));
  };
  question.unnest = sql.find("UNNEST") != std::string::npos;
  if (sql.find("SELECT * FROM {t} CROSS JOIN") == 0) {
    table(0);
    for (uint32_t i = 0; i < 5; ++i) element({i});
  } else if (sql.find("record.requestparameters") != std::string::npos) {
    element({4});
    element({3});
    question.rows_only_first_columns = 2;
  } else if (question.unnest) {
    element({0});
    element({});
  } else if (sql == "SELECT * FROM {t}") {
    for (uint32_t i = 0; i < spec.table_columns.size(); ++i) table(i);
  } else {
    table(0);
    question.rows_only_first_columns = 1;
  }
  return question;
}

std::string expected_row(dom::array row, size_t num_columns) {
  std::string out = "[";
  size_t i = 0;
  for (const dom::element item : row) {
    if (num_columns != 0 && i++ == num_columns) break;
    out += (out.size() > 1 ? "," : "") + expected_text(item);
  }
  return out + "]";
}

void check_error(dom::element example, const Rows& rows) {
  ASSERT_FALSE(rows.empty());
  const std::string& message = rows.back();
  EXPECT_TRUE(message.starts_with("ERROR: HIVE_CURSOR_ERROR")) << message;
  const std::string cause = text_of(member(example, "cause"));
  EXPECT_NE(message.find(cause), std::string::npos) << message;
}

void check_rows(dom::element example, const std::string& sql, const Rows& rows,
                const Question& question) {
  Rows expected;
  for (const dom::element row : array_of(member(example, "rows")))
    expected.push_back(expected_row(array_of(row), question.rows_only_first_columns));
  if (sql.find("count(*)") == std::string::npos) {
    EXPECT_EQ(rows, expected);
    return;
  }
  size_t num_present = 0;
  for (const std::string& row : rows) num_present += row != "[null]" ? 1 : 0;
  EXPECT_EQ(expected[0], "[" + std::to_string(rows.size()) + "]") << "count(*)";
  const std::string both =
      expected_row(array_of(array_of(member(example, "rows")).at(0).value_unsafe()), 2);
  EXPECT_EQ(both, fmt::format("[{},{}]", rows.size(), num_present));
}

void check_case(dom::element example) {
  const std::string ddl = text_of(member(example, "ddl"));
  const std::string sql = text_of(member(example, "sql"));
  const TemporaryFolder folder;
  dom::object files;
  ASSERT_EQ(member(example, "files").get(files), simdjson::SUCCESS);
  for (const auto& [name, bytes] : files)
    folder.write(std::string(name), decode_base64(text_of(bytes)));
  ScanOrder order = order_of(ddl);
  ScanSpec spec = make_spec(order, folder.path());
  const Question question = question_of(sql, spec);
  spec.columns = question.columns;
  if (question.unnest) spec.unnest_column = 0;
  ScanReport report;
  const Rows rows = scan_rows(std::move(spec), report);
  dom::element error;
  if (example["error"].get(error) == simdjson::SUCCESS) {
    check_error(example, rows);
  } else {
    check_rows(example, sql, rows, question);
  }
}

// Values that this test shows as stored, not as the protocol spells them; checked by hand in
// value_conversion_test.cpp.
const std::vector<std::string> kOtherSpelling{"int columns as other types"};

TEST(Conformance, RecordedOpenXCases) {
  std::ifstream file(shared_folder() + "/oracle/conformance/serde.jsonl");
  if (!file) GTEST_SKIP() << "no recorded cases under " << shared_folder();
  dom::parser parser;
  size_t num_cases = 0;
  for (std::string line; std::getline(file, line);) {
    const dom::element example = parser.parse(line).value_unsafe();
    const std::string title = text_of(member(example, "title"));
    if (text_of(member(example, "ddl")).find("openx") == std::string::npos) continue;
    if (std::count(kOtherSpelling.begin(), kOtherSpelling.end(), title) > 0) continue;
    SCOPED_TRACE(title);
    check_case(example);
    ++num_cases;
  }
  EXPECT_GE(num_cases, 24u);
}

}  // namespace
}  // namespace trailsql
