// The table format: boxes for eyes.
#pragma once

#include <memory>

#include "service/result_writer.h"

namespace trailsql {

/// Boxes with numbers to the right. The first kTableSampleRows rows decide the widths; later rows
/// are streamed. On a terminal a line never wraps: the widest columns are narrowed until it fits
/// and longer values end with `…`; where even that is not enough the last columns are left out, and
/// a column `…` stands for them. Elsewhere nothing is cut.
std::unique_ptr<ResultWriter> make_table_writer(OutputSink& sink, const ResultStyle& style);

/// Limits of what is kept to find the widths.
inline constexpr size_t kTableSampleRows = 10'000;
inline constexpr size_t kTableSampleBytes = 64 * 1024 * 1024;

/// Returns the widths that columns of natural widths `natural` get on a line of `terminal_width`
/// cells: all columns wider than some limit are narrowed to it. No column goes below
/// kMinColumnWidth, so the line may still be too long.
std::vector<size_t> fit_widths(const std::vector<size_t>& natural, size_t terminal_width);
inline constexpr size_t kMinColumnWidth = 5;
/// Returns how many of the first columns fit on a line, at their least widths; where not all do,
/// with a column `…` behind them. At least one.
size_t num_columns_that_fit(const std::vector<size_t>& natural, size_t terminal_width);
/// Returns how many cells a line with columns of these widths takes.
size_t line_width(const std::vector<size_t>& widths);

}  // namespace trailsql
