// Lists the objects of a bucket, many pages at once.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/file_listing.h"
#include "store/s3_client.h"
#include "store/task_pool.h"

namespace trailsql {

/// Keys with a prefix and, if these are not empty, greater than `after` and less than `end`.
struct KeyRange {
  std::string prefix;
  std::string after;
  std::string end;
};

/// One listing for one query. Its members may be called from tasks of its pool; objects that are
/// hidden, as Hive and Athena have it (a name that begins with `_` or `.` behind the root), and
/// markers of folders, are never told of.
class BucketListing {
 public:
  /// `root` is the prefix that names are relative to: empty, or ending in '/'. `skips_denied`:
  /// what may not be listed is told by `unlisted` instead of ending the query. `pool` may be that
  /// of several listings; it must outlive this, as all that is given by reference.
  BucketListing(S3Client& client, const RequestContext& context, std::string bucket,
                std::string root, bool skips_denied, TaskPool& pool);

  /// Takes objects in the order of their keys within one call.
  using TakeObjects = std::function<void(std::vector<S3Object>)>;
  /// Lists one folder: hands over what lies directly in it, page by page in order, and returns the
  /// names of the folders in it, in order. Throws PERMISSION_DENIED, HIVE_FILESYSTEM_ERROR,
  /// USER_CANCELED.
  std::vector<std::string> list_folder(const std::string& prefix, const TakeObjects& take);
  /// Returns the object with that very key, hidden or not; nothing when there is none. Throws as
  /// list_folder does.
  std::optional<S3Object> find_object(const std::string& key);

  /// Lists a range as tasks of the pool; objects are taken in any order and from several threads.
  /// What turns out to be long is split by its folders.
  void list_range(KeyRange range, const TakeObjects& take);

  TaskPool& pool() { return pool_; }

  const Cancellation& cancellation() const { return context_.cancellation; }
  const std::string& bucket() const { return bucket_; }
  const std::string& root() const { return root_; }
  std::string url_of(const std::string& key) const { return "s3://" + bucket_ + "/" + key; }
  /// Whether anything was left out so far.
  bool has_unlisted() const;
  /// What was left out, in order. Call when the pool has run.
  std::vector<UnlistedPath> take_unlisted();
  /// Returns the object as a file, with its path from the root.
  StoredFile file_of(const S3Object& object) const;

 private:
  /// A listing on its way from page to page.
  struct Cursor {
    Cursor(const std::string& bucket, const KeyRange& range, bool by_folder)
        : query{bucket, range.prefix, by_folder, range.after, {}}, start(range.after) {}

    S3ListQuery query;
    std::string start;
    std::string last_key;     // of all pages so far
    std::string last_prefix;  // likewise
    size_t num_empty_pages = 0;
    bool has_more = true;
  };

  bool next_page(Cursor& cursor, S3Page& page);
  void check_order(Cursor& cursor, S3Page& page) const;
  bool list_page(const S3ListQuery& query, S3Page& page);
  void list_pages(KeyRange range, const TakeObjects& take);
  void split(KeyRange range, const TakeObjects& take);
  void hand_over(S3Page& page, const KeyRange& range, const TakeObjects& take);
  void count(size_t num_names);
  bool is_visible(std::string_view key) const;

  S3Client& client_;
  const RequestContext context_;
  const std::string bucket_;
  const std::string root_;
  const bool skips_denied_;
  TaskPool& pool_;
  std::atomic<uint64_t> num_names_{0};  // of objects, and of folders that are listed one by one
  mutable std::mutex mutex_;
  std::vector<UnlistedPath> unlisted_;
};

/// Returns the error of something that S3 did not do with what `url` names.
QueryError bucket_error(const std::string& url, const S3Problem& problem);

}  // namespace trailsql
