#include "service/trail_summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/error.h"
#include "base/text.h"
#include "service/bucket_url.h"
#include "store/empty_place.h"
#include "types/value_text.h"

namespace trailsql {
namespace {

constexpr size_t kMaxNamesShown = 6;
constexpr size_t kMaxNameBytes = 255;

// "2 regions (eu-west-1, us-east-1)"; nothing for none.
void append_names(std::string& line, std::string_view what, const std::set<std::string>& names) {
  if (names.empty()) return;
  const size_t num_shown = std::min(names.size(), kMaxNamesShown);
  const auto end = std::next(names.begin(), static_cast<std::ptrdiff_t>(num_shown));
  line += fmt::format(", {} {}{} ({}{})", names.size(), what, names.size() == 1 ? "" : "s",
                      fmt::join(names.begin(), end, ", "), num_shown < names.size() ? ", …" : "");
}

std::string summary_line(TrailKind kind, const TrailSummary& summary) {
  std::string line = fmt::format("{}: {} file{}, {}", trail_kind_folder(kind), summary.num_files,
                                 summary.num_files == 1 ? "" : "s",
                                 human_size(static_cast<double>(summary.size_bytes)));
  append_names(line, "organization", summary.organizations);
  append_names(line, "account", summary.accounts);
  append_names(line, "region", summary.regions);
  if (summary.days) {
    const bool one_day = summary.days->first == summary.days->last;
    line += ", ";
    append_date(line, summary.days->first);
    if (!one_day) append_date(line += " to ", summary.days->last);
  }
  if (summary.num_loose_files > 0)
    line += fmt::format("; {} outside folders of days", summary.num_loose_files);
  return line;
}

}  // namespace

std::string checked_trail_location(std::string_view location, const LocationResolver& resolver) {
  check_bucket_url(location);
  std::string kept = normalize_location(location);
  const bool is_path = !is_s3_location(kept) && !kept.starts_with("file:");
  if (is_path && !location.empty())
    kept = std::filesystem::absolute(location).lexically_normal().string();
  const std::string stored_path = resolver.resolve(kept);
  if (is_bucket_path(stored_path)) return kept;  // whoever lists it finds out
  std::error_code failure;
  const std::filesystem::path path = stored_path;
  const bool can_be_read = std::filesystem::is_directory(path, failure) ||
                           std::filesystem::is_regular_file(path, failure);
  if (location.empty() || !can_be_read) {
    throw QueryError(ErrorCode::kInvalidArguments,
                     fmt::format("'{}' is no folder or file of this machine", location));
  }
  return kept;
}

Trail make_trail(std::string_view name, const std::vector<std::string>& locations,
                 const LocationResolver& resolver) {
  Trail trail{to_lower_ascii(name), {}};
  const bool is_plain =
      !trail.name.empty() && trail.name.size() <= kMaxNameBytes &&
      trail.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
  if (!is_plain) {
    throw QueryError(
        ErrorCode::kInvalidArguments,
        fmt::format("'{}' is no name of a trail: letters, digits and _ make one", name));
  }
  if (trail.name == "information_schema" || trail.name == Catalog::kDefaultDatabase) {
    throw QueryError(ErrorCode::kInvalidArguments,
                     fmt::format("A trail cannot be called {}", trail.name));
  }
  for (const std::string& location : locations)
    trail.locations.push_back(checked_trail_location(location, resolver));
  return trail;
}

std::vector<std::string> describe_trail(const Trail& trail, const LocationResolver& resolver,
                                        const FileStore& storage,
                                        const Cancellation& cancellation) {
  std::vector<TrailSummary> summaries(kNumTrailKinds);
  std::vector<UnlistedPath> unlisted;
  std::vector<std::string> roots;
  for (const std::string& location : trail.locations) roots.push_back(resolver.resolve(location));
  for (const size_t position : outermost_roots(roots)) {
    const std::vector<TrailSummary> found =
        storage.summarize_trail(roots[position], cancellation, unlisted);
    for (size_t i = 0; i < kNumTrailKinds; ++i) summaries[i].add(found[i]);
    throw_if_denied(unlisted, roots[position]);
    const bool has_files =
        std::ranges::any_of(found, [](const TrailSummary& one) { return one.num_files > 0; });
    if (!has_files && unlisted.empty()) throw_if_empty(storage, roots[position]);
  }
  std::vector<std::string> lines;
  for (size_t i = 0; i < summaries.size(); ++i) {
    if (summaries[i].num_files > 0)
      lines.push_back(summary_line(static_cast<TrailKind>(i), summaries[i]));
  }
  if (lines.empty()) lines.emplace_back("no files");
  for (const UnlistedPath& path : unlisted)
    lines.push_back(fmt::format("not listed: {}: {}", path.path, path.reason));
  return lines;
}

}  // namespace trailsql
