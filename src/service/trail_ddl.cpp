#include "service/trail_ddl.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "catalog/trail_tables.h"
#include "store/file_listing.h"
#include "store/trail_layout.h"
#include "types/value_text.h"

namespace trailsql {
namespace {

/// What the paths below a location say.
struct Projection {
  std::string logs_url;  // up to and with AWSLogs/; empty: no folders of days
  std::set<std::string> organizations;
  std::set<std::string> accounts;
  std::set<std::string> regions;
  int32_t first_day = 0;
  size_t num_parts = 0;  // folders and files that the table reads
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
    ++found.num_parts;
  }
  return found;
}

std::string first_date(int32_t day) {
  std::string date;
  append_date(date, day);
  std::ranges::replace(date, '-', '/');
  return date;
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

// Whether the location lies below a region's folder: there the table reads more days.
bool is_below_region(const std::string& url, std::string_view kind) {
  const std::string folder = fmt::format("/{}/", kind);
  const size_t at = url.find(folder);
  if (at == std::string::npos) return false;
  const size_t slash = url.find('/', at + folder.size());
  return slash != std::string::npos && slash + 1 < url.size();
}

// A table without partitions reads whatever lies at its location.
void declare_whole_location(AthenaTable& result, const std::string& path, const std::string& url,
                            std::string_view kind, const std::vector<TrailPart>& parts,
                            const FileStore& storage, const Cancellation& cancellation) {
  CatalogTable& table = result.table;
  table.partition_columns.clear();
  table.location = url.ends_with('/') ? url : url + '/';
  if (parts.empty()) {
    table.location = join_location(url, std::string(kind) + "/");
    result.advice.push_back(fmt::format(
        "There are no files of this kind, {}, so far: correct LOCATION when there are", kind));
    return;
  }
  const bool is_one_file = parts.size() == 1 && parts[0].is_file && parts[0].relative_path.empty();
  if (is_one_file) {
    table.location = url.substr(0, url.rfind('/') + 1);
    result.advice.push_back(
        fmt::format("LOCATION is a folder: all files beside {} are read, too", url));
  }
  std::vector<UnlistedPath> unlisted;
  size_t num_kinds = 0;
  for (const TrailSummary& summary : storage.summarize_trail(path, cancellation, unlisted))
    num_kinds += summary.num_files > 0 ? 1 : 0;
  if (num_kinds > 1 || trail_kind_of(kind) != TrailKind::kEvents) {
    result.advice.push_back(
        "LOCATION is read as a whole: records of other kinds that lie there are read, too");
  }
}

}  // namespace

AthenaTable athena_table_of(const CatalogTable& table, const LocationResolver& resolver,
                            const FileStore& storage, const Cancellation& cancellation) {
  AthenaTable result{table, {}};
  const std::string kind = *find_property(table.table_properties, kTrailKindProperty);
  result.table.table_properties.clear();
  struct Place {
    std::string path;
    std::string url;
    Projection projection;
    std::vector<TrailPart> parts;
  };
  std::vector<Place> places;
  size_t num_parts = 0;
  std::vector<UnlistedPath> unlisted;
  const std::vector<std::string> locations = trail_locations(table);
  std::vector<std::string> roots;
  for (const std::string& location : locations) roots.push_back(resolver.resolve(location));
  for (const size_t position : outermost_roots(roots)) {
    Place& place = places.emplace_back();
    place.path = roots[position];
    place.url = resolver.url_of(place.path).value_or(locations[position]);
    place.parts =
        storage.list_trail(place.path, trail_kind_of(kind), TrailFilter{}, cancellation, unlisted);
    place.projection = projection_of(place.url, place.parts);
    num_parts += place.parts.size();
  }
  const auto found = std::ranges::find_if(
      places, [](const Place& place) { return !place.projection.logs_url.empty(); });
  const Place& chosen = found == places.end() ? places.front() : *found;
  size_t num_read = chosen.parts.size();
  if (found == places.end()) {
    declare_whole_location(result, chosen.path, chosen.url, kind, chosen.parts, storage,
                           cancellation);
  } else {
    result.table.location = chosen.projection.logs_url;
    set_projection(result.table, chosen.projection, kind);
    num_read = chosen.projection.num_parts;
    if (is_below_region(chosen.url, kind)) {
      result.advice.push_back(fmt::format(
          "All days of the region are read, the trail reads only those below {}", chosen.url));
    }
  }
  if (num_read < num_parts) {
    result.advice.push_back(fmt::format(
        "This table reads {} of the {} folders and files of the trail: the others have another "
        "layout, or lie elsewhere, and need tables of their own",
        num_read, num_parts));
  }
  return result;
}

}  // namespace trailsql
