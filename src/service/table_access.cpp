#include "service/table_access.h"

#include <fmt/core.h>

#include "base/error.h"
#include "base/text.h"

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

}  // namespace trailsql
