#include "service/table_access.h"

#include <fmt/core.h>

#include "base/error.h"
#include "base/text.h"

namespace trailsql {
namespace {

std::optional<bool> find_flag(const CatalogTable& table, const char* name) {
  const std::string* value = find_property(table.table_properties, name);
  if (value == nullptr) return std::nullopt;
  const bool is_true = equals_ignoring_case(*value, "true");
  if (is_true || equals_ignoring_case(*value, "false")) return is_true;
  throw QueryError(ErrorCode::kInvalidTableProperty,
                   fmt::format("Table {}.{}: {} is 'true' or 'false', not '{}'", table.database,
                               table.name, name, *value));
}

void override_text(const CatalogTable& table, const char* name, std::optional<std::string>& text) {
  if (const std::string* value = find_property(table.table_properties, name)) text = *value;
}

}  // namespace

AwsAccess access_of(const CatalogTable& table, const AwsAccess& general) {
  AwsAccess access = general;
  override_text(table, "trailsql.profile", access.profile);
  override_text(table, "trailsql.region", access.region);
  override_text(table, "trailsql.endpoint", access.endpoint);
  if (const auto flag = find_flag(table, "trailsql.path_style")) access.path_style = *flag;
  if (const auto flag = find_flag(table, "trailsql.no_sign_request")) access.is_anonymous = *flag;
  if (const auto flag = find_flag(table, "trailsql.requester_pays")) access.requester_pays = *flag;
  return access;
}

}  // namespace trailsql
