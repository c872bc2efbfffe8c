#include "partitions/partition_choice.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "catalog/partition_name.h"
#include "catalog/trail_tables.h"
#include "partitions/event_days.h"
#include "partitions/partition_values.h"
#include "scan/table_files.h"

namespace trailsql {
namespace {

class FileChoice {
 public:
  FileChoice(ScanSpec& spec, const CatalogTable& table, const PartitionContext& context,
             ScanReport& report)
      : spec_(spec),
        table_(table),
        context_(context),
        report_(report),
        paths_(spec, context.engine),
        positions_{static_cast<uint32_t>(spec.partition_columns.size())} {}

  std::vector<StoredFile> run() {
    spec_.store = context_.store_of(table_);
    if (spec_.partition_columns.empty()) {
      spec_.stored_path = context_.stored_path_of(spec_.location);
    } else {
      choose_partitions();
    }
    LocationFilter filter;
    if (paths_.is_needed())
      filter = [this](const std::string& location) { return paths_.may_begin_with(location); };
    std::vector<StoredFile> files =
        list_table_files(spec_, filter, report_, std::move(known_files_));
    if (files.empty() && spec_.conditions.empty() && is_trail_table(table_)) {
      report_.add_remark(fmt::format("{} has no files: none of its kind lie below {}",
                                     spec_.table_name, fmt::join(trail_locations(table_), ", ")));
    }
    files = filtered(std::move(files));
    leave_out_archived(spec_, files, report_);
    return files;
  }

 private:
  std::vector<const ScanCondition*> conditions(bool about_partitions) const {
    const bool has_partitions = !spec_.partition_columns.empty();
    std::vector<const ScanCondition*> found;
    for (const ScanCondition& condition : spec_.conditions) {
      const bool is_about_partitions = has_partitions && positions_.is_about_partitions(condition);
      if (is_about_partitions == about_partitions) found.push_back(&condition);
    }
    return found;
  }

  static bool reads(const std::vector<const ScanCondition*>& conditions, uint32_t position) {
    return std::ranges::any_of(conditions, [&](const ScanCondition* condition) {
      return std::ranges::binary_search(condition->columns, position);
    });
  }

  bool reads_event_times(const std::vector<const ScanCondition*>& conditions) const {
    return std::ranges::any_of(conditions, [&](const ScanCondition* condition) {
      return positions_.reads_event_times(*condition);
    });
  }

  void append_event_times(const std::string& location, ColumnBatch& known) const {
    const EventTimes times = event_times_below(location, *spec_.event_time_slack_days);
    append_optional(times.first, known.columns[positions_.first_event_time()]);
    append_optional(times.last, known.columns[positions_.last_event_time()]);
  }

  void choose_partitions() {
    PartitionCandidates candidates = find_candidates(spec_, table_, paths_, context_);
    const std::vector<const ScanCondition*> asked = conditions(true);
    ColumnBatch known = new_known_rows(spec_);
    known.num_rows = candidates.values.num_rows;
    for (uint32_t i = 0; i < positions_.num_partition_columns; ++i) {
      if (!reads(asked, i)) continue;
      for (size_t row = 0; row < known.num_rows; ++row)
        known.columns[i].append_from(candidates.values.columns[i], row);
    }
    if (reads_event_times(asked)) {
      for (size_t row = 0; row < known.num_rows; ++row)
        append_event_times(candidates.location(row), known);
    }
    KeptRows kept = keep_rows(std::move(known), asked, positions_, context_.engine);
    if (paths_.is_needed()) {
      std::erase_if(kept.rows,
                    [&](uint32_t row) { return !paths_.may_begin_with(candidates.location(row)); });
    }
    tell_unlisted(candidates.unlisted, spec_, report_);
    tell_skipped(kept.num_skipped_by_time, candidates.values.num_rows, "partitions");
    if (candidates.skipped_by_time) tell_passed_over();
    spec_.partitions = chosen(candidates, kept.rows);
    // A listing of a bucket's layout has found the files, too.
    candidates.files.resize(candidates.values.num_rows);
    for (const uint32_t row : kept.rows) known_files_.push_back(std::move(candidates.files[row]));
    report_.num_partitions_read += kept.rows.size();
    report_.num_partitions_total += candidates.num_in_all.value_or(kept.rows.size());
  }

