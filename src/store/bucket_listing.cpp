#include "store/bucket_listing.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/error.h"
#include "store/read_ahead.h"
#include "store/store_limits.h"

namespace trailsql {
namespace {

// A range is split by its folders when it has more pages than this: that costs requests, which a
// short one is not worth.
constexpr size_t kPagesBeforeSplit = 2;

// U+10FFFF: no name in a folder begins with anything greater.
constexpr std::string_view kLastCharacter = "\xF4\x8F\xBF\xBF";

// Returns the folder, directly in that of the range, that the key `range.after` lies in, if any.
std::string folder_of_after(const KeyRange& range) {
  if (!range.after.starts_with(range.prefix)) return {};
  const size_t slash = range.after.find('/', range.prefix.size());
  return slash == std::string::npos ? std::string() : range.after.substr(0, slash + 1);
}

}  // namespace

QueryError bucket_error(const std::string& url, const S3Problem& problem) {
  switch (problem.kind) {
    case S3Problem::Kind::kDenied:
      return QueryError(ErrorCode::kPermissionDenied, Location{},
                        fmt::format("Permission denied on S3 path: {}: {}", url, problem.text),
                        "with --skip-denied a query goes on without what may not be read");
    case S3Problem::Kind::kBadCredentials:
      return QueryError(ErrorCode::kPermissionDenied,
                        fmt::format("Permission denied on S3 path: {}: {}", url, problem.text));
    case S3Problem::Kind::kNoSuchBucket:
      return QueryError(ErrorCode::kHiveFilesystemError,
                        fmt::format("Cannot list {}: there is no such bucket", url));
    case S3Problem::Kind::kNone:
    case S3Problem::Kind::kNoSuchKey:
    case S3Problem::Kind::kArchived:
    case S3Problem::Kind::kChanged:
    case S3Problem::Kind::kOther: break;
  }
  return QueryError(ErrorCode::kHiveFilesystemError,
                    fmt::format("Cannot read {}: {}", url, problem.text));
}

BucketListing::BucketListing(S3Client& client, const RequestContext& context, std::string bucket,
                             std::string root, bool skips_denied)
    : client_(client),
      context_(context),
      bucket_(std::move(bucket)),
      root_(std::move(root)),
      skips_denied_(skips_denied),
      pool_(S3Client::max_requests_at_once()) {}

// Returns false when the page may not be listed, and that is to be left out.
bool BucketListing::list_page(const S3ListQuery& query, S3Page& page) {
  S3Problem problem = client_.list(query, page, context_);
  if (!problem) return true;
  if (problem.kind == S3Problem::Kind::kDenied) problem.text += "; listing needs s3:ListBucket";
  const std::string url = url_of(query.prefix);
  if (problem.kind != S3Problem::Kind::kDenied || !skips_denied_) throw bucket_error(url, problem);
  const std::lock_guard lock(mutex_);
  unlisted_.push_back({url, problem.text, false, true});
  return false;
}

bool BucketListing::is_visible(std::string_view key) const {
  if (key.ends_with('/') || !key.starts_with(root_)) return false;  // a folder's marker
  key.remove_prefix(root_.size());
  for (size_t start = 0; start < key.size();) {
    if (key[start] == '_' || key[start] == '.') return false;
    const size_t slash = key.find('/', start);
    if (slash == std::string_view::npos) break;
    start = slash + 1;
  }
  return true;
}

void BucketListing::hand_over(S3Page& page, const KeyRange& range, const TakeObjects& take) {
  std::erase_if(page.objects, [&](const S3Object& object) {
    return !is_visible(object.key) || (!range.end.empty() && object.key >= range.end);
  });
  num_objects_ += page.objects.size();
  if (num_objects_ > kMaxListedFiles) {
    throw QueryError(
        ErrorCode::kHiveFilesystemError,
        fmt::format("Cannot list {}: more than {} files", url_of(root_), kMaxListedFiles));
  }
  if (!page.objects.empty()) take(std::move(page.objects));
}

void BucketListing::list_range(KeyRange range, const TakeObjects& take) {
  pool_.add([this, range = std::move(range), take] { list_pages(range, take); });
}

void BucketListing::list_pages(KeyRange range, const TakeObjects& take) {
  S3ListQuery query{bucket_, range.prefix, false, range.after, {}};
  for (size_t num_pages = 0; num_pages < kPagesBeforeSplit; ++num_pages) {
    S3Page page;
    if (!list_page(query, page)) return;
    const bool is_last = page.next_token.empty() || page.objects.empty();
    if (!page.objects.empty()) {
      // A server whose pages do not advance would keep us for ever.
      if (page.objects.back().key <= range.after) {
        throw QueryError(
            ErrorCode::kHiveFilesystemError,
            fmt::format("Cannot list {}: the server repeats itself", url_of(range.prefix)));
      }
      range.after = page.objects.back().key;
    }
    hand_over(page, range, take);
    if (is_last || (!range.end.empty() && range.after >= range.end)) return;
    query.start_after.clear();
    query.token = page.next_token;
  }
  split(range, take);
}

// Lists what follows `range.after`: what lies directly in the folder here, each folder in it as a
// task. While there is one folder only, its own are looked at.
void BucketListing::split(const KeyRange& range, const TakeObjects& take) {
  // Servers differ in whether the folder that `after` lies in is still told of.
  const std::string current = folder_of_after(range);
  S3ListQuery query{bucket_,
                    range.prefix,
                    true,
                    current.empty() ? range.after : current + std::string(kLastCharacter),
                    {}};
  std::vector<std::string> folders;
  bool has_objects = false;
  std::string last = range.after;
  while (true) {
    S3Page page;
    if (!list_page(query, page)) return;
    has_objects = has_objects || !page.objects.empty();
    std::string page_last = last;
    if (!page.objects.empty()) page_last = std::max(page_last, page.objects.back().key);
    if (!page.prefixes.empty()) page_last = std::max(page_last, page.prefixes.back());
    for (std::string& folder : page.prefixes) {
      const bool is_wanted = range.end.empty() || folder < range.end;
      if (is_wanted && folder != current) folders.push_back(std::move(folder));
    }
    const std::string token = page.next_token;
    hand_over(page, range, take);
    if (token.empty() || (!range.end.empty() && page_last >= range.end)) break;
    if (page_last <= last && token == query.token) {
      throw QueryError(
          ErrorCode::kHiveFilesystemError,
          fmt::format("Cannot list {}: the server repeats itself", url_of(range.prefix)));
    }
    last = page_last;
    query.start_after.clear();
    query.token = token;
  }
  const auto within = [&](const std::string& folder) {
    return KeyRange{folder, range.after.starts_with(folder) ? range.after : std::string(),
                    range.end.starts_with(folder) ? range.end : std::string()};
  };
  if (!current.empty() && folders.empty() && !has_objects) return split(within(current), take);
  if (!current.empty()) list_range(within(current), take);
  for (const std::string& folder : folders) list_range(within(folder), take);
}

BucketFolder BucketListing::list_folder(const std::string& prefix) {
  BucketFolder folder;
  S3ListQuery query{bucket_, prefix, true, {}, {}};
  while (true) {
    S3Page page;
    if (!list_page(query, page)) return folder;
    for (S3Object& object : page.objects) {
      if (is_visible(object.key)) folder.objects.push_back(std::move(object));
    }
    for (const std::string& inner : page.prefixes) {
      std::string name = inner.substr(prefix.size());
      if (name.ends_with('/')) name.pop_back();
      if (!name.starts_with('.') && !name.starts_with('_'))
        folder.folders.push_back(std::move(name));
    }
    if (page.next_token.empty()) return folder;
    if (page.next_token == query.token || (page.objects.empty() && page.prefixes.empty())) {
      throw QueryError(ErrorCode::kHiveFilesystemError,
                       fmt::format("Cannot list {}: the server repeats itself", url_of(prefix)));
    }
    query.token = page.next_token;
  }
}

StoredFile BucketListing::file_of(const S3Object& object) const {
  StoredFile file;
  file.relative_path = object.key.substr(root_.size());
  file.size_bytes = object.size_bytes;
  file.modified_time_us = object.modified_time_us;
  if (is_read_in_parts(object.size_bytes)) file.etag = object.etag;
  file.is_archived = object.is_archived;
  return file;
}

bool BucketListing::has_unlisted() const {
  const std::lock_guard lock(mutex_);
  return !unlisted_.empty();
}

std::vector<UnlistedPath> BucketListing::take_unlisted() {
  std::ranges::sort(unlisted_, {}, &UnlistedPath::path);
  return std::move(unlisted_);
}

}  // namespace trailsql
