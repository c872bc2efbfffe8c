#include "service/shared_objects.h"

#include <algorithm>

#include "catalog/trail_tables.h"
#include "plan/scan_format.h"
#include "store/file_store.h"
#include "store/store_limits.h"

namespace trailsql {
namespace {

std::string full_name(const CatalogTable& table) { return table.database + "." + table.name; }

// Where in buckets the files of a table lie, each ending in '/'. Partitions may lie elsewhere:
// those are shared with the table itself alone.
std::vector<std::string> bucket_folders(const CatalogTable& table,
                                        const LocationResolver& resolver) {
  std::vector<std::string> folders;
  if (is_at_hand(table)) return folders;
  const std::vector<std::string> locations =
      is_trail_table(table) ? trail_locations(table) : std::vector{table.location};
  for (const std::string& location : locations) {
    if (!is_s3_location(location) || resolver.is_mapped(location)) continue;
    folders.push_back(resolver.resolve(location));
    if (!folders.back().ends_with('/')) folders.back() += '/';
  }
  return folders;
}

bool lie_in_one_another(const std::vector<std::string>& some,
                        const std::vector<std::string>& others) {
  return std::ranges::any_of(some, [&](const std::string& a) {
    return std::ranges::any_of(
        others, [&](const std::string& b) { return a.starts_with(b) || b.starts_with(a); });
  });
}

}  // namespace

SharedObjects::SharedObjects(const std::vector<TableScan>& scans, const LocationResolver& resolver,
                             const std::string& folder) {
  std::vector<std::vector<std::string>> folders;
  for (const TableScan& scan : scans) folders.push_back(bucket_folders(*scan.table, resolver));
  for (size_t i = 0; i < scans.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (!lie_in_one_another(folders[i], folders[j])) continue;
      tables_.insert({full_name(*scans[i].table), full_name(*scans[j].table)});
    }
  }
  if (!tables_.empty()) cache_ = std::make_shared<ObjectCache>(folder, kMaxKeptObjectBytes);
}

std::shared_ptr<ObjectCache> SharedObjects::cache_of(const CatalogTable& table) const {
  return tables_.contains(full_name(table)) ? cache_ : nullptr;
}

}  // namespace trailsql
