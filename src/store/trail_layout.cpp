#include "store/trail_layout.h"

#include <fmt/core.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/error.h"
#include "store/file_listing.h"
#include "store/folder_ancestors.h"
#include "store/folder_entries.h"
#include "store/trail_place.h"

namespace trailsql {
namespace {

using Level = TrailPlace::Level;

/// Goes down from a root and hands over each part with its kind.
class LayoutWalk {
 public:
  using Visit = std::function<void(TrailKind, TrailPart)>;

  LayoutWalk(const std::string& root, const TrailScope& scope, const Cancellation& cancellation,
             std::vector<UnlistedPath>& unlisted, Visit visit)
      : root_(root),
        scope_(scope),
        cancellation_(cancellation),
        unlisted_(unlisted),
        visit_(std::move(visit)) {}

  void run() {
    struct stat status {};
    if (::stat(root_.c_str(), &status) != 0) {
      if (errno == ENOENT || errno == ENOTDIR) return;
      throw QueryError(ErrorCode::kHiveFilesystemError,
                       fmt::format("Cannot list {}: {}", root_, std::strerror(errno)));
    }
    if (!S_ISDIR(status.st_mode)) {
      const size_t slash = root_.rfind('/') + 1;
      return take_file(place_of(root_.substr(0, slash)), root_.substr(slash), "");
    }
    const TrailPlace place = place_of(root_);
    if (scope_.is_worth_a_look(place)) walk(place, "");
  }

 private:
  void walk(const TrailPlace& place, const std::string& relative_path) {
    if (place.level == Level::kDay)
      return visit_(*place.kind, {place.values, relative_path, false, {}});
    cancellation_.check();
    const std::string path = join_location(root_, relative_path);
    struct stat status {};
    // What vanished or is forbidden is told by who lists it.
    const bool is_known = ::stat(path.c_str(), &status) == 0;
    if (is_known && !ancestors_.enter(path, status)) return;
    list(place, relative_path, path);
    if (is_known) ancestors_.leave();
  }

  void list(const TrailPlace& place, const std::string& relative_path, const std::string& path) {
    const std::vector<FolderEntry> entries = list_folder(path, unlisted_);
    // Whatever the folders above an account are called: beside one kind lie others or neighbours.
    const bool is_beside_kinds =
        place.level == Level::kAccount &&
        std::any_of(entries.begin(), entries.end(), [](const FolderEntry& entry) {
          return entry.kind == FolderEntry::Kind::kFolder && find_trail_kind(entry.name);
        });
    for (const FolderEntry& entry : entries) {
      if (entry.kind == FolderEntry::Kind::kFile) {
        take_file(place, entry.name, relative_path + entry.name);
      } else if (is_beside_kinds && !find_trail_kind(entry.name) && entry.name != kLogsFolder) {
        continue;
      } else if (const std::optional<TrailPlace> inner = enter(place, entry.name)) {
        const std::string inner_path = relative_path + entry.name + "/";
        if (scope_.is_worth_a_look(*inner) && scope_.passes(inner_path)) walk(*inner, inner_path);
      }
    }
  }

  void take_file(TrailPlace place, const std::string& name, const std::string& relative_path) {
    if (const std::optional<TrailKind> kind = scope_.kind_to_take(place, name))
      visit_(*kind, {place.values, relative_path, true, {}});
  }

  std::string root_;
  const TrailScope& scope_;
  const Cancellation& cancellation_;
  std::vector<UnlistedPath>& unlisted_;
  Visit visit_;
  FolderAncestors ancestors_;
};

void count_values(const TrailValues& values, TrailSummary& summary) {
  if (values.organization) summary.organizations.insert(*values.organization);
  if (values.account) summary.accounts.insert(*values.account);
  if (values.region) summary.regions.insert(*values.region);
  if (!values.day) return;
  const DayRange day{*values.day, *values.day};
  if (!summary.days) summary.days = day;
  summary.days->first = std::min(summary.days->first, day.first);
  summary.days->last = std::max(summary.days->last, day.last);
}

}  // namespace

std::vector<size_t> outermost_roots(const std::vector<std::string>& roots) {
  std::vector<std::string> folders;
  for (const std::string& root : roots) {
    if (root.find("://") != std::string::npos) {  // of a bucket: there are no links
      folders.push_back(root.ends_with('/') ? root : root + '/');
      continue;
    }
    std::error_code failure;
    const std::string real = std::filesystem::weakly_canonical(root, failure).string();
    folders.push_back(failure ? root : real);
    if (!folders.back().ends_with('/')) folders.back() += '/';
  }
  std::vector<size_t> kept;
  for (size_t i = 0; i < folders.size(); ++i) {
    bool lies_in_another = false;
    for (size_t j = 0; j < folders.size() && !lies_in_another; ++j) {
      const bool is_equal = folders[i] == folders[j];
      lies_in_another = is_equal ? j < i : folders[i].starts_with(folders[j]);
    }
    if (!lies_in_another) kept.push_back(i);
  }
  return kept;
}

std::vector<TrailPart> list_trail(const std::string& root, TrailKind kind,
                                  const TrailFilter& filter, const Cancellation& cancellation,
                                  std::vector<UnlistedPath>& unlisted) {
  std::vector<TrailPart> parts;
  const TrailScope scope(kind, filter);
  LayoutWalk walk(root, scope, cancellation, unlisted,
                  [&](TrailKind, TrailPart part) { parts.push_back(std::move(part)); });
  walk.run();
  return parts;
}

void TrailSummary::add(const TrailSummary& other) {
  organizations.insert(other.organizations.begin(), other.organizations.end());
  accounts.insert(other.accounts.begin(), other.accounts.end());
  regions.insert(other.regions.begin(), other.regions.end());
  if (other.days) {
    count_values({{}, {}, {}, other.days->first}, *this);
    count_values({{}, {}, {}, other.days->last}, *this);
  }
  num_files += other.num_files;
  num_loose_files += other.num_loose_files;
  size_bytes += other.size_bytes;
}

void TrailSummary::count(const TrailPart& part, const std::vector<StoredFile>& files) {
  if (files.empty()) return;
  count_values(part.values, *this);
  num_files += files.size();
  if (part.is_file) ++num_loose_files;
  for (const StoredFile& file : files) size_bytes += file.size_bytes;
}

std::vector<TrailSummary> summarize_trail(const std::string& root, const Cancellation& cancellation,
                                          std::vector<UnlistedPath>& unlisted) {
  std::vector<TrailSummary> summaries(kNumTrailKinds);
  const TrailFilter everything;
  const TrailScope scope(std::nullopt, everything);
  LayoutWalk walk(root, scope, cancellation, unlisted, [&](TrailKind kind, const TrailPart& part) {
    const FileListing listing = list_files(join_location(root, part.relative_path));
    unlisted.insert(unlisted.end(), listing.unlisted.begin(), listing.unlisted.end());
    summaries[static_cast<size_t>(kind)].count(part, listing.files);
  });
  walk.run();
  return summaries;
}

}  // namespace trailsql
