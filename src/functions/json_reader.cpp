#include "functions/json_reader.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

#include "base/text.h"
#include "functions/parse_value.h"
#include "functions/utf8.h"
#include "types/value_text.h"

namespace trailsql {
namespace {

std::optional<char32_t> read_hex(std::string_view text, size_t position) {
  if (position + 4 > text.size()) return std::nullopt;
  unsigned value = 0;
  const char* begin = text.data() + position;
  const auto [stop, problem] = std::from_chars(begin, begin + 4, value, 16);
  if (problem != std::errc() || stop != begin + 4) return std::nullopt;
  return value;
}

// Takes the four digits of \uXXXX, and the second half of a surrogate pair.
bool append_unicode(std::string& out, std::string_view escaped, size_t& position) {
  std::optional<char32_t> unit = read_hex(escaped, position);
  if (!unit) return false;
  position += 4;
  if (*unit >= 0xD800 && *unit < 0xDC00 && escaped.substr(position).starts_with("\\u")) {
    const std::optional<char32_t> low = read_hex(escaped, position + 2);
    if (low && *low >= 0xDC00 && *low < 0xE000) {
      position += 6;
      unit = 0x10000 + ((*unit - 0xD800) << 10U) + (*low - 0xDC00);
    }
  }
  const bool lone = *unit >= 0xD800 && *unit < 0xE000;
  append_utf8(out, lone ? char32_t{'?'} : *unit);
  return true;
}

// Java's printing: integers as they are, everything else as a double, which is a text when it is
// too big.
bool append_canonical_word(std::string& out, std::string_view word) {
  if (word == "true" || word == "false" || word == "null") {
    out += word;
    return true;
  }
  if (!is_json_number(word)) return false;
  if (word.find_first_of(".eE") == std::string_view::npos) {
    out += word == "-0" ? "0" : word;
    return true;
  }
  const double value = parse_double(word).value_or(0);
  const bool quoted = !std::isfinite(value);
  if (quoted) out += '"';
  append_java_double(out, value);
  if (quoted) out += '"';
  return true;
}

void append_key(std::string& out, std::string_view key) {
  if (!out.ends_with('{')) out += ',';
  append_json_text(out, key);
  out += ':';
}

bool append_canonical_object(std::string& out, JsonReader& reader, bool as_written, int depth) {
  std::map<std::string, std::string> sorted;  // stays empty where the order is as written
  out += '{';
  if (!reader.accept('}')) {
    do {
      const std::optional<std::string> key = reader.read_key();
      if (!key) return false;
      std::string* value = &out;
      if (as_written) {
        append_key(out, *key);
      } else {
        value = &sorted[*key];
        value->clear();
      }
      if (!append_canonical_json(*value, reader, as_written, depth + 1)) return false;
    } while (reader.accept(','));
    if (!reader.accept('}')) return false;
  }
  for (const auto& [key, value] : sorted) {
    append_key(out, key);
    out += value;
  }
  out += '}';
  return true;
}

bool append_canonical_array(std::string& out, JsonReader& reader, bool as_written, int depth) {
  out += '[';
  if (!reader.accept(']')) {
    if (!append_canonical_json(out, reader, as_written, depth + 1)) return false;
    while (reader.accept(',')) {
      out += ',';
      if (!append_canonical_json(out, reader, as_written, depth + 1)) return false;
    }
    if (!reader.accept(']')) return false;
  }
  out += ']';
  return true;
}

}  // namespace

char JsonReader::peek() {
  while (position_ < text_.size()) {
    const char c = text_[position_];
    if (c != ' ' && c != '\t' && c != '\n' && c != '\r') return c;
    ++position_;
  }
  return '\0';
}

bool JsonReader::accept(char symbol) {
  if (peek() != symbol || position_ >= text_.size()) return false;
  ++position_;
  return true;
}

std::optional<std::string_view> JsonReader::read_string() {
  if (!accept('"')) return std::nullopt;
  const size_t start = position_;
  while (position_ < text_.size()) {
    const char c = text_[position_];
    if (c == '"') return text_.substr(start, position_++ - start);
    if (static_cast<unsigned char>(c) < 0x20) return std::nullopt;
    position_ += c == '\\' ? 2 : 1;
  }
  return std::nullopt;
}

std::optional<std::string> JsonReader::read_text() {
  const std::optional<std::string_view> raw = read_string();
  std::string text;
  if (!raw || !append_unescaped(text, *raw)) return std::nullopt;
  return text;
}

std::optional<std::string> JsonReader::read_key() {
  std::optional<std::string> key = read_text();
  if (!key || !accept(':')) return std::nullopt;
  return key;
}

std::optional<std::string_view> JsonReader::read_word() {
  peek();
  const size_t start = position_;
  while (position_ < text_.size()) {
    const char c = text_[position_];
    const bool word = is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
                      c == '+' || c == '.';
    if (!word) break;
    ++position_;
  }
  const std::string_view word = text_.substr(start, position_ - start);
  if (word != "true" && word != "false" && word != "null" && !is_json_number(word))
    return std::nullopt;
  return word;
}

std::optional<std::string_view> JsonReader::skip_value(int depth) {
  if (depth > kMaxDepth) return std::nullopt;
  const char first = peek();
  const size_t start = position_;
  const auto taken = [&] { return text_.substr(start, position_ - start); };
  if (first == '"') return read_string() ? std::optional(taken()) : std::nullopt;
  if (first != '{' && first != '[') return read_word();
  const bool object = first == '{';
  const char close = object ? '}' : ']';
  accept(first);
  if (accept(close)) return taken();
  do {
    if (object && (!read_string() || !accept(':'))) return std::nullopt;
    if (!skip_value(depth + 1)) return std::nullopt;
  } while (accept(','));
  if (!accept(close)) return std::nullopt;
  return taken();
}

bool append_unescaped(std::string& out, std::string_view escaped) {
  for (size_t i = 0; i < escaped.size();) {
    const size_t slash = escaped.find('\\', i);
    out += escaped.substr(i, slash - i);
    if (slash == std::string_view::npos) return true;
    if (slash + 1 >= escaped.size()) return false;
    i = slash + 2;
    switch (escaped[slash + 1]) {
      case '"': out += '"'; break;
      case '\\': out += '\\'; break;
      case '/': out += '/'; break;
      case 'b': out += '\b'; break;
      case 'f': out += '\f'; break;
      case 'n': out += '\n'; break;
      case 'r': out += '\r'; break;
      case 't': out += '\t'; break;
      case 'u':
        if (!append_unicode(out, escaped, i)) return false;
        break;
      default: return false;
    }
  }
  return true;
}

void append_json_text(std::string& out, std::string_view text) {
  const auto is_plain = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 && byte < 0xF0;
  };
  if (std::all_of(text.begin(), text.end(), is_plain)) return append_json_string(out, text);
  out += '"';
  for (size_t i = 0; i < text.size();) {
    const size_t start = i;
    const char32_t c = decode_character(text, i);
    constexpr std::string_view kShort = "\"\\\b\f\n\r\t";
    constexpr std::string_view kLetters = "\"\\bfnrt";
    const size_t place = c < 0x80 ? kShort.find(static_cast<char>(c)) : std::string_view::npos;
    if (place != std::string_view::npos) {
      out += '\\';
      out += kLetters[place];
    } else if (c < 0x20) {
      fmt::format_to(std::back_inserter(out), "\\u{:04X}", static_cast<uint32_t>(c));
    } else if (c >= 0x10000) {
      const uint32_t rest = static_cast<uint32_t>(c) - 0x10000;
      fmt::format_to(std::back_inserter(out), "\\u{:04X}\\u{:04X}", 0xD800 + (rest >> 10U),
                     0xDC00 + (rest & 0x3FFU));
    } else if (c == 0xFFFD) {
      append_utf8(out, c);
    } else {
      out += text.substr(start, i - start);
    }
  }
  out += '"';
}

