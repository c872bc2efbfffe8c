// Dates and timestamps as the OpenX SerDe reads them from text.
// source: asked from Trino 476.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trailsql {

/// A moment without a zone: seconds since 1970-01-01 00:00:00 and nanoseconds of that second.
struct TextTimestamp {
  int64_t seconds = 0;
  int64_t nanos = 0;
};

/// Reads text by one pattern of `timestamp.formats` (letters y u M d H h m s S n a X x Z and quoted
/// text, as Java's DateTimeFormatter has them).
class TimestampPattern {
 public:
  /// Throws NOT_SUPPORTED for a letter it does not understand.
  explicit TimestampPattern(std::string_view pattern);
  /// Returns the moment in UTC; empty when the text does not fit.
  std::optional<TextTimestamp> parse(std::string_view text) const;

 private:
  struct Piece {
    char letter;       // '\0': literal text
    size_t width = 0;  // how often the letter stands
    std::string literal;
  };
  std::vector<Piece> pieces_;
};

/// Reads the property `timestamp.formats`, patterns between commas. Throws as TimestampPattern.
std::vector<TimestampPattern> timestamp_patterns_of(
    const std::map<std::string, std::string>& properties);

/// Returns the days since 1970-01-01 of a day in the proleptic Gregorian calendar; month and day
/// may lie beyond their usual bounds.
int64_t days_of_date(int64_t year, int64_t month, int64_t day);

/// Returns the days since 1970-01-01: "2014-08-01" with anything behind a space or T; days beyond
/// a month's end run on into the next. Empty when it is no date.
std::optional<int64_t> parse_text_date(std::string_view text);

/// Returns the days since 1970-01-01 as Hive's own SerDes read them: years of up to ten digits,
/// signs, what follows a space ignored. Empty when it is no date that fits 32 bits.
std::optional<int64_t> parse_hive_date(std::string_view text);

/// Reads a timestamp as Hive's own SerDes do: by one of the patterns, or "2014-08-01 12:00:00.5",
/// or with T between date and time; no zone, no number. Empty when it is none.
std::optional<TextTimestamp> parse_hive_timestamp(std::string_view text,
                                                  const std::vector<TimestampPattern>& patterns);

/// Reads the built-in forms: ISO with and without zone, "2014-08-01 12:00:00.5", seconds (up to 12
/// characters), milliseconds (13 and more), decimal seconds. Empty when it is none.
std::optional<TextTimestamp> parse_text_timestamp(std::string_view text,
                                                  const std::vector<TimestampPattern>& patterns);

/// Returns microseconds since 1970, rounded half up to `precision` digits of a second (at most 6).
/// Empty when it does not fit 64 bits.
std::optional<int64_t> timestamp_micros(const TextTimestamp& timestamp, int precision);

}  // namespace trailsql
