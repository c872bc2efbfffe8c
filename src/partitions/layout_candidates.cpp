#include "partitions/layout_candidates.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>

#include "catalog/trail_tables.h"
#include "partitions/event_days.h"
#include "partitions/partition_values.h"
#include "scan/table_files.h"
#include "store/empty_place.h"
#include "store/file_listing.h"
#include "store/trail_layout.h"
#include "types/civil_date.h"
#include "types/time_units.h"

namespace trailsql {
namespace {

// Positions of the partition columns of ready-made tables.
enum Position : uint32_t { kOrganization, kAccount, kRegion, kDate };

// Asking the engine costs some milliseconds a value; past so many values of one column folders are
// listed without asking, and conditions are asked of what was found.
constexpr size_t kMaxValuesAsked = 64;

}  // namespace

/// Conditions as the filter of a walk.
class LayoutSearch::Conditions {
 public:
  Conditions(const ScanSpec& spec, const PartitionContext& context)
      : spec_(spec),
        context_(context),
        positions_{static_cast<uint32_t>(spec.partition_columns.size())} {
    filter_.organization = text_filter(kOrganization);
    filter_.account = text_filter(kAccount);
    filter_.region = text_filter(kRegion);
    ask_days();
  }

  const TrailFilter& filter() const { return filter_; }
  bool skips_by_time() const { return skips_by_time_; }

 private:
  std::vector<const ScanCondition*> conditions_on(uint32_t position) const {
    std::vector<const ScanCondition*> found;
    for (const ScanCondition& condition : spec_.conditions) {
      if (condition.columns.size() == 1 && condition.columns[0] == position)
        found.push_back(&condition);
    }
    return found;
  }

  TrailFilter::Text text_filter(uint32_t position) {
    if (conditions_on(position).empty()) return {};
    for (const ScanEqualValues& values : spec_.equal_values) {
      if (values.partition_column != position) continue;
      const auto texts = evaluate_texts(values.values_sql, context_.engine);
      return
          [wanted = std::set<std::optional<std::string>>(texts.begin(), texts.end())](
              const std::optional<std::string>& value) { return value && wanted.contains(value); };
    }
    return [this, position](const std::optional<std::string>& value) {
      return is_kept(position, value);
    };
  }

  // Buckets are listed by several threads.
  bool is_kept(uint32_t position, const std::optional<std::string>& value) {
    const std::lock_guard lock(mutex_);
    auto& answers = answers_[position];
    if (const auto found = answers.find(value); found != answers.end()) return found->second;
    if (answers.size() >= kMaxValuesAsked) return true;
    ColumnBatch known = new_known_rows(spec_);
    known.num_rows = 1;
    append_optional(value, known.columns[position]);
    const bool kept =
        !keep_rows(std::move(known), conditions_on(position), positions_, context_.engine)
             .rows.empty();
    return answers[value] = kept;
  }

  // Asks of all days since there are logs, and of files of no known day, which conditions on the
  // date and on times of events keep.
  void ask_days() {
    std::vector<const ScanCondition*> asked;
    for (const ScanCondition& condition : spec_.conditions) {
      const bool is_about_days = std::ranges::all_of(condition.columns, [&](uint32_t column) {
        return column == kDate || column >= positions_.first_event_time();
      });
      if (is_about_days && !condition.columns.empty()) asked.push_back(&condition);
    }
    if (asked.empty()) return;
    ColumnBatch known = new_known_rows(spec_);
    Column& dates = known.columns[kDate];
    Column& first_times = known.columns[positions_.first_event_time()];
    Column& last_times = known.columns[positions_.last_event_time()];
    const bool reads_times = std::ranges::any_of(asked, [&](const ScanCondition* condition) {
      return positions_.reads_event_times(*condition);
    });
    for (int32_t day = kTrailDays.first; day <= kTrailDays.last; ++day) {
      dates.append_int64(day);
      if (!reads_times) continue;
      const EventTimes times = event_times_of(day, spec_.event_time_slack_days.value_or(0));
      first_times.append_string(*times.first);
      last_times.append_string(*times.last);
    }
    dates.append_null();
    if (reads_times) {
      first_times.append_null();
      last_times.append_null();
    }
    known.num_rows = dates.size();
    constexpr uint32_t kNoDay = kTrailDays.last - kTrailDays.first + 1;
    bool keeps_no_day = false;
    std::set<int32_t> kept;
    const KeptRows answer = keep_rows(std::move(known), asked, positions_, context_.engine);
    skips_by_time_ = answer.num_skipped_by_time > 0;
    for (const uint32_t row : answer.rows) {
      if (row == kNoDay) {
        keeps_no_day = true;
      } else {
        kept.insert(kept.end(), kTrailDays.first + static_cast<int32_t>(row));
      }
    }
    filter_.days = [kept = std::move(kept), keeps_no_day](const std::optional<DayRange>& days) {
      if (!days) return keeps_no_day;
      const auto next = kept.lower_bound(days->first);
      return next != kept.end() && *next <= days->last;
    };
  }

