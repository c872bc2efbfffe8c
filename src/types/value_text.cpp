#include "types/value_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <iterator>

#include "base/text.h"
#include "types/civil_date.h"
#include "types/time_of_day.h"
#include "types/time_zone.h"

namespace trailsql {
namespace {

enum class NumberLayout : uint8_t { kJava, kExponent };

// The shortest digits that mean a positive value: "9.5e-05". Java prints two digits at least, so
// where one would do it takes the nearest of all that have two: "9.9e-324" of 1e-323.
template <typename Floating>
std::string scientific_text(Floating value) {
  std::array<char, 64> buffer;
  const char* end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                  std::chars_format::scientific)
                        .ptr;
  if (buffer[1] == 'e') {
    std::string two = fmt::format("{:.1e}", value);
    Floating read_back = 0;
    std::from_chars(two.data(), two.data() + two.size(), read_back);
    if (read_back == value && two[2] != '0') return two;
  }
  return std::string(buffer.data(), static_cast<size_t>(end - buffer.data()));
}

// Lays out the shortest digits that `value` has: as Java does, plain from 1e-3 to below 1e7 and
// else with an exponent; or always with an exponent.
template <typename Floating>
void append_number(std::string& out, Floating value, NumberLayout layout) {
  if (std::isnan(value)) {
    out += "NaN";
    return;
  }
  if (std::signbit(value)) out += '-';
  value = std::abs(value);
  if (std::isinf(value)) {
    out += "Infinity";
    return;
  }
  if (value == 0) {
    out += layout == NumberLayout::kJava ? "0.0" : "0E0";
    return;
  }
  const std::string text = scientific_text(value);
  const size_t mark = text.find('e');
  std::string digits(1, text[0]);
  if (mark > 2) digits += text.substr(2, mark - 2);
  const char* exponent_text = text.data() + mark + (text[mark + 1] == '+' ? 2 : 1);
  int exponent = 0;
  std::from_chars(exponent_text, text.data() + text.size(), exponent);
  const bool plain = layout == NumberLayout::kJava && exponent >= -3 && exponent < 7;
  if (!plain) {
    out += digits[0];
    out += '.';
    out += digits.size() > 1 ? digits.substr(1) : "0";
    fmt::format_to(std::back_inserter(out), "E{}", exponent);
  } else if (exponent < 0) {
    out += "0.";
    out.append(static_cast<size_t>(-exponent - 1), '0');
    out += digits;
  } else {
    const size_t num_whole = static_cast<size_t>(exponent) + 1;
    if (digits.size() < num_whole + 1) digits.append(num_whole + 1 - digits.size(), '0');
    out += digits.substr(0, num_whole);
    out += '.';
    out += digits.substr(num_whole);
  }
}

void append_timestamp_value(std::string& out, const Column& column, size_t row) {
  const Type& type = column.type();
  if (!type.has_picoseconds())
    return append_timestamp(out, column.int64_at(row), 0, type.precision());
  append_timestamp(out, column.children()[0].int64_at(row), column.children()[1].int64_at(row),
                   type.precision());
}

void append_zoned_timestamp(std::string& out, const Column& column, size_t row) {
  const bool precise = column.type().has_picoseconds();
  const std::string_view zone = column.children().back().string_at(row);
  append_timestamp(out, to_local_microseconds(column.children()[0].int64_at(row), zone),
                   precise ? column.children()[1].int64_at(row) : 0, column.type().precision());
  out += ' ';
  out += zone;
}

void append_zoned_time(std::string& out, const Column& column, size_t row) {
  const ZonedTimeOfDay time{column.children()[0].int64_at(row), column.children()[1].int64_at(row)};
  append_time_of_day(out, local_time_of_day(time), column.type().precision());
  append_time_offset(out, time.offset_minutes);
}

void append_uuid(std::string& out, std::string_view bytes) {
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
    fmt::format_to(std::back_inserter(out), "{:02x}", static_cast<unsigned char>(bytes[i]));
  }
}

