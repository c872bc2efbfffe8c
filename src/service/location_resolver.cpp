#include "service/location_resolver.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "base/error.h"
#include "base/text.h"
#include "service/bucket_url.h"

namespace trailsql {
namespace {

constexpr std::string_view kS3 = "s3://";

std::string with_final_slash(std::string text) {
  if (text.empty() || text.back() != '/') text.push_back('/');
  return text;
}

// Returns the path of file:/x/, file:///x/ or file://localhost/x/; empty when another host is
// named.
std::string path_of_file_url(std::string_view url) {
  std::string_view rest = url.substr(std::string_view("file:").size());
  if (rest.starts_with("//")) {
    rest.remove_prefix(2);
    if (rest.starts_with("localhost/")) rest.remove_prefix(std::string_view("localhost").size());
  }
  return rest.starts_with('/') ? percent_decoded(rest) : std::string();
}

bool has_parent_segment(std::string_view path) {
  const std::string padded = fmt::format("/{}/", path);
  return padded.find("/../") != std::string::npos;
}

std::string bucket_of(const std::string& normalized) {
  return with_final_slash(normalized.substr(0, normalized.find('/', kS3.size())));
}

void sort_by_length(std::vector<LocationMap>& maps) {
  std::stable_sort(maps.begin(), maps.end(), [](const LocationMap& a, const LocationMap& b) {
    return a.url_prefix.size() > b.url_prefix.size();
  });
}

}  // namespace

std::string normalize_location(std::string_view location) {
  const size_t colon = location.find(':');
  if (colon == std::string_view::npos || location.starts_with('/')) return std::string(location);
  std::string scheme = to_lower_ascii(location.substr(0, colon));
  if (scheme == "s3a" || scheme == "s3n") scheme = "s3";
  return scheme + std::string(location.substr(colon));
}

std::string normalize_url_prefix(std::string_view url_prefix) {
  return with_final_slash(normalize_location(url_prefix));
}

bool is_absolute_location(std::string_view location) {
  const std::string normalized = normalize_location(location);
  return normalized.starts_with('/') || normalized.starts_with("file:/") ||
         is_s3_location(location);
}

std::string map_command_for(std::string_view location) {
  return fmt::format("trailsql map add {} /path/to/copy", bucket_of(normalize_location(location)));
}

bool is_s3_location(std::string_view location) {
  return normalize_location(location).starts_with(kS3);
}

LocationMap make_location_map(std::string_view url_prefix, std::string_view local_path) {
  check_bucket_url(url_prefix);
  LocationMap map;
  map.url_prefix = normalize_url_prefix(url_prefix);
  if (!map.url_prefix.starts_with(kS3) || map.url_prefix.size() <= kS3.size() + 1 ||
      map.url_prefix[kS3.size()] == '/') {
    throw QueryError(ErrorCode::kInvalidArguments,
                     fmt::format("'{}' is no S3 location: s3://bucket/ or s3://bucket/prefix/ was "
                                 "expected",
                                 url_prefix));
  }
  std::error_code failure;
  if (local_path.empty() || !std::filesystem::is_directory(local_path, failure)) {
    throw QueryError(ErrorCode::kInvalidArguments,
                     fmt::format("'{}' is no folder of this machine", local_path));
  }
  map.local_path =
      with_final_slash(std::filesystem::absolute(local_path).lexically_normal().string());
  return map;
}

LocationMap parse_location_map(std::string_view text) {
  const size_t equals = text.find('=');
  if (equals == std::string_view::npos) {
    throw QueryError(ErrorCode::kInvalidArguments,
                     fmt::format("'{}' is no map: s3://bucket/=/path/to/copy was expected", text));
  }
  return make_location_map(text.substr(0, equals), text.substr(equals + 1));
}

LocationResolver::LocationResolver(std::vector<LocationMap> command_line,
                                   std::vector<LocationMap> remembered)
    : maps_(std::move(command_line)) {
  sort_by_length(maps_);
  sort_by_length(remembered);
  maps_.insert(maps_.end(), remembered.begin(), remembered.end());
}

const LocationMap* LocationResolver::find_map(std::string_view normalized) const {
  const std::string location = with_final_slash(std::string(normalized));
  const auto found = std::find_if(maps_.begin(), maps_.end(), [&](const LocationMap& map) {
    return location.starts_with(map.url_prefix);
  });
  return found == maps_.end() ? nullptr : &*found;
}

std::optional<std::string> LocationResolver::url_of(std::string_view local_path) const {
  const std::string folder = with_final_slash(std::string(local_path));
  for (const LocationMap& map : maps_) {
    if (folder.starts_with(map.local_path)) {
      return map.url_prefix +
             std::string(local_path.substr(std::min(map.local_path.size(), local_path.size())));
    }
  }
  return std::nullopt;
}

bool LocationResolver::is_mapped(std::string_view location) const {
  const std::string normalized = normalize_location(location);
  if (normalized.starts_with(kS3)) return find_map(normalized) != nullptr;
  return normalized.starts_with('/') ||
         (normalized.starts_with("file:") && !path_of_file_url(normalized).empty());
}

std::string LocationResolver::resolve(std::string_view location) const {
  const std::string normalized = normalize_location(location);
  if (normalized.starts_with('/')) return normalized;
  if (normalized.starts_with("file:")) {
    const std::string path = path_of_file_url(normalized);
    if (!path.empty()) return path;
  }
  if (!normalized.starts_with(kS3)) {
    throw QueryError(ErrorCode::kHiveFilesystemError,
                     fmt::format("Location {} is neither an s3:// URL, a file:/// URL nor an "
                                 "absolute path",
                                 location));
  }
  const LocationMap* map = find_map(normalized);
  if (map == nullptr) return normalized;
  const std::string rest = with_final_slash(normalized).substr(map->url_prefix.size());
  if (has_parent_segment(rest)) {
    throw QueryError(
        ErrorCode::kHiveFilesystemError,
        fmt::format("Location {} has a '..' in it, which leads out of its map", location));
  }
  return map->local_path + rest;
}

}  // namespace trailsql
