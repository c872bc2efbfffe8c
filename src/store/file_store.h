// Files wherever they lie: on this machine, named by absolute paths, or in buckets, named by
// s3://bucket/key. The door of this module for whoever lists and reads tables.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "store/bucket_upload.h"
#include "store/buckets.h"
#include "store/file_listing.h"
#include "store/listing_cache.h"
#include "store/object_copies.h"
#include "store/read_ahead.h"
#include "store/trail_layout.h"

namespace trailsql {

/// Returns whether a path names something in a bucket.
bool is_bucket_path(std::string_view path);

/// What need not be asked of buckets again. Each may be absent.
struct BucketCaches {
  std::shared_ptr<ListingCache> listings;  // of closed days, of all queries
  std::shared_ptr<ObjectCache> objects;    // that one query reads several times
};

/// Reaches files for one table or trail in one query. Safe from any thread.
class FileStore {
 public:
  /// Knows this machine alone.
  FileStore() = default;
  /// What is given by reference must outlive it. `skips_denied`: what of buckets may not be listed
  /// or read is left out and told, instead of ending the query.
  FileStore(Buckets& buckets, AwsAccess access, const RequestContext& context, bool skips_denied,
            BucketCaches caches = {})
      : bucket_access_(std::make_shared<BucketAccess>(
            BucketAccess{buckets, std::move(access), context, skips_denied, std::move(caches)})) {}

  /// As the function of that name; in a bucket, all files whose keys begin with the path and a '/'.
  FileListing list_files(const std::string& path, const FolderFilter& filter = {}) const;
  /// Lists several, at once where that is quicker; in their order. `filter_of` says for each which
  /// folders to go into.
  using FilterOf = std::function<FolderFilter(size_t index)>;
  std::vector<FileListing> list_files_of(const std::vector<std::string>& paths,
                                         const FilterOf& filter_of) const;
  /// As the functions of these names.
  std::vector<std::string> list_folder_names(const std::string& path) const;
  std::vector<TrailPart> list_trail(const std::string& root, TrailKind kind,
                                    const TrailFilter& filter, const Cancellation& cancellation,
                                    std::vector<UnlistedPath>& unlisted) const;
  std::vector<TrailSummary> summarize_trail(const std::string& root,
                                            const Cancellation& cancellation,
                                            std::vector<UnlistedPath>& unlisted) const;

  /// Takes files of the path at `index` as they are found, from several threads.
  using TakeFiles = std::function<void(size_t index, std::vector<StoredFile> files)>;
  /// Lists several paths in buckets, handing files over at once: the listings have none.
  std::vector<FileListing> stream_files(const std::vector<std::string>& paths,
                                        const FilterOf& filter_of, const TakeFiles& take) const;
  /// Does as list_trail of a path in a bucket, handing parts over at once; of the same folder there
  /// may be several.
  void stream_trail(const std::string& root, TrailKind kind, const TrailFilter& filter,
                    std::vector<UnlistedPath>& unlisted,
                    const std::function<void(TrailPart)>& take) const;

  /// Begins to read objects, whose names are paths in buckets.
  std::unique_ptr<ReadAhead> read_ahead(uint64_t budget_bytes, ReadAhead::NextObject next) const;
  /// Returns how many requests it takes to read an object: none when it has been asked for before,
  /// and will be kept until it is read again.
  uint64_t num_requests_for(const std::string& url, uint64_t size_bytes) const;
  /// Copies objects to this machine, as ObjectCopies does.
  void copy_objects(const std::vector<ObjectToCopy>& objects,
                    const ObjectCopies::TellCopied& tell) const;
  bool skips_denied() const { return bucket_access_ && bucket_access_->skips_denied; }

  /// Returns whether nothing lies in a folder of a bucket, hidden objects counted too. Throws
  /// PERMISSION_DENIED, HIVE_FILESYSTEM_ERROR.
  bool is_empty_folder(const std::string& url) const;
  /// Begins to upload files.
  std::unique_ptr<BucketUpload> upload(std::vector<FileToUpload> files,
                                       BucketUpload::TellBegun tell_begun) const;
  /// Abandons uploads and deletes objects, as many of them as may be; that they are gone already is
  /// no problem. Throws PERMISSION_DENIED, HIVE_FILESYSTEM_ERROR.
  void undo_upload(const std::vector<BegunUpload>& begun,
                   const std::vector<std::string>& urls) const;
  /// Returns the same store for requests of another context.
  FileStore with_context(const RequestContext& context) const;
  /// Returns one whose requests end when `cancellation`, which must outlive it, asks for it.
  FileStore until(const Cancellation& cancellation) const;
  /// Returns one that lists everything, and remembers nothing of it.
  FileStore without_memory() const;
  /// Forgets what is remembered of objects, by their URLs, and of all that lies in the same folders
  /// of days. Throws USER_CANCELED.
  void forget_listed(const std::vector<std::string>& urls) const;
  /// Returns how buckets are reached. Precondition: this is no store of this machine alone.
  const AwsAccess& access() const { return bucket_access_->access; }

 private:
  struct BucketAccess {
    Buckets& buckets;
    AwsAccess access;
    RequestContext context;
    bool skips_denied;
    BucketCaches caches;
  };
  class FilesWalk;
  const BucketAccess& bucket_access(const std::string& path) const;
  std::string endpoint() const;
  void list_walks(const std::vector<std::unique_ptr<FilesWalk>>& walks, TaskPool& pool) const;

  std::shared_ptr<const BucketAccess> bucket_access_;  // none: this machine alone
};

}  // namespace trailsql
