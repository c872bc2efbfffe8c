// Records that are not everyday events: the odd but legal ones, the attack, and insights.
#pragma once

#include <chrono>
#include <string>

#include "make_logs/options.h"
#include "make_logs/record.h"

namespace trailsql::make_logs {

/// Appends one odd record: a form that real trails contain and that readers trip over.
void write_odd_record(std::string& out, const RecordSite& site, OddRecords which, Truth& truth);

/// Returns the number of steps of the attack story.
size_t num_story_steps();
/// Appends a step of the story: a leaked access key is tried, used for reading, for a back door,
/// for machines, and at last to stop the trail. `site.time` is when the step happens.
void write_story_step(std::string& out, const RecordSite& site, size_t step, Truth& truth);

/// Returns a whole CloudTrail-Insight object: start and end of an unusual call rate.
std::string insight_object(const RecordSite& site, Truth& truth);

}  // namespace trailsql::make_logs
