// Objects that a query reads more than once, kept on this machine for as long as it runs.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "base/cancellation.h"
#include "store/byte_buffer.h"

namespace trailsql {

/// Files in a folder of their own. Safe from any thread.
class ObjectCache {
 public:
  /// The folder is made below `parent` when it is first needed. All files together have at most
  /// `max_bytes`: objects that there is no room for are not kept.
  ObjectCache(std::string parent, uint64_t max_bytes)
      : parent_(std::move(parent)), max_bytes_(max_bytes) {}
  ~ObjectCache();
  ObjectCache(const ObjectCache&) = delete;
  ObjectCache& operator=(const ObjectCache&) = delete;

  /// Whose an object is.
  enum class Claim : uint8_t {
    kCallers,  // who fetches it, and then calls `keep` or `give_up`
    kOthers,   // it is here, or on its way
    kNobodys,  // there is no room for it
  };
  /// Claims an object for the caller, if nobody has done so.
  Claim claim(const std::string& name, uint64_t size_bytes);
  /// Likewise, and waits for what others fetch, whose bytes it returns with kOthers. Throws
  /// USER_CANCELED.
  Claim find(const std::string& name, uint64_t size_bytes, ByteBuffer& bytes,
             const Cancellation& cancellation);
  void keep(const std::string& name, std::string_view bytes);
  void give_up(const std::string& name);

 private:
  struct Object {
    size_t number = 0;  // of its file
    uint64_t size_bytes = 0;
    bool is_here = false;  // otherwise it is on its way
  };

  Claim claim_locked(const std::string& name, uint64_t size_bytes);
  std::string path_of(const std::string& name);

  const std::string parent_;
  const uint64_t max_bytes_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string folder_;
  std::map<std::string, Object> objects_;
  size_t num_objects_ = 0;  // that were claimed
  uint64_t num_bytes_ = 0;  // of all objects
};

/// A claim of the caller's: what is not kept when it ends is given up.
class ClaimedObject {
 public:
  ClaimedObject(std::shared_ptr<ObjectCache> cache, std::string name)
      : cache_(std::move(cache)), name_(std::move(name)) {}
  ~ClaimedObject() {
    if (cache_) cache_->give_up(name_);
  }
  ClaimedObject(const ClaimedObject&) = delete;
  ClaimedObject& operator=(const ClaimedObject&) = delete;

  void keep(std::string_view bytes) { std::exchange(cache_, nullptr)->keep(name_, bytes); }

 private:
  std::shared_ptr<ObjectCache> cache_;
  const std::string name_;
};

}  // namespace trailsql
