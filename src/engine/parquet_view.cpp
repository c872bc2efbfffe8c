#include "engine/parquet_view.h"

#include <duckdb.h>
#include <fmt/format.h>

#include <map>
#include <memory>
#include <vector>

#include "base/text.h"
#include "engine/engine_error.h"
#include "engine/engine_text.h"
#include "engine/logical_type.h"
#include "engine/parquet_conversion.h"
#include "functions/cast.h"
#include "types/time_units.h"
#include "types/value_text.h"

namespace trailsql {
namespace {

// Stands in read_parquet's rows for the path of the file.
constexpr std::string_view kPathColumn = "\"$path\"";

// Owns a result and frees it.
class Answer {
 public:
  Answer(duckdb_connection connection, const std::string& sql) {
    succeeded_ = duckdb_query(connection, sql.c_str(), &result_) == DuckDBSuccess;
  }
  ~Answer() { duckdb_destroy_result(&result_); }
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;

  bool succeeded() const { return succeeded_; }
  std::string error() const {
    const char* text = duckdb_result_error(const_cast<duckdb_result*>(&result_));
    return text == nullptr ? "" : text;
  }
  idx_t num_rows() { return duckdb_row_count(&result_); }
  std::string text(idx_t column, idx_t row) {
    char* raw = duckdb_value_varchar(&result_, column, row);
    std::string value = raw == nullptr ? "" : raw;
    duckdb_free(raw);
    return value;
  }

 private:
  duckdb_result result_{};
  bool succeeded_ = false;
};

QueryError malformed(const ParquetFile& file) {
  return QueryError(
      ErrorCode::kHiveBadData,
      fmt::format(
          "Malformed Parquet file. {} is not a valid Parquet file",
          file.url == file.path || file.is_copy ? file.url : file.url + " (" + file.path + ")"));
}

std::string file_list(const std::vector<const ParquetFile*>& files) {
  std::string list;
  for (const ParquetFile* file : files) {
    list += (list.empty() ? "[" : ", ") + engine_text(path_pattern(file->path));
  }
  return list + "]";
}

std::string read_parquet(const std::vector<const ParquetFile*>& files) {
  return fmt::format("read_parquet({}, hive_partitioning = false, filename = '$path')",
                     file_list(files));
}

// ---- which files are alike

using Files = std::vector<const ParquetFile*>;

// Reads all footers; files with equal schemas come together, in the order in which they are listed.
std::vector<Files> group_by_schema(duckdb_connection connection, const ParquetTable& table) {
  Files all;
  std::map<std::string, const ParquetFile*> file_of_path;
  for (const ParquetFile& file : table.files) {
    all.push_back(&file);
    file_of_path[file.path] = &file;
  }
  constexpr std::string_view kSchemas =
      "SELECT file_name, string_agg(concat_ws(' ', name, type, type_length, num_children, "
      "converted_type, logical_type, duckdb_type), ';') AS schema FROM parquet_schema({}) GROUP BY "
      "file_name ORDER BY file_name";
  Answer schemas(connection, fmt::format(fmt::runtime(kSchemas), file_list(all)));
  if (!schemas.succeeded()) {
    for (const ParquetFile* file : all) {
      if (!Answer(connection, fmt::format("FROM parquet_schema({})", file_list({file})))
               .succeeded())
        throw malformed(*file);
    }
    throw to_query_error(schemas.error(), 0);
  }
  std::map<std::string, size_t> group_of_schema;
  std::vector<Files> groups;
  for (idx_t row = 0; row < schemas.num_rows(); ++row) {
    const auto [group, is_new] = group_of_schema.emplace(schemas.text(1, row), groups.size());
    if (is_new) groups.emplace_back();
    groups[group->second].push_back(file_of_path.at(schemas.text(0, row)));
  }
  return groups;
}

// ---- one group of files

// The columns of files as DuckDB shows them.
class StoredColumns {
 public:
  StoredColumns(duckdb_connection connection, const ParquetFile& file) {
    const std::string sql = fmt::format("SELECT * FROM {}", read_parquet({&file}));
    duckdb_prepared_statement statement = nullptr;
    if (duckdb_prepare(connection, sql.c_str(), &statement) != DuckDBSuccess) {
      duckdb_destroy_prepare(&statement);
      throw malformed(file);
    }
    for (idx_t i = 0; i < duckdb_prepared_statement_column_count(statement); ++i) {
      const char* name = duckdb_prepared_statement_column_name(statement, i);
      names_.emplace_back(name);
      duckdb_free(const_cast<char*>(name));
      types_.emplace_back(duckdb_prepared_statement_column_logical_type(statement, i));
    }
    duckdb_destroy_prepare(&statement);
    names_.pop_back();  // the path
  }

  // Returns the position of a column, or num_columns().
  size_t find(std::string_view name) const {
    size_t i = 0;
    while (i < names_.size() && !equals_ignoring_case(names_[i], name)) ++i;
    return i;
  }
  size_t num_columns() const { return names_.size(); }
  const std::string& name(size_t i) const { return names_[i]; }
  _duckdb_logical_type* type(size_t i) const { return types_[i].get(); }

 private:
  std::vector<std::string> names_;
  std::vector<LogicalType> types_;
};

// Writes the SELECT over files of one schema.
class GroupSelect {
 public:
  GroupSelect(duckdb_connection connection, const ParquetTable& table, const Files& files)
      : table_(table), files_(files), stored_(connection, *files.front()) {}

