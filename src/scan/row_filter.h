// Leaves out rows that the query does not want before anything is made of them: the wanted texts
// are looked up first, by themselves, and most documents hold no such row.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "scan/fast_rows.h"
#include "scan/projection.h"
#include "scan/scan_spec.h"
#include "scan/value_conversion.h"

namespace trailsql {

/// Reads of a document what a scan's text filters speak of. Not safe for several threads.
class RowFilter {
 public:
  /// `wanted` is what the scan delivers. `spec` must outlive it.
  RowFilter(const ScanSpec& spec, const OpenXOptions& options, const Projection& wanted);

  /// Returns whether it is worth asking: there are filters, there is much to be made of each row,
  /// and so far they left out most of them; and whether no row that is left out could have ended
  /// the query.
  bool is_worth_it() const { return is_usable_ && 2 * num_kept_ <= num_read_ + kRowsToTry; }

  /// Reads a document as FastRows::read does, and finds the rows to keep. False when not sure.
  bool read(std::string_view text, bool one_line);
  /// Returns the numbers of the rows to keep, in order.
  const std::vector<uint32_t>& kept() const { return kept_; }
  /// Returns what was read.
  const FastRows& rows() const { return rows_; }

 private:
  static constexpr uint64_t kRowsToTry = 1000;

  bool keeps(size_t row) const;

  const std::vector<ScanTextFilter>& filters_;
  ScanSpec spec_;  // of the filters' columns alone
  Projection projection_;
  ValueConverter converter_;
  FastRows rows_;
  bool is_usable_;
  std::vector<uint32_t> kept_;
  uint64_t num_read_ = 0;
  uint64_t num_kept_ = 0;
};

}  // namespace trailsql
