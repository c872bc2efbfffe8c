// The JSON formats: an array of objects, or one object a line.
#pragma once

#include <memory>
#include <string>

#include "service/result_writer.h"

namespace trailsql {

/// One array of objects, an object a line inside it. Streamed. Values are what people expect in
/// JSON: rows are objects by field name (fields without one: `_field0`), decimals are numbers with
/// all their digits, JSON values stay as they are, everything else is as Trino's protocol has it
/// (doubles NaN and infinite as text, varbinary as base64, dates as text).
std::unique_ptr<ResultWriter> make_json_writer(OutputSink& sink);
/// One object a line.
std::unique_ptr<ResultWriter> make_json_lines_writer(OutputSink& sink);

/// Returns names that are distinct, so that an object loses no column: a second `n` becomes `n_2`.
std::vector<std::string> distinct_names(std::vector<std::string> names);

}  // namespace trailsql
