// The formats of text a line a row, but JSON: delimited, CSV, and lines taken apart by a regular
// expression. What SERDEPROPERTIES and TBLPROPERTIES say about them, as one value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scan/scan_spec.h"
#include "scan/timestamp_text.h"

namespace trailsql {

/// How LazySimpleSerDe cuts lines and values. source: TextEncodingOptions of Trino 476, asked.
struct DelimitedRules {
  /// Returns where the piece of `text` that begins at `start` ends: the place of the separator of
  /// that level, or the text's end.
  size_t piece_end(std::string_view text, size_t start, size_t level) const;

  std::vector<char> separators;  // by level: fields; items, map entries, struct fields; map keys; …
  std::optional<char> escape;    // escape.delim
  bool escapes_line_ends = false;                    // serialization.escape.crlf: as \n and \r
  std::string null_text = "\\N";                     // serialization.null.format
  bool last_column_takes_rest = false;               // serialization.last.column.takes.rest
  std::vector<TimestampPattern> timestamp_patterns;  // timestamp.formats
};

/// How OpenCSVSerde cuts lines; '\0' for a quote or escape character turns it off.
struct CsvRules {
  char separator = ',';  // separatorChar
  char quote = '"';      // quoteChar
  char escape = '\\';    // escapeChar
};

/// Lines before and after the rows of every file.
struct SkippedLines {
  uint64_t header = 0;  // skip.header.line.count
  uint64_t footer = 0;  // skip.footer.line.count
};

/// Returns whether the files of `format` are read by the worker for text.
bool is_text_format(const ScanFormat& format);

/// Returns the value of a property, whose key is given in lower case; nullptr without it.
const std::string* find_format_property(const ScanFormat& format, const std::string& key);

/// Read the properties of a format. Numbers of lines that are none, separators that clash or are
/// beyond ASCII, where characters are several bytes, and line ends other than \n throw
/// HIVE_INVALID_METADATA.
DelimitedRules delimited_rules(const ScanFormat& format);
CsvRules csv_rules(const ScanFormat& format);
SkippedLines skipped_lines(const ScanFormat& format);

/// Returns the regular expression that a line has to match as a whole, as it is written. Throws
/// HIVE_INVALID_METADATA without `input.regex`.
std::string line_regex(const ScanFormat& format);

}  // namespace trailsql