  std::string sql() const {
    std::string items;
    for (size_t i = 0; i < table_.spec.columns.size(); ++i) {
      items += fmt::format("{}{} AS c{}", i == 0 ? "" : ", ", value(table_.spec.columns[i]), i);
    }
    // A view needs a column; nobody reads this one.
    if (items.empty()) items = "true AS none";
    return fmt::format("SELECT {} FROM {}", items, read_parquet(files_));
  }

 private:
  std::string value(const ScanColumn& column) const {
    switch (column.source) {
      case ScanColumn::Source::kPath:
        return of_file([](const ParquetFile& file) { return engine_text(file.url); });
      case ScanColumn::Source::kFileSize:
        return of_file([](const ParquetFile& file) {
          return fmt::format("CAST({} AS BIGINT)", file.size_bytes);
        });
      case ScanColumn::Source::kFileModifiedTime:
        return of_file([](const ParquetFile& file) {
          return fmt::format(
              "struct_pack(f0 := make_timestamp({}), f1 := 'UTC')",
              file.modified_time_us / kMicrosecondsPerMillisecond * kMicrosecondsPerMillisecond);
        });
      case ScanColumn::Source::kTable: return table_value(column);
      case ScanColumn::Source::kPartition:
        return of_file([&](const ParquetFile& file) { return partition_value(file, column); });
      case ScanColumn::Source::kPartitionName:
        return of_file([&](const ParquetFile& file) {
          const auto& partitions = table_.spec.partitions;
          return partitions ? engine_text(partitions->names[file.folder]) : null_of(column);
        });
      case ScanColumn::Source::kBucket: return null_of(column);
      case ScanColumn::Source::kElement:
      case ScanColumn::Source::kRecordText:
      case ScanColumn::Source::kOrdinality: break;
    }
    throw QueryError(ErrorCode::kGenericInternalError, "UNNEST in a scan of Parquet files");
  }

  static std::string null_of(const ScanColumn& column) {
    return fmt::format("CAST(NULL AS {})", engine_type_name(column.type));
  }

  std::string partition_value(const ParquetFile& file, const ScanColumn& column) const {
    const Column& values = table_.spec.partitions->values.columns[column.table_column];
    if (values.is_null(file.folder)) return null_of(column);
    std::string text;
    append_text(text, values, file.folder);
    // The engine has char values without the blanks that fill them up.
    if (column.type.is(TypeKind::kChar)) text.erase(text.find_last_not_of(' ') + 1);
    return fmt::format("CAST({} AS {})", engine_text(text), engine_type_name(column.type));
  }

  // Something that is the same for all rows of a file: looked up by its path.
  template <typename Text>
  std::string of_file(const Text& text) const {
    if (files_.size() == 1) return text(*files_.front());
    std::string paths;
    std::string values;
    for (const ParquetFile* file : files_) {
      const std::string_view comma = paths.empty() ? "" : ", ";
      paths += fmt::format("{}{}", comma, engine_text(file->path));
      values += fmt::format("{}{}", comma, text(*file));
    }
    return fmt::format("MAP([{}], [{}])[{}]", paths, values, kPathColumn);
  }

  std::string table_value(const ScanColumn& column) const {
    const ScanTableColumn& declared = table_.spec.table_columns[column.table_column];
    const size_t position = stored_.find(declared.name);
    const bool is_stored = position < stored_.num_columns();
    const std::string out_of_range = fmt::format(
        "error({})",
        engine_text(encode_error(QueryError(
            ErrorCode::kHiveBadData,
            fmt::format("A value of column {} in the Parquet files of {} is out of the "
                        "range of {}",
                        declared.name, table_.spec.table_name, declared.type.display())))));
    const ParquetValue value =
        convert_parquet_value(is_stored ? engine_name(stored_.name(position)) : "",
                              is_stored ? stored_.type(position) : nullptr, declared.type,
                              column.fields, column.type, out_of_range);
    if (value.incompatible_type.empty()) return value.sql;
    throw QueryError(
        ErrorCode::kHiveBadData,
        fmt::format("Field {}'s type {} in parquet file {} is incompatible with type {} "
                    "defined in table schema",
                    declared.name, value.incompatible_type, files_.front()->url,
                    declared.type.display()));
  }

  const ParquetTable& table_;
  const Files& files_;
  StoredColumns stored_;
};

std::string empty_select(const ScanSpec& spec) {
  std::string items;
  for (size_t i = 0; i < spec.columns.size(); ++i) {
    items += fmt::format("{}CAST(NULL AS {}) AS c{}", i == 0 ? "" : ", ",
                         engine_type_name(spec.columns[i].type), i);
  }
  return fmt::format("SELECT {} WHERE false", items.empty() ? "true AS none" : items);
}

}  // namespace

void create_parquet_view(_duckdb_connection* connection, const ParquetTable& table, size_t index) {
  std::string sql;
  if (table.files.empty()) {
    sql = empty_select(table.spec);
  } else {
    for (const Files& files : group_by_schema(connection, table)) {
      sql += (sql.empty() ? "" : " UNION ALL ") + GroupSelect(connection, table, files).sql();
    }
  }
  const Answer made(connection, fmt::format("CREATE VIEW parquet_{} AS {}", index, sql));
  if (!made.succeeded()) throw to_query_error(made.error(), 0);
}

std::optional<QueryError> find_malformed_file(_duckdb_connection* connection,
                                              const ParquetTable& table) {
  for (const ParquetFile& file : table.files) {
    const Answer read(connection,
                      fmt::format("SELECT max(hash(COLUMNS(*))) FROM {}", read_parquet({&file})));
    if (!read.succeeded()) return malformed(file);
  }
  return std::nullopt;
}

}  // namespace trailsql
