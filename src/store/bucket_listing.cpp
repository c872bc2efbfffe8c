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

QueryError misled_error(const std::string& url, const char* what) {
  return QueryError(ErrorCode::kHiveFilesystemError, fmt::format("Cannot list {}: {}", url, what));
}

bool is_hidden_name(std::string_view name) {
  return name.starts_with('.') || name.starts_with('_');
}

// Whether a key, or a folder, is one that was asked for.
bool is_asked_for(const S3ListQuery& query, const std::string& name, bool is_folder) {
  if (!name.starts_with(query.prefix) || name.size() > kMaxObjectKeyBytes) return false;
  return !is_folder || name.find('/', query.prefix.size()) == name.size() - 1;
}

// Of the folders in that of a range the one that its beginning lies in; empty when it lies in none.
std::string folder_of_start(const KeyRange& range) {
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
                             std::string root, bool skips_denied, TaskPool& pool)
    : client_(client),
      context_(context),
      bucket_(std::move(bucket)),
      root_(std::move(root)),
      skips_denied_(skips_denied),
      pool_(pool) {}

// Returns false when the page may not be listed, and that is to be left out.
bool BucketListing::list_page(const S3ListQuery& query, S3Page& page) {
  const S3Problem problem =
      with_permission(client_.list(query, page, context_), "listing needs s3:ListBucket");
  if (!problem) return true;
  const std::string url = url_of(query.prefix);
  if (problem.kind != S3Problem::Kind::kDenied || !skips_denied_) throw bucket_error(url, problem);
  const std::lock_guard lock(mutex_);
  unlisted_.push_back({url, problem.text, false, true});
  return false;
}

// Returns false when there is no other page, or none that may be listed.
bool BucketListing::next_page(Cursor& cursor, S3Page& page) {
  page = {};
  if (!cursor.has_more) return false;
  cursor.has_more = list_page(cursor.query, page);
  if (!cursor.has_more) return false;
  if (!cursor.query.by_folder) page.prefixes.clear();
  check_order(cursor, page);
  const bool is_empty = page.objects.empty() && page.prefixes.empty();
  cursor.num_empty_pages = is_empty ? cursor.num_empty_pages + 1 : 0;
  const bool is_same_page = is_empty && page.next_token == cursor.query.token;
  cursor.has_more = !page.next_token.empty();
  if (cursor.has_more && (is_same_page || cursor.num_empty_pages > kMaxEmptyPages))
    throw misled_error(url_of(cursor.query.prefix), "the server repeats itself");
  cursor.query.start_after.clear();
  cursor.query.token = page.next_token;
  // Not every server knows where to start. A folder that the start lies in has more behind it.
  std::erase_if(page.objects, [&](const S3Object& object) { return object.key <= cursor.start; });
  std::erase_if(page.prefixes, [&](const std::string& folder) {
    return folder < cursor.start && !cursor.start.starts_with(folder);
  });
  return true;
}

// A server whose pages do not advance would keep us for ever; where names are in no order, some
// would be missed or read twice.
void BucketListing::check_order(Cursor& cursor, S3Page& page) const {
  const std::string& prefix = cursor.query.prefix;
  std::string last_key = cursor.last_key;
  for (const S3Object& object : page.objects) {
    if (!is_asked_for(cursor.query, object.key, false))
      throw misled_error(url_of(prefix), "the server lists what was not asked for");
    if (object.key <= cursor.last_key)
      throw misled_error(url_of(prefix), "the server repeats itself, or lists in no order");
    last_key = std::max(last_key, object.key);
  }
  cursor.last_key = std::move(last_key);
  std::string last_prefix = cursor.last_prefix;
  // One that goes on is told by each page of some servers.
  if (!cursor.last_prefix.empty()) std::erase(page.prefixes, cursor.last_prefix);
  for (const std::string& folder : page.prefixes) {
    if (!is_asked_for(cursor.query, folder, true))
      throw misled_error(url_of(prefix), "the server lists what was not asked for");
    if (folder <= cursor.last_prefix)
      throw misled_error(url_of(prefix), "the server repeats itself, or lists in no order");
    last_prefix = std::max(last_prefix, folder);
  }
  cursor.last_prefix = std::move(last_prefix);
}

