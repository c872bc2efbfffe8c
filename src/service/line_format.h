// Rows as the lines of files that tables are made of: JSON, and LazySimpleSerDe's delimited text.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "scan/text_format.h"
#include "service/result_writer.h"
#include "types/column.h"

namespace trailsql {

/// Spells rows. The columns are those that it was made with; a batch may have more.
class LineFormat {
 public:
  virtual ~LineFormat() = default;
  /// Appends one row with its line end. Throws HIVE_UNSERIALIZABLE_JSON_VALUE or NOT_SUPPORTED for
  /// a value that the format cannot hold.
  virtual void append_row(std::string& out, const ColumnBatch& batch, size_t row) const = 0;
};

/// Makes lines of JSON objects as Hive's JsonSerDe reads them, spelled as Trino spells them: NULL
/// is null, timestamps `2020-01-01 10:00:00.12`, maps objects. NaN and infinity are refused, and
/// binary values that are no UTF-8.
std::unique_ptr<LineFormat> make_json_line_format(std::vector<ResultColumn> columns);

/// Makes lines of delimited text. What would be taken for a delimiter or a line's end is escaped,
/// or refused where there is no such escape; so is what would come back as another value, as
/// ARRAY[''] would as ARRAY[]. Binary values are base64. Throws NOT_SUPPORTED for types nested
/// deeper than there are separators.
std::unique_ptr<LineFormat> make_delimited_line_format(std::vector<ResultColumn> columns,
                                                       DelimitedRules rules);

}  // namespace trailsql
