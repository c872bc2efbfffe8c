// EXPLAIN: what each scan reads, then the engine's SQL.
#include <fmt/format.h>

#include "plan/plan.h"

namespace trailsql {
namespace {

std::string column_text(const ScanSpec& spec, const ScanColumn& column) {
  std::string text;
  Type type;
  switch (column.source) {
    case ScanColumn::Source::kOrdinality: return "ordinality";
    case ScanColumn::Source::kRecordText: return "\"$raw\"";
    case ScanColumn::Source::kPath: return "\"$path\"";
    case ScanColumn::Source::kFileSize: return "\"$file_size\"";
    case ScanColumn::Source::kFileModifiedTime: return "\"$file_modified_time\"";
    case ScanColumn::Source::kPartitionName: return "\"$partition\"";
    case ScanColumn::Source::kBucket: return "\"$bucket\"";
    case ScanColumn::Source::kPartition:
      text = spec.partition_columns[column.table_column].name;
      type = spec.partition_columns[column.table_column].type;
      break;
    case ScanColumn::Source::kTable:
      text = spec.table_columns[column.table_column].name;
      type = spec.table_columns[column.table_column].type;
      break;
    case ScanColumn::Source::kElement:
      text = spec.table_columns[*spec.unnest_column].name + "[*]";
      type = spec.table_columns[*spec.unnest_column].type.element();
      break;
  }
  for (const uint32_t field : column.fields) {
    const RowField& part = type.fields()[field];
    text += "." + part.name.value_or(fmt::format("field{}", field));
    type = Type(part.type);
  }
  return text;
}

void append_columns(std::string& text, const ScanSpec& spec) {
  for (size_t c = 0; c < spec.columns.size(); ++c) {
    text += fmt::format("  c{} := {} {}\n", c, column_text(spec, spec.columns[c]),
                        spec.columns[c].type.display());
  }
}

void append_filters(std::string& text, const ScanSpec& spec) {
  for (const ScanTextFilter& filter : spec.text_filters) {
    text += fmt::format("  rows where {}", column_text(spec, filter.column));
    if (!filter.values.empty())
      text += fmt::format(" is one of '{}'", fmt::join(filter.values, "', '"));
    if (filter.first) text += fmt::format(" >= '{}'", *filter.first);
    if (filter.last) text += fmt::format("{} <= '{}'", filter.first ? " and" : "", *filter.last);
    text += '\n';
  }
}

void append_reading(std::string& text, const TableScan& scan) {
  if (!scan.reading.empty()) text += fmt::format("  reads {}\n", scan.reading);
}

}  // namespace

std::string explain_plan(const Plan& plan) {
  std::string text;
  for (size_t i = 0; i < plan.scans.size(); ++i) {
    const ScanSpec& spec = plan.scans[i].spec;
    text += fmt::format("Scan {} of {} at {}\n", i, spec.table_name, spec.location);
    text += spec.unnest_column ? fmt::format("  one row per element of {}\n",
                                             spec.table_columns[*spec.unnest_column].name)
                               : std::string("  one row per document\n");
    append_reading(text, plan.scans[i]);
    append_columns(text, spec);
    append_filters(text, spec);
  }
  for (size_t i = 0; i < plan.parquet_tables.size(); ++i) {
    const ScanSpec& spec = plan.parquet_tables[i].spec;
    text += fmt::format("Parquet table {} of {} at {}\n", i, spec.table_name, spec.location);
    append_reading(text, plan.parquet_tables[i]);
    append_columns(text, spec);
  }
  if (plan.scan_columns) {
    text += "Answer\n  rows of scan 0 as they come";
    if (plan.enough_rows) text += fmt::format(", {} at most", *plan.enough_rows);
    return text + ", without the engine\n";
  }
  text += "Engine SQL\n  " + plan.engine_sql + "\n";
  return text;
}

}  // namespace trailsql
