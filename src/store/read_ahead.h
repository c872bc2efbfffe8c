// Reads objects ahead of whoever takes them, many at once, so that nobody waits for a slow one
// while others are ready.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "store/byte_buffer.h"
#include "store/object_cache.h"
#include "store/s3_client.h"

namespace trailsql {

/// An object to read.
struct ObjectToRead {
  size_t number = 0;  // the reader's own, given back with the bytes
  S3Name name;
  uint64_t size_bytes = 0;
  std::string etag;  // of one that is read in parts
};

/// Its bytes, or why there are none.
struct ObjectRead {
  size_t number = 0;
  ByteBuffer bytes;
  S3Problem problem;
};

/// Returns whether objects of that size are read in parts, several at once.
bool is_read_in_parts(uint64_t size_bytes);
/// Returns how many requests it takes to read an object of that size.
uint64_t num_requests_to_read(uint64_t size_bytes);

/// Returns what an ObjectCache knows an object by.
std::string name_in_cache(const AwsAccess& access, const S3Name& name);

/// Safe from any thread.
class ReadAhead {
 public:
  /// Returns the next object to read; called by one thread at a time.
  using NextObject = std::function<std::optional<ObjectToRead>()>;

  /// Begins to read. What is read and not taken yet, or on its way, holds at most `budget_bytes`,
  /// but for one object that is larger than that, and what objects have grown by since they were
  /// listed. With a `cache`, objects that are there are not fetched. All given by reference must
  /// outlive it.
  ReadAhead(S3Client& client, const RequestContext& context, uint64_t budget_bytes,
            size_t max_threads, NextObject next, std::shared_ptr<ObjectCache> cache = nullptr);
  /// Ends what is on its way.
  ~ReadAhead();
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;

  /// Waits for an object that is read, in no particular order; nothing after the last. `used` is
  /// memory that may be used again. Throws USER_CANCELED, and what `next` has thrown.
  std::optional<ObjectRead> take(ByteBuffer used);
  /// Ends what is on its way; there is nothing more to take. Safe from any thread.
  void stop();

 private:
  struct Parts;
  struct Work;

  void run();
  std::optional<Work> next_work(std::unique_lock<std::mutex>& lock);
  void read_object(ObjectToRead object);
  static std::shared_ptr<Parts> parts_of(const ObjectToRead& object, ObjectRead read,
                                         std::unique_ptr<ClaimedObject> claim);
  void read_part(const std::shared_ptr<Parts>& parts, size_t part);
  void hand_over(ObjectRead object, uint64_t held_bytes);
  bool has_room_for(uint64_t size_bytes) const;
  ByteBuffer take_spare();
  void keep_spare(ByteBuffer used);

  S3Client& client_;
  Cancellation stopping_;  // of this reader alone
  const Cancellation& cancellation_;
  RequestContext context_;
  const uint64_t budget_bytes_;
  const NextObject next_;
  const std::shared_ptr<ObjectCache> cache_;

  std::mutex mutex_;  // guards what follows
  std::condition_variable work_changed_;
  std::condition_variable ready_changed_;
  std::optional<ObjectToRead> waiting_;  // for room in the budget
  bool has_all_ = false;                 // `next_` has no more
  bool is_asking_ = false;               // a thread is in `next_`
  std::deque<std::pair<std::shared_ptr<Parts>, size_t>> parts_;
  size_t num_undivided_ = 0;  // of those on their way, that will be parts
  size_t num_reading_ = 0;    // objects on their way
  size_t num_taken_ = 0;
  uint64_t held_bytes_ = 0;  // by these and by those that are ready
  std::deque<std::pair<ObjectRead, uint64_t>> ready_;
  std::vector<ByteBuffer> spare_;
  size_t spare_bytes_ = 0;
  std::exception_ptr failure_;
  std::vector<std::thread> threads_;
};

}  // namespace trailsql