// RFC 5952: the longest run of two or more zero groups becomes "::".
void append_ipv6(std::string& out, std::string_view bytes) {
  std::array<unsigned, 8> groups;
  for (size_t i = 0; i < groups.size(); ++i) {
    groups[i] = static_cast<unsigned>(static_cast<unsigned char>(bytes[2 * i]) << 8U |
                                      static_cast<unsigned char>(bytes[2 * i + 1]));
  }
  size_t best_start = groups.size();
  size_t best_length = 1;
  for (size_t start = 0; start < groups.size(); ++start) {
    size_t stop = start;
    while (stop < groups.size() && groups[stop] == 0) ++stop;
    if (stop - start > best_length) {
      best_start = start;
      best_length = stop - start;
    }
  }
  for (size_t i = 0; i < groups.size(); ++i) {
    if (i == best_start) {
      out += "::";
      i += best_length - 1;
      continue;
    }
    if (i > 0 && !out.ends_with(':')) out += ':';
    fmt::format_to(std::back_inserter(out), "{:x}", groups[i]);
  }
}

void append_ip_address(std::string& out, std::string_view bytes) {
  static constexpr std::string_view kMappedPrefix("\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);
  if (bytes.size() == 16 && bytes.starts_with(kMappedPrefix)) {
    const auto byte = [&](size_t i) { return static_cast<unsigned char>(bytes[12 + i]); };
    fmt::format_to(std::back_inserter(out), "{}.{}.{}.{}", byte(0), byte(1), byte(2), byte(3));
  } else if (bytes.size() == 16) {
    std::string text;
    append_ipv6(text, bytes);
    out += text;
  }
}

void append_padded(std::string& out, std::string_view text, uint32_t length) {
  out += text;
  const size_t num_characters = num_code_points(text);
  if (num_characters < length) out.append(length - num_characters, ' ');
}

// The kinds that both forms spell alike. Returns false for the others.
bool append_scalar(std::string& out, const Column& column, size_t row) {
  switch (column.type().kind()) {
    case TypeKind::kBoolean: out += column.boolean_at(row) ? "true" : "false"; return true;
    case TypeKind::kTinyint:
    case TypeKind::kSmallint:
    case TypeKind::kInteger:
    case TypeKind::kBigint: out += fmt::format_int(column.int64_at(row)).c_str(); return true;
    case TypeKind::kReal:
      append_java_real(out, static_cast<float>(column.double_at(row)));
      return true;
    case TypeKind::kDouble: append_java_double(out, column.double_at(row)); return true;
    case TypeKind::kDecimal:
      append_decimal(out, column.int128_at(row), column.type().scale());
      return true;
    case TypeKind::kVarchar:
    case TypeKind::kJson: out += column.string_at(row); return true;
    case TypeKind::kChar:
      append_padded(out, column.string_at(row), column.type().length());
      return true;
    case TypeKind::kDate: append_date(out, column.int64_at(row)); return true;
    case TypeKind::kTime:
      append_time_of_day(out, column.int64_at(row), column.type().precision());
      return true;
    case TypeKind::kTimeWithTimeZone: append_zoned_time(out, column, row); return true;
    case TypeKind::kTimestamp: append_timestamp_value(out, column, row); return true;
    case TypeKind::kTimestampWithTimeZone: append_zoned_timestamp(out, column, row); return true;
    case TypeKind::kIntervalYearToMonth:
      append_year_month_interval(out, column.int64_at(row));
      return true;
    case TypeKind::kIntervalDayToSecond:
      append_day_second_interval(out, column.int64_at(row));
      return true;
    case TypeKind::kUuid: append_uuid(out, column.string_at(row)); return true;
    case TypeKind::kIpAddress: append_ip_address(out, column.string_at(row)); return true;
    default: return false;
  }
}

void append_list_json(std::string& out, const Column& column, size_t row) {
  const bool is_map = column.type().is(TypeKind::kMap);
  out += is_map ? '{' : '[';
  for (size_t i = column.offset(row); i < column.offset(row + 1); ++i) {
    if (i > column.offset(row)) out += ',';
    if (is_map) {
      std::string key;
      append_object_text(key, column.children()[0], i);
      append_json_string(out, key);
      out += ':';
      append_protocol_json(out, column.children()[1], i);
    } else {
      append_protocol_json(out, column.children()[0], i);
    }
  }
  out += is_map ? '}' : ']';
}

}  // namespace

void append_java_double(std::string& out, double value) {
  append_number(out, value, NumberLayout::kJava);
}
void append_java_real(std::string& out, float value) {
  append_number(out, value, NumberLayout::kJava);
}
void append_sql_double(std::string& out, double value) {
  append_number(out, value, NumberLayout::kExponent);
}
void append_sql_real(std::string& out, float value) {
  // Trino rounds the shortest digits to seven.
  std::string digits;
  append_java_real(digits, value);
  const double shortest = std::strtod(digits.c_str(), nullptr);
  append_sql_double(out, std::strtod(fmt::format("{:.6e}", shortest).c_str(), nullptr));
}

