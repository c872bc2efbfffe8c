#include "service/name_pattern.h"

#include <fmt/core.h>

#include <string>

#include "base/error.h"
#include "base/text.h"
#include "functions/regexp.h"

namespace trailsql {
namespace {

// Matches with one wildcard for any characters and, where it is not '\0', one for a single one.
// Goes back only to the last wildcard, so the time is at most the product of both lengths.
bool matches(std::string_view pattern, std::string_view text, char any, char one) {
  size_t p = 0;
  size_t t = 0;
  size_t last_any = std::string_view::npos;
  size_t retry_from = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == any) {
      last_any = p++;
      retry_from = t;
    } else if (p < pattern.size() &&
               (pattern[p] == text[t] || (one != '\0' && pattern[p] == one))) {
      ++p;
      ++t;
    } else if (last_any != std::string_view::npos) {
      p = last_any + 1;
      t = ++retry_from;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == any) ++p;
  return p == pattern.size();
}

bool matches_regular_expression(std::string_view pattern, std::string_view name) {
  try {
    return Regexp::of(fmt::format("(?i)\\A(?:{})\\z", pattern)).matches(name);
  } catch (const QueryError&) {
    return false;  // `*logs` is none
  }
}

// `.*` means what `*` means.
std::string without_dots_before_stars(std::string_view pattern) {
  std::string result;
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '.' && i + 1 < pattern.size() && pattern[i + 1] == '*') continue;
    result.push_back(pattern[i]);
  }
  return result;
}

}  // namespace

bool matches_show_pattern(std::string_view pattern, std::string_view name) {
  const std::string lower_pattern = to_lower_ascii(without_dots_before_stars(pattern));
  const std::string lower_name = to_lower_ascii(name);
  std::string_view rest = lower_pattern;
  while (true) {
    const size_t bar = rest.find('|');
    if (matches(rest.substr(0, bar), lower_name, '*', '\0')) return true;
    if (bar == std::string_view::npos) return matches_regular_expression(pattern, name);
    rest.remove_prefix(bar + 1);
  }
}

bool matches_like_pattern(std::string_view pattern, std::string_view name) {
  return matches(pattern, name, '%', '_');
}

}  // namespace trailsql
