#include "service/write_runner.h"

#include <fmt/core.h>

#include <filesystem>
#include <map>

#include "analysis/table_name.h"
#include "base/error.h"
#include "base/text.h"
#include "service/listing_run.h"
#include "service/log_guard.h"
#include "service/row_files.h"
#include "service/warehouse.h"

namespace trailsql {
namespace {

namespace fs = std::filesystem;

// Where the engine writes partitions, inside the staging folder; hidden until they have their
// names.
constexpr std::string_view kEngineFolder = ".engine";

std::string rows_text(uint64_t num_rows) {
  return fmt::format("{} {}", num_rows, num_rows == 1 ? "row" : "rows");
}

// The engine's name of a compression.
std::string engine_codec(FileCompression compression) {
  return compression == FileCompression::kNone ? "uncompressed"
                                               : to_lower_ascii(name_of(compression));
}

FileWriter writer_of(FileFormat format) {
  return format == FileFormat::kParquet ? FileWriter::kEngine : FileWriter::kService;
}

std::shared_ptr<PartitionNumbers> partition_numbers(const WriteAnalysis& analysis) {
  std::vector<std::string> keys;
  for (size_t i = analysis.columns.size() - analysis.num_partition_keys;
       i < analysis.columns.size(); ++i)
    keys.push_back(analysis.columns[i].name);
  return std::make_shared<PartitionNumbers>(std::move(keys));
}

Plan plan_of(const WriteAnalysis& analysis, FileFormat format) {
  return plan_write(analysis, writer_of(format), partition_numbers(analysis));
}

bool is_absolute_location(const std::string& location) {
  const std::string normalized = normalize_location(location);
  return normalized.starts_with('/') || normalized.starts_with("file:/") ||
         is_s3_location(location);
}

void rename_file(const fs::path& from, const std::string& to) {
  std::error_code failure;
  fs::rename(from, to, failure);
  if (!failure) return;
  throw QueryError(ErrorCode::kHiveFilesystemError,
                   fmt::format("Cannot rename a written file to {}: {}", to, failure.message()));
}

}  // namespace

// ---- rows into files

WriteRunner::Written WriteRunner::write(const WriteAnalysis& analysis, const FileForm& form,
                                        StagedFiles& staged) const {
  const std::shared_ptr<PartitionNumbers> partitions = partition_numbers(analysis);
  Plan plan = plan_write(analysis, writer_of(form.format), partitions);
  Written written;
  written.num_rows = form.format == FileFormat::kParquet
                         ? write_parquet(std::move(plan), form, *partitions, staged)
                         : write_lines(std::move(plan), form, *partitions, staged);
  // Constants may have been numbered for rows that were never made.
  for (const std::string& name : partitions->names()) {
    std::error_code failure;
    if (fs::is_directory(staged.path() + "/" + name, failure))
      written.partitions.push_back({name, std::nullopt});
  }
  staged.finish();
  return written;
}

uint64_t WriteRunner::write_parquet(Plan plan, const FileForm& form,
                                    const PartitionNumbers& partitions,
                                    const StagedFiles& staged) const {
  const std::string file_name = unique_id() + ".parquet";
  ParquetOutput output;
  output.compression = engine_codec(form.compression);
  output.partition_column = plan.partition_column;
  output.path = plan.partition_column.empty()
                    ? staged.path() + "/" + file_name
                    : staged.make_folder(std::string(kEngineFolder)) + "/rows";
  uint64_t num_rows = 0;
  {
    const std::unique_ptr<ResultStream> stream = context_.start(std::move(plan), output);
    ColumnBatch batch;
    while (stream->next(batch)) {
      for (size_t row = 0; row < batch.num_rows; ++row)
        num_rows += static_cast<uint64_t>(batch.columns[0].int64_at(row));
    }
  }
  std::error_code failure;
  if (output.partition_column.empty()) {
    if (num_rows == 0) fs::remove(output.path, failure);
    return num_rows;
  }
  int64_t number = 0;
  for (const std::string& name : partitions.names()) {
    const std::string made = partition_folder(output, number++);
    if (!fs::is_directory(made, failure)) continue;
    const std::string folder = staged.make_folder(name);
    size_t num_files = 0;
    for (const fs::directory_entry& file : fs::directory_iterator(made))
      rename_file(file.path(), fmt::format("{}/{}_{}", folder, num_files++, file_name));
  }
  fs::remove_all(fs::path(output.path).parent_path(), failure);
  return num_rows;
}

uint64_t WriteRunner::write_lines(Plan plan, const FileForm& form,
                                  const PartitionNumbers& partitions,
                                  const StagedFiles& staged) const {
  std::vector<ResultColumn> columns;
  for (const OutputColumn& column : plan.columns) columns.push_back({column.name, column.type});
  const bool is_partitioned = !plan.partition_column.empty();
  if (is_partitioned) columns.pop_back();
  const std::string file_name = unique_id() + row_file_extension(form.format, form.compression);
  const auto path_of = [&](int64_t partition) {
    if (!is_partitioned) return staged.path() + "/" + file_name;
    return staged.make_folder(partitions.name_of(partition)) + "/" + file_name;
  };
  RowFiles files(form.format == FileFormat::kJson
                     ? make_json_line_format(std::move(columns))
                     : make_delimited_line_format(std::move(columns), form.text),
                 form.compression, path_of);
  const std::unique_ptr<ResultStream> stream = context_.start(std::move(plan), std::nullopt);
  uint64_t num_rows = 0;
  ColumnBatch batch;
  while (stream->next(batch)) {
    files.write(batch, is_partitioned);
    num_rows += batch.num_rows;
  }
  files.finish();
  return num_rows;
}

// ---- where

std::string WriteRunner::empty_folder(const std::string& location,
                                      const std::string& statement) const {
  if (!is_absolute_location(location)) {
    throw QueryError(ErrorCode::kInvalidTableProperty, context_.place,
                     "External location is not a valid file system URI: " + location,
                     "write an s3:// URL, a file:/// URL or an absolute path");
  }
  const std::string folder = real_path(context_.resolver.resolve(location));
  check_no_logs(context_.catalog, context_.resolver, folder, location);
  check_target_is_empty(folder, statement, location);
  return folder;
}

// ---- CREATE TABLE … AS

WriteAnalysis WriteRunner::analyze(const CreateTableAs& node,
                                   const WriteProperties& properties) const {
  return analyze_create_table_as(node, properties, context_.place, context_.num_nodes,
                                 context_.catalog, context_.options);
}

std::unique_ptr<QueryRun> WriteRunner::create_table_as(const CreateTableAs& node) const {
  const TableName name = resolve_table_name(node.name, context_.options.database);
  const std::string exists_already = fmt::format("Table {} exists already", name.display());
  if (context_.catalog.find_table(name.database, name.name)) {
    if (node.if_not_exists) return make_count_run(exists_already, 0);
    throw semantic_error(ErrorCode::kTableAlreadyExists, context_.place,
                         "Destination table '{}.{}' already exists", Catalog::kCatalogName,
                         name.display());
  }
  check_database_exists(context_.catalog, name.database, node.name.location);
  const WriteProperties properties = read_table_properties(node.properties);
  const WriteAnalysis analysis = analyze(node, properties);

  CatalogTable table;
  table.database = name.database;
  table.name = name.name;
  table.comment = node.comment;
  const FileForm form = form_of(properties);
  set_format(table, properties);
  const size_t num_data_columns = analysis.columns.size() - analysis.num_partition_keys;
  for (size_t i = 0; i < analysis.columns.size(); ++i) {
    (i < num_data_columns ? table.columns : table.partition_columns)
        .push_back({analysis.columns[i].name, analysis.columns[i].type, std::nullopt});
  }
  std::string folder;
  if (properties.external_location) {
    table.location = *properties.external_location;
    folder = empty_folder(table.location, fmt::format("table '{}'", name.display()));
  } else {
    sweep_warehouse(context_.catalog, context_.home);
    folder = new_managed_folder(context_.home, name);
    table.location = folder + "/";
    table.is_managed = true;
  }
  StagedFiles staged(fs::path(folder).parent_path().string());
  Written written;
  if (node.with_data) written = write(analysis, form, staged);
  context_.catalog.add_folders({folder}, FolderUse::kWritten);
  const bool created = context_.catalog.create_table(table, node.if_not_exists, written.partitions,
                                                     [&] { staged.become(folder); });
  if (!created) return make_count_run(exists_already, 0);
  return make_count_run(
      fmt::format("Table {} was created with {}", name.display(), rows_text(written.num_rows)),
      written.num_rows);
}

Plan WriteRunner::plan(const CreateTableAs& node) const {
  const WriteProperties properties = read_table_properties(node.properties);
  return plan_of(analyze(node, properties), properties.format);
}

// ---- INSERT

std::shared_ptr<const CatalogTable> WriteRunner::target_of(const Insert& node) const {
  const TableName name = resolve_table_name(node.name, context_.options.database);
  return find_table_or_throw(context_.catalog, name, node.name.location);
}

// Files of a new partition are there before the partition is; those of an old one appear at once.
void WriteRunner::move_into_table(const CatalogTable& table, const std::string& folder,
                                  const StagedFiles& staged,
                                  const std::vector<CatalogPartition>& partitions) const {
  std::map<std::string, std::string> folders;  // of old partitions that lie elsewhere
  for (const CatalogPartition& partition :
       context_.catalog.partitions(table.database, table.name)) {
    if (!partition.location) continue;
    const std::string elsewhere = real_path(context_.resolver.resolve(*partition.location));
    folders[partition.name] = elsewhere;
  }
  std::vector<std::string> written = {folder};
  for (const CatalogPartition& partition : partitions) {
    const auto found = folders.find(partition.name);
    if (found == folders.end()) continue;
    check_no_logs(context_.catalog, context_.resolver, found->second, found->second);
    written.push_back(found->second);
  }
  context_.catalog.add_folders(written, FolderUse::kWritten);
  staged.move_files([&](const std::string& name) {
    const auto found = folders.find(name);
    return found == folders.end() ? folder + "/" + name : found->second;
  });
  if (!partitions.empty())
    context_.catalog.add_partitions(table.database, table.name, partitions, true);
}

std::unique_ptr<QueryRun> WriteRunner::insert(const Insert& node) const {
  const std::shared_ptr<const CatalogTable> table = target_of(node);
  const WriteAnalysis analysis = analyze_insert(node, *table, context_.place, context_.num_nodes,
                                                context_.catalog, context_.options);
  const FileForm form = form_of(*table);
  const std::string folder = real_path(context_.resolver.resolve(table->location));
  check_no_logs(context_.catalog, context_.resolver, folder, table->location);
  StagedFiles staged(folder);
  const Written written = write(analysis, form, staged);
  move_into_table(*table, folder, staged, written.partitions);
  return make_count_run(
      fmt::format("{} {} written to {}.{}", rows_text(written.num_rows),
                  written.num_rows == 1 ? "was" : "were", table->database, table->name),
      written.num_rows);
}

Plan WriteRunner::plan(const Insert& node) const {
  const std::shared_ptr<const CatalogTable> table = target_of(node);
  const WriteAnalysis analysis = analyze_insert(node, *table, context_.place, context_.num_nodes,
                                                context_.catalog, context_.options);
  return plan_of(analysis, form_of(*table).format);
}

// ---- UNLOAD

std::unique_ptr<QueryRun> WriteRunner::unload(const Unload& node) const {
  const WriteProperties properties = read_unload_properties(node.properties);
  const WriteAnalysis analysis = analyze_unload(
      node, properties, context_.place, context_.num_nodes, context_.catalog, context_.options);
  const std::string folder = empty_folder(node.location, "UNLOAD");
  StagedFiles staged(fs::path(folder).parent_path().string());
  const Written written = write(analysis, form_of(properties), staged);
  context_.catalog.add_folders({folder}, FolderUse::kWritten);
  staged.become(folder);
  return make_count_run(fmt::format("{} {} written to {}", rows_text(written.num_rows),
                                    written.num_rows == 1 ? "was" : "were", node.location),
                        written.num_rows);
}

Plan WriteRunner::plan(const Unload& node) const {
  const WriteProperties properties = read_unload_properties(node.properties);
  return plan_of(analyze_unload(node, properties, context_.place, context_.num_nodes,
                                context_.catalog, context_.options),
                 properties.format);
}

}  // namespace trailsql
