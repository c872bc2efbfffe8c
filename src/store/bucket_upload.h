// Files of this machine on their way into a bucket: sent first, seen by nobody, then made to appear
// all at once, as far as a bucket lets them.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "base/error.h"
#include "store/byte_budget.h"
#include "store/s3_client.h"

namespace trailsql {

struct FileToUpload {
  std::string path;  // on this machine
  std::string url;   // of the object that it becomes: s3://bucket/key
};

/// An upload in parts that somebody must finish or abandon.
struct BegunUpload {
  std::string url;
  std::string upload_id;
};

/// Uploads files, several at once, within kTransferBytes of memory. Used once, by one thread. Both
/// steps throw PERMISSION_DENIED, HIVE_FILESYSTEM_ERROR and USER_CANCELED; what was begun by then
/// is the caller's to undo.
class BucketUpload {
 public:
  /// Is told of uploads once they are begun; on any thread, one call at a time.
  using TellBegun = std::function<void(const BegunUpload& begun)>;

  /// All given by reference must outlive it.
  BucketUpload(S3Client& client, const RequestContext& context, std::vector<FileToUpload> files,
               TellBegun tell_begun);

  /// Sends the parts of large files. No object appears.
  void send_parts();
  /// Makes all objects appear: sends small files as a whole, and finishes large ones.
  void finish();

  /// Returns what is to be undone after a failure: uploads that were begun, objects that may be
  /// there.
  const std::vector<BegunUpload>& begun() const { return begun_; }
  std::vector<std::string> objects() const;
  /// Returns whether requests went without an answer, so that the server may still do as they ask.
  bool may_still_arrive() const { return num_unanswered_ > 0; }

 private:
  struct File {
    FileToUpload file;
    S3Name name;
    uint64_t size_bytes = 0;
    std::string upload_id;           // of one that is sent in parts
    std::vector<std::string> etags;  // of its parts
    bool may_be_there = false;       // the object
  };
  void begin(File& file);
  void send_part(File& file, size_t part, uint64_t part_bytes);
  S3Problem put(const File& file);
  template <typename Request>
  S3Problem ask(const Request& request);
  void make_appear(File& file);

  S3Client& client_;
  const RequestContext context_;
  const TellBegun tell_begun_;
  std::vector<File> files_;
  ByteBudget budget_;
  std::atomic<size_t> num_unanswered_{0};
  std::mutex mutex_;  // held while `tell_begun_` is called; guards `begun_`
  std::vector<BegunUpload> begun_;
};

/// Returns the error of an object that S3 did not write or delete.
QueryError bucket_write_error(const std::string& url, const S3Problem& problem);

}  // namespace trailsql
