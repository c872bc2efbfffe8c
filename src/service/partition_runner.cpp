#include "service/partition_runner.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <unordered_set>

#include "base/error.h"
#include "base/hive_error.h"
#include "base/text.h"
#include "catalog/partition_name.h"
#include "engine/engine_text.h"
#include "functions/cast.h"
#include "partitions/partition_projection.h"
#include "partitions/partition_values.h"
#include "service/column_definition.h"
#include "service/hive_lookup.h"
#include "service/listing_run.h"
#include "service/table_definition.h"
#include "store/file_listing.h"

namespace trailsql {
namespace {

void check_value(const CatalogTable& table, const CatalogColumn& column, const std::string& value) {
  Column typed(column.type);
  PartitionValueReader({column.name, column.type}, table.database + "." + table.name)
      .append(value, typed);
}

/// Returns why the values in a partition's name are none of its columns' types.
std::optional<std::string> why_unfit(const CatalogTable& table, const std::string& name) {
  const auto parts = parse_partition_name(name);
  try {
    for (size_t i = 0; parts && i < parts->size() && i < table.partition_columns.size(); ++i) {
      if ((*parts)[i].value) check_value(table, table.partition_columns[i], *(*parts)[i].value);
    }
  } catch (const QueryError& error) {
    return error.what();
  }
  return std::nullopt;
}

/// Returns a partition as Hive's errors have it: {region=x, day=1}.
std::string shown_in_error(const PartitionSpec& spec) {
  std::string text;
  for (const PartitionCondition& condition : spec.conditions)
    text += fmt::format("{}{}{}{}", text.empty() ? "" : ", ",
                        to_lower_ascii(condition.column.value), condition.op, condition.value);
  return fmt::format("{{{}}}", text);
}

QueryError not_found(const PartitionSpec& spec) {
  return hive_error(
      ErrorCode::kNotFound, spec.location,
      fmt::format("SemanticException [Error 10006]: Partition not found {}", shown_in_error(spec)));
}

/// Makes the errors of Hive's Table.validatePartColumnNames.
QueryError invalid_spec(ErrorCode code, Location place, std::string_view text,
                        std::string hint = {}) {
  return hive_error(code, place, fmt::format("ValidationFailureSemanticException {}", text),
                    std::move(hint));
}

bool is_partitioned(const CatalogTable& table) {
  return table.kind != TableKind::kView && !table.partition_columns.empty();
}

struct FirstSpec {
  const PartitionSpec& operator()(const AlterTable::AddPartitions& change) const {
    return change.partitions.front().spec;
  }
  const PartitionSpec& operator()(const AlterTable::DropPartitions& change) const {
    return change.specs.front();
  }
  const PartitionSpec& operator()(const AlterTable::RenamePartition& change) const {
    return change.from;
  }
  const PartitionSpec& operator()(const AlterTable::SetPartitionLocation& change) const {
    return change.spec;
  }
  const PartitionSpec& operator()(const AlterTable::AddPartitionColumns& change) const {
    return change.spec;
  }
};

std::string counted_partitions(size_t count) {
  return fmt::format("{} partition{}", count, count == 1 ? "" : "s");
}

/// Finds folders key=value below a table's location, one level a partition column.
class PartitionFolders {
 public:
  PartitionFolders(const CatalogTable& table, std::string stored_path, const FileStore& storage)
      : table_(table), root_(std::move(stored_path)), storage_(storage) {
    walk("", {});
  }
  std::vector<CatalogPartition> take() { return std::move(found_); }

 private:
  void walk(const std::string& folder, const std::vector<PartitionPart>& parts) {
    if (parts.size() == table_.partition_columns.size()) {
      const std::string name = partition_name(parts);
      CatalogPartition partition{name, std::nullopt};
      // Folders may spell the name in another way: in capitals, or without escapes.
      if (folder != name + "/") partition.location = location_below(table_.location, folder);
      return found_.push_back(std::move(partition));
    }
    for (const std::string& name : storage_.list_folder_names(join_location(root_, folder))) {
      const std::optional<std::vector<PartitionPart>> part = parse_partition_name(name);
      const std::string& wanted = table_.partition_columns[parts.size()].name;
      if (!part || !equals_ignoring_case(part->front().column, wanted)) continue;
      std::vector<PartitionPart> longer = parts;
      longer.push_back({wanted, part->front().value});
      walk(folder + name + "/", longer);
    }
  }

