#include "analysis/write_analyzer.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "base/error.h"
#include "base/text.h"
#include "functions/insert_cast.h"

namespace trailsql {
namespace {

// Hive's limits.
constexpr uint32_t kMaxHiveCharLength = 255;
constexpr uint32_t kMaxHiveVarcharLength = 65535;
constexpr int kTimestampPrecision = 3;  // of Athena's Hive tables

[[noreturn]] void refuse(const std::string& text) {
  throw QueryError(ErrorCode::kNotSupported, text);
}

void check_row_type(const Type& type) {
  std::unordered_set<std::string> seen;
  for (const RowField& field : type.fields()) {
    if (!field.name) {
      refuse("Anonymous row type is not supported in Hive. Please give each field a name: " +
             type.display());
    }
    if (seen.insert(to_lower_ascii(*field.name)).second) continue;
    throw QueryError(ErrorCode::kDuplicateColumnName,
                     fmt::format("Field '{}' specified more than once in {}",
                                 to_lower_ascii(*field.name), type.display()));
  }
}

void check_hive_type(const Type& type, const std::string& column) {
  switch (type.kind()) {
    case TypeKind::kBoolean:
    case TypeKind::kTinyint:
    case TypeKind::kSmallint:
    case TypeKind::kInteger:
    case TypeKind::kBigint:
    case TypeKind::kReal:
    case TypeKind::kDouble:
    case TypeKind::kDecimal:
    case TypeKind::kVarbinary:
    case TypeKind::kDate: return;
    case TypeKind::kVarchar:
      if (type.is_unbounded_varchar() || type.length() <= kMaxHiveVarcharLength) return;
      refuse(
          fmt::format("Unsupported Hive type: {}. Supported VARCHAR types: VARCHAR(<={}), VARCHAR.",
                      type.display(), kMaxHiveVarcharLength));
    case TypeKind::kChar:
      if (type.length() <= kMaxHiveCharLength) return;
      refuse(fmt::format("Unsupported Hive type: {}. Supported CHAR types: CHAR(<={}).",
                         type.display(), kMaxHiveCharLength));
    case TypeKind::kTimestamp:
      if (type.precision() == kTimestampPrecision) return;
      throw QueryError(ErrorCode::kNotSupported, Location{},
                       fmt::format("Incorrect timestamp precision for {}; the configured precision "
                                   "is MILLISECONDS; column name: {}",
                                   type.display(), column),
                       "CAST it AS timestamp(3)");
    case TypeKind::kRow: check_row_type(type); [[fallthrough]];
    case TypeKind::kArray:
    case TypeKind::kMap:
      for (const RowField& part : type.fields()) check_hive_type(part.type, column);
      return;
    default: break;
  }
  throw QueryError(ErrorCode::kNotSupported, Location{}, "Unsupported Hive type: " + type.display(),
                   fmt::format("CAST column {} AS varchar, or AS timestamp(3)", column));
}

// Returns the type as a table keeps it: fields in lower case, no text of length 0.
Type stored_type(const Type& type) {
  if (type.is(TypeKind::kVarchar) && type.length() == 0) return Type::varchar(1);
  if (type.is(TypeKind::kArray)) return Type::array(stored_type(type.element()));
  if (type.is(TypeKind::kMap)) return Type::map(stored_type(type.key()), stored_type(type.value()));
  if (!type.is(TypeKind::kRow)) return type;
  std::vector<RowField> fields;
  for (const RowField& field : type.fields())
    fields.push_back({to_lower_ascii(field.name.value_or("")), stored_type(field.type)});
  return Type::row(std::move(fields));
}

void check_column_name(const std::string& name) {
  if (name.starts_with(' '))
    refuse(fmt::format("Hive column names must not start with a space: '{}'", name));
  if (name.ends_with(' '))
    refuse(fmt::format("Hive column names must not end with a space: '{}'", name));
  if (name.find(',') != std::string::npos)
    refuse(fmt::format("Hive column names must not contain commas: '{}'", name));
}

bool can_be_partition_key(const Type& type) {
  return !type.is_nested() && !type.is(TypeKind::kVarbinary);
}

// Checks what becomes columns of a table, and notes it.
void add_columns(WriteAnalysis& write, const std::vector<Identifier>& new_names, Location place) {
  const std::vector<OutputField>& outputs = write.query->queries[write.query->root].outputs;
  std::unordered_set<std::string> seen;
  for (uint32_t i = 0; i < outputs.size(); ++i) {
    if (new_names.empty() && !outputs[i].name) {
      throw semantic_error(ErrorCode::kMissingColumnName, place,
                           "Column name not specified at position {}", i + 1);
    }
    const std::string name =
        to_lower_ascii(new_names.empty() ? *outputs[i].name : new_names[i].value);
    if (!seen.insert(name).second) {
      throw semantic_error(ErrorCode::kDuplicateColumnName, place,
                           "Column name '{}' specified more than once", name);
    }
    if (outputs[i].type.is(TypeKind::kUnknown)) {
      throw QueryError(ErrorCode::kColumnTypeUnknown, place, "Column type is unknown: " + name,
                       "CAST(NULL AS varchar) has a type");
    }
    write.columns.push_back({name, outputs[i].type, i});
  }
  for (WrittenColumn& column : write.columns) {
    check_column_name(column.name);
    check_hive_type(column.type, column.name);
    column.type = stored_type(column.type);
  }
}

void set_partition_keys(WriteAnalysis& write, const std::vector<std::string>& keys) {
  std::vector<std::string> missing;
  for (const std::string& key : keys) {
    const bool is_column = std::any_of(write.columns.begin(), write.columns.end(),
                                       [&](const auto& column) { return column.name == key; });
    if (!is_column) missing.push_back(key);
  }
  if (!missing.empty()) {
    throw QueryError(
        ErrorCode::kInvalidTableProperty,
        fmt::format("Partition columns [{}] not present in schema", fmt::join(missing, ", ")));
  }
  if (!keys.empty() && keys.size() >= write.columns.size()) {
    throw QueryError(ErrorCode::kInvalidTableProperty, "Table contains only partition columns");
  }
  const auto first = write.columns.end() - static_cast<std::ptrdiff_t>(keys.size());
  const bool in_order =
      std::equal(first, write.columns.end(), keys.begin(), keys.end(),
                 [](const auto& column, const auto& key) { return column.name == key; });
  if (!in_order) {
    throw QueryError(ErrorCode::kHiveColumnOrderMismatch,
                     fmt::format("Partition keys must be the last columns in the table and in the "
                                 "same order as the table properties: [{}]",
                                 fmt::join(keys, ", ")));
  }
  for (auto column = first; column != write.columns.end(); ++column) {
    if (!can_be_partition_key(column->type)) {
      refuse(fmt::format("Unsupported type [{}] for partition: {}", column->type.display(),
                         column->name));
    }
  }
  write.num_partition_keys = keys.size();
}

std::string type_list(const std::vector<Type>& types) {
  std::string text;
  for (const Type& type : types) text += (text.empty() ? "" : ", ") + type.display();
  return "[" + text + "]";
}

// Returns the positions, among the table's columns, of those that an INSERT names, in its order.
std::vector<size_t> named_columns(const Insert& node, const std::vector<WrittenColumn>& columns,
                                  Location place) {
  std::vector<size_t> positions;
  if (node.columns.empty()) {
    for (size_t i = 0; i < columns.size(); ++i) positions.push_back(i);
    return positions;
  }
  for (const Identifier& written : node.columns) {
    const std::string name = to_lower_ascii(written.value);
    const auto found = std::find_if(columns.begin(), columns.end(),
                                    [&](const auto& column) { return column.name == name; });
    if (found == columns.end()) {
      std::vector<std::string> names;
      for (const WrittenColumn& column : columns) names.push_back(column.name);
      throw QueryError(ErrorCode::kColumnNotFound, place,
                       "Insert column name does not exist in target table: " + name,
                       did_you_mean(name, names));
    }
    const auto position = static_cast<size_t>(found - columns.begin());
    if (std::find(positions.begin(), positions.end(), position) != positions.end()) {
      throw semantic_error(ErrorCode::kDuplicateColumnName, place,
                           "Insert column name is specified more than once: {}", name);
    }
    positions.push_back(position);
  }
  return positions;
}

}  // namespace

WriteAnalysis analyze_create_table_as(const CreateTableAs& node, const WriteProperties& properties,
                                      Location place, uint32_t num_nodes, const Metadata& metadata,
                                      const AnalysisOptions& options) {
  WriteAnalysis write;
  write.query = analyze_query(*node.query, num_nodes, metadata, options);
  const size_t num_outputs = write.query->queries[write.query->root].outputs.size();
  if (!node.columns.empty() && node.columns.size() != num_outputs) {
    throw semantic_error(ErrorCode::kMismatchedColumnAliases, node.columns_location,
                         "Column alias list has {} entries but relation has {} columns",
                         node.columns.size(), num_outputs);
  }
  add_columns(write, node.columns, place);
  set_partition_keys(write, properties.partitioned_by);
  return write;
}

WriteAnalysis analyze_unload(const Unload& node, const WriteProperties& properties, Location place,
                             uint32_t num_nodes, const Metadata& metadata,
                             const AnalysisOptions& options) {
  WriteAnalysis write;
  write.query = analyze_query(*node.query, num_nodes, metadata, options);
  add_columns(write, {}, place);
  set_partition_keys(write, properties.partitioned_by);
  return write;
}

WriteAnalysis analyze_insert(const Insert& node, const CatalogTable& table, Location place,
                             uint32_t num_nodes, const Metadata& metadata,
                             const AnalysisOptions& options) {
  if (table.kind == TableKind::kView)
    throw semantic_error(ErrorCode::kNotSupported, place, "Inserting into views is not supported");
  WriteAnalysis write;
  for (const auto* columns : {&table.columns, &table.partition_columns}) {
    for (const CatalogColumn& column : *columns)
      write.columns.push_back({column.name, column.type, std::nullopt});
  }
  write.num_partition_keys = table.partition_columns.size();
  write.query = analyze_query(*node.query, num_nodes, metadata, options);
  std::vector<Type> query_types;
  for (const OutputField& output : write.query->queries[write.query->root].outputs)
    query_types.push_back(output.type);

  const std::vector<size_t> positions = named_columns(node, write.columns, place);
  std::vector<Type> table_types;
  for (const size_t position : positions) table_types.push_back(write.columns[position].type);
  const bool fits = std::equal(query_types.begin(), query_types.end(), table_types.begin(),
                               table_types.end(), can_insert);
  if (!fits) {
    throw semantic_error(ErrorCode::kTypeMismatch, place,
                         "Insert query has mismatched column types: Table: {}, Query: {}",
                         type_list(table_types), type_list(query_types));
  }
  for (uint32_t i = 0; i < positions.size(); ++i) write.columns[positions[i]].output = i;
  return write;
}

}  // namespace trailsql
