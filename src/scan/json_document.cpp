#include "scan/json_document.h"

#include <fmt/core.h>

#include <algorithm>
#include <unordered_set>

#include "base/text.h"

namespace trailsql {
namespace {

constexpr std::string_view kKelvinSign = "\xE2\x84\xAA";  // its lower case is the ASCII letter k

// Ends an unquoted word.
bool ends_literal(char c) {
  constexpr std::string_view kEnds = " \r\n\t\f{}[]/\\:,=;#";
  return kEnds.find(c) != std::string_view::npos;
}

std::string folded(std::string_view key, const KeyRules& rules) {
  if (!rules.case_insensitive) return std::string(key);
  const std::string lower = to_lower_ascii(key);
  std::string result;
  for (size_t i = 0; i < lower.size(); ++i) {
    const bool kelvin = std::string_view(lower).substr(i).starts_with(kKelvinSign);
    result.push_back(kelvin ? 'k' : lower[i]);
    if (kelvin) i += kKelvinSign.size() - 1;
  }
  return result;
}

// Java counts UTF-16 code units: two for what takes four bytes.
size_t num_java_characters(std::string_view text) {
  const auto beyond_16_bits =
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xF8) == 0xF0; });
  return num_code_points(text) + static_cast<size_t>(beyond_16_bits);
}

// Returns text from a document as messages show it.
std::string shortened(std::string_view text) {
  if (text.size() <= kMaxQuotedTextBytes) return std::string(text);
  std::string shown(text.substr(0, kMaxQuotedTextBytes));
  while (!shown.empty() && (shown.back() & 0xC0) == 0x80) shown.pop_back();
  if (!shown.empty() && (shown.back() & 0x80) != 0) shown.pop_back();
  return shown + "…";
}

}  // namespace

bool same_key(std::string_view a, std::string_view b, const KeyRules& rules) {
  if (!rules.case_insensitive) return a == b;
  if (a.size() == b.size()) return equals_ignoring_case(a, b);
  if (a.find(kKelvinSign) == std::string_view::npos &&
      b.find(kKelvinSign) == std::string_view::npos)
    return false;
  return folded(a, rules) == folded(b, rules);
}

bool JsonDocument::parse(std::string_view text, const KeyRules& rules) {
  text_ = text;
  rules_ = rules;
  position_ = 0;
  depth_ = 0;
  nodes_.clear();
  pending_.clear();
  decoded_.clear();
  problem_.clear();
  return parse_value(add_node(), 0);
}

void JsonDocument::shrink() {
  nodes_ = {};
  pending_ = {};
  decoded_ = StringArena();
}

uint32_t JsonDocument::add_node() {
  nodes_.emplace_back();
  return static_cast<uint32_t>(nodes_.size() - 1);
}

bool JsonDocument::fail(std::string_view reason) {
  problem_ = fmt::format("{} at character {} of JSON: {}", reason,
                         num_java_characters(text_.substr(0, position_)), shortened(text_));
  return false;
}

bool JsonDocument::parse_value(uint32_t node, size_t depth) {
  int token = kEnd;
  if (!skip_to_token(token)) return false;
  if (token == kEnd) return fail("End of input");
  if (token == '{' || token == '[') {
    depth_ = std::max(depth_, depth + 1);
    if (depth >= kMaxNestingDepth)
      return fail(fmt::format("More than {} nested objects and arrays", kMaxNestingDepth));
    const size_t start = position_ - 1;
    if (!(token == '{' ? parse_object(node, depth + 1) : parse_array(node, depth + 1)))
      return false;
    nodes_[node].text = text_.substr(start, position_ - start);
    return true;
  }
  if (token == '"' || token == '\'') {
    nodes_[node].kind = JsonNode::Kind::kQuoted;
    std::string_view text;
    if (!parse_quoted(static_cast<char>(token), text)) return false;
    nodes_[node].text = text;
    return true;
  }
  --position_;
  return parse_literal(node);
}

bool JsonDocument::parse_object(uint32_t node, size_t depth) {
  nodes_[node].kind = JsonNode::Kind::kObject;
  const size_t first_pending = pending_.size();
  int token = kEnd;
  if (!skip_to_token(token)) return false;
  if (token == '}') return true;
  if (token != kEnd) --position_;
  while (true) {
    if (!parse_member(depth) || !skip_to_token(token)) return false;
    if (token == '}') {
      drop_repeated_keys(first_pending);
      link_children(node, first_pending);
      return true;
    }
    if (token != ',' && token != ';') return fail("Unterminated object");
  }
}

bool JsonDocument::parse_member(size_t depth) {
  // The name is read as any value is; only a string is good.
  const size_t num_pending = pending_.size();
  const uint32_t member = add_node();
  if (!parse_value(member, depth)) return false;
  pending_.resize(num_pending);
  const JsonNode name = nodes_[member];
  if (name.kind == JsonNode::Kind::kNull) return fail("Field name is null literal");
  if (name.kind == JsonNode::Kind::kObject || name.kind == JsonNode::Kind::kArray)
    return fail("Names must be strings");
  int token = kEnd;
  if (!skip_to_token(token)) return false;
  if (token != ':' && token != '=')
    return fail(fmt::format("Expected ':' after field {}", shortened(name.text)));
  if (token == '=' && position_ < text_.size() && text_[position_] == '>') ++position_;
  nodes_[member] = JsonNode();
  nodes_[member].name = name.text;
  pending_.push_back(member);
  return parse_value(member, depth);
}

