#include "service/trail_partitions.h"

#include <fmt/core.h>

#include "catalog/partition_name.h"
#include "catalog/trail_tables.h"
#include "store/file_listing.h"
#include "types/civil_date.h"

namespace trailsql {
namespace {

std::string date_text(int32_t day) {
  const CivilDate date = civil_date(day);
  return fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day);
}

void append_text(const std::optional<std::string>& value, Column& column) {
  if (value)
    column.append_string(*value);
  else
    column.append_null();
}

void append_part(const TrailPart& part, const std::string& location, const std::string& path,
                 ScanPartitions& partitions) {
  const TrailValues& values = part.values;
  std::vector<Column>& columns = partitions.values.columns;
  append_text(values.organization, columns[0]);
  append_text(values.account, columns[1]);
  append_text(values.region, columns[2]);
  std::optional<std::string> date;
  if (values.day) {
    date = date_text(*values.day);
    columns[3].append_int64(*values.day);
  } else {
    columns[3].append_null();
  }
  ++partitions.values.num_rows;
  partitions.names.push_back(
      partition_name({{std::string(kTrailPartitionColumns[0]), values.organization},
                      {std::string(kTrailPartitionColumns[1]), values.account},
                      {std::string(kTrailPartitionColumns[2]), values.region},
                      {std::string(kTrailPartitionColumns[3]), date}}));
  partitions.locations.push_back(join_location(location, part.relative_path));
  partitions.local_paths.push_back(join_location(path, part.relative_path));
}

}  // namespace

ScanPartitions trail_partitions(const CatalogTable& table, const TrailFilter& filter,
                                const LocationResolver& resolver,
                                const Cancellation& cancellation) {
  ScanPartitions partitions;
  for (const CatalogColumn& column : table.partition_columns)
    partitions.values.columns.emplace_back(column.type);
  const TrailKind kind = trail_kind_of(find_table_property(table, kTrailKindProperty));
  for (const std::string& location : trail_locations(table)) {
    const std::string path = resolver.resolve(location);
    for (const TrailPart& part : list_trail(path, kind, filter, cancellation))
      append_part(part, location, path, partitions);
  }
  return partitions;
}

}  // namespace trailsql