bool BucketListing::is_visible(std::string_view key) const {
  if (key.ends_with('/') || !key.starts_with(root_)) return false;  // a folder's marker
  key.remove_prefix(root_.size());
  for (size_t start = 0; start < key.size();) {
    if (is_hidden_name(key.substr(start))) return false;
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
  count(page.objects.size());
  if (!page.objects.empty()) take(std::move(page.objects));
}

void BucketListing::count(size_t num_names) {
  if ((num_names_ += num_names) <= kMaxListedFiles) return;
  throw QueryError(
      ErrorCode::kHiveFilesystemError,
      fmt::format("Cannot list {}: more than {} files", url_of(root_), kMaxListedFiles));
}

void BucketListing::list_range(KeyRange range, const TakeObjects& take) {
  pool_.add([this, range = std::move(range), take] { list_pages(range, take); });
}

void BucketListing::list_pages(KeyRange range, const TakeObjects& take) {
  Cursor cursor(bucket_, range, false);
  S3Page page;
  for (size_t num_pages = 0; num_pages < kPagesBeforeSplit; ++num_pages) {
    if (!next_page(cursor, page)) return;
    hand_over(page, range, take);
    range.after = std::max(range.after, cursor.last_key);
    if (!range.end.empty() && cursor.last_key >= range.end) return;
  }
  if (cursor.has_more) split(std::move(range), take);
}

// Lists what follows `range.after`: what lies directly in the folder here, each folder in it as a
// task. While there is one folder only, its own are looked at.
void BucketListing::split(KeyRange range, const TakeObjects& take) {
  const auto within = [&](const std::string& folder) {
    return KeyRange{folder, range.after.starts_with(folder) ? range.after : std::string(),
                    range.end.starts_with(folder) ? range.end : std::string()};
  };
  const auto is_before_end = [&](const std::string& folder) {
    return range.end.empty() || folder < range.end;
  };
  while (true) {
    // Servers differ in whether they tell of the folder that the start lies in: it is listed
    // anyway.
    std::vector<std::string> folders;
    if (std::string folder = folder_of_start(range); !folder.empty() && is_before_end(folder))
      folders.push_back(std::move(folder));
    const size_t num_known = folders.size();
    bool has_objects = false;
    Cursor cursor(bucket_, range, true);
    S3Page page;
    while (next_page(cursor, page)) {
      has_objects = has_objects || !page.objects.empty();
      for (std::string& folder : page.prefixes) {
        const bool is_wanted =
            is_before_end(folder) &&
            !is_hidden_name(std::string_view(folder).substr(range.prefix.size()));
        if (is_wanted && (num_known == 0 || folder != folders[0]))
          folders.push_back(std::move(folder));
      }
      hand_over(page, range, take);
      if (!range.end.empty() && std::max(cursor.last_key, cursor.last_prefix) >= range.end) break;
    }
    if (folders.size() == 1 && !has_objects) {
      range = within(folders[0]);
      continue;
    }
    for (const std::string& folder : folders) list_range(within(folder), take);
    return;
  }
}

std::vector<std::string> BucketListing::list_folder(const std::string& prefix,
                                                    const TakeObjects& take) {
  std::vector<std::string> folders;
  const KeyRange range{prefix, "", ""};
  Cursor cursor(bucket_, range, true);
  S3Page page;
  while (next_page(cursor, page)) {
    count(page.prefixes.size());
    for (const std::string& inner : page.prefixes) {
      std::string name = inner.substr(prefix.size());
      name.pop_back();  // its '/'
      if (!is_hidden_name(name)) folders.push_back(std::move(name));
    }
    hand_over(page, range, take);
  }
  return folders;
}

std::optional<S3Object> BucketListing::find_object(const std::string& key) {
  Cursor cursor(bucket_, {key, "", ""}, false);
  S3Page page;
  while (next_page(cursor, page)) {
    if (page.objects.empty()) continue;
    // Of all keys that begin with it, it is the first.
    if (page.objects[0].key == key) return std::move(page.objects[0]);
    break;
  }
  return std::nullopt;
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