  const CatalogTable& table_;
  std::string root_;
  const FileStore& storage_;
  std::vector<CatalogPartition> found_;
};

}  // namespace

std::shared_ptr<const CatalogTable> PartitionRunner::find(const QualifiedName& name) const {
  std::shared_ptr<const CatalogTable> table = find_hive_table(catalog_, name, database_);
  if (!is_partitioned(*table)) {
    throw hive_execution_error(
        ErrorCode::kGenericUserError, name.location,
        fmt::format("Table {}.{} is not a partitioned table", table->database, table->name));
  }
  return table;
}

uint32_t PartitionRunner::position_of(const CatalogTable& table, const PartitionSpec& spec,
                                      const Identifier& column) const {
  std::vector<std::string> names;
  for (uint32_t i = 0; i < table.partition_columns.size(); ++i) {
    names.push_back(table.partition_columns[i].name);
    if (equals_ignoring_case(names.back(), column.value)) return i;
  }
  throw invalid_spec(
      ErrorCode::kColumnNotFound, column.location,
      fmt::format("Partition spec {} contains non-partition columns", shown_in_error(spec)),
      fmt::format("the table is partitioned by {}", fmt::join(names, ", ")));
}

std::string PartitionRunner::full_name(const CatalogTable& table, const PartitionSpec& spec) const {
  std::vector<PartitionPart> parts(table.partition_columns.size());
  for (const PartitionCondition& condition : spec.conditions) {
    const uint32_t position = position_of(table, spec, condition.column);
    if (!parts[position].column.empty()) {
      throw invalid_spec(
          ErrorCode::kGenericUserError, condition.column.location,
          fmt::format("partition spec {} names a column twice", shown_in_error(spec)));
    }
    check_value(table, table.partition_columns[position], condition.value);
    parts[position] = {table.partition_columns[position].name, condition.value};
  }
  for (size_t i = 0; i < parts.size(); ++i) {
    if (!parts[i].column.empty()) continue;
    throw invalid_spec(ErrorCode::kGenericUserError, spec.location,
                       fmt::format("partition spec {} doesn't contain all ({}) partition columns",
                                   shown_in_error(spec), parts.size()),
                       fmt::format("{} is missing", table.partition_columns[i].name));
  }
  return partition_name(parts);
}

// Returns the name of the one partition that a spec of all columns means, whether or not the values
// fit; else an empty text.
std::string PartitionRunner::name_as_written(const CatalogTable& table,
                                             const PartitionSpec& spec) const {
  std::vector<PartitionPart> parts(table.partition_columns.size());
  if (spec.conditions.size() != parts.size()) return {};
  for (const PartitionCondition& condition : spec.conditions) {
    const uint32_t position = position_of(table, spec, condition.column);
    if (condition.op != "=" || !parts[position].column.empty()) return {};
    parts[position] = {table.partition_columns[position].name, condition.value};
  }
  return partition_name(parts);
}

// Names of the partitions for which all conditions are true; a partial spec matches many.
std::vector<std::string> PartitionRunner::matching_names(const CatalogTable& table,
                                                         const PartitionSpec& spec) const {
  // Read once: another process may change them meanwhile.
  std::vector<CatalogPartition> all = catalog_.partitions(table.database, table.name);
  // A partition whose value does not fit its column's type matches by its text only.
  const std::string text = name_as_written(table, spec);
  for (const CatalogPartition& partition : all) {
    if (partition.name == text) return {text};
  }
  std::erase_if(all, [&](const CatalogPartition& partition) {
    return why_unfit(table, partition.name).has_value();
  });
  const auto partitions = std::make_shared<const std::vector<CatalogPartition>>(std::move(all));
  ScanSpec scan;
  scan.table_name = table.database + "." + table.name;
  for (const CatalogColumn& column : table.partition_columns)
    scan.partition_columns.push_back({column.name, column.type});
  for (const PartitionCondition& condition : spec.conditions) {
    const uint32_t position = position_of(table, spec, condition.column);
    const CatalogColumn& column = table.partition_columns[position];
    check_value(table, column, condition.value);
    scan.conditions.push_back(
        {fmt::format("k.c{} {} CAST({} AS {})", position, condition.op,
                     engine_text(condition.value), engine_type_name(column.type)),
         {position}});
  }
  const PartitionCandidates candidates = catalog_candidates(scan, table, partitions);
  ColumnBatch known = new_known_rows(scan);
  known.num_rows = candidates.values.num_rows;
  for (uint32_t i = 0; i < scan.partition_columns.size(); ++i) {
    for (size_t row = 0; row < known.num_rows; ++row)
      known.columns[i].append_from(candidates.values.columns[i], row);
  }
  std::vector<const ScanCondition*> conditions;
  for (const ScanCondition& condition : scan.conditions) conditions.push_back(&condition);
  const KnownPositions positions{static_cast<uint32_t>(scan.partition_columns.size())};
  std::vector<std::string> names;
  for (const uint32_t row :
       keep_rows(std::move(known), conditions, positions, context_.engine).rows) {
    names.push_back((*partitions)[row].name);
  }
  return names;
}

CatalogPartition PartitionRunner::existing(const CatalogTable& table,
                                           const PartitionSpec& spec) const {
  const std::string name = full_name(table, spec);
  for (CatalogPartition& partition : catalog_.partitions(table.database, table.name)) {
    if (partition.name == name) return std::move(partition);
  }
  throw not_found(spec);
}

/// Changes the partitions of one table.
struct PartitionRunner::Changer {
  const PartitionRunner& self;
  const CatalogTable& table;

