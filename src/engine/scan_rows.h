// Rows of a scan as they are, without DuckDB: what SELECT * with no condition is.
#pragma once

#include <memory>

#include "base/cancellation.h"
#include "engine/engine.h"
#include "scan/scan.h"

namespace trailsql {

/// Streams the rows of a query that has `scan_columns`, made by as many threads as `settings` says;
/// in the order of the files if that is one. `cancellation` must outlive the stream.
std::unique_ptr<ResultStream> stream_scan_rows(const EngineQuery& query,
                                               const DatabaseSettings& settings,
                                               const Cancellation& cancellation);

}  // namespace trailsql
