#include "scan/grok_pattern.h"

#include <fmt/core.h>

#include "base/error.h"

namespace trailsql {
namespace {

constexpr std::string_view kNameCharacters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";

[[noreturn]] void refuse(const std::string& reason) {
  throw QueryError(ErrorCode::kHiveInvalidMetadata, "Grok compilation failure: " + reason);
}

class Expansion {
 public:
  explicit Expansion(const GrokDefinitions& custom) : custom_(custom) {}

  GrokRegex run(std::string_view format) {
    expand(format, 0);
    return std::move(result_);
  }

 private:
  void expand(std::string_view text, size_t depth) {
    if (depth > kMaxGrokDepth)
      refuse(fmt::format("patterns are nested more than {} deep", kMaxGrokDepth));
    while (true) {
      const size_t start = text.find("%{");
      const size_t end = start == std::string_view::npos ? start : text.find('}', start);
      if (end == std::string_view::npos) break;
      add(text.substr(0, start));
      expand_reference(text.substr(start + 2, end - start - 2), depth);
      text.remove_prefix(end + 1);
    }
    add(text);
  }

  // NAME, NAME:capture or NAME:capture:type; the type says nothing here, where columns have theirs.
  void expand_reference(std::string_view reference, size_t depth) {
    const size_t colon = reference.find(':');
    const std::string_view name = reference.substr(0, colon);
    std::string_view capture;
    if (colon != std::string_view::npos) capture = reference.substr(colon + 1);
    capture = capture.substr(0, capture.find_first_of(":;"));
    const std::string* definition = find(name);
    if (definition == nullptr) refuse(fmt::format("pattern {} is not defined", name));
    // Patterns within the standard ones capture only what they name.
    if (capture.empty() && depth > 0) {
      add("(?:");
    } else {
      add(fmt::format("(?<g{}>", result_.names.size()));
      result_.names.emplace_back(capture.empty() ? name : capture);
      result_.is_named.push_back(!capture.empty());
    }
    expand(*definition, depth + 1);
    add(")");
  }

  const std::string* find(std::string_view name) const {
    if (const auto found = custom_.find(name); found != custom_.end()) return &found->second;
    const GrokDefinitions& standard = standard_grok_patterns();
    const auto found = standard.find(name);
    return found == standard.end() ? nullptr : &found->second;
  }

  void add(std::string_view text) {
    result_.regex += text;
    if (result_.regex.size() > kMaxGrokRegexBytes)
      refuse(fmt::format("more than {} bytes when written out", kMaxGrokRegexBytes));
  }

  const GrokDefinitions& custom_;
  GrokRegex result_;
};

}  // namespace

GrokDefinitions parse_grok_definitions(std::string_view text) {
  GrokDefinitions definitions;
  while (!text.empty()) {
    const size_t line_end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, line_end);
    text.remove_prefix(std::min(line_end + 1, text.size()));
    const size_t name_end = line.find_first_not_of(kNameCharacters);
    if (name_end == 0 || name_end == std::string_view::npos) continue;
    const size_t start = line.find_first_not_of(" \t", name_end);
    if (start == name_end || start == std::string_view::npos) continue;
    std::string_view definition = line.substr(start);
    if (definition.ends_with('\r')) definition.remove_suffix(1);
    definitions[std::string(line.substr(0, name_end))] = definition;
  }
  return definitions;
}

GrokRegex expand_grok(std::string_view format, const GrokDefinitions& custom) {
  return Expansion(custom).run(format);
}

}  // namespace trailsql