void append_decimal(std::string& out, int128_t unscaled, int scale) {
  std::array<char, 48> buffer;
  size_t start = buffer.size();
  auto rest = static_cast<unsigned __int128>(unscaled);
  if (unscaled < 0) rest = -rest;
  int num_digits = 0;
  do {
    if (num_digits == scale && scale > 0) buffer[--start] = '.';
    buffer[--start] = static_cast<char>('0' + static_cast<int>(rest % 10));
    rest /= 10;
    ++num_digits;
  } while (rest != 0 || num_digits <= scale);
  if (unscaled < 0) out += '-';
  out.append(buffer.data() + start, buffer.size() - start);
}

void append_date(std::string& out, int64_t days) {
  const CivilDate date = civil_date(days);
  if (date.year >= 0 && date.year <= 9999) {
    const auto digit = [](auto number) { return static_cast<char>('0' + number % 10); };
    const std::array<char, 10> text{digit(date.year / 1000),
                                    digit(date.year / 100),
                                    digit(date.year / 10),
                                    digit(date.year),
                                    '-',
                                    digit(date.month / 10),
                                    digit(date.month),
                                    '-',
                                    digit(date.day / 10),
                                    digit(date.day)};
    out.append(text.data(), text.size());
    return;
  }
  if (date.year > 9999) out += '+';
  if (date.year < 0) out += '-';
  fmt::format_to(std::back_inserter(out), "{:04}-{:02}-{:02}", std::abs(date.year), date.month,
                 date.day);
}

void append_time_of_day(std::string& out, int64_t picoseconds, int precision) {
  const int64_t seconds = picoseconds / kPicosecondsPerSecond;
  fmt::format_to(std::back_inserter(out), "{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60,
                 seconds % 60);
  if (precision <= 0) return;
  std::string fraction = fmt::format("{:012}", picoseconds % kPicosecondsPerSecond);
  fraction.resize(static_cast<size_t>(precision));
  out += '.';
  out += fraction;
}

void append_time_offset(std::string& out, int64_t offset_minutes, std::string_view separator) {
  const int64_t minutes = std::abs(offset_minutes);
  fmt::format_to(std::back_inserter(out), "{}{:02}{}{:02}", offset_minutes < 0 ? '-' : '+',
                 minutes / 60, separator, minutes % 60);
}

void append_timestamp(std::string& out, int64_t microseconds, int64_t picoseconds, int precision) {
  const std::chrono::microseconds time(microseconds);
  const auto day = std::chrono::floor<std::chrono::days>(time);
  append_date(out, day.count());
  out += ' ';
  append_time_of_day(out, (time - day).count() * kPicosecondsPerMicrosecond + picoseconds,
                     precision);
}

void append_year_month_interval(std::string& out, int64_t months) {
  fmt::format_to(std::back_inserter(out), "{}{}-{}", months < 0 ? "-" : "", std::abs(months) / 12,
                 std::abs(months) % 12);
}

void append_day_second_interval(std::string& out, int64_t milliseconds) {
  if (milliseconds < 0) out += '-';
  const uint64_t rest = milliseconds < 0 ? uint64_t{0} - static_cast<uint64_t>(milliseconds)
                                         : static_cast<uint64_t>(milliseconds);
  fmt::format_to(std::back_inserter(out), "{} {:02}:{:02}:{:02}.{:03}", rest / kMillisecondsPerDay,
                 rest / kMillisecondsPerHour % 24, rest / kMillisecondsPerMinute % 60,
                 rest / kMillisecondsPerSecond % 60, rest % kMillisecondsPerSecond);
}

void append_text(std::string& out, const Column& column, size_t row) {
  if (column.is_null(row) || append_scalar(out, column, row)) return;
  switch (column.type().kind()) {
    case TypeKind::kHyperLogLog:
    case TypeKind::kSetDigest:
    case TypeKind::kVarbinary: {
      bool first = true;
      for (const char c : column.string_at(row)) {
        if (!first) out += ' ';
        first = false;
        fmt::format_to(std::back_inserter(out), "{:02x}", static_cast<unsigned char>(c));
      }
      break;
    }
    default: ValueText(column.type()).append(out, column, row);
  }
}

