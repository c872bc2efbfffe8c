#include "store/file_store.h"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>

#include "base/error.h"
#include "store/bucket_listing.h"
#include "store/bucket_trail.h"
#include "store/known_listing.h"
#include "store/store_limits.h"

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

}  // namespace

/// Lists all files below a folder of a bucket, as tasks of a pool. With a filter folders are walked
/// one by one, so that those that are not wanted are not listed.
class FileStore::FilesWalk {
 public:
  using Take = std::function<void(std::vector<StoredFile>)>;

  FilesWalk(S3Client& client, const RequestContext& context, bool skips_denied, const S3Name& name,
            FolderFilter filter, TaskPool& pool, Take take)
      : key_(name.key),
        filter_(std::move(filter)),
        take_(std::move(take)),
        listing_(client, context, name.bucket, folder_key(name.key), skips_denied, pool),
        beside_(client, context, name.bucket, parent_path(name.key), skips_denied, pool) {
    const TrailPlace place = place_of(listing_.root());
    if (!filter_ && place.level == TrailPlace::Level::kDay)
      region_ = region_folder(listing_.root(), place);
  }

  /// The key of the folder of the region, if this is the folder of a day in CloudTrail's layout.
  const std::optional<std::string>& region() const { return region_; }
  std::string region_url() const { return listing_.url_of(*region_); }
  /// What is to be listed instead of `start`, where something of it may be known.
  KnownListing::Wanted wanted() {
    return {listing_,
            {listing_.root(), "", ""},
            [this](const std::vector<S3Object>& objects, bool is_remembered) {
              take(objects, is_remembered);
            }};
  }

  void start() {
    if (filter_) {
      listing_.pool().add([this] { walk(""); });
    } else {
      listing_.list_range({listing_.root(), "", ""},
                          [this](const std::vector<S3Object>& objects) { take(objects); });
    }
  }

  /// Returns what is known besides the files, which are handed over, once the pool has run.
  FileListing finish() {
    FileListing result;
    result.unlisted = listing_.take_unlisted();
    result.exists = has_files_ || !result.unlisted.empty();
    return result;
  }

  bool may_be_object() const { return !key_.empty() && !key_.ends_with('/') && !region_; }
  /// Hands over the object that the location itself names, if there is one.
  void take_object(FileListing& found) {
    const std::optional<S3Object> object = beside_.find_object(key_);
    if (!object) return;
    StoredFile file = beside_.file_of(*object);
    file.relative_path.clear();
    found.exists = true;
    take_({std::move(file)});
  }

 private:
  void walk(const std::string& folder) {
    const std::vector<std::string> found = listing_.list_folder(
        listing_.root() + folder, [this](const std::vector<S3Object>& objects) { take(objects); });
    for (const std::string& name : found) {
      const std::string inner = folder + name + "/";
      if (filter_(inner)) listing_.pool().add([this, inner] { walk(inner); });
    }
  }

  void take(const std::vector<S3Object>& objects, bool is_remembered = false) {
    if (objects.empty()) return;
    has_files_ = true;
    std::vector<StoredFile> files;
    for (const S3Object& object : objects) {
      files.push_back(listing_.file_of(object));
      files.back().is_remembered = is_remembered;
    }
    take_(std::move(files));
  }

  const std::string key_;
  const FolderFilter filter_;
  const Take take_;
  BucketListing listing_;
  BucketListing beside_;
  std::optional<std::string> region_;
  std::atomic<bool> has_files_{false};
};

