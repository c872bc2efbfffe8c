#include "scan/json_text.h"

#include <fmt/core.h>

#include <optional>

#include "base/text.h"
#include "scan/java_number.h"

namespace trailsql {
namespace {

void append_quoted(std::string_view text, bool html_safe, std::string& out) {
  out.push_back('"');
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\t': out += "\\t"; break;
      case '\b': out += "\\b"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\f': out += "\\f"; break;
      case '/':
        // Where it must be safe within HTML, "</" is written as "<\/".
        if (html_safe && i > 0 && text[i - 1] == '<') out.push_back('\\');
        out.push_back(c);
        break;
      default:
        if (static_cast<uint8_t>(c) < 0x20) {
          fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
        } else {
          out.push_back(c);
        }
    }
  }
  out.push_back('"');
}

}  // namespace

bool is_plain_integer(std::string_view text) {
  constexpr size_t kSurelyFits = 18;
  if (text.empty() || text.size() > kSurelyFits) return false;
  if (text[0] == '0') return text.size() == 1;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
  }
  return true;
}

bool is_canonical_literal(std::string_view literal) {
  return literal == "false" || literal == "true" || is_plain_integer(literal);
}

bool append_canonical_literal(std::string_view literal, std::string& out) {
  if (is_canonical_literal(literal)) {
    out += literal;
    return true;
  }
  if (equals_ignoring_case(literal, "true") || equals_ignoring_case(literal, "false")) {
    out += literal.size() == 4 ? "true" : "false";
    return true;
  }
  if (const std::optional<int64_t> integer = parse_decimal_hex_octal(literal)) {
    out += std::to_string(*integer);
    return true;
  }
  if (const std::optional<JavaDecimal> number = parse_java_decimal(literal)) {
    out += java_decimal_text(*number);
    return true;
  }
  return false;
}

void append_json_text(const JsonDocument& document, uint32_t node, bool html_safe,
                      std::string& out) {
  const JsonNode& value = document.node(node);
  switch (value.kind) {
    case JsonNode::Kind::kNull: out += "null"; return;
    case JsonNode::Kind::kQuoted: append_quoted(value.text, html_safe, out); return;
    case JsonNode::Kind::kLiteral:
      if (!append_canonical_literal(value.text, out)) append_quoted(value.text, html_safe, out);
      return;
    case JsonNode::Kind::kObject:
    case JsonNode::Kind::kArray: break;
  }
  const bool object = value.kind == JsonNode::Kind::kObject;
  out.push_back(object ? '{' : '[');
  bool first = true;
  for (uint32_t child = value.first_child; child != JsonNode::kNone;
       child = document.node(child).next_sibling) {
    if (!first) out.push_back(',');
    first = false;
    if (object) {
      append_quoted(document.node(child).name, html_safe, out);
      out.push_back(':');
    }
    append_json_text(document, child, html_safe, out);
  }
  out.push_back(object ? '}' : ']');
}

}  // namespace trailsql
