#include "partitions/path_filter.h"

#include <algorithm>

namespace trailsql {

PathFilter::PathFilter(const ScanSpec& spec, const ConditionEngine& engine) {
  std::vector<std::string> sql;
  for (const auto& ranges : spec.path_ranges) {
    for (const ScanPathRange& range : ranges) {
      if (!range.first_sql.empty()) sql.push_back(range.first_sql);
      if (!range.last_sql.empty()) sql.push_back(range.last_sql);
    }
  }
  if (sql.empty()) return;
  const std::vector<std::optional<std::string>> texts = evaluate_texts(sql, engine);
  size_t next = 0;
  for (const auto& ranges : spec.path_ranges) {
    std::vector<Range>& kept = conditions_.emplace_back();
    for (const ScanPathRange& range : ranges) {
      Range& evaluated = kept.emplace_back();
      bool is_null = false;  // no path is before or after NULL
      const auto evaluate = [&](const std::string& bound_sql, std::optional<std::string>& bound) {
        if (bound_sql.empty()) return;
        bound = texts[next++];
        is_null = is_null || !bound;
      };
      evaluate(range.first_sql, evaluated.first);
      evaluate(range.last_sql, evaluated.last);
      if (is_null) kept.pop_back();
    }
  }
}

bool PathFilter::may_begin_with(std::string_view beginning) const {
  return std::ranges::all_of(conditions_, [&](const std::vector<Range>& ranges) {
    return std::ranges::any_of(ranges, [&](const Range& range) {
      const bool is_before =
          range.first && beginning < std::string_view(*range.first).substr(0, beginning.size());
      return !is_before && (!range.last || beginning <= *range.last);
    });
  });
}

}  // namespace trailsql
