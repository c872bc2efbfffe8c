// Where rows come from, batch by batch: as columns, or as the text that a format makes of them.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "types/column.h"

namespace trailsql {

/// The text of some rows.
struct RowsText {
  std::string text;
  size_t num_rows = 0;
};

/// Appends the text of a batch's rows. Several threads may call it at once.
using RenderRows = std::function<void(const ColumnBatch& batch, std::string& out)>;

/// Pulls rows. Use from one thread, and one of both ways alone.
class RowSource {
 public:
  virtual ~RowSource() = default;
  /// Fills `batch` with the next rows and returns true; false at the end. Strings live until the
  /// next call.
  virtual bool next(ColumnBatch& batch) = 0;
  /// Makes `rows` the text of the next rows and returns true; false at the end. Where many threads
  /// make rows, they make the text, too. `render` must be the same each time.
  virtual bool next_text(const RenderRows& render, RowsText& rows) {
    rows.text.clear();
    if (!next(rendered_)) return false;
    render(rendered_, rows.text);
    rows.num_rows = rendered_.num_rows;
    return true;
  }

 private:
  ColumnBatch rendered_;
};

}  // namespace trailsql
