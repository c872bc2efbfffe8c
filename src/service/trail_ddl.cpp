#include "service/trail_ddl.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "catalog/trail_tables.h"
#include "store/file_listing.h"
#include "store/trail_layout.h"
#include "types/civil_date.h"

namespace trailsql {
namespace {

/// What the paths below a location say.
struct Projection {
  std::string logs_url;  // up to and with AWSLogs/; empty: no folders of days
  std::set<std::string> organizations;
  std::set<std::string> accounts;
  std::set<std::string> regions;
  int32_t first_day = 0;
};

Projection projection_of(const std::string& location_url, const std::vector<TrailPart>& parts) {
  constexpr std::string_view kLogs = "/AWSLogs/";
  Projection found;
  for (const TrailPart& part : parts) {
    const TrailValues& values = part.values;
    if (part.is_file || !values.account || !values.region || !values.day) continue;
    const std::string url = join_location(location_url, part.relative_path);
    const size_t logs = url.rfind(kLogs);
    if (logs == std::string::npos) continue;
    const std::string logs_url = url.substr(0, logs + kLogs.size());
    if (found.logs_url.empty()) {
      found.logs_url = logs_url;
      found.first_day = *values.day;
    }
    const bool same_form = values.organization.has_value() == !found.organizations.empty();
    if (logs_url != found.logs_url || !(found.accounts.empty() || same_form)) continue;
    if (values.organization) found.organizations.insert(*values.organization);
    found.accounts.insert(*values.account);
    found.regions.insert(*values.region);
    found.first_day = std::min(found.first_day, *values.day);
  }
  return found;
}

std::string first_date(int32_t day) {
  const CivilDate date = civil_date(day);
  return fmt::format("{:04}/{:02}/{:02}", date.year, date.month, date.day);
}

void set_projection(CatalogTable& table, const Projection& found, std::string_view kind) {
  CatalogProperties& properties = table.table_properties;
  const auto add_enum = [&](std::string_view column, const std::set<std::string>& values) {
    properties.emplace_back(fmt::format("projection.{}.type", column), "enum");
    properties.emplace_back(fmt::format("projection.{}.values", column),
                            fmt::format("{}", fmt::join(values, ",")));
  };
  properties.emplace_back("projection.enabled", "true");
  const bool has_organization = !found.organizations.empty();
  if (has_organization) add_enum("organization", found.organizations);
  if (!has_organization) table.partition_columns.erase(table.partition_columns.begin());
  add_enum("account", found.accounts);
  add_enum("region", found.regions);
  properties.emplace_back("projection.date.type", "date");
  properties.emplace_back("projection.date.format", "yyyy/MM/dd");
  properties.emplace_back("projection.date.range", first_date(found.first_day) + ",NOW");
  properties.emplace_back("projection.date.interval", "1");
  properties.emplace_back("projection.date.interval.unit", "DAYS");
  properties.emplace_back("storage.location.template",
                          fmt::format("{}{}${{account}}/{}/${{region}}/${{date}}/", found.logs_url,
                                      has_organization ? "${organization}/" : "", kind));
}

}  // namespace

CatalogTable athena_table_of(const CatalogTable& table, const LocationResolver& resolver,
                             const Cancellation& cancellation) {
  CatalogTable result = table;
  const std::string_view kind_folder = *find_property(table.table_properties, kTrailKindProperty);
  result.table_properties.clear();
  for (const std::string& location : trail_locations(table)) {
    const std::string path = resolver.resolve(location);
    const std::string url = resolver.url_of(path).value_or(location);
    std::vector<UnlistedPath> unlisted;
    const std::vector<TrailPart> parts =
        list_trail(path, trail_kind_of(kind_folder), TrailFilter{}, cancellation, unlisted);
    const Projection found = projection_of(url, parts);
    if (result.location == location) result.location = url;
    if (found.logs_url.empty()) continue;
    result.location = found.logs_url;
    set_projection(result, found, kind_folder);
    return result;
  }
  result.partition_columns.clear();
  return result;
}

}  // namespace trailsql
