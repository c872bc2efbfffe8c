// What the requests of one query come to, and cost.
#pragma once

#include <atomic>
#include <cstdint>

namespace trailsql {

/// Only grows; safe from any thread. What is asked again after a failure counts again.
struct RequestCounts {
  std::atomic<uint64_t> num_lists{0};
  std::atomic<uint64_t> num_gets{0};     // GetObject and HeadObject
  std::atomic<uint64_t> num_puts{0};     // PutObject and all of multipart uploads
  std::atomic<uint64_t> num_retries{0};  // of all these
  std::atomic<uint64_t> num_bytes{0};    // of objects, received
};

}  // namespace trailsql