  std::string operator()(const AlterTable::AddPartitions& change) const {
    std::vector<CatalogPartition> partitions;
    for (const AlterTable::AddPartitions::Partition& partition : change.partitions) {
      partitions.push_back({self.full_name(table, partition.spec), partition.location});
      if (partition.location) check_location(*partition.location, partition.spec);
    }
    size_t num_added = 0;
    unless_there(change.partitions.front().spec, [&] {
      num_added = self.catalog_.add_partitions(table.database, table.name, partitions,
                                               change.if_not_exists);
    });
    return fmt::format("{} {} added to {}", counted_partitions(num_added),
                       num_added == 1 ? "was" : "were", table.name);
  }

  std::string operator()(const AlterTable::DropPartitions& change) const {
    std::vector<std::string> names;
    for (const PartitionSpec& spec : change.specs) {
      const std::vector<std::string> found = self.matching_names(table, spec);
      if (found.empty() && !change.if_exists) throw not_found(spec);
      names.insert(names.end(), found.begin(), found.end());
    }
    const size_t num_dropped = self.catalog_.drop_partitions(table.database, table.name, names);
    return fmt::format("{} {} dropped from {}", counted_partitions(num_dropped),
                       num_dropped == 1 ? "was" : "were", table.name);
  }

  std::string operator()(const AlterTable::RenamePartition& change) const {
    const CatalogPartition old = self.existing(table, change.from);
    const std::string name = self.full_name(table, change.to);
    // The files stay where they are.
    const std::string location = old.location.value_or(default_location(table, old.name));
    unless_there(change.to, [&] {
      self.catalog_.replace_partition(table.database, table.name, old.name, {name, location});
    });
    return fmt::format("Partition {} is now {}", old.name, name);
  }

  std::string operator()(const AlterTable::SetPartitionLocation& change) const {
    const CatalogPartition old = self.existing(table, change.spec);
    check_location(change.location, change.spec);
    self.catalog_.replace_partition(table.database, table.name, old.name,
                                    {old.name, change.location});
    return fmt::format("Partition {} was moved", old.name);
  }

