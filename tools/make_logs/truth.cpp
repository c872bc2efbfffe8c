#include "make_logs/truth.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "make_logs/json_writer.h"

namespace trailsql::make_logs {
namespace {

// A group's key is its values with an end mark each; a null is the mark kNull alone.
constexpr char kEnd = '\x1f';
constexpr char kNull = '\x1e';

void append_value(std::string& key, const std::optional<std::string_view>& value) {
  if (value) {
    key += *value;
  } else {
    key += kNull;
  }
  key += kEnd;
}

std::vector<std::pair<std::string, uint64_t>> by_count(
    const std::unordered_map<std::string, uint64_t>& counts) {
  std::vector<std::pair<std::string, uint64_t>> sorted(counts.begin(), counts.end());
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  return sorted;
}

void write_counts(JsonWriter& json, std::string_view name,
                  const std::unordered_map<std::string, uint64_t>& counts) {
  json.begin_object(name);
  for (const auto& [key, count] : by_count(counts)) {
    json.number(key, static_cast<int64_t>(count));
  }
  json.end_object();
}

std::string row_json(const std::string& key, uint64_t count) {
  std::string row = "[";
  for (size_t begin = 0; begin < key.size();) {
    const size_t end = key.find(kEnd, begin);
    const std::string value = key.substr(begin, end - begin);
    if (value == std::string(1, kNull)) {
      row += "null";
    } else {
      JsonWriter(row).element(value);
    }
    row += ',';
    begin = end + 1;
  }
  return row + fmt::format("{}]", count);
}

void write_groups(JsonWriter& json, std::string_view name,
                  const std::unordered_map<std::string, uint64_t>& groups) {
  constexpr size_t kMaxRows = 50;
  std::string rows;
  size_t num_rows = 0;
  for (const auto& [key, count] : by_count(groups)) {
    if (num_rows++ == kMaxRows) break;
    rows += rows.empty() ? "" : ",";
    rows += row_json(key, count);
  }
  json.begin_object(name).number("groups", static_cast<int64_t>(groups.size()));
  json.raw("rows", "[" + rows + "]").end_object();
}

}  // namespace

void Truth::add(Counts& counts) {
  uint64_t& count = counts[key_];
  ++count;
  last_counts_.push_back(&count);  // stays valid: the maps' nodes do not move
}

void Truth::note_last_again() {
  for (uint64_t* count : last_counts_) ++*count;
  ++num_repeats;
}

void Truth::note(const RecordFacts& facts) {
  last_counts_.assign({&num_records});
  ++num_records;
  const auto add_value = [this](Counts& counts, const std::optional<std::string_view>& value) {
    if (!value) return;
    key_ = *value;
    add(counts);
  };
  add_value(event_names_, facts.event_name);
  add_value(event_sources_, facts.event_source);
  add_value(error_codes_, facts.error_code);
  add_value(recipients_, facts.recipient);
  key_.clear();
  append_value(key_, facts.event_name);
  append_value(key_, facts.arn);
  append_value(key_, facts.source_ip);
  add(first_question_);
  if (facts.recipient && facts.account_id && *facts.recipient != *facts.account_id) {
    ++num_cross_account_;
    last_counts_.push_back(&num_cross_account_);
    key_.clear();
    append_value(key_, facts.event_name);
    append_value(key_, facts.event_source);
    append_value(key_, facts.arn);
    add(second_question_);
  }
}

void Truth::merge(const Truth& other) {
  num_files += other.num_files;
  num_files_without_records += other.num_files_without_records;
  raw_bytes += other.raw_bytes;
  stored_bytes += other.stored_bytes;
  num_records += other.num_records;
  num_insights += other.num_insights;
  num_odd += other.num_odd;
  num_story += other.num_story;
  num_repeats += other.num_repeats;
  num_cross_account_ += other.num_cross_account_;
  const auto merge_counts = [](Counts& into, const Counts& from) {
    for (const auto& [key, count] : from) into[key] += count;
  };
  merge_counts(event_names_, other.event_names_);
  merge_counts(event_sources_, other.event_sources_);
  merge_counts(error_codes_, other.error_codes_);
  merge_counts(recipients_, other.recipients_);
  merge_counts(first_question_, other.first_question_);
  merge_counts(second_question_, other.second_question_);
}

std::string Truth::to_json(const Options& options) const {
  std::string text;
  JsonWriter json(text);
  const auto number = [&json](std::string_view name, uint64_t value) {
    json.number(name, static_cast<int64_t>(value));
  };
  json.begin_object();
  number("seed", options.seed);
  number("files", num_files);
  number("files_without_records", num_files_without_records);
  number("raw_bytes", raw_bytes);
  number("stored_bytes", stored_bytes);
  number("records", num_records);
  number("insight_records", num_insights);
  number("odd_records", num_odd);
  number("story_records", num_story);
  number("repeated_records", num_repeats);
  number("cross_account_records", num_cross_account_);
  write_counts(json, "event_names", event_names_);
  write_counts(json, "event_sources", event_sources_);
  write_counts(json, "error_codes", error_codes_);
  write_counts(json, "recipient_accounts", recipients_);
  write_groups(json, "question_1", first_question_);
  write_groups(json, "question_2", second_question_);
  json.end_object();
  return text + "\n";
}

}  // namespace trailsql::make_logs
