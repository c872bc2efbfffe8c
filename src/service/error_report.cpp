#include "service/error_report.h"

#include <fmt/core.h>

#include "base/hive_error.h"
#include "service/display_text.h"

namespace trailsql {
namespace {

constexpr std::string_view kIndent = "  ";
constexpr std::string_view kTab = "    ";

// Returns line `number` (from 1) of `text`, without its end. Lines end as the lexer counts them.
std::string_view line_of(std::string_view text, uint32_t number) {
  for (uint32_t line = 1; line < number; ++line) {
    const size_t end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  text = text.substr(0, text.find('\n'));
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

// Returns the byte at which code point `index` (from 0) begins, or the end.
size_t byte_of_code_point(std::string_view text, size_t index) {
  size_t position = 0;
  while (position < text.size()) {
    if ((static_cast<uint8_t>(text[position]) & 0xC0) != 0x80) {
      if (index == 0) return position;
      --index;
    }
    ++position;
  }
  return position;
}

std::string shown_text(std::string_view source) {
  std::string out;
  size_t start = 0;
  for (size_t tab = source.find('\t'); tab != std::string_view::npos;
       tab = source.find('\t', start)) {
    append_printable(out, source.substr(start, tab - start));
    out += kTab;
    start = tab + 1;
  }
  append_printable(out, source.substr(start));
  return out;
}

void append_source_line(std::string& out, std::string_view line, uint32_t column,
                        const ErrorStyle& style) {
  const size_t split = byte_of_code_point(line, column - 1);
  // A long line is shown from at most two thirds of the width before the caret.
  const std::string before =
      cut_front_to_width(shown_text(line.substr(0, split)), style.width * 2 / 3);
  const std::string after = shown_text(line.substr(split));
  const size_t caret = display_width(before);
  out += kIndent;
  out += before;
  out += cut_to_width(after, style.width > caret ? style.width - caret : 1);
  out.push_back('\n');
  out += kIndent;
  out.append(caret, ' ');
  out += style.colors ? fmt::format("{}^{}\n", kBoldRed, kPlain) : "^\n";
}

}  // namespace

std::string render_error(const QueryError& error, std::string_view source,
                         const ErrorStyle& style) {
  std::string out;
  const std::string text = error.full_text();
  std::string_view rest = text;
  if (style.colors) {
    const std::string_view name = has_hive_form(error) ? "FAILED" : error_name(error.code());
    out += fmt::format("{}{}{}", kBoldRed, name, kPlain);
    rest.remove_prefix(name.size());
  }
  // The text itself may quote what a log or a statement holds.
  while (!rest.empty()) {
    const size_t end = rest.find('\n');
    append_printable(out, rest.substr(0, end));
    out.push_back('\n');
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  }
  const Location place = error.location();
  if (place.known() && place.column > 0) {
    const std::string_view line =
        line_of(error.source().empty() ? source : error.source(), place.line);
    if (!line.empty()) append_source_line(out, line, place.column, style);
  }
  if (!error.hint().empty()) {
    append_printable(out, error.hint());
    out.push_back('\n');
  }
  return out;
}

QueryError placed_in_script(const QueryError& error, Location start) {
  Location place = error.location();
  if (!place.known() || !start.known() || !error.source().empty()) return error;
  if (place.line == 1) place.column += start.column - 1;
  place.line += start.line - 1;
  return QueryError(error.code(), place, error.what(), error.hint());
}

}  // namespace trailsql
