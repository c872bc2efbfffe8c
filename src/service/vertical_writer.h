// The vertical format: one column a line, for wide rows.
#pragma once

#include <memory>

#include "service/result_writer.h"

namespace trailsql {

/// A heading a row, then `name │ value` lines; nothing is cut.
std::unique_ptr<ResultWriter> make_vertical_writer(OutputSink& sink, const ResultStyle& style);

}  // namespace trailsql
