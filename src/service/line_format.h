// Rows as the lines of files that tables are made of: JSON, and LazySimpleSerDe's delimited text.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "catalog/metadata.h"
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

/// How LazySimpleSerDe delimits.
struct DelimitedText {
  static constexpr size_t kNumLevels = 8;
  /// Between columns, then between elements, then between keys and values, and so on downwards.
  std::array<char, kNumLevels> separators{'\x01', '\x02', '\x03', '\x04',
                                          '\x05', '\x06', '\x07', '\x08'};
  std::optional<char> escape;
  std::string null_text = "\\N";
};

/// Reads the delimiters from a table's SerDe properties (field.delim, collection.delim,
/// mapkey.delim, escape.delim, serialization.null.format). Throws NOT_SUPPORTED for delimiters of
/// several characters.
DelimitedText delimited_text_of(const CatalogProperties& serde_properties);

/// Makes lines of delimited text. What would be taken for a delimiter or a line's end is escaped;
/// without an escape character it is refused. Binary values are base64. Throws NOT_SUPPORTED for
/// types nested deeper than there are separators.
std::unique_ptr<LineFormat> make_delimited_line_format(std::vector<ResultColumn> columns,
                                                       const DelimitedText& text);

}  // namespace trailsql
