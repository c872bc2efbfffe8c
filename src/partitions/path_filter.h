// Which folders can hold files that the conditions on "$path" keep, so that others are not listed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "partitions/known_rows.h"
#include "scan/scan_spec.h"

namespace trailsql {

/// The ranges of paths of a scan, evaluated. Safe from any thread.
class PathFilter {
 public:
  PathFilter(const ScanSpec& spec, const ConditionEngine& engine);

  /// Whether there are conditions at all.
  bool is_needed() const { return !conditions_.empty(); }
  /// Whether a file whose path begins with `beginning` can be wanted.
  bool may_begin_with(std::string_view beginning) const;

 private:
  struct Range {
    std::optional<std::string> first;
    std::optional<std::string> last;
  };

  std::vector<std::vector<Range>> conditions_;  // of each, one range must hold the path
};

}  // namespace trailsql
