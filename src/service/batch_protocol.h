// The machine mode: one JSON request a line in, one JSON answer a line out.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "service/query_service.h"

namespace trailsql {

/// Limits one line of input.
inline constexpr size_t kMaxBatchLineBytes = 16 * 1024 * 1024;

/// One line of input: {"id": any, "sql": text, "schema": text}; other members are ignored.
struct BatchRequest {
  std::string id = "null";             // raw JSON text, echoed untouched
  std::string sql;                     // one statement
  std::string database;                // "schema"; empty: the default
  std::optional<std::string> problem;  // what is wrong with the line; then nothing is run
};

/// Parses one line. Never throws: what is wrong stands in `problem`, and `id` is echoed where it
/// could be read.
BatchRequest parse_batch_request(std::string_view line);

/// Limits the notes of one answer.
inline constexpr size_t kMaxBatchNotes = 1'000;

/// Returns {"id":…,"columns":[[name,type]…],"rows":[…]} with values as in Trino's client protocol,
/// then, if anything in files was skipped, malformed or odd, "num_notes" and "notes":
/// [{"kind":…,"file":…,"line":…,"detail":…}…];
/// or {"id":…,"error":NAME,"message":…,"line":…,"column":…,"hint":…}; the last three only where
/// known. No line end. Nothing is thrown.
std::string answer_batch_request(QueryService& service, const BatchRequest& request,
                                 const Session& default_session, const Cancellation& cancellation);

}  // namespace trailsql
