// What an object among exported records is: a record, or something around some.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "scan/json_pieces.h"

namespace trailsql {

/// The members of one object that tell what it is; each text is that of the last member of its
/// name, as it is written, or empty.
struct RecordEnvelope {
  static constexpr size_t kNumEventKeys = 3;

  std::string_view records;      // "Records" in any case, as the SerDes find it
  std::string_view event_text;   // "CloudTrailEvent", of lookup-events
  std::string_view detail_type;  // "detail-type", of EventBridge
  std::string_view detail;
  std::string_view message;
  std::array<std::string_view, kNumEventKeys> events;  // "Events", "events", "logEvents"
  bool is_record = false;
};

/// Reads the members of `object`, a well-formed text, with `pieces`.
RecordEnvelope read_envelope(std::string_view object, JsonPieces& pieces);

/// Returns whether an object with members of these names is a record.
bool are_of_record(const std::vector<std::string_view>& names);
/// Returns whether that is the key of log files' records.
bool is_records_key(std::string_view key);
/// Returns whether the value of that key is an array of records, or of what holds a record each.
bool is_envelope_key(std::string_view key);

}  // namespace trailsql
