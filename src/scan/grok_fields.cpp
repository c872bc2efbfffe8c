// Lines of Glue's GrokSerDe: what a grok expression captures, somewhere in the line.
#include <fmt/core.h>

#include <algorithm>
#include <string>

#include "base/error.h"
#include "base/text.h"
#include "functions/regexp.h"
#include "scan/grok_pattern.h"
#include "scan/line_fields.h"

namespace trailsql {
namespace {

const std::string* find_property(const ScanFormat& format, const std::string& key) {
  const auto found = format.properties.find(key);
  return found == format.properties.end() ? nullptr : &found->second;
}

GrokRegex grok_of(const ScanFormat& format) {
  const std::string* text = find_property(format, "input.format");
  if (text == nullptr)
    throw QueryError(ErrorCode::kHiveInvalidMetadata,
                     "This table does not have serde property \"input.format\"");
  const std::string* custom = find_property(format, "input.grokcustompatterns");
  return expand_grok(*text,
                     custom == nullptr ? GrokDefinitions() : parse_grok_definitions(*custom));
}

class GrokFields final : public LineFields {
 public:
  explicit GrokFields(const ScanSpec& spec) {
    const GrokRegex grok = grok_of(spec.format);
    regexp_ = Regexp::compile(grok.regex);
    std::vector<size_t> named;
    for (size_t i = 0; i < grok.names.size(); ++i) {
      if (grok.is_named[i]) named.push_back(i);
    }
    // A column takes what is captured under its name; where the names differ, but not the
    // numbers, the place counts.
    for (size_t i = 0; i < spec.table_columns.size(); ++i) {
      std::optional<size_t> capture = find_capture(grok, spec.table_columns[i].name);
      if (!capture && named.size() == spec.table_columns.size()) capture = named[i];
      groups_.push_back(capture ? regexp_->find_group(fmt::format("g{}", *capture))
                                : regexp_->find_group(spec.table_columns[i].name));
    }
  }

  std::string_view read(std::string_view line, Fields& fields) override {
    std::fill(fields.begin(), fields.end(), std::nullopt);
    if (!regexp_->find(line, 0, match_)) return "does not match input.format: a row of NULLs";
    for (size_t i = 0; i < fields.size(); ++i) {
      if (!groups_[i] || *groups_[i] >= match_.size()) continue;
      if (const std::optional<RegexpSpan>& span = match_[*groups_[i]])
        fields[i] = line.substr(span->begin, span->end - span->begin);
    }
    return {};
  }

 private:
  static std::optional<size_t> find_capture(const GrokRegex& grok, const std::string& column) {
    for (const bool named : {true, false}) {
      for (size_t i = 0; i < grok.names.size(); ++i) {
        if (grok.is_named[i] == named && equals_ignoring_case(grok.names[i], column)) return i;
      }
    }
    return std::nullopt;
  }

  std::shared_ptr<const Regexp> regexp_;
  std::vector<std::optional<size_t>> groups_;  // by column
  RegexpMatch match_;
};

}  // namespace

std::unique_ptr<LineFields> new_grok_fields(const ScanSpec& spec) {
  return std::make_unique<GrokFields>(spec);
}

}  // namespace trailsql
