#include "partitions/partition_choice.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <atomic>
#include <unordered_set>
#include <utility>

#include "catalog/partition_name.h"
#include "catalog/trail_tables.h"
#include "partitions/background_listing.h"
#include "partitions/event_days.h"
#include "partitions/folders_again.h"
#include "partitions/layout_candidates.h"
#include "partitions/partition_projection.h"
#include "partitions/partition_values.h"
#include "scan/table_files.h"
#include "store/empty_place.h"

namespace trailsql {
namespace {

class FileChoice : public std::enable_shared_from_this<FileChoice> {
 public:
  FileChoice(const ScanSpec& spec, std::shared_ptr<const CatalogTable> table,
             std::shared_ptr<const PartitionContext> context, ScanReport& report)
      : spec_(spec),
        table_(std::move(table)),
        context_(std::move(context)),
        report_(report),
        paths_(spec_, context_->engine),
        positions_{static_cast<uint32_t>(spec.partition_columns.size())} {
    spec_.store = context_->store_of(*table_);
  }

  ChosenFiles run(bool may_be_found_later) {
    ChosenFiles chosen;
    if (may_be_found_later && is_trail_in_buckets()) {
      search_ = std::make_unique<LayoutSearch>(spec_, *table_, paths_, *context_);
      if (search_->skips_by_time()) tell_passed_over();
      spec_.partitions = std::make_shared<const ScanPartitions>();
      chosen.more = find_parts_later(nullptr);
      return chosen;
    }
    // Files that are remembered may have changed, which only those who find them later mend.
    const std::shared_ptr<const FileStore> remembering = spec_.store;
    if (may_be_found_later || spec_.format.kind == ScanFormat::Kind::kParquet)
      spec_.store = std::make_shared<const FileStore>(remembering->without_memory());
    if (spec_.partition_columns.empty()) {
      spec_.stored_path = context_->stored_path_of(spec_.location);
      paths_to_list_ = {spec_.stored_path};
    } else {
      choose_partitions();
      paths_to_list_ = spec_.partitions->stored_paths;
    }
    if (may_be_found_later && !paths_to_list_.empty() && !is_trail_table(*table_) &&
        std::ranges::all_of(paths_to_list_, is_bucket_path)) {
      spec_.store = remembering;
      chosen.more = find_files_later(nullptr);
      return chosen;
    }
    FoundFiles found{spec_.partitions,
                     list_table_files(spec_, location_filter(), report_, std::move(known_files_))};
    tell_or_throw_if_empty(found.files.size());
    chosen.files = filtered(std::move(found)).files;
    tell_skipped(num_skipped_files_, num_files_, "files");
    return chosen;
  }

  const ScanSpec& spec() const { return spec_; }

 private:
  bool is_trail_in_buckets() const {
    return is_trail_table(*table_) &&
           std::ranges::all_of(trail_locations(*table_), [this](const std::string& location) {
             return is_bucket_path(context_->stored_path_of(location));
           });
  }

  LocationFilter location_filter() const {
    if (!paths_.is_needed()) return {};
    return [this](const std::string& location) { return paths_.may_begin_with(location); };
  }

  // Of a ready-made table. That a place is empty may be known by what lies beside it alone.
  void tell_or_throw_if_empty(uint64_t num_files) {
    if (num_files > 0 || !is_trail_table(*table_)) return;
    if (!has_unlisted_) {
      for (const std::string& location : trail_locations(*table_))
        throw_if_empty(*spec_.store, context_->stored_path_of(location));
    }
    if (!spec_.conditions.empty()) return;
    report_.add_remark(fmt::format("{} has no files: none of its kind lie below {}",
                                   spec_.table_name, fmt::join(trail_locations(*table_), ", ")));
  }

  // ---- files of buckets, which are read while others are found

  // What is to be listed again; null: everything, for the first time.
  using Again = std::shared_ptr<const FoldersAgain>;

