#include "store/file_store.h"

#include <fmt/core.h>

#include <algorithm>
#include <mutex>

#include "base/error.h"
#include "store/bucket_listing.h"
#include "store/bucket_trail.h"

namespace trailsql {
namespace {

S3Name bucket_name(const std::string& path) {
  std::optional<S3Name> name = parse_s3_url(path);
  if (!name) {
    throw QueryError(ErrorCode::kHiveFilesystemError,
                     fmt::format("'{}' is no S3 location: s3://bucket/prefix/ was expected", path));
  }
  return *std::move(name);
}

std::string folder_key(std::string key) {
  if (!key.empty() && !key.ends_with('/')) key += '/';
  return key;
}

std::string parent_path(const std::string& path) { return path.substr(0, path.rfind('/') + 1); }

// Lists all files below a folder of a bucket, as tasks of a pool. With a filter folders are walked
// one by one, so that those that are not wanted are not listed.
class FilesWalk {
 public:
  FilesWalk(S3Client& client, const RequestContext& context, bool skips_denied, const S3Name& name,
            FolderFilter filter, TaskPool& pool)
      : key_(name.key),
        filter_(std::move(filter)),
        listing_(client, context, name.bucket, folder_key(name.key), skips_denied, pool),
        beside_(client, context, name.bucket, parent_path(name.key), skips_denied, pool) {}

  void start() {
    if (filter_) {
      listing_.pool().add([this] { walk(""); });
    } else {
      listing_.list_range({listing_.root(), "", ""},
                          [this](const std::vector<S3Object>& objects) { take(objects); });
    }
  }

  /// Returns what was found, once the pool has run.
  FileListing finish() {
    result_.unlisted = listing_.take_unlisted();
    result_.exists = !result_.files.empty() || !result_.unlisted.empty();
    std::ranges::sort(result_.files, {}, &StoredFile::relative_path);
    return std::move(result_);
  }

  bool may_be_object() const { return !key_.empty() && !key_.ends_with('/'); }
  /// Adds the object that the location itself names, if there is one.
  void add_object(FileListing& found) {
    const std::optional<S3Object> object = beside_.find_object(key_);
    if (!object) return;
    StoredFile file = beside_.file_of(*object);
    file.relative_path.clear();
    found.files.push_back(std::move(file));
    found.exists = true;
  }

 private:
  void walk(const std::string& folder) {
    const BucketFolder found = listing_.list_folder(listing_.root() + folder);
    take(found.objects);
    for (const std::string& name : found.folders) {
      const std::string inner = folder + name + "/";
      if (filter_(inner)) listing_.pool().add([this, inner] { walk(inner); });
    }
  }

  void take(const std::vector<S3Object>& objects) {
    const std::lock_guard lock(mutex_);
    for (const S3Object& object : objects) result_.files.push_back(listing_.file_of(object));
  }

  const std::string key_;
  const FolderFilter filter_;
  BucketListing listing_;
  BucketListing beside_;
  std::mutex mutex_;
  FileListing result_;
};

/// Collects the parts of a walk.
class PartCollector {
 public:
  void take(TrailPart part) {
    const std::lock_guard lock(mutex_);
    parts_.push_back(std::move(part));
  }

  // Returns them in the order of their paths, each folder once.
  std::vector<TrailPart> finish() {
    std::ranges::stable_sort(parts_, {}, &TrailPart::relative_path);
    std::vector<TrailPart> whole;
    for (TrailPart& part : parts_) {
      const bool is_same = !whole.empty() && !part.is_file && !whole.back().is_file &&
                           whole.back().relative_path == part.relative_path;
      if (!is_same) {
        whole.push_back(std::move(part));
        continue;
      }
      std::vector<StoredFile>& files = whole.back().files;
      std::ranges::move(part.files, std::back_inserter(files));
    }
    for (TrailPart& part : whole) std::ranges::sort(part.files, {}, &StoredFile::relative_path);
    return whole;
  }

