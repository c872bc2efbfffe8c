// Counts what was written, so that tests and benchmarks can compare a query's answers with them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "make_logs/options.h"

namespace trailsql::make_logs {

/// What a record says in the columns that the truth is about; empty optionals are absent or null.
struct RecordFacts {
  std::optional<std::string_view> event_name;
  std::optional<std::string_view> event_source;
  std::optional<std::string_view> arn;
  std::optional<std::string_view> account_id;
  std::optional<std::string_view> source_ip;
  std::optional<std::string_view> recipient;
  std::optional<std::string_view> error_code;
};

/// Sums up facts. One per thread; merged at the end.
class Truth {
 public:
  uint64_t num_files = 0;  // all objects under AWSLogs, records or not
  uint64_t num_files_without_records = 0;
  uint64_t raw_bytes = 0;
  uint64_t stored_bytes = 0;
  uint64_t num_records = 0;
  uint64_t num_insights = 0;
  uint64_t num_odd = 0;
  uint64_t num_story = 0;
  uint64_t num_repeats = 0;

  void note(const RecordFacts& facts);
  /// Counts the record noted last once more: it was delivered again.
  void note_last_again();
  void merge(const Truth& other);
  /// Returns the whole truth as JSON text. The two questions' answers are `rows` (the first 50 by
  /// count, ties by the text of the row) of `groups` groups.
  std::string to_json(const Options& options) const;

 private:
  using Counts = std::unordered_map<std::string, uint64_t>;
  void add(Counts& counts);

  Counts event_names_;
  Counts event_sources_;
  Counts error_codes_;
  Counts recipients_;
  Counts first_question_;
  Counts second_question_;
  uint64_t num_cross_account_ = 0;
  std::string key_;                     // reused
  std::vector<uint64_t*> last_counts_;  // all that the last record was counted in
};

}  // namespace trailsql::make_logs
