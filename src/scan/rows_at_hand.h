// A scan over rows that are in memory already: lists of the catalog, what is known of partitions
// and files.
#pragma once

#include <memory>
#include <vector>

#include "scan/scan.h"

namespace trailsql {

/// Makes a scan that delivers `rows`, whose columns are the scan's c0, c1, … in order. One worker
/// of many delivers each row. Strings live as long as the scan.
std::shared_ptr<Scan> scan_rows_at_hand(ColumnBatch rows);

}  // namespace trailsql
