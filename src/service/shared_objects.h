// Objects of buckets that several scans of one query read: fetched once.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "plan/plan.h"
#include "service/location_resolver.h"
#include "store/object_cache.h"

namespace trailsql {

/// Knows which tables may read the same objects: those that are read twice, as when a table is
/// joined with itself, and those whose locations are the same or lie in one another.
class SharedObjects {
 public:
  /// Nothing is shared.
  SharedObjects() = default;
  /// `folder` is where objects may be kept while the query runs.
  SharedObjects(const std::vector<TableScan>& scans, const LocationResolver& resolver,
                const std::string& folder);

  /// Returns what keeps the objects of a table; nothing when it shares none.
  std::shared_ptr<ObjectCache> cache_of(const CatalogTable& table) const;

 private:
  std::set<std::string> tables_;  // database.table
  std::shared_ptr<ObjectCache> cache_;
};

}  // namespace trailsql