  const ScanSpec& spec_;
  const PartitionContext& context_;
  KnownPositions positions_;
  TrailFilter filter_;
  bool skips_by_time_ = false;
  std::mutex mutex_;
  std::map<uint32_t, std::map<std::optional<std::string>, bool>> answers_;
};

LayoutSearch::LayoutSearch(const ScanSpec& spec, const CatalogTable& table, const PathFilter& paths,
                           const PartitionContext& context)
    : kind_(trail_kind_of(*find_property(table.table_properties, kTrailKindProperty))),
      paths_(paths),
      conditions_(std::make_unique<Conditions>(spec, context)) {
  const std::vector<std::string> declared = trail_locations(table);
  std::vector<std::string> paths_of_roots;
  for (const std::string& location : declared)
    paths_of_roots.push_back(context.stored_path_of(location));
  for (const size_t position : outermost_roots(paths_of_roots))
    roots_.push_back({paths_of_roots[position], declared[position]});
}

LayoutSearch::~LayoutSearch() = default;

bool LayoutSearch::skips_by_time() const { return conditions_->skips_by_time(); }

TrailFilter LayoutSearch::filter_below(const Root& root) const {
  TrailFilter filter = conditions_->filter();
  if (paths_.is_needed()) {
    filter.folder = [this, &root](const std::string& relative_path) {
      return paths_.may_begin_with(join_location(root.location, relative_path));
    };
  }
  return filter;
}

LayoutCandidates::LayoutCandidates(const ScanSpec& spec)
    : locations_(std::make_shared<std::vector<std::string>>()) {
  candidates_.values = new_partition_values(spec.partition_columns);
}

void LayoutCandidates::add(TrailPart part, const std::string& root_location) {
  std::vector<Column>& columns = candidates_.values.columns;
  append_optional(part.values.organization, columns[kOrganization]);
  append_optional(part.values.account, columns[kAccount]);
  append_optional(part.values.region, columns[kRegion]);
  part.values.day ? columns[kDate].append_int64(*part.values.day) : columns[kDate].append_null();
  locations_->push_back(join_location(root_location, part.relative_path));
  candidates_.files.push_back(std::move(part.files));
}

PartitionCandidates LayoutCandidates::finish() {
  candidates_.values.num_rows = locations_->size();
  candidates_.location = [locations = locations_](size_t candidate) {
    return (*locations)[candidate];
  };
  return std::move(candidates_);
}

PartitionCandidates layout_candidates(const ScanSpec& spec, const CatalogTable& table,
                                      const PathFilter& paths, const PartitionContext& context) {
  const LayoutSearch search(spec, table, paths, context);
  LayoutCandidates found(spec);
  std::vector<UnlistedPath> unlisted;
  for (const LayoutSearch::Root& root : search.roots()) {
    for (TrailPart& part :
         store_of(spec).list_trail(root.stored_path, search.kind(), search.filter_below(root),
                                   context.engine.cancellation, unlisted)) {
      found.add(std::move(part), root.location);
    }
    throw_if_denied(unlisted, root.stored_path);
  }
  PartitionCandidates candidates = found.finish();
  candidates.unlisted = std::move(unlisted);
  candidates.skipped_by_time = search.skips_by_time();
  return candidates;
}

}  // namespace trailsql
