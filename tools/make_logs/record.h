// One record of CloudTrail, from its parts to JSON.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "make_logs/json_writer.h"
#include "make_logs/random.h"
#include "make_logs/truth.h"
#include "make_logs/world.h"

namespace trailsql::make_logs {

/// Where and when a record arises. Everything that it refers to outlives the record's writing.
struct RecordSite {
  const World& world;
  const Account& account;
  std::string_view region;
  std::chrono::sys_seconds time;
  Random& random;
};

/// The parts of a record that differ between events. Texts with `_json` are JSON already; empty
/// means absent, except where the comment says otherwise.
struct RecordDraft {
  const Actor* actor = nullptr;
  std::string_view event_source;
  std::string_view event_name;
  std::string_view event_type = "AwsApiCall";
  std::string_view region;
  std::string_view ip;          // the actor's when empty
  std::string_view user_agent;  // the actor's when empty
  std::string_view error_code;
  std::string error_message;
  std::string parameters_json = "null";
  std::string response_json = "null";
  std::string additional_json;
  std::string service_details_json;
  std::string resources_json;
  std::string shared_event_id;
  bool read_only = true;
  bool is_data = false;
};

/// Returns the time as CloudTrail writes it, "2026-01-12T08:30:00Z".
std::string iso_time(std::chrono::sys_seconds time);

/// Appends the record to `out` and its facts to `truth`.
void write_record(std::string& out, const RecordSite& site, const RecordDraft& draft, Truth& truth);

}  // namespace trailsql::make_logs
