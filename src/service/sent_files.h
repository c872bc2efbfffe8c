// Files of one statement on their way into a bucket: all of them count, or none stays.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "service/staged_files.h"
#include "store/file_store.h"

namespace trailsql {

/// Sends what a statement has staged. What does not count when this object ends is undone: uploads
/// are abandoned, and objects that this statement has put, which nobody else's names are like, are
/// deleted. A process that dies leaves that to undo_dead_uploads, and so does one whose requests
/// had no answer.
class SentFiles {
 public:
  /// All given by reference must outlive it.
  SentFiles(StagedFiles& staged, const Catalog& catalog, std::shared_ptr<const FileStore> store)
      : staged_(staged), catalog_(catalog), store_(std::move(store)) {}
  ~SentFiles();
  SentFiles(const SentFiles&) = delete;
  SentFiles& operator=(const SentFiles&) = delete;

  /// Uploads all files, each into the folder of a bucket that `target_of` gives for its own
  /// folder's relative path. Returns the moves with which the transaction of the catalog that makes
  /// them known makes them count. Throws PERMISSION_DENIED, HIVE_FILESYSTEM_ERROR, USER_CANCELED.
  std::vector<FileMove> send(const std::function<std::string(const std::string&)>& target_of);
  /// Makes them count without the catalog. Throws HIVE_FILESYSTEM_ERROR.
  void keep() const;

 private:
  bool undo() const;

  StagedFiles& staged_;
  const Catalog& catalog_;
  std::shared_ptr<const FileStore> store_;
  std::unique_ptr<BucketUpload> upload_;
};

/// Returns the folder where files for buckets are staged.
std::string upload_staging_folder(const std::string& home);

/// Returns a store for buckets that are reached that way.
using MakeBucketStore = std::function<FileStore(const AwsAccess&, const RequestContext&)>;

/// Undoes what processes have sent that died before it counted, as far as that can be done now and
/// soon; what a server did not let be undone is left alone for a while. Returns what was tried in
/// vain, for people.
std::vector<std::string> undo_dead_uploads(const std::string& home, const Catalog& catalog,
                                           const MakeBucketStore& make_store);

}  // namespace trailsql
