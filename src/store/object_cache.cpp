#include "store/object_cache.h"

#include <fmt/core.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "store/file_reader.h"

namespace trailsql {
namespace {

bool write_cached_object(const std::string& path, std::string_view bytes) {
  std::ofstream file(path, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (file) return true;
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
  return false;
}

}  // namespace

ObjectCache::~ObjectCache() {
  std::error_code ignored;
  if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
}

ObjectCache::Claim ObjectCache::claim(const std::string& name, uint64_t size_bytes) {
  const std::lock_guard lock(mutex_);
  return claim_locked(name, size_bytes);
}

// Precondition: the mutex is held.
ObjectCache::Claim ObjectCache::claim_locked(const std::string& name, uint64_t size_bytes) {
  if (objects_.contains(name)) return Claim::kOthers;
  if (size_bytes > max_bytes_ - num_bytes_) return Claim::kNobodys;
  objects_[name] = {num_objects_++, size_bytes, false};
  num_bytes_ += size_bytes;
  return Claim::kCallers;
}

ObjectCache::Claim ObjectCache::find(const std::string& name, uint64_t size_bytes,
                                     ByteBuffer& bytes, const Cancellation& cancellation) {
  constexpr auto kCheckInterval = std::chrono::milliseconds(50);
  std::string path;
  {
    std::unique_lock lock(mutex_);
    while (path.empty()) {
      const Claim claim = claim_locked(name, size_bytes);
      if (claim != Claim::kOthers) return claim;
      if (objects_[name].is_here) {
        path = path_of(name);
      } else {
        cancellation.check();
        changed_.wait_for(lock, kCheckInterval);
      }
    }
  }
  return read_file(path, bytes).empty() ? Claim::kOthers : Claim::kNobodys;
}

// Precondition: the mutex is held. Empty when there can be no folder.
std::string ObjectCache::path_of(const std::string& name) {
  if (folder_.empty()) {
    std::string pattern = parent_ + "/objects-XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr) return {};
    folder_ = pattern;
  }
  return fmt::format("{}/{}", folder_, objects_[name].number);
}

// A disk that is full costs another request later, no more.
void ObjectCache::keep(const std::string& name, std::string_view bytes) {
  std::string path;
  {
    const std::lock_guard lock(mutex_);
    path = path_of(name);
  }
  if (path.empty() || !write_cached_object(path, bytes)) return give_up(name);
  {
    const std::lock_guard lock(mutex_);
    objects_[name].is_here = true;
  }
  changed_.notify_all();
}

void ObjectCache::give_up(const std::string& name) {
  {
    const std::lock_guard lock(mutex_);
    num_bytes_ -= objects_[name].size_bytes;
    objects_.erase(name);
  }
  changed_.notify_all();
}

}  // namespace trailsql
