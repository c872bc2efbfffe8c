#include "store/object_cache.h"

#include <fmt/core.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "store/file_reader.h"

namespace trailsql {

ObjectCache::~ObjectCache() {
  std::error_code ignored;
  if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
}

bool ObjectCache::find(const std::string& name, ByteBuffer& bytes,
                       const Cancellation& cancellation) {
  constexpr auto kCheckInterval = std::chrono::milliseconds(50);
  std::string path;
  {
    std::unique_lock lock(mutex_);
    auto [object, is_new] = objects_.try_emplace(name, State::kComing, objects_.size());
    if (is_new) return false;
    while (object->second.first == State::kComing) {
      cancellation.check();
      changed_.wait_for(lock, kCheckInterval);
    }
    if (object->second.first == State::kFailed) {
      object->second.first = State::kComing;  // the caller tries again
      return false;
    }
    path = fmt::format("{}/{}", folder_, object->second.second);
  }
  if (read_file(path, bytes).empty()) return true;
  const std::lock_guard lock(mutex_);
  objects_[name].first = State::kComing;
  return false;
}

// A disk that is full costs another request later, no more.
void ObjectCache::keep(const std::string& name, std::string_view bytes) {
  std::string path;
  {
    const std::lock_guard lock(mutex_);
    if (folder_.empty()) {
      std::string pattern = parent_ + "/objects-XXXXXX";
      if (::mkdtemp(pattern.data()) != nullptr) folder_ = pattern;
    }
    if (!folder_.empty()) path = fmt::format("{}/{}", folder_, objects_[name].second);
  }
  if (path.empty()) return give_up(name);
  std::ofstream file(path, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  {
    const std::lock_guard lock(mutex_);
    objects_[name].first = !folder_.empty() && file ? State::kHere : State::kFailed;
  }
  changed_.notify_all();
}

void ObjectCache::give_up(const std::string& name) {
  {
    const std::lock_guard lock(mutex_);
    objects_[name].first = State::kFailed;
  }
  changed_.notify_all();
}

}  // namespace trailsql
