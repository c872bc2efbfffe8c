// Partitions of ready-made tables: the folders of CloudTrail's own layout, found by every query, so
// new accounts and days need no repair.
#pragma once

#include "partitions/partition_candidates.h"

namespace trailsql {

/// What is looked for in a ready-made table's locations. Safe from any thread. What is given by
/// reference must outlive it.
class LayoutSearch {
 public:
  LayoutSearch(const ScanSpec& spec, const CatalogTable& table, const PathFilter& paths,
               const PartitionContext& context);
  ~LayoutSearch();

  struct Root {
    std::string stored_path;
    std::string location;  // as declared
  };
  /// Where to begin: locations that lie in no other.
  const std::vector<Root>& roots() const { return roots_; }
  TrailKind kind() const { return kind_; }
  /// Returns which folders below a root can hold what conditions on organization, account, region,
  /// date, path and the time of events keep. It lives no longer than this object and the root.
  TrailFilter filter_below(const Root& root) const;
  /// Whether days were left out for the time of their events alone.
  bool skips_by_time() const;

 private:
  class Conditions;
  TrailKind kind_;
  const PathFilter& paths_;
  std::unique_ptr<Conditions> conditions_;
  std::vector<Root> roots_;
};

/// Makes candidates of parts.
class LayoutCandidates {
 public:
  explicit LayoutCandidates(const ScanSpec& spec);
  void add(TrailPart part, const std::string& root_location);
  PartitionCandidates finish();

 private:
  PartitionCandidates candidates_;
  std::shared_ptr<std::vector<std::string>> locations_;
};

/// Lists the folders of days, and the files outside such folders, at all locations of a ready-made
/// table; in the order of the locations and of the paths. Folders that a condition on organization,
/// account, region, date, path or the time of events excludes are not listed. Throws as list_trail
/// does.
PartitionCandidates layout_candidates(const ScanSpec& spec, const CatalogTable& table,
                                      const PathFilter& paths, const PartitionContext& context);

}  // namespace trailsql