  std::unique_ptr<FileSource> find_parts_later(const Again& again) {
    const auto self = shared_from_this();
    return found_later(
        [self, again](const Cancellation& stopping, const BackgroundListing::Hand& hand) {
          const FileStore store = self->store_for(again).until(stopping);
          std::vector<UnlistedPath> unlisted;
          for (const LayoutSearch::Root& root : self->search_->roots()) {
            const TrailFilter filter = self->filter_of_trail(root, again);
            store.stream_trail(root.stored_path, self->search_->kind(), filter, unlisted,
                               [&](TrailPart part) {
                                 if (again) again->keep_files_in(root.stored_path, part);
                                 hand({0, {}, std::move(part), root.location});
                               });
            throw_if_denied(unlisted, root.stored_path);
          }
          self->tell_what_is_unlisted(unlisted);
        },
        [self](std::vector<ListedFiles> listed) {
          LayoutCandidates candidates(self->spec_);
          for (ListedFiles& files : listed) candidates.add(std::move(files.part), files.location);
          return self->choose_files_of(candidates.finish());
        },
        again);
  }

  std::unique_ptr<FileSource> find_files_later(const Again& again) {
    const auto self = shared_from_this();
    return found_later(
        [self, again](const Cancellation& stopping, const BackgroundListing::Hand& hand) {
          std::vector<std::string> paths;
          std::vector<uint32_t> partitions;
          for (uint32_t i = 0; i < self->paths_to_list_.size(); ++i) {
            const std::string& path = self->paths_to_list_[i];
            if (again && !again->touches(path.ends_with('/') ? path : path + "/")) continue;
            paths.push_back(path);
            partitions.push_back(i);
          }
          const std::vector<FileListing> listings =
              self->store_for(again).until(stopping).stream_files(
                  paths, [&](size_t i) { return self->filter_below(partitions[i]); },
                  [&](size_t i, std::vector<StoredFile> files) {
                    hand({partitions[i], std::move(files), {}, {}});
                  });
          self->tell_listings(listings);
        },
        [self](std::vector<ListedFiles> listed) {
          FoundFiles found{self->spec_.partitions, {}};
          for (ListedFiles& files : listed) {
            for (StoredFile& file : files.files) {
              file.folder = files.partition;
              found.files.push_back(std::move(file));
            }
          }
          return self->filtered(std::move(found));
        },
        again);
  }

  std::unique_ptr<FileSource> found_later(BackgroundListing::List list,
                                          BackgroundListing::Choose choose, const Again& again) {
    const auto self = shared_from_this();
    return std::make_unique<BackgroundListing>(
        std::move(list), std::move(choose),
        [self, again] {
          if (!again) self->finish();
        },
        [self](const std::vector<std::string>& paths) { return self->find_again(paths); });
  }

  std::unique_ptr<FileSource> find_again(const std::vector<std::string>& stored_paths) {
    spec_.store->forget_listed(stored_paths);
    const auto again = std::make_shared<const FoldersAgain>(stored_paths);
    const size_t num_folders = again->folders().size();
    report_.add_remark(fmt::format(
        "{}: {} of closed days {} not as an earlier query had listed {}, and {} listed "
        "again: {}{}",
        spec_.table_name, num_folders == 1 ? "a folder" : fmt::format("{} folders", num_folders),
        num_folders == 1 ? "was" : "were", num_folders == 1 ? "it" : "them",
        num_folders == 1 ? "was" : "were", *again->folders().begin(),
        num_folders == 1 ? "" : ", …"));
    return search_ ? find_parts_later(again) : find_files_later(again);
  }

  // It may be that nothing can be forgotten.
  FileStore store_for(const Again& again) const {
    return again ? spec_.store->without_memory() : *spec_.store;
  }

  TrailFilter filter_of_trail(const LayoutSearch::Root& root, const Again& again) const {
    TrailFilter filter = search_->filter_below(root);
    if (!again) return filter;
    filter.folder = [&root, again, folder = filter.folder](const std::string& relative_path) {
      return (!folder || folder(relative_path)) &&
             again->touches(join_location(root.stored_path, relative_path));
    };
    return filter;
  }

