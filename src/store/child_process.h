// Runs another program and reads what it writes.
#pragma once

#include <string>
#include <vector>

#include "base/cancellation.h"

namespace trailsql {

struct ChildOutput {
  std::string text;     // of its standard output
  std::string problem;  // "ended with status 1"; empty when it ended well
};

/// Runs a program, found in PATH, and waits for its end. Its standard input is empty, its standard
/// error goes nowhere. It is killed after `timeout_ms` and when it writes more than
/// `max_output_bytes`. Throws USER_CANCELED, and kills it before.
ChildOutput run_child_process(const std::vector<std::string>& words, int timeout_ms,
                              size_t max_output_bytes, const Cancellation& cancellation);

}  // namespace trailsql