ValueText::ValueText(const Type& type) {
  if (!type.is_nested()) return;
  for (const RowField& field : type.fields()) {
    parts_.emplace_back(field.type);
    if (!type.is(TypeKind::kRow)) continue;
    const std::string name = field.name ? *field.name + "=" : "";
    const std::string before = (fields_.empty() ? "{" : ", ") + name;
    fields_.push_back({before, before + "null"});
  }
}

void ValueText::append(std::string& out, const Column& column, size_t row) const {
  switch (column.type().kind()) {
    case TypeKind::kArray:
    case TypeKind::kMap: return column.is_null(row) ? void() : append_list(out, column, row);
    case TypeKind::kRow: return column.is_null(row) ? void() : append_row(out, column, row);
    case TypeKind::kVarchar: out += column.string_at(row); return;
    default: append_text(out, column, row);
  }
}

void ValueText::append_part(std::string& out, const Column& column, size_t row) const {
  if (column.is_null(row)) {
    out += "null";
  } else {
    append(out, column, row);
  }
}

void ValueText::append_list(std::string& out, const Column& column, size_t row) const {
  const bool is_map = column.type().is(TypeKind::kMap);
  out += is_map ? '{' : '[';
  for (size_t i = column.offset(row); i < column.offset(row + 1); ++i) {
    if (i > column.offset(row)) out += ", ";
    parts_[0].append_part(out, column.children()[0], i);
    if (is_map) {
      out += '=';
      parts_[1].append_part(out, column.children()[1], i);
    }
  }
  out += is_map ? '}' : ']';
}

void ValueText::append_row(std::string& out, const Column& column, size_t row) const {
  for (size_t i = 0; i < parts_.size(); ++i) {
    const Column& part = column.children()[i];
    if (part.is_null(row)) {
      out += fields_[i].null;
    } else {
      out += fields_[i].before;
      parts_[i].append(out, part, row);
    }
  }
  out += '}';
}

void append_object_text(std::string& out, const Column& column, size_t row) {
  if (column.is_null(row)) {
    out += "null";
    return;
  }
  const Type& type = column.type();
  if (type.is(TypeKind::kVarbinary))
    return append_base64(out, column.string_at(row), kBase64Digits);
  if (!type.is_nested()) {
    append_scalar(out, column, row);
    return;
  }
  const bool is_row = type.is(TypeKind::kRow);
  const bool is_map = type.is(TypeKind::kMap);
  const size_t begin = is_row ? 0 : column.offset(row);
  const size_t end = is_row ? column.children().size() : column.offset(row + 1);
  out += is_map ? '{' : '[';
  for (size_t i = begin; i < end; ++i) {
    if (i > begin) out += ", ";
    append_object_text(out, column.children()[is_row ? i : 0], is_row ? row : i);
    if (!is_map) continue;
    out += '=';
    append_object_text(out, column.children()[1], i);
  }
  out += is_map ? '}' : ']';
}

void append_protocol_json(std::string& out, const Column& column, size_t row) {
  if (column.is_null(row)) {
    out += "null";
    return;
  }
  switch (column.type().kind()) {
    case TypeKind::kBoolean:
    case TypeKind::kTinyint:
    case TypeKind::kSmallint:
    case TypeKind::kInteger:
    case TypeKind::kBigint: append_scalar(out, column, row); break;
    case TypeKind::kReal:
    case TypeKind::kDouble: {
      const bool finite = std::isfinite(column.double_at(row));
      if (!finite) out += '"';
      append_scalar(out, column, row);
      if (!finite) out += '"';
      break;
    }
    case TypeKind::kHyperLogLog:
    case TypeKind::kSetDigest:
    case TypeKind::kVarbinary:
      out += '"';
      append_base64(out, column.string_at(row), kBase64Digits);
      out += '"';
      break;
    case TypeKind::kArray:
    case TypeKind::kMap: append_list_json(out, column, row); break;
    case TypeKind::kRow:
      out += '[';
      for (size_t i = 0; i < column.children().size(); ++i) {
        if (i > 0) out += ',';
        append_protocol_json(out, column.children()[i], row);
      }
      out += ']';
      break;
    default: {
      std::string text;
      append_scalar(text, column, row);
      append_json_string(out, text);
    }
  }
}

}  // namespace trailsql