bool JsonDocument::parse_array(uint32_t node, size_t depth) {
  nodes_[node].kind = JsonNode::Kind::kArray;
  const size_t first_pending = pending_.size();
  bool after_separator = false;
  while (true) {
    int token = kEnd;
    if (!skip_to_token(token)) return false;
    if (token == kEnd) return fail("Unterminated array");
    if (token == ']') {
      if (after_separator) pending_.push_back(add_node());
      break;
    }
    if (token == ',' || token == ';') {
      pending_.push_back(add_node());
      after_separator = true;
      continue;
    }
    --position_;
    const uint32_t element = add_node();
    pending_.push_back(element);
    if (!parse_value(element, depth) || !skip_to_token(token)) return false;
    if (token == ']') break;
    if (token != ',' && token != ';') return fail("Unterminated array");
    after_separator = true;
  }
  link_children(node, first_pending);
  return true;
}

void JsonDocument::link_children(uint32_t node, size_t first_pending) {
  uint32_t next = JsonNode::kNone;
  for (size_t i = pending_.size(); i > first_pending; --i) {
    nodes_[pending_[i - 1]].next_sibling = next;
    next = pending_[i - 1];
  }
  nodes_[node].first_child = next;
  pending_.resize(first_pending);
}

// The last value of a key counts, at the place of that last value.
void JsonDocument::drop_repeated_keys(size_t first_pending) {
  constexpr size_t kFewKeys = 24;
  constexpr uint32_t kDropped = JsonNode::kNone;
  const size_t num_members = pending_.size() - first_pending;
  const auto name = [&](size_t i) { return nodes_[pending_[i]].name; };
  const KeyRules merging{rules_.case_insensitive && rules_.merges_by_case};
  if (num_members <= kFewKeys) {
    for (size_t i = first_pending; i < pending_.size(); ++i) {
      for (size_t later = i + 1; later < pending_.size(); ++later) {
        if (!same_key(name(i), name(later), merging)) continue;
        pending_[i] = kDropped;
        break;
      }
    }
  } else {
    std::unordered_set<std::string> seen;
    for (size_t i = pending_.size(); i > first_pending; --i) {
      if (!seen.insert(folded(name(i - 1), merging)).second) pending_[i - 1] = kDropped;
    }
  }
  const auto first = pending_.begin() + static_cast<std::ptrdiff_t>(first_pending);
  pending_.erase(std::remove(first, pending_.end(), kDropped), pending_.end());
}

bool JsonDocument::parse_quoted(char quote, std::string_view& text) {
  const size_t start = position_;
  bool escaped = false;
  while (position_ < text_.size()) {
    const char c = text_[position_++];
    if (c == quote) {
      text = text_.substr(start, position_ - 1 - start);
      if (!escaped) return true;
      char* decoded = decoded_.allocate(text.size());
      const int64_t size = decode_escapes(text, decoded);
      if (size < 0) return fail("Invalid escape sequence");
      text = {decoded, static_cast<size_t>(size)};
      return true;
    }
    if (c == '\\') {
      escaped = true;
      if (position_ == text_.size()) return fail("Unterminated escape sequence");
      ++position_;
    }
  }
  return fail("Unterminated string");
}

bool JsonDocument::parse_literal(uint32_t node) {
  const size_t start = position_;
  while (position_ < text_.size() && !ends_literal(text_[position_])) ++position_;
  const std::string_view text = text_.substr(start, position_ - start);
  if (text.empty()) return fail("Expected literal value");
  if (equals_ignoring_case(text, "null")) return true;
  nodes_[node].kind = JsonNode::Kind::kLiteral;
  nodes_[node].text = text;
  return true;
}

void JsonDocument::skip_line_comment() {
  while (position_ < text_.size()) {
    const char c = text_[position_++];
    if (c == '\r' || c == '\n') return;
  }
}

// Takes the next character that is neither white space nor part of a comment; kEnd at the end.
// Returns false for a comment without end.
bool JsonDocument::skip_to_token(int& token) {
  while (position_ < text_.size()) {
    const char c = text_[position_++];
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') continue;
    if (c == '#') {
      skip_line_comment();
      continue;
    }
    const char next = c == '/' && position_ < text_.size() ? text_[position_] : '\0';
    if (next == '/') {
      skip_line_comment();
    } else if (next == '*') {
      const size_t end = text_.find("*/", ++position_);
      if (end == std::string_view::npos) return fail("Unterminated c-style comment");
      position_ = end + 2;
    } else {
      token = static_cast<uint8_t>(c);
      return true;
    }
  }
  token = kEnd;
  return true;
}

}  // namespace trailsql
