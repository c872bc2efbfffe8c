// For tests of this module only: scans over files in a temporary folder, rows as JSON text.
#pragma once

#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "scan/scan.h"
#include "store/temporary_folder_for_test.h"

namespace trailsql {

/// Returns value `i` as JSON: rows and arrays as lists, maps as objects, decimals and times as
/// numbers of their storage.
inline std::string value_text(const Column& column, size_t i) {
  if (column.is_null(i)) return "null";
  const auto list = [&](const Column& elements) {
    std::string out = "[";
    for (size_t j = column.offset(i); j < column.offset(i + 1); ++j)
      out += (out.size() > 1 ? "," : "") + value_text(elements, j);
    return out + "]";
  };
  switch (storage_of(column.type())) {
    case Storage::kNone: return "null";
    case Storage::kInt64:
      if (column.type().is(TypeKind::kBoolean)) return column.boolean_at(i) ? "true" : "false";
      return std::to_string(column.int64_at(i));
    case Storage::kDouble: return fmt::format("{}", column.double_at(i));
    case Storage::kInt128: return std::to_string(static_cast<int64_t>(column.int128_at(i)));
    case Storage::kString: return json_string(column.string_at(i));
    case Storage::kList:
      if (column.type().is(TypeKind::kArray)) return list(column.children()[0]);
      return list(column.children()[0]) + "->" + list(column.children()[1]);
    case Storage::kRow: {
      std::string out = "[";
      for (const Column& child : column.children())
        out += (out.size() > 1 ? "," : "") + value_text(child, i);
      return out + "]";
    }
  }
  return "?";
}

/// Describes a scan by the text of its parts.
struct ScanOrder {
  std::vector<std::pair<std::string, std::string>> table;  // name, type in Hive's spelling
  std::map<std::string, std::string> properties;
  std::optional<uint32_t> unnest;
  size_t max_rows = 3;
  ScanFormat::Kind kind = ScanFormat::Kind::kOpenXJson;
};

inline ScanColumn wanted(ScanColumn::Source source, uint32_t table_column,
                         std::vector<uint32_t> fields, Type type) {
  return {source, table_column, std::move(fields), std::move(type)};
}

inline ScanSpec make_spec(const ScanOrder& order, const std::string& path) {
  ScanSpec spec;
  spec.table_name = "default.t";
  spec.location = "s3://bucket/prefix/";
  spec.stored_path = path;
  for (const auto& [name, type] : order.table)
    spec.table_columns.push_back({name, parse_type(type)});
  spec.format.kind = order.kind;
  spec.format.properties = order.properties;
  spec.unnest_column = order.unnest;
  return spec;
}

/// Runs a scan with one worker; rows as JSON lists, or one text "ERROR: …".
inline std::vector<std::string> scan_rows(ScanSpec spec, ScanReport& report, size_t max_rows = 3) {
  std::vector<std::string> rows;
  const Cancellation cancellation;
  try {
    std::vector<uint32_t> all;
    for (uint32_t i = 0; i < spec.columns.size(); ++i) all.push_back(i);
    const std::shared_ptr<Scan> scan = open_scan(std::move(spec), report, cancellation);
    const std::unique_ptr<ScanWorker> worker = scan->new_worker(all);
    ColumnBatch batch;
    while (const size_t num_rows = worker->next(batch, max_rows)) {
      for (size_t row = 0; row < num_rows; ++row) {
        std::string text = "[";
        for (const Column& column : batch.columns)
          text += (text.size() > 1 ? "," : "") + value_text(column, row);
        rows.push_back(text + "]");
      }
    }
  } catch (const QueryError& error) {
    rows.push_back("ERROR: " + error.full_text());
  }
  return rows;
}

/// Scans one file with the given bytes: all table columns, whole.
inline std::vector<std::string> rows_of(std::string_view bytes, const ScanOrder& order,
                                        const std::string& name = "f.json") {
  const TemporaryFolder folder;
  folder.write(name, bytes);
  ScanSpec spec = make_spec(order, folder.path());
  for (uint32_t i = 0; i < spec.table_columns.size(); ++i)
    spec.columns.push_back(wanted(ScanColumn::Source::kTable, i, {}, spec.table_columns[i].type));
  ScanReport report;
  return scan_rows(std::move(spec), report, order.max_rows);
}

/// Returns the folder of shared facts and data, from TRAILSQL_SHARED or beside the repository.
inline std::string shared_folder() {
  const char* given = std::getenv("TRAILSQL_SHARED");
  return given != nullptr ? given : "../shared";
}

}  // namespace trailsql
