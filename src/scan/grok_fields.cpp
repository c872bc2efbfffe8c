// Lines of Glue's GrokSerDe: what a grok expression captures, somewhere in the line.
#include <fmt/core.h>

#include <algorithm>
#include <string>

#include "base/error.h"
#include "base/text.h"
#include "scan/grok_pattern.h"
#include "scan/matched_fields.h"
#include "scan/text_format.h"

namespace trailsql {
namespace {

GrokRegex grok_of(const ScanFormat& format) {
  const std::string* text = find_format_property(format, "input.format");
  if (text == nullptr)
    throw QueryError(ErrorCode::kHiveInvalidMetadata,
                     "This table does not have serde property \"input.format\"");
  const std::string* custom = find_format_property(format, "input.grokcustompatterns");
  return expand_grok(*text,
                     custom == nullptr ? GrokDefinitions() : parse_grok_definitions(*custom));
}

std::optional<size_t> find_capture(const GrokRegex& grok, const std::string& column) {
  for (const bool named : {true, false}) {
    for (size_t i = 0; i < grok.names.size(); ++i) {
      if (grok.is_named[i] == named && equals_ignoring_case(grok.names[i], column)) return i;
    }
  }
  return std::nullopt;
}

// A column takes what is captured under its name.
ColumnGroups groups_by_name(const GrokRegex& grok, const Regexp& regexp, const ScanSpec& spec) {
  ColumnGroups groups;
  for (const ScanTableColumn& column : spec.table_columns) {
    const std::optional<size_t> capture = find_capture(grok, column.name);
    groups.push_back(regexp.find_group(capture ? fmt::format("g{}", *capture) : column.name));
  }
  return groups;
}

// Where no name fits, but the numbers do, the place counts.
ColumnGroups groups_by_place(const GrokRegex& grok, const Regexp& regexp, const ScanSpec& spec) {
  ColumnGroups groups;
  for (size_t i = 0; i < grok.names.size(); ++i) {
    if (grok.is_named[i]) groups.push_back(regexp.find_group(fmt::format("g{}", i)));
  }
  if (groups.size() != spec.table_columns.size())
    groups.assign(spec.table_columns.size(), std::nullopt);
  return groups;
}

}  // namespace

std::unique_ptr<LineFields> new_grok_fields(const ScanSpec& spec) {
  const GrokRegex grok = grok_of(spec.format);
  std::shared_ptr<const Regexp> regexp = Regexp::compile(grok.regex);
  ColumnGroups groups = groups_by_name(grok, *regexp, spec);
  const bool fits = std::any_of(groups.begin(), groups.end(),
                                [](const auto& group) { return group.has_value(); });
  if (!fits) groups = groups_by_place(grok, *regexp, spec);
  return new_matched_fields(std::move(regexp), std::move(groups), "input.format");
}

}  // namespace trailsql