  std::shared_ptr<const ScanPartitions> chosen(const PartitionCandidates& candidates,
                                               const std::vector<uint32_t>& rows) const {
    auto partitions = std::make_shared<ScanPartitions>();
    partitions->values = new_partition_values(spec_.partition_columns);
    std::vector<PartitionPart> parts(spec_.partition_columns.size());
    for (const uint32_t row : rows) {
      for (size_t i = 0; i < parts.size(); ++i) {
        const Column& values = candidates.values.columns[i];
        partitions->values.columns[i].append_from(values, row);
        parts[i] = {spec_.partition_columns[i].name, partition_text(values, row)};
      }
      partitions->names.push_back(candidates.name ? candidates.name(row) : partition_name(parts));
      partitions->locations.push_back(candidates.location(row));
      partitions->stored_paths.push_back(context_.stored_path_of(partitions->locations.back()));
    }
    partitions->values.num_rows = rows.size();
    return partitions;
  }

  std::vector<StoredFile> filtered(std::vector<StoredFile> files) {
    const std::vector<const ScanCondition*> asked = conditions(false);
    if (asked.empty() || files.empty()) return files;
    ColumnBatch known = new_known_rows(spec_);
    known.num_rows = files.size();
    for (uint32_t i = 0; i < positions_.first_event_time(); ++i) {
      if (!reads(asked, i)) continue;
      const ScanColumn wanted{source_at(i), i, {}, known.columns[i].type()};
      for (const StoredFile& file : files)
        append_known_value(spec_, file, wanted, 1, known.columns[i]);
    }
    if (reads_event_times(asked)) {
      for (const StoredFile& file : files) append_event_times(url_of(spec_, file), known);
    }
    const size_t num_files = files.size();
    const KeptRows kept = keep_rows(std::move(known), asked, positions_, context_.engine);
    tell_skipped(kept.num_skipped_by_time, num_files, "files");
    std::vector<StoredFile> result;
    for (const uint32_t row : kept.rows) result.push_back(std::move(files[row]));
    return result;
  }

  ScanColumn::Source source_at(uint32_t position) const {
    if (position == positions_.path()) return ScanColumn::Source::kPath;
    if (position == positions_.file_size()) return ScanColumn::Source::kFileSize;
    if (position == positions_.file_modified_time()) return ScanColumn::Source::kFileModifiedTime;
    if (position == positions_.partition_name()) return ScanColumn::Source::kPartitionName;
    if (position == positions_.bucket()) return ScanColumn::Source::kBucket;
    return ScanColumn::Source::kPartition;
  }

  std::string slack_text() const {
    const uint32_t days = *spec_.event_time_slack_days;
    return days == 1 ? "a day" : fmt::format("{} days", days);
  }

  void tell_passed_over() {
    report_.add_remark(fmt::format(
        "{}: only folders of days that can hold events of the time asked for were read, taking "
        "every file to be delivered within {} of its events (trailsql.eventtime_pruning)",
        spec_.table_name, slack_text()));
  }

  void tell_skipped(uint64_t num_skipped, uint64_t num_all, std::string_view what) {
    if (num_skipped == 0) return;
    report_.add_remark(fmt::format(
        "{} of {} {} of {} were not read: by its day, none of them holds events of the time asked "
        "for if every file was delivered within {} (trailsql.eventtime_pruning)",
        num_skipped, num_all, what, spec_.table_name, slack_text()));
  }

  ScanSpec& spec_;
  const CatalogTable& table_;
  const PartitionContext& context_;
  ScanReport& report_;
  PathFilter paths_;
  std::vector<std::vector<StoredFile>> known_files_;  // by partition
  KnownPositions positions_;
};

}  // namespace

std::vector<StoredFile> choose_files(ScanSpec& spec, const CatalogTable& table,
                                     const PartitionContext& context, ScanReport& report) {
  return FileChoice(spec, table, context, report).run();
}

}  // namespace trailsql
