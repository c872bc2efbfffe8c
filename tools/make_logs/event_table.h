// The table of everyday events: what they are called and what their records hold.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace trailsql::make_logs {

/// Who causes an event of a kind.
enum class EventActors : uint8_t { kPeople, kMachines, kServices, kPeopleAndMachines, kVisitors };

/// One kind of event. The last four are templates (see Expander); empty means null, and for
/// resources and additional data absent.
struct EventKind {
  std::string_view source;  // without ".amazonaws.com"
  std::string_view name;
  uint16_t weight;  // how often, among all kinds
  EventActors actors;
  bool read_only;
  bool is_data;
  std::string_view parameters;
  std::string_view response;
  std::string_view resources;
  std::string_view additional;
};

std::span<const EventKind> event_kinds();

}  // namespace trailsql::make_logs
