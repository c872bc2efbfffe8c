#include "scan/record_envelope.h"

#include <algorithm>

#include "base/text.h"

namespace trailsql {
namespace {

constexpr std::array<std::string_view, RecordEnvelope::kNumEventKeys> kEventKeys = {
    "Events", "events", "logEvents"};

// Counts the fields that make an object a record: one alone, or two of the others.
class RecordFields {
 public:
  void add(std::string_view name) {
    if (equals_ignoring_case(name, "eventVersion")) num_fields_ += kEnough;
    for (const std::string_view field : kFields)
      num_fields_ += equals_ignoring_case(name, field) ? 1 : 0;
  }
  bool are_enough() const { return num_fields_ >= kEnough; }

 private:
  static constexpr size_t kEnough = 2;
  static constexpr std::string_view kFields[] = {
      "eventName", "eventSource", "eventTime", "eventID", "eventType", "awsRegion", "userIdentity"};
  size_t num_fields_ = 0;
};

}  // namespace

bool is_records_key(std::string_view key) { return equals_ignoring_case(key, "Records"); }

bool is_envelope_key(std::string_view key) {
  return is_records_key(key) ||
         std::find(kEventKeys.begin(), kEventKeys.end(), key) != kEventKeys.end();
}

bool are_of_record(const std::vector<std::string_view>& names) {
  RecordFields fields;
  for (const std::string_view name : names) fields.add(name);
  return fields.are_enough();
}

RecordEnvelope read_envelope(std::string_view object, JsonPieces& pieces) {
  RecordEnvelope envelope;
  RecordFields fields;
  JsonMember member;
  pieces.start(object);
  while (pieces.next_member(member)) {
    const std::string_view key = member.key;
    fields.add(key);
    if (is_records_key(key)) envelope.records = member.value;
    if (key == "CloudTrailEvent") envelope.event_text = member.value;
    if (key == "detail-type") envelope.detail_type = member.value;
    if (key == "detail") envelope.detail = member.value;
    if (key == "message") envelope.message = member.value;
    for (size_t i = 0; i < kEventKeys.size(); ++i) {
      if (key == kEventKeys[i]) envelope.events[i] = member.value;
    }
  }
  envelope.is_record = fields.are_enough();
  return envelope;
}

}  // namespace trailsql
