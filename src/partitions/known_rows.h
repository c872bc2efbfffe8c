// Rows of what is known before files are read, and which of them the conditions of a query keep.
// The engine decides, so every form of condition counts.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/cancellation.h"
#include "engine/engine.h"
#include "scan/scan_spec.h"

namespace trailsql {

/// Where conditions are evaluated.
struct ConditionEngine {
  std::vector<KernelPtr> kernels;  // that the conditions name
  const EngineOptions& options;
  const Cancellation& cancellation;
};

/// Positions in what is known (see ScanCondition), for a table with `num_partition_columns`.
struct KnownPositions {
  uint32_t num_partition_columns = 0;
  uint32_t path() const { return num_partition_columns; }
  uint32_t file_size() const { return num_partition_columns + 1; }
  uint32_t file_modified_time() const { return num_partition_columns + 2; }
  uint32_t partition_name() const { return num_partition_columns + 3; }
  uint32_t bucket() const { return num_partition_columns + 4; }
  uint32_t first_event_time() const { return num_partition_columns + 5; }
  uint32_t last_event_time() const { return num_partition_columns + 6; }
  uint32_t end() const { return num_partition_columns + 7; }

  /// Returns whether the condition reads times of events.
  bool reads_event_times(const ScanCondition& condition) const;
  /// Returns whether all that it reads is known of partitions, without their files.
  bool is_about_partitions(const ScanCondition& condition) const;
};

/// Returns empty rows of what is known of a table; columns that no condition reads stay empty.
ColumnBatch new_known_rows(const ScanSpec& spec);

/// Which rows the conditions keep.
struct KeptRows {
  std::vector<uint32_t> rows;        // in their order
  uint64_t num_skipped_by_time = 0;  // that only conditions on times of events leave out
};

/// Evaluates the conditions over rows of what is known.
KeptRows keep_rows(ColumnBatch known, std::span<const ScanCondition* const> conditions,
                   KnownPositions positions, const ConditionEngine& engine);

/// Evaluates constants of type varchar, in their order; nothing for NULL.
std::vector<std::optional<std::string>> evaluate_texts(const std::vector<std::string>& sql,
                                                       const ConditionEngine& engine);

}  // namespace trailsql
