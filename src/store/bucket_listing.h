// Lists the objects of a bucket, many pages at once.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
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

/// What lies directly in a folder of a bucket.
struct BucketFolder {
  std::vector<S3Object> objects;     // in the order of their keys
  std::vector<std::string> folders;  // their names, in order
};

/// One listing for one query. Its members may be called from tasks of its pool; objects that are
/// hidden, as Hive and Athena have it (a name that begins with `_` or `.` behind the root), and
/// markers of folders, are never told of.
class BucketListing {
 public:
  /// `root` is the prefix that names are relative to: empty, or ending in '/'. `skips_denied`:
  /// what may not be listed is told by `unlisted` instead of ending the query.
  BucketListing(S3Client& client, const RequestContext& context, std::string bucket,
                std::string root, bool skips_denied);

  /// Lists one folder. Throws PERMISSION_DENIED, HIVE_FILESYSTEM_ERROR, USER_CANCELED.
  BucketFolder list_folder(const std::string& prefix);

  /// Takes objects in the order of their keys within one call, but calls come in any order and from
  /// several threads.
  using TakeObjects = std::function<void(std::vector<S3Object>)>;
  /// Lists a range as tasks of the pool. What turns out to be long is split by its folders.
  void list_range(KeyRange range, const TakeObjects& take);

  /// Runs all tasks.
  void run() { pool_.run(); }
  TaskPool& pool() { return pool_; }

  const std::string& bucket() const { return bucket_; }
  const std::string& root() const { return root_; }
  std::string url_of(const std::string& key) const { return "s3://" + bucket_ + "/" + key; }
  /// Whether anything was left out so far.
  bool has_unlisted() const;
  /// What was left out, in order. Call after `run`.
  std::vector<UnlistedPath> take_unlisted();
  /// Returns the object as a file, with its path from the root.
  StoredFile file_of(const S3Object& object) const;

 private:
  bool list_page(const S3ListQuery& query, S3Page& page);
  void list_pages(KeyRange range, const TakeObjects& take);
  void split(const KeyRange& range, const TakeObjects& take);
  void hand_over(S3Page& page, const KeyRange& range, const TakeObjects& take);
  bool is_visible(std::string_view key) const;

  S3Client& client_;
  const RequestContext context_;
  const std::string bucket_;
  const std::string root_;
  const bool skips_denied_;
  TaskPool pool_;
  std::atomic<uint64_t> num_objects_{0};
  mutable std::mutex mutex_;
  std::vector<UnlistedPath> unlisted_;
};

/// Returns the error of something that S3 did not do with what `url` names.
QueryError bucket_error(const std::string& url, const S3Problem& problem);

}  // namespace trailsql
