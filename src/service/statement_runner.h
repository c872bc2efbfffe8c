// Runs one statement and writes its rows: what the command `query` and the shell have in common.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "service/query_service.h"
#include "service/result_writer.h"

namespace trailsql {

/// Where and how rows go.
struct RunOutput {
  OutputSink& sink;
  ResultFormat format = ResultFormat::kTable;
  ResultStyle style;
  std::function<void()> before_rows;  // called once, before the first byte is written; may be empty
  std::string parquet_file = {};      // when set, rows become this file; nothing goes to the sink
};

/// What happened.
struct RunOutcome {
  StatementKind kind = StatementKind::kQuery;
  uint64_t num_rows = 0;
  double seconds = 0;
  std::string message;             // of kChange
  std::vector<std::string> notes;  // advice about the statement, and how the rows were shown
};

/// Runs `statement` to its end, or until the sink's reader goes away. Throws what the query or the
/// sink throws; rows written until then stay written.
RunOutcome run_statement(QueryService& service, std::string_view statement, const Session& session,
                         const Cancellation& cancellation, ScanReport& report,
                         const RunOutput& output);

}  // namespace trailsql
