// Which parts of which columns does anything read? One pass down the analysed query, so that a scan
// need deliver nothing else.
#pragma once

#include <optional>
#include <set>
#include <vector>

#include "analysis/analysis.h"

namespace trailsql {

/// Returns whether `path` is `prefix`, or lies below it.
bool is_prefix(const FieldPath& prefix, const FieldPath& path);

/// Holds the paths into one column that are read. A path stands for everything below it: no path of
/// the set begins with another.
class PathSet {
 public:
  void add(const FieldPath& path);
  void add_all(const PathSet& other, const FieldPath& prefix);
  bool empty() const { return paths_.empty(); }
  const std::set<FieldPath>& paths() const { return paths_; }

 private:
  std::set<FieldPath> paths_;
};

/// Says what each relation and each query must deliver, and which UNNEST is fused into which
/// table's scan.
struct ColumnNeeds {
  std::vector<std::vector<PathSet>> of_relation;  // by relation, column
  std::vector<std::vector<PathSet>> of_query;     // by query, output
  /// By table relation: the UNNEST of one of its columns whose elements the scan delivers as rows.
  std::vector<std::optional<RelationIndex>> fused_unnest;
  std::vector<bool> is_fused;  // by UNNEST relation
};

/// Computes the needs of the whole query: of its root, every output whole.
ColumnNeeds compute_column_needs(const Analysis& analysis);

}  // namespace trailsql