  FolderFilter filter_below(size_t partition) const {
    const std::string& location =
        spec_.partitions ? spec_.partitions->locations[partition] : spec_.location;
    return folder_filter(location, location_filter());
  }

  void tell_listings(const std::vector<FileListing>& listings) {
    for (const FileListing& listing : listings) tell_what_is_unlisted(listing.unlisted);
    if (spec_.partitions) return;
    throw_if_denied(listings[0].unlisted, spec_.stored_path);
    if (!listings[0].exists) tell_missing_location(spec_, report_);
  }

  void tell_what_is_unlisted(const std::vector<UnlistedPath>& unlisted) {
    if (!unlisted.empty()) has_unlisted_ = true;
    tell_unlisted(unlisted, spec_, report_);
  }

  FoundFiles choose_files_of(PartitionCandidates candidates) {
    for (size_t i = 0; i < candidates.values.num_rows; ++i)
      num_found_files_ += candidates.files[i].size();
    const std::vector<uint32_t> rows = kept_partitions(candidates);
    FoundFiles found{chosen(candidates, rows), {}};
    for (uint32_t i = 0; i < rows.size(); ++i) {
      // A long folder comes in several parts.
      if (seen_partitions_.insert(found.partitions->locations[i]).second) {
        ++report_.num_partitions_read;
        ++report_.num_partitions_total;
      }
      for (StoredFile& file : candidates.files[rows[i]]) {
        file.folder = i;
        found.files.push_back(std::move(file));
      }
    }
    return filtered(std::move(found));
  }

  // What is told once all files are found.
  void finish() {
    if (search_) tell_or_throw_if_empty(num_found_files_);
    tell_skipped(num_skipped_partitions_, num_partitions_, "partitions");
    tell_skipped(num_skipped_files_, num_files_, "files");
  }

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
    PartitionCandidates candidates = find_candidates(spec_, *table_, paths_, *context_);
    tell_what_is_unlisted(candidates.unlisted);
    if (candidates.num_in_all == 0u && !is_projected(*table_)) tell_no_partitions();
    if (candidates.skipped_by_time) tell_passed_over();
    const std::vector<uint32_t> rows = kept_partitions(candidates);
    tell_skipped(std::exchange(num_skipped_partitions_, 0), candidates.values.num_rows,
                 "partitions");
    spec_.partitions = chosen(candidates, rows);
    // A listing of a bucket's layout has found the files, too.
    candidates.files.resize(candidates.values.num_rows);
    for (const uint32_t row : rows) known_files_.push_back(std::move(candidates.files[row]));
    report_.num_partitions_read += rows.size();
    report_.num_partitions_total += candidates.num_in_all.value_or(rows.size());
  }

  std::vector<uint32_t> kept_partitions(const PartitionCandidates& candidates) {
    const std::vector<const ScanCondition*> asked = conditions(true);
    ColumnBatch known = new_known_rows(spec_);
    known.num_rows = candidates.values.num_rows;
    num_partitions_ += known.num_rows;
    for (uint32_t i = 0; i < positions_.num_partition_columns; ++i) {
      if (!reads(asked, i)) continue;
      for (size_t row = 0; row < known.num_rows; ++row)
        known.columns[i].append_from(candidates.values.columns[i], row);
    }
    if (reads_event_times(asked)) {
      for (size_t row = 0; row < known.num_rows; ++row)
        append_event_times(candidates.location(row), known);
    }
    KeptRows kept = keep_rows(std::move(known), asked, positions_, context_->engine);
    num_skipped_partitions_ += kept.num_skipped_by_time;
    if (paths_.is_needed()) {
      std::erase_if(kept.rows,
                    [&](uint32_t row) { return !paths_.may_begin_with(candidates.location(row)); });
    }
    return std::move(kept.rows);
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
      partitions->stored_paths.push_back(context_->stored_path_of(partitions->locations.back()));
    }
    partitions->values.num_rows = rows.size();
    return partitions;
  }