bool is_json_number(std::string_view word) {
  size_t i = word.starts_with('-') ? 1 : 0;
  const auto digits = [&] {
    const size_t start = i;
    while (i < word.size() && is_digit(word[i])) ++i;
    return i > start;
  };
  const size_t whole = i;
  if (!digits() || (word[whole] == '0' && i > whole + 1)) return false;
  if (i < word.size() && word[i] == '.') {
    ++i;
    if (!digits()) return false;
  }
  if (i < word.size() && (word[i] == 'e' || word[i] == 'E')) {
    ++i;
    if (i < word.size() && (word[i] == '+' || word[i] == '-')) ++i;
    if (!digits()) return false;
  }
  return i == word.size();
}

bool append_canonical_json(std::string& out, JsonReader& reader, bool as_written, int depth) {
  if (depth > JsonReader::kMaxDepth) return false;
  if (reader.accept('{')) return append_canonical_object(out, reader, as_written, depth);
  if (reader.accept('[')) return append_canonical_array(out, reader, as_written, depth);
  if (reader.peek() != '"') {
    const std::optional<std::string_view> word = reader.read_word();
    return word && append_canonical_word(out, *word);
  }
  const std::optional<std::string> text = reader.read_text();
  if (!text) return false;
  append_json_text(out, *text);
  return true;
}

std::optional<std::string> canonical_json(std::string_view text) {
  JsonReader reader(text);
  std::string out;
  if (!append_canonical_json(out, reader) || !reader.at_end()) return std::nullopt;
  return out;
}

}  // namespace trailsql
