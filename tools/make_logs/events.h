// Everyday events: what people, machines and services do in an account all day.
#pragma once

#include "make_logs/record.h"

namespace trailsql::make_logs {

/// Draws an event that fits the site: kind of event, actor, parameters, answer or error. The
/// draft's views point into the site's world or at constants.
RecordDraft draw_event(const RecordSite& site);

}  // namespace trailsql::make_logs
