// The JSON formats: an array of objects, or one object a line.
#pragma once

#include <memory>
#include <string>

#include "service/result_writer.h"

namespace trailsql {

/// One array of objects, an object a line inside it. Streamed.
std::unique_ptr<ResultWriter> make_json_writer(OutputSink& sink);
/// One object a line.
std::unique_ptr<ResultWriter> make_json_lines_writer(OutputSink& sink);

/// Appends a value as people expect it in JSON: rows as objects by field name (fields without one:
/// `_field0`), decimals as numbers with all their digits, JSON values as they are, everything else
/// as Trino's protocol has it (doubles NaN and infinite as text, varbinary as base64, dates as
/// text).
void append_json_value(std::string& out, const Column& column, size_t row);

/// Returns names that are distinct, so that an object loses no column: a second `n` becomes `n_2`.
std::vector<std::string> distinct_names(std::vector<std::string> names);

}  // namespace trailsql
