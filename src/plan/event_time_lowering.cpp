// Bounds on the times of all records that a statement reads: one more column of every scan, and a
// condition on it that no join or subquery sees.
#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "plan/lowering.h"
#include "plan/scan_format.h"
#include "types/time_units.h"
#include "types/value_text.h"

namespace trailsql {
namespace {

// As eventTime spells it, but for the Z: so it is no later than a fraction of its second.
std::string event_time_text(int64_t second) {
  std::string text;
  append_timestamp(text, second * kMicrosecondsPerSecond, 0, 0);
  std::ranges::replace(text, ' ', 'T');
  return text;
}

QueryError unbounded(const CatalogTable& table, std::string_view reason) {
  return QueryError(ErrorCode::kNotSupported,
                    fmt::format("--since, --from and --to cannot bound the records of {}.{}: {}",
                                table.database, table.name, reason));
}

std::optional<uint32_t> event_time_field(const Type& record) {
  if (!record.is(TypeKind::kRow)) return std::nullopt;
  for (uint32_t i = 0; i < record.fields().size(); ++i) {
    if (is_event_time_name(record.fields()[i].name.value_or(""))) return i;
  }
  return std::nullopt;
}

bool has_records(const CatalogTable& table) {
  return std::ranges::any_of(table.columns, [](const CatalogColumn& column) {
    return column.type.is(TypeKind::kArray) && event_time_field(column.type.element());
  });
}

/// Returns the column that holds the time of each row that the scan makes.
ScanColumn event_time_column(const CatalogTable& table, const ScanSpec& spec) {
  for (uint32_t i = 0; i < table.columns.size(); ++i) {
    if (is_event_time_name(table.columns[i].name))
      return data_column(table, i, {}, table.columns[i].type);
  }
  if (spec.unnest_column && !is_row_per_record(table)) {
    const Type& array = spec.table_columns[*spec.unnest_column].type;
    if (array.is(TypeKind::kArray)) {
      if (const std::optional<uint32_t> field = event_time_field(array.element()))
        return {ScanColumn::Source::kElement, 0, {*field}, array.element().fields()[*field].type};
    }
  }
  throw unbounded(table, has_records(table)
                             ? "only where UNNEST of its records stands right beside the table is "
                               "each record a row of its own"
                             : "it has no column eventtime");
}

bool is_same(const ScanColumn& left, const ScanColumn& right) {
  return left.source == right.source && left.table_column == right.table_column &&
         left.fields == right.fields && left.type == right.type;
}

}  // namespace

// Texts that begin with no digit are no times. Exports may have a blank instead of the T.
std::string Lowering::text_within(const std::string& column) const {
  const EventTimeBounds& bounds = analysis_.event_times;
  return fmt::format("replace({0}, ' ', 'T') >= {1} AND replace({0}, ' ', 'T') < {2}", column,
                     quoted_text(bounds.from ? event_time_text(*bounds.from) : "0"),
                     quoted_text(bounds.to ? event_time_text(*bounds.to) : ":"));
}

std::string Lowering::timestamp_within(const std::string& column, const Type& type) const {
  const EventTimeBounds& bounds = analysis_.event_times;
  const auto compared = [&](std::string_view op, int64_t second) {
    return fmt::format("{} {} {}", column, op,
                       timestamp_constant(second * kMicrosecondsPerSecond, type));
  };
  if (!bounds.to) return compared(">=", *bounds.from);
  if (!bounds.from) return compared("<", *bounds.to);
  return compared(">=", *bounds.from) + " AND " + compared("<", *bounds.to);
}

std::string Lowering::bound_event_times(ScanSpec& spec, RelationIndex index) {
  const EventTimeBounds& bounds = analysis_.event_times;
  const CatalogTable& table = *std::get<TableRelation>(analysis_.relations[index].source).table;
  if (!bounds.any() || is_at_hand(table)) return {};
  const ScanColumn wanted = event_time_column(table, spec);
  const Type& type = wanted.type;
  if (!type.is(TypeKind::kVarchar) && !type.is(TypeKind::kTimestamp))
    throw unbounded(table, fmt::format("its eventtime is of type {}", type.display()));
  const auto found = std::ranges::find_if(
      spec.columns, [&](const ScanColumn& column) { return is_same(column, wanted); });
  const auto position = static_cast<size_t>(found - spec.columns.begin());
  if (found == spec.columns.end()) spec.columns.push_back(wanted);

  const auto first_known =
      static_cast<uint32_t>(table.partition_columns.size() + kNumHiddenColumns);
  const std::optional<uint32_t> slack = bounded_slack_days(table);
  if (slack) spec.event_time_slack_days = slack;
  const auto add_known = [&](uint32_t known, std::string_view op, int64_t second) {
    const std::string text = quoted_text(event_time_text(second));
    if (slack)
      spec.conditions.push_back(
          {fmt::format("coalesce(k.c{} {} {}, true)", known, op, text), {known}});
  };
  if (bounds.from) add_known(first_known + 1, ">=", *bounds.from);
  if (bounds.to) add_known(first_known, "<", *bounds.to);
  const auto condition = [&](const std::string& column) {
    return type.is(TypeKind::kVarchar) ? text_within(column) : timestamp_within(column, type);
  };
  // The engine computes conditions of the query beside this one; those that may fail wait for it.
  join_guards_.push_back(condition(fmt::format("r{}.c{}", index, position)));
  return condition(fmt::format("c{}", position));
}

}  // namespace trailsql
