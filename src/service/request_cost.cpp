#include "service/request_cost.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "base/text.h"

namespace trailsql {

std::string requests_text(const RequestTotals& totals) {
  std::vector<std::string> kinds;
  const auto add = [&](uint64_t count, const char* kind) {
    if (count > 0) kinds.push_back(fmt::format("{} {}", count, kind));
  };
  add(totals.num_lists, "LIST");
  add(totals.num_gets, "GET");
  add(totals.num_puts, "PUT");
  const uint64_t num_all = totals.num_lists + totals.num_gets + totals.num_puts;
  std::string text =
      fmt::format("{} {}", fmt::join(kinds, " and "), num_all == 1 ? "request" : "requests");
  if (totals.num_retries > 0) text += fmt::format(" ({} of them again)", totals.num_retries);
  if (totals.num_bytes > 0)
    text += fmt::format(", {} fetched", human_size(static_cast<double>(totals.num_bytes)));
  return text;
}

std::string price_text(uint64_t scanned_bytes, const ScanPrice& price) {
  constexpr uint64_t kMegabyte = 1'000'000;
  constexpr double kTerabyte = 1e12;
  const uint64_t rounded = (scanned_bytes + kMegabyte - 1) / kMegabyte * kMegabyte;
  const double dollars = static_cast<double>(std::max(rounded, price.min_bytes)) / kTerabyte *
                         price.dollars_per_terabyte;
  // Two digits that count, but whole cents from ten on.
  int num_decimals = 2;
  for (double rest = dollars; rest > 0 && rest < 0.1 && num_decimals < 9; rest *= 10)
    ++num_decimals;
  std::string amount = fmt::format("{:.{}f}", dollars, num_decimals);
  for (; num_decimals > 2 && amount.ends_with('0'); --num_decimals) amount.pop_back();
  return "Athena's price, estimated: $" + amount;
}

}  // namespace trailsql