namespace {

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

FileStore FileStore::until(const Cancellation& cancellation) const {
  if (!bucket_access_) return *this;
  return with_context({cancellation, bucket_access_->context.counts});
}

// Runs walks in a pool. Days of one region are looked up together.
void FileStore::list_walks(const std::vector<std::unique_ptr<FilesWalk>>& walks,
                           TaskPool& pool) const {
  ListingCache* const cache = bucket_access_->caches.listings.get();
  std::optional<KnownListing> known;
  if (cache != nullptr) known.emplace(*cache, endpoint());
  std::map<std::string, std::vector<FilesWalk*>> regions;  // by URL
  for (const std::unique_ptr<FilesWalk>& walk : walks) {
    if (known && walk->region()) {
      regions[walk->region_url()].push_back(walk.get());
    } else {
      walk->start();
    }
  }
  for (const auto& [url, walks_of_region] : regions) {
    pool.add([&known, &walks_of_region] {
      std::vector<KnownListing::Wanted> wanted;
      for (FilesWalk* const walk : walks_of_region) wanted.push_back(walk->wanted());
      known->list(*walks_of_region[0]->region(), wanted);
    });
  }
  pool.run();
  if (known) known->remember(bucket_access_->context.cancellation);
}

std::vector<FileListing> FileStore::stream_files(const std::vector<std::string>& paths,
                                                 const FilterOf& filter_of,
                                                 const TakeFiles& take) const {
  std::vector<FileListing> listings(paths.size());
  TaskPool pool(S3Client::max_requests_at_once());
  std::vector<std::unique_ptr<FilesWalk>> walks;
  for (size_t i = 0; i < paths.size(); ++i) {
    const BucketAccess& access = bucket_access(paths[i]);
    walks.push_back(std::make_unique<FilesWalk>(
        access.buckets.client(access.access), access.context, access.skips_denied,
        bucket_name(paths[i]), filter_of(i), pool,
        [&take, i](std::vector<StoredFile> files) { take(i, std::move(files)); }));
  }
  list_walks(walks, pool);
  TaskPool objects(S3Client::max_requests_at_once());
  for (size_t i = 0; i < paths.size(); ++i) {
    listings[i] = walks[i]->finish();
    // No folder: the location may be an object itself.
    if (!listings[i].exists && walks[i]->may_be_object())
      objects.add([&, i] { walks[i]->take_object(listings[i]); });
  }
  objects.run();
  return listings;
}

FileListing FileStore::list_files(const std::string& path, const FolderFilter& filter) const {
  return list_files_of({path}, [&filter](size_t) { return filter; })[0];
}

std::vector<FileListing> FileStore::list_files_of(const std::vector<std::string>& paths,
                                                  const FilterOf& filter_of) const {
  std::vector<FileListing> listings(paths.size());
  std::vector<std::string> bucket_paths;
  std::vector<size_t> positions;  // of these
  for (size_t i = 0; i < paths.size(); ++i) {
    if (is_bucket_path(paths[i])) {
      bucket_paths.push_back(paths[i]);
      positions.push_back(i);
    } else {
      listings[i] = trailsql::list_files(paths[i], filter_of(i));
    }
  }
  if (bucket_paths.empty()) return listings;
  std::mutex mutex;
  std::vector<std::vector<StoredFile>> files(bucket_paths.size());
  std::vector<FileListing> found = stream_files(
      bucket_paths, [&](size_t i) { return filter_of(positions[i]); },
      [&](size_t i, std::vector<StoredFile> some) {
        const std::lock_guard lock(mutex);
        std::ranges::move(some, std::back_inserter(files[i]));
      });
  for (size_t i = 0; i < found.size(); ++i) {
    std::ranges::sort(files[i], {}, &StoredFile::relative_path);
    found[i].files = std::move(files[i]);
    listings[positions[i]] = std::move(found[i]);
  }
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
  return listing.list_folder(prefix, [](const std::vector<S3Object>&) {});
}

namespace {

// Walks a trail below `root`, and of one that is an object just that.
void walk_trail(S3Client& client, const RequestContext& context, bool skips_denied,
                ListingCache* cache, const std::string& root, const TrailScope& scope,
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
  const std::string endpoint = client.config().access.endpoint.value_or("");
  walk_bucket_trail(listing, scope, take_and_see, cache, endpoint);
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
  PartCollector collector;
  stream_trail(root, kind, filter, unlisted,
               [&](TrailPart part) { collector.take(std::move(part)); });
  return collector.finish();
}

void FileStore::stream_trail(const std::string& root, TrailKind kind, const TrailFilter& filter,
                             std::vector<UnlistedPath>& unlisted,
                             const std::function<void(TrailPart)>& take) const {
  const BucketAccess& access = bucket_access(root);
  const TrailScope scope(kind, filter);
  walk_trail(access.buckets.client(access.access), access.context, access.skips_denied,
             access.caches.listings.get(), root, scope, unlisted,
             [&](TrailKind, TrailPart part) { take(std::move(part)); });
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
  walk_trail(access.buckets.client(access.access), access.context, access.skips_denied,
             access.caches.listings.get(), root, scope, unlisted,
             [&](TrailKind kind, const TrailPart& part) {
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
                                     std::move(next), access.caches.objects);
}

uint64_t FileStore::num_requests_for(const std::string& url, uint64_t size_bytes) const {
  const BucketAccess& access = bucket_access(url);
  ObjectCache* const cache = access.caches.objects.get();
  if (cache != nullptr) {
    const std::string name = name_in_cache(access.access, bucket_name(url));
    if (cache->claim(name, size_bytes) == ObjectCache::Claim::kOthers) return 0;
  }
  return num_requests_to_read(size_bytes);
}

void FileStore::copy_objects(const std::vector<ObjectToCopy>& objects,
                             const ObjectCopies::TellCopied& tell) const {
  const BucketAccess& access = bucket_access("s3://");
  ObjectCopies(access.buckets.client(access.access), access.context, tell).run(objects);
}

bool FileStore::is_empty_folder(const std::string& url) const {
  const BucketAccess& access = bucket_access(url);
  const S3Name name = bucket_name(url);
  S3ListQuery query{name.bucket, folder_key(name.key), true, {}, {}};
  const auto is_other = [&](const S3Object& object) { return object.key != query.prefix; };
  // A page may be empty, and others follow: where much was deleted, S3 answers so.
  for (size_t num_pages = 0; num_pages < kMaxEmptyPages; ++num_pages) {
    S3Page page;
    if (S3Problem problem = access.buckets.client(access.access).list(query, page, access.context))
      throw bucket_write_error(url, problem);
    if (!page.prefixes.empty() || std::ranges::any_of(page.objects, is_other)) return false;
    if (page.next_token.empty()) return true;
    query.token = std::move(page.next_token);
  }
  throw QueryError(ErrorCode::kHiveFilesystemError,
                   fmt::format("Cannot list {}: the server repeats itself", url));
}

std::unique_ptr<BucketUpload> FileStore::upload(std::vector<FileToUpload> files,
                                                BucketUpload::TellBegun tell_begun) const {
  const BucketAccess& access = bucket_access("s3://");
  return std::make_unique<BucketUpload>(access.buckets.client(access.access), access.context,
                                        std::move(files), std::move(tell_begun));
}

void FileStore::undo_upload(const std::vector<BegunUpload>& begun,
                            const std::vector<std::string>& urls) const {
  if (begun.empty() && urls.empty()) return;
  const BucketAccess& access = bucket_access("s3://");
  S3Client& client = access.buckets.client(access.access);
  TaskPool pool(S3Client::max_requests_at_once());
  std::mutex mutex;
  std::optional<QueryError> failure;
  const auto keep = [&](const std::string& url, const S3Problem& problem) {
    if (!problem) return;
    const std::lock_guard lock(mutex);
    if (!failure) failure = bucket_write_error(url, problem);
  };
  for (const BegunUpload& upload : begun) {
    pool.add([&] {
      keep(upload.url,
           client.abandon_upload(bucket_name(upload.url), upload.upload_id, access.context));
    });
  }
  for (const std::string& url : urls)
    pool.add([&] { keep(url, client.remove(bucket_name(url), access.context)); });
  pool.run();
  if (failure) throw *std::move(failure);
}

FileStore FileStore::with_context(const RequestContext& context) const {
  if (!bucket_access_) return *this;
  return {bucket_access_->buckets, bucket_access_->access, context, bucket_access_->skips_denied,
          bucket_access_->caches};
}

FileStore FileStore::without_memory() const {
  if (!bucket_access_) return *this;
  return {bucket_access_->buckets, bucket_access_->access, bucket_access_->context,
          bucket_access_->skips_denied, BucketCaches{nullptr, bucket_access_->caches.objects}};
}

std::string FileStore::endpoint() const {
  const BucketAccess& access = *bucket_access_;
  return access.buckets.client(access.access).config().access.endpoint.value_or("");
}

void FileStore::forget_listed(const std::vector<std::string>& urls) const {
  if (!bucket_access_ || !bucket_access_->caches.listings) return;
  trailsql::forget_listed(*bucket_access_->caches.listings, endpoint(), urls,
                          bucket_access_->context.cancellation);
}

}  // namespace trailsql
