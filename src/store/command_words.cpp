#include "store/command_words.h"

namespace trailsql {
namespace {

constexpr std::string_view kWordBlanks = " \t\r\n";

/// Takes what stands in quotes, the opening one of which is taken; false when there is no closing
/// one.
bool take_quoted(std::string_view& rest, char quote, std::string& word) {
  while (!rest.empty()) {
    const char c = rest.front();
    rest.remove_prefix(1);
    if (c == quote) return true;
    if (c == '\\' && quote == '"' && !rest.empty() &&
        (rest.front() == '"' || rest.front() == '\\')) {
      word += rest.front();
      rest.remove_prefix(1);
    } else {
      word += c;
    }
  }
  return false;
}

}  // namespace

std::optional<std::vector<std::string>> split_command_line(std::string_view line) {
  std::vector<std::string> words;
  bool is_in_word = false;
  while (!line.empty()) {
    const char c = line.front();
    line.remove_prefix(1);
    if (kWordBlanks.find(c) != std::string_view::npos) {
      is_in_word = false;
      continue;
    }
    if (!is_in_word) words.emplace_back();
    is_in_word = true;
    if (c == '\'' || c == '"') {
      if (!take_quoted(line, c, words.back())) return std::nullopt;
    } else if (c == '\\') {
      if (line.empty()) return std::nullopt;
      words.back() += line.front();
      line.remove_prefix(1);
    } else {
      words.back() += c;
    }
  }
  return words;
}

}  // namespace trailsql
