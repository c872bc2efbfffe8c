#include "service/result_writer.h"

#include "base/text.h"
#include "service/delimited_writer.h"
#include "service/json_writer.h"
#include "service/table_writer.h"
#include "service/vertical_writer.h"

namespace trailsql {

const std::vector<ResultFormatName>& result_formats() {
  static const std::vector<ResultFormatName> kFormats{
      {"table", ResultFormat::kTable, "lines and boxes for eyes; the default"},
      {"csv", ResultFormat::kCsv, "as Athena's result files: every value quoted, NULL is empty"},
      {"tsv", ResultFormat::kTsv, "tab-separated; tab, newline and \\ escaped, NULL is \\N"},
      {"json", ResultFormat::kJson, "one array of objects, values typed"},
      {"jsonl", ResultFormat::kJsonLines, "one object a line, values typed"},
      {"markdown", ResultFormat::kMarkdown, "a table for tickets and reports"},
      {"vertical", ResultFormat::kVertical, "one column a line, nothing cut"},
  };
  return kFormats;
}

std::optional<ResultFormat> find_result_format(std::string_view name) {
  for (const ResultFormatName& entry : result_formats()) {
    if (equals_ignoring_case(entry.name, name)) return entry.format;
  }
  return std::nullopt;
}

std::optional<ResultFormat> result_format_of_file(std::string_view path) {
  const size_t dot = path.rfind('.');
  if (dot == std::string_view::npos || path.find('/', dot) != std::string_view::npos) {
    return std::nullopt;
  }
  const std::string extension = to_lower_ascii(path.substr(dot + 1));
  if (extension == "ndjson") return ResultFormat::kJsonLines;
  if (extension == "md") return ResultFormat::kMarkdown;
  if (extension == "txt") return ResultFormat::kTable;
  return find_result_format(extension);
}

std::unique_ptr<ResultWriter> make_result_writer(ResultFormat format, OutputSink& sink,
                                                 const ResultStyle& style) {
  switch (format) {
    case ResultFormat::kTable: return make_table_writer(sink, style);
    case ResultFormat::kCsv: return make_csv_writer(sink);
    case ResultFormat::kTsv: return make_tsv_writer(sink);
    case ResultFormat::kJson: return make_json_writer(sink);
    case ResultFormat::kJsonLines: return make_json_lines_writer(sink);
    case ResultFormat::kMarkdown: return make_markdown_writer(sink);
    case ResultFormat::kVertical: return make_vertical_writer(sink, style);
  }
  return nullptr;
}

}  // namespace trailsql
