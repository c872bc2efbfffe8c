// Objects that a query reads more than once, kept on this machine for as long as it runs.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "base/cancellation.h"
#include "store/byte_buffer.h"

namespace trailsql {

/// Files in a folder of their own. Safe from any thread.
class ObjectCache {
 public:
  /// The folder is made below `parent` when it is first needed.
  explicit ObjectCache(std::string parent) : parent_(std::move(parent)) {}
  ~ObjectCache();
  ObjectCache(const ObjectCache&) = delete;
  ObjectCache& operator=(const ObjectCache&) = delete;

  /// Returns true with the bytes of an object that is here. Otherwise it is the caller who fetches
  /// it, and then calls `keep` or `give_up`; who asks in the meantime waits. Throws USER_CANCELED.
  bool find(const std::string& name, ByteBuffer& bytes, const Cancellation& cancellation);
  void keep(const std::string& name, std::string_view bytes);
  void give_up(const std::string& name);

 private:
  enum class State : uint8_t { kComing, kHere, kFailed };

  const std::string parent_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string folder_;
  std::map<std::string, std::pair<State, size_t>> objects_;  // with the number of its file
};

}  // namespace trailsql
