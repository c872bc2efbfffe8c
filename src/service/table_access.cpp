#include "service/table_access.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "service/display_text.h"

namespace trailsql {
namespace {

std::optional<bool> find_flag(const CatalogProperties& properties, const std::string& owner,
                              const char* name) {
  const std::string* value = find_property(properties, name);
  if (value == nullptr) return std::nullopt;
  const bool is_true = equals_ignoring_case(*value, "true");
  if (is_true || equals_ignoring_case(*value, "false")) return is_true;
  throw QueryError(ErrorCode::kInvalidTableProperty,
                   fmt::format("{}: {} is 'true' or 'false', not '{}'", owner, name, *value));
}

void override_text(const CatalogProperties& properties, const char* name,
                   std::optional<std::string>& text) {
  if (const std::string* value = find_property(properties, name)) text = *value;
}

}  // namespace

AwsAccess access_of(const CatalogProperties& properties, const std::string& owner,
                    const AwsAccess& general) {
  AwsAccess access = general;
  override_text(properties, "trailsql.profile", access.profile);
  override_text(properties, "trailsql.region", access.region);
  override_text(properties, "trailsql.endpoint", access.endpoint);
  if (const auto flag = find_flag(properties, owner, "trailsql.path_style"))
    access.path_style = *flag;
  if (const auto flag = find_flag(properties, owner, "trailsql.no_sign_request"))
    access.is_anonymous = *flag;
  if (const auto flag = find_flag(properties, owner, "trailsql.requester_pays"))
    access.requester_pays = *flag;
  return access;
}

AwsAccess access_of(const CatalogTable& table, const AwsAccess& general) {
  return access_of(table.table_properties, "Table " + table.database + "." + table.name, general);
}

CatalogProperties properties_of(const AwsAccess& access) {
  CatalogProperties properties;
  const auto add = [&](const char* name, const std::optional<std::string>& value) {
    if (value) properties.emplace_back(name, *value);
  };
  add("trailsql.profile", access.profile);
  add("trailsql.region", access.region);
  add("trailsql.endpoint", access.endpoint);
  if (access.path_style)
    properties.emplace_back("trailsql.path_style", *access.path_style ? "true" : "false");
  if (access.is_anonymous) properties.emplace_back("trailsql.no_sign_request", "true");
  if (access.requester_pays) properties.emplace_back("trailsql.requester_pays", "true");
  return properties;
}

CatalogProperties with_access(CatalogProperties kept, const AwsAccess& given) {
  for (auto& [name, value] : properties_of(given)) {
    std::erase_if(kept, [&name](const auto& property) { return property.first == name; });
    kept.emplace_back(name, std::move(value));
  }
  return kept;
}

std::string access_text(const CatalogProperties& properties) {
  std::vector<std::string> parts;
  const auto add = [&](const char* name, const char* what) {
    const std::string* value = find_property(properties, name);
    if (value == nullptr) return;
    std::string text;
    append_printable(text, *value);
    parts.push_back(fmt::format("{} {}", what, text));
  };
  const auto add_flag = [&](const char* name, const char* what) {
    const std::string* value = find_property(properties, name);
    if (value != nullptr && equals_ignoring_case(*value, "true")) parts.emplace_back(what);
  };
  add("trailsql.profile", "profile");
  add("trailsql.region", "region");
  add("trailsql.endpoint", "endpoint");
  add_flag("trailsql.no_sign_request", "without credentials");
  add_flag("trailsql.requester_pays", "requester pays");
  return fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace trailsql
