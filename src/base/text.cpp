#include "base/text.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

namespace trailsql {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

// The length of the valid UTF-8 sequence at `i`, or of what one U+FFFD stands for.
struct Sequence {
  size_t length;
  bool valid;
};

Sequence sequence_at(std::string_view text, size_t i) {
  const auto byte = [&](size_t offset) -> uint32_t {
    return i + offset < text.size() ? static_cast<uint8_t>(text[i + offset]) : 0u;
  };
  const auto continues = [&](size_t offset) { return (byte(offset) & 0xC0) == 0x80; };
  const uint32_t first = byte(0);
  if (first < 0x80) return {1, true};
  if (first < 0xC2 || first > 0xF4 || !continues(1)) return {1, false};
  if (first < 0xE0) return {2, true};
  const uint32_t second = byte(1);
  if (first < 0xF0) {
    if (first == 0xE0 && second < 0xA0) return {1, false};
    if (!continues(2)) return {2, false};
    const bool surrogate = first == 0xED && second > 0x9F;
    return {3, !surrogate};
  }
  if ((first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F)) return {1, false};
  if (!continues(2)) return {2, false};
  if (!continues(3)) return {3, false};
  return {4, true};
}

// Counts inserted, removed and replaced letters, and two neighbours that changed places as one.
size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<size_t> before_previous;
  std::vector<size_t> previous;
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    before_previous = std::move(previous);
    previous = row;
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const bool is_same = lower(a[i - 1]) == lower(b[j - 1]);
      row[j] = std::min({previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (is_same ? 0 : 1)});
      const bool is_swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
                              lower(a[i - 2]) == lower(b[j - 1]);
      if (is_swapped) row[j] = std::min(row[j], before_previous[j - 2] + 1);
    }
  }
  return row.back();
}

}  // namespace

std::string to_lower_ascii(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), lower);
  return result;
}

std::string to_upper_ascii(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - ('a' - 'A'));
  }
  return result;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

void append_json_string(std::string& out, std::string_view text) {
  out.push_back('"');
  size_t plain_start = 0;
  const auto flush = [&](size_t end) {
    append_valid_utf8(out, text.substr(plain_start, end - plain_start));
  };
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (static_cast<uint8_t>(c) >= 0x20 && c != '"' && c != '\\') continue;
    flush(i);
    plain_start = i + 1;
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      case '\b': out += "\\b"; break;
      case '\f': out += "\\f"; break;
      default: fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
    }
  }
  flush(text.size());
  out.push_back('"');
}

std::string json_string(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

void append_base64(std::string& out, std::string_view bytes, std::string_view digits) {
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const auto byte = [&](size_t j) {
      return j < bytes.size() ? static_cast<unsigned>(static_cast<uint8_t>(bytes[j])) : 0U;
    };
    const unsigned bits = byte(i) << 16U | byte(i + 1) << 8U | byte(i + 2);
    out += digits[bits >> 18U & 63U];
    out += digits[bits >> 12U & 63U];
    out += i + 1 < bytes.size() ? digits[bits >> 6U & 63U] : '=';
    out += i + 2 < bytes.size() ? digits[bits & 63U] : '=';
  }
}

void append_valid_utf8(std::string& out, std::string_view text) {
  size_t good_start = 0;
  for (size_t i = 0; i < text.size();) {
    const Sequence sequence = sequence_at(text, i);
    if (!sequence.valid) {
      out.append(text, good_start, i - good_start);
      out += "\xEF\xBF\xBD";
      good_start = i + sequence.length;
    }
    i += sequence.length;
  }
  out.append(text, good_start, text.size() - good_start);
}

bool is_valid_utf8(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const Sequence sequence = sequence_at(text, i);
    if (!sequence.valid) return false;
    i += sequence.length;
  }
  return true;
}

size_t num_code_points(std::string_view text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string_view nearest_name(std::string_view name, std::span<const std::string> candidates) {
  constexpr size_t kMaxNameLength = 64;
  if (name.size() > kMaxNameLength) return {};
  // Beyond a third of its letters a name is another name, not a typo; a single letter is never near
  // another.
  size_t best_distance = std::min(std::max<size_t>(1, name.size() / 3) + 1, name.size());
  std::string_view best;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > kMaxNameLength) continue;
    const size_t distance = edit_distance(name, candidate);
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view name, std::span<const std::string> candidates) {
  const std::string_view near = nearest_name(name, candidates);
  return near.empty() ? std::string() : fmt::format("did you mean {}?", near);
}

std::string human_size(double num_bytes) {
  constexpr std::array kUnits{"B", "kB", "MB", "GB", "TB", "PB"};
  size_t unit = 0;
  while (num_bytes >= 999.95 && unit + 1 < kUnits.size()) {
    num_bytes /= 1000;
    ++unit;
  }
  return unit == 0 ? fmt::format("{:.0f} B", num_bytes)
                   : fmt::format("{:.1f} {}", num_bytes, kUnits[unit]);
}

std::string human_count(double count) {
  if (count < 10000) return fmt::format("{:.0f}", count);
  if (count < 999950) return fmt::format("{:.1f} k", count / 1e3);
  if (count < 999950000) return fmt::format("{:.1f} M", count / 1e6);
  return fmt::format("{:.1f} G", count / 1e9);
}

char* write_utf8(char* out, char32_t code_point) {
  const auto put = [&](char32_t byte) { *out++ = static_cast<char>(byte); };
  const auto put_tail = [&](unsigned shift) { put(0x80U | (code_point >> shift & 0x3FU)); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xC0U | code_point >> 6U);
    put_tail(0);
  } else if (code_point < 0x10000) {
    put(0xE0U | code_point >> 12U);
    put_tail(6);
    put_tail(0);
  } else {
    put(0xF0U | code_point >> 18U);
    put_tail(12);
    put_tail(6);
    put_tail(0);
  }
  return out;
}

void append_utf8(std::string& out, char32_t code_point) {
  std::array<char, 4> bytes;
  out.append(bytes.data(), write_utf8(bytes.data(), code_point));
}

int hex_digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_digit_value(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_digit_value(text[i + 2]) : -1;
    if (low < 0) {
      out += text[i];
      continue;
    }
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

}  // namespace trailsql
