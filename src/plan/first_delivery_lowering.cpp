// Leaves out records that were delivered before, where a table or --deduplicate says so.
#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "plan/lowering.h"
#include "plan/repeated_records.h"

namespace trailsql {
namespace {

// Says where the scan finds the eventID of its rows; nothing when they are no records, or have
// none.
std::optional<ScanColumn> event_id_column(const ScanSpec& spec) {
  constexpr std::string_view kEventId = "eventid";
  if (!spec.unnest_column) {
    for (uint32_t i = 0; i < spec.table_columns.size(); ++i) {
      const ScanTableColumn& column = spec.table_columns[i];
      if (column.name == kEventId && column.type.is_unbounded_varchar())
        return ScanColumn{ScanColumn::Source::kTable, i, {}, column.type};
    }
    return std::nullopt;
  }
  const Type& record = spec.table_columns[*spec.unnest_column].type.element();
  if (!record.is(TypeKind::kRow)) return std::nullopt;
  for (uint32_t i = 0; i < record.fields().size(); ++i) {
    const RowField& field = record.fields()[i];
    if (equals_ignoring_case(field.name.value_or(""), kEventId) &&
        field.type.is_unbounded_varchar())
      return ScanColumn{ScanColumn::Source::kElement, 0, {i}, field.type};
  }
  return std::nullopt;
}

bool has_arrays(const ScanSpec& spec) {
  return std::ranges::any_of(spec.table_columns, [](const ScanTableColumn& column) {
    return column.type.is(TypeKind::kArray);
  });
}

}  // namespace

std::string Lowering::first_deliveries(ScanSpec& spec, const CatalogTable& table,
                                       const std::string& scan) {
  const bool table_says_so = leaves_repeats_out(table);
  if (!table_says_so && !analysis_.deduplicate) return scan;
  const std::optional<ScanColumn> event_id = event_id_column(spec);
  const bool has_documents = spec.unnest_column ||
                             spec.format.kind == ScanFormat::Kind::kOpenXJson ||
                             spec.format.kind == ScanFormat::Kind::kHiveJson;
  if (event_id && !has_documents) {
    throw QueryError(ErrorCode::kNotSupported,
                     fmt::format("Records delivered twice cannot be left out of {}: its files hold "
                                 "no JSON",
                                 spec.table_name));
  }
  // Where records are not unnested, nothing is known of them.
  const bool has_rows_of_records = spec.unnest_column || !has_arrays(spec);
  if (!event_id && table_says_so && has_rows_of_records) {
    throw QueryError(ErrorCode::kInvalidTableProperty,
                     fmt::format("{} has no eventid of type string, so trailsql.deduplicate cannot "
                                 "tell which records are the same",
                                 spec.table_name));
  }
  if (!event_id) return scan;
  using From = ScanColumn::Source;
  const auto add = [&](ScanColumn column) {
    spec.columns.push_back(std::move(column));
    return fmt::format("c{}", spec.columns.size() - 1);
  };
  const std::string id = add(*event_id);
  const std::string path = add({From::kPath, 0, {}, Type::varchar()});
  const std::string place = add({From::kOrdinality, 0, {}, TypeKind::kBigint});
  const std::string text = add({From::kRecordText, 0, {}, Type::varchar()});
  auto repeats = std::make_shared<RepeatedRecords>(spec.table_name);
  repeats_.push_back(repeats);
  const KernelPtr kernel = make_first_delivery_kernel(
      fmt::format("k_first_delivery_{}", repeats_.size()), std::move(repeats));
  kernels_.add(kernel);
  const std::string hashed = next_alias();
  const std::string numbered = next_alias();
  return fmt::format(
      "(SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY {0} ORDER BY {1}, {2}, h) AS dn, "
      "(min(h) OVER (PARTITION BY {0})) <> (max(h) OVER (PARTITION BY {0})) AS df FROM (SELECT *, "
      "hash({3}) AS h FROM {4}) AS {5}) AS {6} WHERE {7}({0}, dn, df))",
      id, path, place, text, scan, hashed, numbered, kernel->sql_name);
}

}  // namespace trailsql
