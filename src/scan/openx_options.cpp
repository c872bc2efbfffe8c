#include "scan/openx_options.h"

#include "base/text.h"

namespace trailsql {
namespace {

bool is_true(const std::map<std::string, std::string>& properties, const std::string& key,
             bool otherwise) {
  const auto found = properties.find(key);
  return found == properties.end() ? otherwise : equals_ignoring_case(found->second, "true");
}

}  // namespace

const std::string& OpenXOptions::key_of(const std::string& name) const {
  const auto found = mappings.find(name);
  return found == mappings.end() ? name : found->second;
}

OpenXOptions options_of(const ScanFormat& format) {
  if (format.kind == ScanFormat::Kind::kHiveJson) {
    OpenXOptions options;
    options.strict = true;
    options.keys = {true, false};
    options.timestamp_patterns = timestamp_patterns_of(format.properties);
    return options;
  }
  OpenXOptions options = parse_openx_options(format.properties);
  const bool is_cloudtrail = format.kind == ScanFormat::Kind::kCloudTrail ||
                             format.kind == ScanFormat::Kind::kCloudTrailRecords;
  if (!is_cloudtrail) return options;
  options.ignore_malformed = true;
  options.null_for_invalid_data = true;
  options.html_safe_text = false;
  options.keys = {true, false};
  return options;
}

OpenXOptions parse_openx_options(const std::map<std::string, std::string>& properties) {
  constexpr std::string_view kMapping = "mapping.";
  OpenXOptions options;
  options.ignore_malformed = is_true(properties, "ignore.malformed.json", false);
  options.keys.case_insensitive = is_true(properties, "case.insensitive", true);
  options.dots_in_keys = is_true(properties, "dots.in.keys", false) ||
                         is_true(properties, "convertdotsinjsonkeystounderscores", false);
  options.null_for_invalid_data = is_true(properties, "use.null.for.invalid.data", false);
  for (const auto& [key, value] : properties) {
    if (!key.starts_with(kMapping)) continue;
    options.mappings[key.substr(kMapping.size())] =
        options.keys.case_insensitive ? to_lower_ascii(value) : value;
  }
  options.timestamp_patterns = timestamp_patterns_of(properties);
  return options;
}

}  // namespace trailsql
