#include "service/line_format.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace trailsql {
namespace {

ColumnBatch batch_of(const Type& type, const std::vector<const char*>& values) {
  ColumnBatch batch;
  batch.columns.emplace_back(type);
  for (const char* value : values)
    value == nullptr ? batch.columns[0].append_null() : batch.columns[0].append_string(value);
  batch.num_rows = values.size();
  return batch;
}

std::string lines_of(const LineFormat& format, const ColumnBatch& batch) {
  std::string out;
  for (size_t row = 0; row < batch.num_rows; ++row) format.append_row(out, batch, row);
  return out;
}

TEST(LineFormatTest, EscapesWhatWouldEndAValue) {
  DelimitedRules rules = delimited_rules({});
  rules.separators[0] = ',';
  rules.escape = '\\';
  rules.escapes_line_ends = true;
  const auto format = make_delimited_line_format({{"a", Type::varchar()}}, rules);
  EXPECT_EQ(lines_of(*format,
                     batch_of(Type::varchar(), {"a,b", "x\\y", "l\nm\r", nullptr, "\\N", "\x02"})),
            "a\\,b\nx\\\\y\nl\\nm\\r\n\\N\n\\\\N\n\x02\n");
}

TEST(LineFormatTest, RefusesWhatItCannotEscape) {
  const auto format = make_delimited_line_format({{"a", Type::varchar()}}, delimited_rules({}));
  for (const char* value : {"a\x01z", "a\nb", "\\N"}) {
    try {
      lines_of(*format, batch_of(Type::varchar(), {value}));
      ADD_FAILURE() << value;
    } catch (const QueryError& error) {
      EXPECT_EQ(error.code(), ErrorCode::kNotSupported);
    }
  }
  EXPECT_EQ(lines_of(*format, batch_of(Type::varchar(), {"a,b\\c"})), "a,b\\c\n");
}

TEST(LineFormatTest, RefusesPartsThatWouldNotComeBack) {
  const Type type = Type::array(Type::varchar());
  const auto format = make_delimited_line_format({{"a", type}}, delimited_rules({}));
  ColumnBatch batch;
  Column& column = batch.columns.emplace_back(type);
  Column& elements = column.children()[0];
  elements.append_string("");
  column.append_list();
  elements.append_null();
  column.append_list();
  column.append_list();
  elements.append_string("");
  elements.append_null();
  column.append_list();
  std::string out;
  EXPECT_THROW(format->append_row(out, batch, 0), QueryError);  // would be []
  EXPECT_THROW(format->append_row(out, batch, 1), QueryError);  // would be NULL
  out.clear();
  format->append_row(out, batch, 2);
  format->append_row(out, batch, 3);
  EXPECT_EQ(out, "\n\x02\\N\n");
}

TEST(LineFormatTest, RefusesTypesNestedTooDeeply) {
  Type type = Type::varchar();
  for (int i = 0; i < 8; ++i) type = Type::array(type);
  EXPECT_THROW(make_delimited_line_format({{"a", type}}, delimited_rules({})), QueryError);
}

TEST(LineFormatTest, JsonHasNoBytes) {
  const auto format = make_json_line_format({{"a", TypeKind::kVarbinary}});
  EXPECT_EQ(lines_of(*format, batch_of(TypeKind::kVarbinary, {"text", nullptr})),
            "{\"a\":\"text\"}\n{\"a\":null}\n");
  try {
    lines_of(*format, batch_of(TypeKind::kVarbinary, {"\xff"}));
    FAIL();
  } catch (const QueryError& error) {
    EXPECT_EQ(error.code(), ErrorCode::kHiveUnserializableJsonValue);
  }
}

}  // namespace
}  // namespace trailsql
