// The formats that write one record a line with separators: csv, tsv, markdown.
#pragma once

#include <memory>

#include "service/result_writer.h"

namespace trailsql {

/// CSV as Athena writes its result files (facts/athena-api.md): header and every non-NULL value
/// quoted, `"` doubled, NULL an empty unquoted field, lines end with \n.
std::unique_ptr<ResultWriter> make_csv_writer(OutputSink& sink);
/// Tab-separated with a header; tab, newline, carriage return and backslash are escaped with a
/// backslash, NULL is \N, so nothing is lost.
std::unique_ptr<ResultWriter> make_tsv_writer(OutputSink& sink);
/// A Markdown table; numbers to the right.
std::unique_ptr<ResultWriter> make_markdown_writer(OutputSink& sink);

}  // namespace trailsql