  // A partition has the columns of its table: there is nothing to do where these are among them.
  std::string operator()(const AlterTable::AddPartitionColumns& change) const {
    const CatalogPartition partition = self.existing(table, change.spec);
    for (const ColumnDefinition& added : change.columns) {
      const CatalogColumn column = catalog_column(added);
      const bool is_there = std::ranges::any_of(table.columns, [&](const CatalogColumn& known) {
        return known.name == column.name && known.type == column.type;
      });
      if (is_there) continue;
      throw QueryError(ErrorCode::kNotSupported, added.name.location,
                       fmt::format("Columns of single partitions are not supported: {} has those "
                                   "of its table",
                                   partition.name),
                       fmt::format("ALTER TABLE {} ADD COLUMNS ({} {}) adds it for all partitions",
                                   table.name, column.name, column.type.hive_name()));
    }
    return fmt::format("Partition {} has these columns, as its table has", partition.name);
  }

 private:
  void check_location(const std::string& location, const PartitionSpec& spec) const {
    check_table_location(location, spec.location, self.resolver_);
  }

  // Says in Hive's words that a partition is there already.
  template <typename Change>
  void unless_there(const PartitionSpec& spec, const Change& change) const {
    try {
      change();
    } catch (const QueryError& error) {
      if (error.code() != ErrorCode::kAlreadyExists) throw;
      throw hive_execution_error(error.code(), spec.location,
                                 fmt::format("AlreadyExistsException(message:{})", error.what()));
    }
  }
};

std::unique_ptr<QueryRun> PartitionRunner::alter(const AlterTable& node) const {
  const std::shared_ptr<const CatalogTable> table =
      find_changeable_table(catalog_, node.name, database_);
  const auto& change = std::get<AlterTable::PartitionChange>(node.change);
  if (!is_partitioned(*table)) {
    const PartitionSpec& spec = std::visit(FirstSpec{}, change);
    throw invalid_spec(
        ErrorCode::kGenericUserError, spec.location,
        "table is not partitioned but partition spec exists: " + shown_in_error(spec));
  }
  return make_message_run(std::visit(Changer{*this, *table}, change));
}

std::unique_ptr<QueryRun> PartitionRunner::repair(const RepairTable& node) const {
  const std::shared_ptr<const CatalogTable> table = find(node.name);
  std::unordered_set<std::string> known;
  for (const CatalogPartition& partition : catalog_.partitions(table->database, table->name))
    known.insert(partition.name);
  std::vector<CatalogPartition> missing;
  std::string unfit;  // what does not fit would make the whole table unreadable
  for (CatalogPartition& partition :
       PartitionFolders(*table, context_.stored_path_of(table->location),
                        *context_.store_of(*table))
           .take()) {
    if (!known.insert(partition.name).second) continue;
    if (const std::optional<std::string> reason = why_unfit(*table, partition.name)) {
      unfit += fmt::format("\nRepair: Skipped {}:{}: {}", table->name, partition.name, *reason);
    } else {
      missing.push_back(std::move(partition));
    }
  }
  if (missing.empty()) return make_text_run("result", unfit.empty() ? "" : unfit.substr(1));
  catalog_.add_partitions(table->database, table->name, missing, true);
  std::string text = "Partitions not in metastore:";
  for (const CatalogPartition& partition : missing)
    text += fmt::format("\t{}:{}", table->name, partition.name);
  for (const CatalogPartition& partition : missing)
    text +=
        fmt::format("\nRepair: Added partition to metastore {}:{}", table->name, partition.name);
  return make_text_run("result", text + unfit);
}

DescribedPartition PartitionRunner::find_described(const QualifiedName& table_name,
                                                   const PartitionSpec& spec) const {
  const std::shared_ptr<const CatalogTable> table = find(table_name);
  const CatalogPartition partition = existing(*table, spec);
  DescribedPartition described;
  const auto parts = parse_partition_name(partition.name);
  for (const PartitionPart& part : *parts)
    described.values.push_back(part.value.value_or(std::string(kNullPartitionValue)));
  described.location = partition.location.value_or(default_location(*table, partition.name));
  return described;
}

std::unique_ptr<QueryRun> PartitionRunner::show(const ShowPartitions& node) const {
  const std::shared_ptr<const CatalogTable> table = find(node.table);
  TextRows rows;
  if (!is_projected(*table)) {
    for (CatalogPartition& partition : catalog_.partitions(table->database, table->name))
      rows.push_back({std::move(partition.name)});
  }
  return make_listing_run({"partition"}, std::move(rows));
}

}  // namespace trailsql