  void count_remembered(const FoundFiles& found) {
    for (const StoredFile& file : found.files) {
      if (!file.is_remembered) continue;
      const std::string& folder =
          found.partitions ? found.partitions->locations[file.folder] : spec_.location;
      if (remembered_.insert(folder).second) ++report_.num_folders_remembered;
    }
  }

  // Leaves what conditions on files keep, and what can be read.
  FoundFiles filtered(FoundFiles found) {
    count_remembered(found);
    const std::vector<const ScanCondition*> asked = conditions(false);
    num_files_ += found.files.size();
    if (!asked.empty() && !found.files.empty()) {
      const ScanPartitions* partitions = found.partitions.get();
      ColumnBatch known = new_known_rows(spec_);
      known.num_rows = found.files.size();
      for (uint32_t i = 0; i < positions_.first_event_time(); ++i) {
        if (!reads(asked, i)) continue;
        const ScanColumn wanted{source_at(i), i, {}, known.columns[i].type()};
        for (const StoredFile& file : found.files)
          append_known_value(spec_, partitions, file, wanted, 1, known.columns[i]);
      }
      if (reads_event_times(asked)) {
        for (const StoredFile& file : found.files)
          append_event_times(url_of(spec_, partitions, file), known);
      }
      const KeptRows kept = keep_rows(std::move(known), asked, positions_, context_->engine);
      num_skipped_files_ += kept.num_skipped_by_time;
      std::vector<StoredFile> result;
      for (const uint32_t row : kept.rows) result.push_back(std::move(found.files[row]));
      found.files = std::move(result);
    }
    leave_out_archived(spec_, found, report_);
    return found;
  }

  ScanColumn::Source source_at(uint32_t position) const {
    if (position == positions_.path()) return ScanColumn::Source::kPath;
    if (position == positions_.file_size()) return ScanColumn::Source::kFileSize;
    if (position == positions_.file_modified_time()) return ScanColumn::Source::kFileModifiedTime;
    if (position == positions_.partition_name()) return ScanColumn::Source::kPartitionName;
    if (position == positions_.bucket()) return ScanColumn::Source::kBucket;
    return ScanColumn::Source::kPartition;
  }

  void tell_no_partitions() {
    report_.add_remark(fmt::format(
        "{0} has no partitions, so it has no rows: MSCK REPAIR TABLE {0} or ALTER TABLE {0} ADD "
        "PARTITION … makes some known",
        spec_.table_name));
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

  ScanSpec spec_;
  const std::shared_ptr<const CatalogTable> table_;
  const std::shared_ptr<const PartitionContext> context_;
  ScanReport& report_;
  PathFilter paths_;
  KnownPositions positions_;
  std::vector<std::vector<StoredFile>> known_files_;  // by partition
  std::vector<std::string> paths_to_list_;
  std::unique_ptr<LayoutSearch> search_;  // of a ready-made table in buckets
  std::unordered_set<std::string> seen_partitions_;
  std::unordered_set<std::string> remembered_;  // locations
  std::atomic<bool> has_unlisted_{false};
  uint64_t num_found_files_ = 0;
  uint64_t num_partitions_ = 0;  // that conditions were asked of
  uint64_t num_files_ = 0;
  uint64_t num_skipped_partitions_ = 0;  // for the time of their events alone
  uint64_t num_skipped_files_ = 0;
};

}  // namespace

ChosenFiles choose_files(ScanSpec& spec, std::shared_ptr<const CatalogTable> table,
                         std::shared_ptr<const PartitionContext> context, ScanReport& report,
                         bool may_be_found_later) {
  const auto choice =
      std::make_shared<FileChoice>(spec, std::move(table), std::move(context), report);
  ChosenFiles chosen = choice->run(may_be_found_later);
  spec = choice->spec();
  return chosen;
}

}  // namespace trailsql
