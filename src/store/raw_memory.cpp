#include "store/raw_memory.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>

namespace trailsql {
namespace {

constexpr uint64_t kUnlimited = std::numeric_limits<uint64_t>::max();

// Returns the number in a file of a control group; "max" and what is no file set no limit.
uint64_t group_limit(const std::string& path) {
  std::ifstream file(path);
  uint64_t limit = 0;
  return file >> limit ? limit : kUnlimited;
}

// source: Linux, Documentation/admin-guide/cgroup-v2.rst (memory.max) and cgroup-v1/memory.rst. A
// group has no more than those around it.
uint64_t control_group_limit() {
  uint64_t limit = group_limit("/sys/fs/cgroup/memory/memory.limit_in_bytes");
  std::ifstream groups("/proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {
    constexpr std::string_view kUnified = "0::";
    if (!line.starts_with(kUnified)) continue;
    std::string group = line.substr(kUnified.size());
    while (true) {
      limit = std::min(limit, group_limit("/sys/fs/cgroup" + group + "/memory.max"));
      if (group.empty()) break;
      group.resize(group.rfind('/') == std::string::npos ? 0 : group.rfind('/'));
    }
  }
  return limit;
}

}  // namespace

uint64_t usable_memory_bytes() {
  const long num_pages = ::sysconf(_SC_PHYS_PAGES);
  const long page_bytes = ::sysconf(_SC_PAGESIZE);
  const uint64_t limit = control_group_limit();
  if (num_pages <= 0 || page_bytes <= 0) return limit;
  return std::min(limit, static_cast<uint64_t>(num_pages) * static_cast<uint64_t>(page_bytes));
}

bool RawMemory::change(uint64_t from, uint64_t to) {
  if (to <= from) {
    held_bytes_ -= from - to;
    return true;
  }
  const uint64_t more = to - from;
  uint64_t held = held_bytes_;
  do {
    if (more > limit_bytes_ || held > limit_bytes_ - more) return false;
  } while (!held_bytes_.compare_exchange_weak(held, held + more));
  return true;
}

}  // namespace trailsql
