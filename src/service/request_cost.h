// What the requests to buckets come to, and what Athena would have charged.
#pragma once

#include <cstdint>
#include <string>

namespace trailsql {

/// Athena's price of a scan. source: Amazon Athena pricing, SQL queries: bytes as stored, rounded
/// up to a megabyte, at least ten of them a query.
struct ScanPrice {
  double dollars_per_terabyte = 5;
  uint64_t min_bytes = 10'000'000;
};

/// Requests and bytes of one query.
struct RequestTotals {
  uint64_t num_lists = 0;
  uint64_t num_gets = 0;
  uint64_t num_puts = 0;
  uint64_t num_retries = 0;
  uint64_t num_bytes = 0;  // fetched

  bool any() const { return num_lists + num_gets + num_puts > 0; }
};

/// Returns "3 LIST and 56 GET requests (2 of them again), 426.9 kB fetched".
std::string requests_text(const RequestTotals& totals);

/// Returns "Athena's price, estimated: $0.00005" for a scan of so many bytes.
std::string price_text(uint64_t scanned_bytes, const ScanPrice& price);

}  // namespace trailsql
