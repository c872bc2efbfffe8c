// The vertical format: one column a line, for wide rows; and texts as they are.
#pragma once

#include <memory>

#include "service/result_writer.h"

namespace trailsql {

/// A heading a row, then `name │ value` lines; nothing is cut.
std::unique_ptr<ResultWriter> make_vertical_writer(OutputSink& sink, const ResultStyle& style);

/// The lines of a text (one varchar column) without any frame, so that a statement can be copied.
std::unique_ptr<ResultWriter> make_text_writer(OutputSink& sink, const ResultStyle& style);

}  // namespace trailsql
