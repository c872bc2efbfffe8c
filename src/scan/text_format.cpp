#include "scan/text_format.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>

#include "base/error.h"
#include "base/text.h"

namespace trailsql {
namespace {

// The separators of Hive by level; tabs, line ends, form feeds and escapes are left out.
constexpr char kSeparators[] = {1,  2,  3,  4,  5,  6,  7,  8,  11, 14, 15, 16,
                                17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 28, 29};
constexpr size_t kFewLevels = 8;
constexpr size_t kManyLevels = sizeof(kSeparators);

[[noreturn]] void refuse(const std::string& reason) {
  throw QueryError(ErrorCode::kHiveInvalidMetadata, reason);
}

bool is_true(const ScanFormat& format, const std::string& key) {
  const std::string* value = find_format_property(format, key);
  return value != nullptr && equals_ignoring_case(*value, "true");
}

// Of a longer text the first character counts, as in Athena.
char ascii_character(const std::string& value, char c) {
  // A byte of a character of several would cut characters apart.
  if (static_cast<uint8_t>(c) >= 0x80)
    refuse(fmt::format("Separators, quotes and escapes must be ASCII characters: {}", value));
  return c;
}

// A character, or the number of one, as Hive writes it: "|", "9".
char separator_of(const std::string* value, char otherwise) {
  if (value == nullptr || value->empty()) return otherwise;
  int number = 0;
  const char* end = value->data() + value->size();
  const auto [stop, error] = std::from_chars(value->data(), end, number);
  const bool is_byte = error == std::errc() && stop == end && number >= -128 && number <= 127;
  return ascii_character(*value, is_byte ? static_cast<char>(number) : value->front());
}

char csv_character(const ScanFormat& format, const std::string& key, char otherwise) {
  const std::string* value = find_format_property(format, key);
  return value == nullptr || value->empty() ? otherwise : ascii_character(*value, value->front());
}

uint64_t line_count(const ScanFormat& format, const std::string& key) {
  const std::string* value = find_format_property(format, key);
  if (value == nullptr) return 0;
  uint64_t count = 0;
  const char* end = value->data() + value->size();
  const auto [stop, error] = std::from_chars(value->data(), end, count);
  if (error != std::errc() || stop != end)
    refuse(fmt::format("Invalid value for {} property: {}", key, *value));
  return count;
}

}  // namespace

size_t DelimitedRules::piece_end(std::string_view text, size_t start, size_t level) const {
  const char separator = separators[level];
  if (!escape) return std::min(text.find(separator, start), text.size());
  for (size_t i = start; i < text.size(); ++i) {
    if (text[i] == separator) return i;
    if (text[i] == *escape) ++i;
  }
  return text.size();
}

const std::string* find_format_property(const ScanFormat& format, const std::string& key) {
  const auto found = format.properties.find(key);
  return found == format.properties.end() ? nullptr : &found->second;
}

bool is_text_format(const ScanFormat& format) {
  switch (format.kind) {
    case ScanFormat::Kind::kDelimited:
    case ScanFormat::Kind::kCsv:
    case ScanFormat::Kind::kRegex:
    case ScanFormat::Kind::kGrok: return true;
    case ScanFormat::Kind::kOpenXJson:
    case ScanFormat::Kind::kHiveJson:
    case ScanFormat::Kind::kCloudTrail:
    case ScanFormat::Kind::kCloudTrailRecords:
    case ScanFormat::Kind::kParquet: return false;
  }
  return false;
}

DelimitedRules delimited_rules(const ScanFormat& format) {
  const std::string* line_end = find_format_property(format, "line.delim");
  if (line_end != nullptr && *line_end != "\n" && *line_end != "10")
    refuse("LINES TERMINATED BY only supports newline '\\n' right now");
  DelimitedRules rules;
  const bool many = is_true(format, "hive.serialization.extend.nesting.levels") ||
                    is_true(format, "hive.serialization.extend.additional.nesting.levels");
  rules.separators.assign(kSeparators, kSeparators + (many ? kManyLevels : kFewLevels));
  const auto first_of = [&](const std::string& key, const std::string& old_key) {
    const std::string* value = find_format_property(format, key);
    return value != nullptr ? value : find_format_property(format, old_key);
  };
  char* separators = rules.separators.data();
  separators[0] = separator_of(first_of("field.delim", "serialization.format"), separators[0]);
  // Hive 1 had a slip of the pen that tables still carry.
  separators[1] = separator_of(first_of("collection.delim", "colelction.delim"), separators[1]);
  separators[2] = separator_of(find_format_property(format, "mapkey.delim"), separators[2]);
  if (const std::string* escape = find_format_property(format, "escape.delim"))
    rules.escape = separator_of(escape, '\\');
  rules.escapes_line_ends = is_true(format, "serialization.escape.crlf");
  if (const std::string* null_text = find_format_property(format, "serialization.null.format"))
    rules.null_text = *null_text;
  rules.last_column_takes_rest = is_true(format, "serialization.last.column.takes.rest");
  rules.timestamp_patterns = timestamp_patterns_of(format.properties);
  return rules;
}

CsvRules csv_rules(const ScanFormat& format) {
  CsvRules rules;
  rules.separator = csv_character(format, "separatorchar", rules.separator);
  rules.quote = csv_character(format, "quotechar", rules.quote);
  rules.escape = csv_character(format, "escapechar", rules.escape);
  if (rules.separator == rules.quote || rules.separator == rules.escape ||
      (rules.quote == rules.escape && rules.quote != '\0'))
    refuse("The separator, quote, and escape characters must be different");
  if (rules.separator == '\0') refuse("The separator character must be defined");
  return rules;
}

SkippedLines skipped_lines(const ScanFormat& format) {
  return {line_count(format, "skip.header.line.count"),
          line_count(format, "skip.footer.line.count")};
}

std::string line_regex(const ScanFormat& format) {
  const std::string* regex = find_format_property(format, "input.regex");
  if (regex == nullptr) refuse("This table does not have serde property \"input.regex\"");
  const bool any_case = is_true(format, "input.regex.case.insensitive");
  return (any_case ? "(?i)" : "") + *regex;
}

}  // namespace trailsql
