#include "service/result_writer.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/error.h"
#include "service/display_text.h"
#include "service/json_writer.h"
#include "service/table_writer.h"

namespace trailsql {
namespace {

/// Builds a batch of varchar columns; empty optionals are NULL.
ColumnBatch text_batch(const std::vector<std::vector<std::optional<std::string>>>& rows) {
  ColumnBatch batch;
  for (size_t i = 0; i < rows.front().size(); ++i) batch.columns.emplace_back(Type::varchar());
  for (const auto& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) {
      row[i] ? batch.columns[i].append_string(*row[i]) : batch.columns[i].append_null();
    }
    ++batch.num_rows;
  }
  return batch;
}

std::string written(ResultFormat format, std::vector<ResultColumn> columns,
                    const ColumnBatch& batch, const ResultStyle& style = {}) {
  StringSink sink;
  const auto writer = make_result_writer(format, sink, style);
  writer->begin(std::move(columns));
  if (batch.num_rows > 0) writer->write(batch);
  writer->end();
  return sink.text();
}

const std::vector<ResultColumn> kTwoColumns{{"a", Type::varchar()}, {"b", Type::varchar()}};

TEST(ResultWriter, CsvQuotesEverythingButNull) {
  const ColumnBatch batch = text_batch({{"x", std::nullopt}, {"", "say \"hi\""}, {"l1\nl2", ","}});
  EXPECT_EQ(written(ResultFormat::kCsv, kTwoColumns, batch),
            "\"a\",\"b\"\n\"x\",\n\"\",\"say \"\"hi\"\"\"\n\"l1\nl2\",\",\"\n");
}

TEST(ResultWriter, CsvWithoutRowsIsTheHeader) {
  EXPECT_EQ(written(ResultFormat::kCsv, kTwoColumns, {}), "\"a\",\"b\"\n");
}

TEST(ResultWriter, TsvLosesNothing) {
  const ColumnBatch batch = text_batch({{"t\tn\n", std::nullopt}, {"\\N", ""}});
  EXPECT_EQ(written(ResultFormat::kTsv, kTwoColumns, batch), "a\tb\nt\\tn\\n\t\\N\n\\\\N\t\n");
}

TEST(ResultWriter, MarkdownEscapesBars) {
  const ColumnBatch batch = text_batch({{"x|y", std::nullopt}});
  EXPECT_EQ(written(ResultFormat::kMarkdown, kTwoColumns, batch),
            "| a | b |\n| --- | --- |\n| x\\|y | NULL |\n");
}

TEST(ResultWriter, MarkdownBarsBehindBackslashesEndNoCell) {
  EXPECT_EQ(written(ResultFormat::kMarkdown, kTwoColumns, text_batch({{R"(C:\\|x)", R"(a\tb)"}})),
            "| a | b |\n| --- | --- |\n| C:\\\\\\\\\\|x | a\\tb |\n");
}

TEST(ResultWriter, JsonKeepsColumnsOfTheSameName) {
  const std::vector<ResultColumn> columns{{"n", Type::varchar()}, {"n", Type::varchar()}};
  EXPECT_EQ(written(ResultFormat::kJsonLines, columns, text_batch({{"1", std::nullopt}})),
            "{\"n\":\"1\",\"n_2\":null}\n");
  EXPECT_EQ(written(ResultFormat::kJson, columns, text_batch({{"1", "2"}, {"3", "4"}})),
            "[\n  {\"n\":\"1\",\"n_2\":\"2\"},\n  {\"n\":\"3\",\"n_2\":\"4\"}\n]\n");
  EXPECT_EQ(written(ResultFormat::kJson, columns, {}), "[]\n");
}

TEST(ResultWriter, DistinctNamesAvoidThoseThatExist) {
  const std::vector<std::string> expected{"n", "n_3", "n_2", "n_4"};
  EXPECT_EQ(distinct_names({"n", "n", "n_2", "n"}), expected);
}

TEST(ResultWriter, JsonNestsRowsAsObjects) {
  const Type row = Type::row({{"arn", Type::varchar()}, {std::nullopt, TypeKind::kBigint}});
  ColumnBatch batch;
  batch.columns.emplace_back(Type::array(row));
  Column& element = batch.columns[0].children()[0];
  element.children()[0].append_string("x");
  element.children()[1].append_int64(7);
  element.append_row();
  element.append_null();
  batch.columns[0].append_list();
  batch.num_rows = 1;
  EXPECT_EQ(written(ResultFormat::kJsonLines, {{"r", Type::array(row)}}, batch),
            "{\"r\":[{\"arn\":\"x\",\"_field1\":7},null]}\n");
}

TEST(ResultWriter, TableAlignsNumbersAndTellsNullFromText) {
  ColumnBatch batch;
  batch.columns.emplace_back(Type::varchar());
  batch.columns.emplace_back(TypeKind::kBigint);
  batch.columns[0].append_string("NULL");
  batch.columns[0].append_null();
  batch.columns[1].append_int64(7);
  batch.columns[1].append_int64(1234);
  batch.num_rows = 2;
  EXPECT_EQ(
      written(ResultFormat::kTable, {{"name", Type::varchar()}, {"n", TypeKind::kBigint}}, batch),
      "┌────────┬──────┐\n"
      "│ name   │    n │\n"
      "├────────┼──────┤\n"
      "│ 'NULL' │    7 │\n"
      "│ NULL   │ 1234 │\n"
      "└────────┴──────┘\n");
}

TEST(ResultWriter, TableFitsTheTerminal) {
  const ColumnBatch batch = text_batch({{std::string(50, 'x'), "short"}});
  StringSink sink;
  const auto writer = make_result_writer(ResultFormat::kTable, sink, {30, false});
  writer->begin(kTwoColumns);
  writer->write(batch);
  writer->end();
  EXPECT_NE(sink.text().find("│ xxxxxxxxxxxxxxxxx… │ short │"), std::string::npos) << sink.text();
  ASSERT_EQ(writer->notes().size(), 1U);
  EXPECT_NE(writer->notes()[0].find("vertical"), std::string::npos);
}

TEST(ResultWriter, TableLeavesOutColumnsThatDoNotFit) {
  std::vector<ResultColumn> columns;
  std::vector<std::optional<std::string>> row;
  for (const std::string name : {"first", "second", "third", "fourth", "fifth"}) {
    columns.push_back({name, Type::varchar()});
    row.emplace_back(name + " value");
  }
  StringSink sink;
  const auto writer = make_result_writer(ResultFormat::kTable, sink, {30, false});
  writer->begin(columns);
  writer->write(text_batch({row}));
  writer->end();
  EXPECT_EQ(sink.text(),
            "┌────────┬───────┬───────┬───┐\n"
            "│ first  │ seco… │ third │ … │\n"
            "├────────┼───────┼───────┼───┤\n"
            "│ first… │ seco… │ thir… │ … │\n"
            "└────────┴───────┴───────┴───┘\n");
  ASSERT_EQ(writer->notes().size(), 1U);
  EXPECT_EQ(writer->notes()[0],
            "2 of 5 columns are not shown, as the terminal has 30 cells; --format vertical shows "
            "all");
}

TEST(ResultWriter, TableNeverWraps) {
  for (size_t num_columns = 1; num_columns <= 40; ++num_columns) {
    const std::vector<ResultColumn> columns(num_columns, {"name of it", Type::varchar()});
    const std::vector<std::optional<std::string>> row(num_columns, std::string(num_columns, 'x'));
    for (size_t width = 13; width <= 90; width += 7) {
      std::string text = written(ResultFormat::kTable, columns, text_batch({row}), {width, false});
      for (std::string_view rest = text; !rest.empty(); rest.remove_prefix(rest.find('\n') + 1)) {
        ASSERT_LE(display_width(rest.substr(0, rest.find('\n'))), width) << num_columns;
      }
    }
  }
}

TEST(ResultWriter, TableCutsNothingOutsideATerminal) {
  const std::string wide(500, 'x');
  EXPECT_NE(written(ResultFormat::kTable, kTwoColumns, text_batch({{wide, "b"}})).find(wide),
            std::string::npos);
}

TEST(ResultWriter, TableGoesOnAfterTheSample) {
  StringSink sink;
  const auto writer = make_result_writer(ResultFormat::kTable, sink);
  writer->begin({{"a", Type::varchar()}});
  const ColumnBatch batch = text_batch({{"x"}});
  for (size_t i = 0; i < kTableSampleRows + 5; ++i) writer->write(batch);
  writer->end();
  const auto num_lines = std::count(sink.text().begin(), sink.text().end(), '\n');
  EXPECT_EQ(static_cast<size_t>(num_lines), kTableSampleRows + 5 + 4);
}

TEST(ResultWriter, FitWidthsNarrowsTheWidestFirst) {
  EXPECT_EQ(fit_widths({5, 10}, 80), (std::vector<size_t>{5, 10}));
  EXPECT_EQ(fit_widths({5, 100, 100}, 60), (std::vector<size_t>{5, 23, 22}));
  EXPECT_EQ(line_width(fit_widths({5, 100, 100}, 60)), 60U);
  // It cannot fit: every column keeps its least width.
  EXPECT_EQ(fit_widths(std::vector<size_t>(20, 9), 60), std::vector<size_t>(20, kMinColumnWidth));
}

TEST(ResultWriter, VerticalShowsOneColumnALine) {
  const std::vector<ResultColumn> columns{{"id", Type::varchar()}, {"name", Type::varchar()}};
  EXPECT_EQ(written(ResultFormat::kVertical, columns, text_batch({{"1", std::nullopt}})),
            "──── row 1 ────\nid   │ 1\nname │ NULL\n");
}

TEST(ResultWriter, ColorsOnlyWhenAsked) {
  const ColumnBatch batch = text_batch({{"x", std::nullopt}});
  for (const ResultFormatName& entry : result_formats()) {
    EXPECT_EQ(written(entry.format, kTwoColumns, batch).find('\x1b'), std::string::npos);
  }
  EXPECT_NE(written(ResultFormat::kTable, kTwoColumns, batch, {80, true}).find("\x1b[2mNULL"),
            std::string::npos);
}

TEST(ResultWriter, FindsFormatsByNameAndExtension) {
  EXPECT_EQ(find_result_format("JSONL"), ResultFormat::kJsonLines);
  EXPECT_EQ(find_result_format("xml"), std::nullopt);
  EXPECT_EQ(result_format_of_file("/a.b/report.CSV"), ResultFormat::kCsv);
  EXPECT_EQ(result_format_of_file("report.markdown"), ResultFormat::kMarkdown);
  EXPECT_EQ(result_format_of_file("report.md"), ResultFormat::kMarkdown);
  EXPECT_EQ(result_format_of_file("report.ndjson"), ResultFormat::kJsonLines);
  EXPECT_EQ(result_format_of_file("report.xlsx"), std::nullopt);
  EXPECT_EQ(result_format_of_file("/a.csv/report"), std::nullopt);
}

TEST(AtomicFileSink, FileAppearsOnlyWhenCommitted) {
  const auto folder = std::filesystem::temp_directory_path() / "trailsql_output_sink_test";
  std::filesystem::create_directories(folder);
  const std::string path = (folder / "out.csv").string();
  std::ofstream(path) << "old";
  const auto contents = [&] {
    std::ifstream file(path);
    return std::string{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  };
  {
    AtomicFileSink sink(path);
    sink.write("new");
  }
  EXPECT_EQ(contents(), "old");
  {
    AtomicFileSink sink(path);
    sink.write("new");
    sink.commit();
  }
  EXPECT_EQ(contents(), "new");
  const std::filesystem::directory_iterator entries(folder);
  EXPECT_EQ(std::distance(begin(entries), end(entries)), 1) << "a temporary file was left behind";
  std::filesystem::remove_all(folder);
  EXPECT_THROW(AtomicFileSink("/nonexistent/folder/x"), QueryError);
}

}  // namespace
}  // namespace trailsql
