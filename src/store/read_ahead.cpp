#include "store/read_ahead.h"

#include <algorithm>
#include <chrono>
#include <system_error>
#include <utility>

#include "store/store_limits.h"

namespace trailsql {
namespace {

constexpr uint64_t kPartBytes = 8ull << 20;
constexpr uint64_t kMinBytesForParts = 2 * kPartBytes;
// A LIMIT may be content with few objects: reading goes ahead further as objects are taken.
constexpr size_t kFirstObjects = 8;
constexpr size_t kObjectsPerTaken = 2;
constexpr size_t kMaxSpareBytes = 4u << 20;  // of each: larger ones are freed
constexpr uint64_t kMaxSpareShare = 4;       // of the budget all of them may take this part
constexpr auto kTakeCheckInterval = std::chrono::milliseconds(50);

bool is_to_be_divided(uint64_t size_bytes) {
  return is_read_in_parts(size_bytes) && size_bytes <= kMaxStoredFileBytes;
}

}  // namespace

bool is_read_in_parts(uint64_t size_bytes) { return size_bytes > kMinBytesForParts; }

uint64_t num_requests_to_read(uint64_t size_bytes) {
  return is_read_in_parts(size_bytes) ? (size_bytes + kPartBytes - 1) / kPartBytes : 1;
}

// Servers of their own may have buckets of the same name.
std::string name_in_cache(const AwsAccess& access, const S3Name& name) {
  return access.endpoint.value_or("") + " " + name.bucket + "/" + name.key;
}

/// An object that several threads read.
struct ReadAhead::Parts {
  ObjectToRead object;
  ObjectRead read;
  std::unique_ptr<ClaimedObject> claim;  // none: it is not kept
  size_t num_left = 0;                   // guarded by the reader's mutex, as `read.problem`
};

/// What a thread does next: an object, or a part of one.
struct ReadAhead::Work {
  std::optional<ObjectToRead> object;
  std::shared_ptr<Parts> parts;
  size_t part = 0;
};

ReadAhead::ReadAhead(S3Client& client, const RequestContext& context, uint64_t budget_bytes,
                     size_t max_threads, NextObject next, std::shared_ptr<ObjectCache> cache)
    : client_(client),
      cancellation_(context.cancellation),
      context_{stopping_, context.counts},
      budget_bytes_(budget_bytes),
      next_(std::move(next)),
      cache_(std::move(cache)) {
  threads_.reserve(max_threads);
  try {
    while (threads_.size() < max_threads) threads_.emplace_back([this] { run(); });
  } catch (const std::system_error&) {
    // The system has no more of them: those that there are do the work.
    if (threads_.empty()) throw;
  }
}

void ReadAhead::stop() {
  {
    // Not between a thread's look at it and its wait.
    const std::lock_guard lock(mutex_);
    stopping_.request();
  }
  work_changed_.notify_all();
  ready_changed_.notify_all();
}

ReadAhead::~ReadAhead() {
  stop();
  for (std::thread& thread : threads_) thread.join();
}

void ReadAhead::run() {
  std::unique_lock lock(mutex_);
  try {
    while (std::optional<Work> work = next_work(lock)) {
      lock.unlock();
      if (work->object) {
        read_object(*std::move(work->object));
      } else {
        read_part(work->parts, work->part);
      }
      lock.lock();
    }
  } catch (...) {
    if (!lock.owns_lock()) lock.lock();
    if (!stopping_.requested() && !failure_) failure_ = std::current_exception();
  }
  ready_changed_.notify_all();
  work_changed_.notify_all();
}

// Precondition: the mutex is held, as it is afterwards.
std::optional<ReadAhead::Work> ReadAhead::next_work(std::unique_lock<std::mutex>& lock) {
  while (!stopping_.requested() && !failure_) {
    if (!parts_.empty()) {
      Work work{std::nullopt, std::move(parts_.front().first), parts_.front().second};
      parts_.pop_front();
      return work;
    }
    const bool is_early =
        num_reading_ + ready_.size() >= kFirstObjects + num_taken_ * kObjectsPerTaken;
    if (waiting_ && !is_early && has_room_for(waiting_->size_bytes)) {
      ObjectToRead object = *std::exchange(waiting_, std::nullopt);
      held_bytes_ += object.size_bytes;
      ++num_reading_;
      if (is_to_be_divided(object.size_bytes)) ++num_undivided_;
      return Work{std::move(object), nullptr, 0};
    } else if (!waiting_ && !has_all_ && !is_asking_) {
      is_asking_ = true;
      lock.unlock();
      std::optional<ObjectToRead> object;
      try {
        object = next_();
      } catch (...) {
        lock.lock();
        is_asking_ = false;
        throw;
      }
      lock.lock();
      is_asking_ = false;
      has_all_ = !object;
      waiting_ = std::move(object);
      work_changed_.notify_all();
      if (has_all_) ready_changed_.notify_all();
    } else if (has_all_ && !waiting_ && num_undivided_ == 0) {
      break;
    } else {
      work_changed_.wait(lock);
    }
  }
  return std::nullopt;
}

// Precondition: the mutex is held.
bool ReadAhead::has_room_for(uint64_t size_bytes) const {
  if (held_bytes_ == 0) return true;
  return size_bytes <= budget_bytes_ && held_bytes_ <= budget_bytes_ - size_bytes;
}

void ReadAhead::read_object(ObjectToRead object) {
  ObjectRead read{object.number, take_spare(), {}};
  std::unique_ptr<ClaimedObject> claim;
  auto whose = ObjectCache::Claim::kNobodys;
  if (cache_) {
    std::string name = name_in_cache(client_.config().access, object.name);
    whose = cache_->find(name, object.size_bytes, read.bytes, context_.cancellation);
    if (whose == ObjectCache::Claim::kCallers)
      claim = std::make_unique<ClaimedObject>(cache_, std::move(name));
  }
  const bool is_here = whose == ObjectCache::Claim::kOthers;
  if (is_to_be_divided(object.size_bytes)) {
    std::shared_ptr<Parts> parts;
    if (!is_here) parts = parts_of(object, std::move(read), std::move(claim));
    {
      const std::lock_guard lock(mutex_);
      --num_undivided_;
      for (size_t part = 0; parts && part < parts->num_left; ++part)
        parts_.emplace_back(parts, part);
    }
    work_changed_.notify_all();
    if (!is_here) return;
  } else if (!is_here) {
    read.problem = client_.get(object.name, object.size_bytes, read.bytes, context_);
    if (!read.problem && claim) claim->keep(read.bytes.view());
  }
  hand_over(std::move(read), object.size_bytes);
}

std::shared_ptr<ReadAhead::Parts> ReadAhead::parts_of(const ObjectToRead& object, ObjectRead read,
                                                      std::unique_ptr<ClaimedObject> claim) {
  auto parts = std::make_shared<Parts>();
  parts->read = std::move(read);
  parts->read.bytes.reserve(object.size_bytes);
  parts->read.bytes.set_size(object.size_bytes);
  parts->num_left = num_requests_to_read(object.size_bytes);
  parts->object = object;
  parts->claim = std::move(claim);
  return parts;
}

void ReadAhead::read_part(const std::shared_ptr<Parts>& parts, size_t part) {
  const uint64_t offset = part * kPartBytes;
  const uint64_t size = std::min(kPartBytes, parts->object.size_bytes - offset);
  bool has_failed = false;  // then the other parts are of no use any more
  {
    const std::lock_guard lock(mutex_);
    has_failed = static_cast<bool>(parts->read.problem);
  }
  S3Problem problem;
  if (!has_failed) {
    problem = client_.get_part(parts->object.name, {parts->object.etag, offset, size},
                               parts->read.bytes.data() + offset, context_);
  }
  bool is_last = false;
  {
    const std::lock_guard lock(mutex_);
    if (problem && !parts->read.problem) parts->read.problem = std::move(problem);
    is_last = --parts->num_left == 0;
  }
  if (!is_last) return;
  if (!parts->read.problem && parts->claim) parts->claim->keep(parts->read.bytes.view());
  hand_over(std::move(parts->read), parts->object.size_bytes);
}

void ReadAhead::hand_over(ObjectRead object, uint64_t held_bytes) {
  {
    const std::lock_guard lock(mutex_);
    ready_.emplace_back(std::move(object), held_bytes);
    --num_reading_;
  }
  ready_changed_.notify_one();
}

ByteBuffer ReadAhead::take_spare() {
  const std::lock_guard lock(mutex_);
  if (spare_.empty()) return {};
  ByteBuffer buffer = std::move(spare_.back());
  spare_.pop_back();
  spare_bytes_ -= buffer.capacity();
  return buffer;
}

// Precondition: the mutex is held.
void ReadAhead::keep_spare(ByteBuffer used) {
  const size_t size = used.capacity();
  if (size == 0 || size > kMaxSpareBytes || spare_bytes_ + size > budget_bytes_ / kMaxSpareShare)
    return;
  spare_bytes_ += size;
  spare_.push_back(std::move(used));
}

std::optional<ObjectRead> ReadAhead::take(ByteBuffer used) {
  std::unique_lock lock(mutex_);
  keep_spare(std::move(used));
  while (ready_.empty() || stopping_.requested()) {
    if (stopping_.requested()) return std::nullopt;
    if (failure_) std::rethrow_exception(failure_);
    cancellation_.check();
    if (has_all_ && !waiting_ && num_reading_ == 0) return std::nullopt;
    ready_changed_.wait_for(lock, kTakeCheckInterval);
  }
  auto [read, held_bytes] = std::move(ready_.front());
  ready_.pop_front();
  held_bytes_ -= held_bytes;
  ++num_taken_;
  const bool was_last = has_all_ && !waiting_ && num_reading_ == 0 && ready_.empty();
  lock.unlock();
  work_changed_.notify_all();
  if (was_last) ready_changed_.notify_all();
  return std::move(read);
}

}  // namespace trailsql
