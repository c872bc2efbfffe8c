#include "analysis/table_name.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "catalog/trail_tables.h"
#include "syntax/printer.h"

namespace trailsql {
namespace {

// Names that need quotes have them in messages, as in Trino's.
std::string shown(const std::string& name) {
  const bool is_plain =
      !name.empty() && (name[0] < '0' || name[0] > '9') &&
      name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
  if (is_plain) return name;
  std::string quoted;
  append_identifier(quoted, {name, true, {}});
  return quoted;
}

// With several trails, the name of a ready-made table alone means none of theirs.
std::string trails_with(const Metadata& metadata, const std::string& table_name) {
  constexpr size_t kMaxNamesShown = 6;
  const auto ready_made = trail_table_names();
  if (std::find(ready_made.begin(), ready_made.end(), table_name) == ready_made.end()) return {};
  std::string names;
  size_t num_names = 0;
  for (const std::string& database : metadata.database_names()) {
    const std::shared_ptr<const CatalogTable> table = metadata.find_table(database, table_name);
    if (!table || !is_trail_table(*table)) continue;
    if (++num_names > kMaxNamesShown) return names + ", …";
    names += fmt::format("{}{}.{}", names.empty() ? "which trail: " : ", ", database, table_name);
  }
  return names.empty() ? "trailsql trail add NAME PATH, or --logs PATH, makes this table" : names;
}

}  // namespace

namespace {

std::string joined(const QualifiedName& name) {
  std::string text;
  for (const Identifier& part : name.parts)
    text += (text.empty() ? "" : ".") + to_lower_ascii(part.value);
  return text;
}

void check_catalog(const Identifier& catalog) {
  if (equals_ignoring_case(catalog.value, Catalog::kCatalogName)) return;
  throw semantic_error(ErrorCode::kCatalogNotFound, catalog.location, "Catalog '{}' not found",
                       to_lower_ascii(catalog.value));
}

}  // namespace

std::string resolve_database_name(const QualifiedName& name) {
  if (name.parts.size() > 2)
    throw QueryError(ErrorCode::kSyntaxError, "Too many parts in schema name: " + joined(name));
  if (name.parts.size() == 2) check_catalog(name.parts[0]);
  return to_lower_ascii(name.parts.back().value);
}

TableName resolve_table_name(const QualifiedName& name, std::string_view session_database) {
  const std::vector<Identifier>& parts = name.parts;
  if (parts.size() > 3)
    throw QueryError(ErrorCode::kSyntaxError, "Too many dots in table name: " + joined(name));
  if (parts.size() == 3) check_catalog(parts[0]);
  TableName result;
  result.name = to_lower_ascii(parts.back().value);
  result.is_bare = parts.size() == 1;
  result.database =
      to_lower_ascii(parts.size() > 1 ? parts[parts.size() - 2].value : session_database);
  return result;
}

void check_database_exists(const Metadata& metadata, std::string_view database, Location place) {
  if (metadata.find_database(database)) return;
  throw QueryError(ErrorCode::kSchemaNotFound, place,
                   fmt::format("Schema '{}' does not exist", database),
                   did_you_mean(database, metadata.database_names()));
}

namespace {

constexpr std::string_view kPartitionsSuffix = "$partitions";

// Makes "t$partitions" of t: a row a partition, its columns the partition columns.
std::shared_ptr<const CatalogTable> partitions_table(const Metadata& metadata, TableName name) {
  name.name.resize(name.name.size() - kPartitionsSuffix.size());
  const std::shared_ptr<const CatalogTable> table = find_named_table(metadata, name);
  if (!table || table->kind == TableKind::kView || table->partition_columns.empty()) return nullptr;
  auto partitions = std::make_shared<CatalogTable>();
  partitions->database = table->database;
  partitions->name = table->name + std::string(kPartitionsSuffix);
  partitions->partitions_of = table->name;
  partitions->columns = table->partition_columns;
  return partitions;
}

}  // namespace

std::shared_ptr<const CatalogTable> find_named_table(const Metadata& metadata,
                                                     const TableName& name) {
  if (name.name.ends_with(kPartitionsSuffix)) return partitions_table(metadata, name);
  const auto of_run = metadata.find_session_table(name.name);
  if (of_run && name.is_bare && !name.in_view) return of_run;
  for (const std::string_view database :
       {std::string_view(name.database), std::string_view(Catalog::kDefaultDatabase)}) {
    auto table = metadata.find_table(database, name.name);
    const bool is_named = database == name.database || (table && is_trail_table(*table));
    const bool is_gone_then = name.in_view && of_run && table && is_trail_table(*table) &&
                              table->database == of_run->database;
    if (table && is_named && !is_gone_then) return table;
    if (!name.is_bare) return nullptr;
  }
  return nullptr;
}

std::shared_ptr<const CatalogTable> find_table_or_throw(const Metadata& metadata,
                                                        const TableName& name, Location place) {
  std::shared_ptr<const CatalogTable> table = find_named_table(metadata, name);
  if (table) return table;
  check_database_exists(metadata, name.database, place);
  const bool is_of_run = name.in_view && metadata.find_session_table(name.name);
  const std::string elsewhere =
      is_of_run ? "--logs makes this table for one run, which a view outlives: trailsql trail add "
                  "NAME PATH makes it for good"
                : trails_with(metadata, name.name);
  throw QueryError(
      ErrorCode::kTableNotFound, place,
      fmt::format("Table '{}.{}.{}' does not exist", Catalog::kCatalogName, shown(name.database),
                  shown(name.name)),
      elsewhere.empty() ? did_you_mean(name.name, metadata.table_names(name.database)) : elsewhere);
}

}  // namespace trailsql