 private:
  std::mutex mutex_;
  std::vector<TrailPart> parts_;
};

void add_all(std::vector<UnlistedPath> found, std::vector<UnlistedPath>& unlisted) {
  std::ranges::move(found, std::back_inserter(unlisted));
}

}  // namespace

bool is_bucket_path(std::string_view path) { return path.starts_with("s3://"); }

const FileStore::BucketAccess& FileStore::bucket_access(const std::string& path) const {
  if (!bucket_access_) {
    throw QueryError(ErrorCode::kHiveFilesystemError,
                     fmt::format("Location {} is in a bucket, which cannot be reached here", path));
  }
  return *bucket_access_;
}

FileListing FileStore::list_files(const std::string& path, const FolderFilter& filter) const {
  if (!is_bucket_path(path)) return trailsql::list_files(path, filter);
  return std::move(list_files_of({path}, [&](size_t) { return filter; })[0]);
}

std::vector<FileListing> FileStore::list_files_of(
    const std::vector<std::string>& paths,
    const std::function<FolderFilter(size_t index)>& filter_of) const {
  std::vector<FileListing> listings(paths.size());
  TaskPool pool(S3Client::max_requests_at_once());
  std::vector<std::unique_ptr<FilesWalk>> walks(paths.size());
  for (size_t i = 0; i < paths.size(); ++i) {
    if (!is_bucket_path(paths[i])) {
      listings[i] = trailsql::list_files(paths[i], filter_of(i));
      continue;
    }
    const BucketAccess& access = bucket_access(paths[i]);
    walks[i] =
        std::make_unique<FilesWalk>(access.buckets.client(access.access), access.context,
                                    access.skips_denied, bucket_name(paths[i]), filter_of(i), pool);
    walks[i]->start();
  }
  pool.run();
  TaskPool objects(S3Client::max_requests_at_once());
  for (size_t i = 0; i < paths.size(); ++i) {
    if (!walks[i]) continue;
    listings[i] = walks[i]->finish();
    // No folder: the location may be an object itself.
    if (!listings[i].exists && walks[i]->may_be_object())
      objects.add([&, i] { walks[i]->add_object(listings[i]); });
  }
  objects.run();
  return listings;
}

std::vector<std::string> FileStore::list_folder_names(const std::string& path) const {
  if (!is_bucket_path(path)) return trailsql::list_folder_names(path);
  const BucketAccess& access = bucket_access(path);
  const S3Name name = bucket_name(path);
  const std::string prefix = folder_key(name.key);
  TaskPool pool(1);
  BucketListing listing(access.buckets.client(access.access), access.context, name.bucket, prefix,
                        access.skips_denied, pool);
  return listing.list_folder(prefix).folders;
}

namespace {

// Walks a trail below `root`, and of one that is an object just that.
void walk_trail(S3Client& client, const RequestContext& context, bool skips_denied,
                const std::string& root, const TrailScope& scope,
                std::vector<UnlistedPath>& unlisted, const TakeTrailPart& take) {
  const S3Name name = bucket_name(root);
  bool is_empty = true;
  std::mutex mutex;
  const TakeTrailPart take_and_see = [&](TrailKind kind, TrailPart part) {
    {
      const std::lock_guard lock(mutex);
      is_empty = false;
    }
    take(kind, std::move(part));
  };
  TaskPool pool(S3Client::max_requests_at_once());
  BucketListing listing(client, context, name.bucket, folder_key(name.key), skips_denied, pool);
  walk_bucket_trail(listing, scope, take_and_see);
  add_all(listing.take_unlisted(), unlisted);
  if (!is_empty || name.key.empty() || name.key.ends_with('/')) return;
  BucketListing beside(client, context, name.bucket, parent_path(name.key), skips_denied, pool);
  const std::optional<S3Object> object = beside.find_object(name.key);
  if (!object) return;
  TrailPlace place = place_of(parent_path(name.key));
  StoredFile file = beside.file_of(*object);
  const std::optional<TrailKind> kind = scope.kind_to_take(place, file.relative_path);
  file.relative_path.clear();
  if (kind) take(*kind, {place.values, "", true, {std::move(file)}});
}

}  // namespace

std::vector<TrailPart> FileStore::list_trail(const std::string& root, TrailKind kind,
                                             const TrailFilter& filter,
                                             const Cancellation& cancellation,
                                             std::vector<UnlistedPath>& unlisted) const {
  if (!is_bucket_path(root))
    return trailsql::list_trail(root, kind, filter, cancellation, unlisted);
  const BucketAccess& access = bucket_access(root);
  PartCollector collector;
  const TrailScope scope(kind, filter);
  walk_trail(access.buckets.client(access.access), access.context, access.skips_denied, root, scope,
             unlisted, [&](TrailKind, TrailPart part) { collector.take(std::move(part)); });
  return collector.finish();
}

std::vector<TrailSummary> FileStore::summarize_trail(const std::string& root,
                                                     const Cancellation& cancellation,
                                                     std::vector<UnlistedPath>& unlisted) const {
  if (!is_bucket_path(root)) return trailsql::summarize_trail(root, cancellation, unlisted);
  const BucketAccess& access = bucket_access(root);
  std::vector<TrailSummary> summaries(kNumTrailKinds);
  std::mutex mutex;
  const TrailFilter everything;
  const TrailScope scope(std::nullopt, everything);
  walk_trail(access.buckets.client(access.access), access.context, access.skips_denied, root, scope,
             unlisted, [&](TrailKind kind, const TrailPart& part) {
               const std::lock_guard lock(mutex);
               summaries[static_cast<size_t>(kind)].count(part, part.files);
             });
  return summaries;
}

std::unique_ptr<ReadAhead> FileStore::read_ahead(uint64_t budget_bytes,
                                                 ReadAhead::NextObject next) const {
  const BucketAccess& access = bucket_access("s3://");
  return std::make_unique<ReadAhead>(access.buckets.client(access.access), access.context,
                                     budget_bytes, S3Client::max_requests_at_once(),
                                     std::move(next));
}

}  // namespace trailsql
