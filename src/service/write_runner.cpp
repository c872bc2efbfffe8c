#include "service/write_runner.h"

#include <fmt/core.h>

#include <filesystem>
#include <map>

#include "analysis/table_name.h"
#include "base/error.h"
#include "base/text.h"
#include "catalog/trail_tables.h"
#include "service/bucket_url.h"
#include "service/column_definition.h"
#include "service/file_moves.h"
#include "service/hive_lookup.h"
#include "service/listing_run.h"
#include "service/local_path.h"
#include "service/log_guard.h"
#include "service/row_files.h"
#include "service/sent_files.h"
#include "service/table_definition.h"
#include "service/warehouse.h"
#include "store/file_listing.h"
#include "store/file_store.h"

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

void check_can_hold_tables(const Catalog& catalog, const std::string& database, Location place) {
  check_database_exists(catalog, database, place);
  const std::optional<Trail> session_trail = catalog.session_trail();
  refuse_information_schema(database, place);
  if (session_trail && session_trail->name == database) {
    throw semantic_error(ErrorCode::kNotSupported, place,
                         "Database {} is that of --logs, and gone after this run", database);
  }
}

// Each of the files goes into the folder of its partition, below that of the table.
std::function<std::string(const std::string&)> below_folder(const std::string& folder) {
  return [folder](const std::string& name) { return name.empty() ? folder : folder + "/" + name; };
}

void rename_file(const fs::path& from, const std::string& to) {
  std::error_code failure;
  fs::rename(from, to, failure);
  if (failure) throw_file_error("rename a written file to", to, failure.message());
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

std::string WriteRunner::folder_at(const std::string& location) const {
  std::string path = context_.resolver.resolve(location);
  if (!is_bucket_path(path)) return real_path(path);
  if (path.ends_with('/')) path.pop_back();
  return path;
}

std::string WriteRunner::empty_folder(const std::string& location,
                                      const std::string& statement) const {
  if (!is_absolute_location(location) && !find_bucket_url_problem(location)) {
    throw QueryError(ErrorCode::kInvalidTableProperty, context_.place,
                     "External location is not a valid file system URI: " + location,
                     "write an s3:// URL, a file:/// URL or an absolute path");
  }
  check_table_location(location, context_.place, context_.resolver);
  const std::string folder = folder_at(location);
  check_no_logs(context_.catalog, context_.resolver, folder, location);
  if (!is_bucket_path(folder)) {
    check_target_is_empty(folder, statement, location, context_.catalog);
  } else if (!context_.store_of({})->is_empty_folder(folder)) {
    throw_not_empty(statement, location);
  }
  return folder;
}

std::string WriteRunner::staging_parent(const std::string& folder,
                                        const std::string& beside) const {
  if (!is_bucket_path(folder)) return beside;
  context_.undo_dead_uploads();
  return upload_staging_folder(context_.home);
}

// What the catalog says is done: a file that cannot be moved now stays where it is, for later.
void WriteRunner::finish_written(const std::vector<std::string>& folders,
                                 StagedFiles& staged) const {
  for (const FailedMove& failed : finish_moves(context_.catalog)) {
    if (!failed.move.source.starts_with(staged.path())) continue;
    staged.keep();
    throw_file_error("rename a written file to", failed.move.target, failed.reason);
  }
  context_.catalog.add_folders(folders, FolderUse::kWritten);
}

// ---- CREATE TABLE … AS

WriteAnalysis WriteRunner::analyze(const CreateTableAs& node,
                                   const WriteProperties& properties) const {
  return analyze_create_table_as(node, properties, context_.place, context_.num_nodes,
                                 context_.catalog, context_.options);
}

std::unique_ptr<QueryRun> WriteRunner::create_table_as(const CreateTableAs& node) const {
  check_name(node.name.parts.back());
  const TableName name = resolve_table_name(node.name, context_.options.database);
  check_can_hold_tables(context_.catalog, name.database, node.name.location);
  const std::string exists_already = fmt::format("Table {} exists already", name.display());
  const auto existing = context_.catalog.find_table(name.database, name.name);
  if (existing && !is_trail_table(*existing)) {
    if (node.if_not_exists) return make_count_run(exists_already, 0);
    throw semantic_error(ErrorCode::kTableAlreadyExists, context_.place,
                         "Destination table '{}.{}' already exists", Catalog::kCatalogName,
                         name.display());
  }
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
    remove_dropped_folders(context_.catalog, context_.home);
    folder = new_managed_folder(context_.home, name);
    table.location = folder + "/";
    table.is_managed = true;
  }
  StagedFiles staged(staging_parent(folder, fs::path(folder).parent_path().string()),
                     context_.catalog);
  Written written;
  if (node.with_data) written = write(analysis, form, staged);
  // Somebody may have put files there while the query ran.
  if (!table.is_managed) empty_folder(table.location, fmt::format("table '{}'", name.display()));
  SentFiles sent(staged, context_.catalog, context_.store_of(table));
  const std::vector<FileMove> moves = is_bucket_path(folder)
                                          ? sent.send(below_folder(folder))
                                          : std::vector<FileMove>{{staged.path(), folder}};
  if (!context_.catalog.create_table(table, node.if_not_exists, written.partitions, moves))
    return make_count_run(exists_already, 0);
  finish_written({folder}, staged);
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

// Returns where the files of each partition that was written go: the partition's own folder, or one
// for a new partition, which must not hold files that the table does not read so far.
std::map<std::string, std::string> WriteRunner::target_folders(
    const CatalogTable& table, const std::string& folder,
    const std::vector<CatalogPartition>& written) const {
  std::map<std::string, CatalogPartition> known;
  for (CatalogPartition& partition : context_.catalog.partitions(table.database, table.name))
    known.emplace(partition.name, std::move(partition));
  std::map<std::string, std::string> targets;
  std::map<std::string, std::string> new_targets;
  for (const CatalogPartition& partition : written) {
    const auto found = known.find(partition.name);
    const bool is_elsewhere = found != known.end() && found->second.location;
    const std::string inside = folder + "/" + partition.name;
    const std::string target = is_elsewhere             ? folder_at(*found->second.location)
                               : is_bucket_path(folder) ? inside
                                                        : real_path(inside);
    targets[partition.name] = target;
    if (found == known.end()) new_targets[partition.name] = target;
  }
  check_new_partitions(table, new_targets);
  return targets;
}

void WriteRunner::check_new_partitions(const CatalogTable& table,
                                       const std::map<std::string, std::string>& targets) const {
  std::vector<std::string> folders;
  for (const auto& [name, target] : targets) folders.push_back(target);
  const std::vector<FileListing> found =
      context_.store_of(table)->list_files_of(folders, [](size_t) { return FolderFilter(); });
  for (size_t i = 0; const auto& [name, target] : targets) {
    const FileListing& listing = found[i++];
    throw_if_missed(listing.unlisted);
    if (listing.files.empty()) continue;
    throw QueryError(
        ErrorCode::kHivePathAlreadyExists, context_.place,
        fmt::format("Target directory for new partition '{}' of table '{}.{}' already exists: {}",
                    name, table.database, table.name, target),
        fmt::format("MSCK REPAIR TABLE {} makes the table read what lies there", table.name));
  }
}

// Makes the folder of a partition, where folders are made.
void WriteRunner::prepare_folder(const std::string& name, const std::string& target,
                                 const StagedFiles& staged) const {
  if (is_bucket_path(target)) return;
  make_folders(target);
  if (is_on_same_device(staged.path(), target)) return;
  throw QueryError(
      ErrorCode::kNotSupported, context_.place,
      fmt::format("Cannot insert into partition {}: {} is on another file system than the table",
                  name, target));
}

void WriteRunner::move_into_table(const CatalogTable& table, const std::string& folder,
                                  StagedFiles& staged,
                                  const std::vector<CatalogPartition>& partitions) const {
  std::map<std::string, std::string> targets = target_folders(table, folder, partitions);
  targets[""] = folder;
  std::vector<std::string> folders;
  for (const auto& [name, target] : targets) {
    // What lies inside the table's own folder was looked at with it.
    if (target != folder && !target.starts_with(folder + "/"))
      check_no_logs(context_.catalog, context_.resolver, target, target);
    if (is_bucket_path(target) != is_bucket_path(folder)) {
      throw QueryError(ErrorCode::kNotSupported, context_.place,
                       fmt::format("Cannot insert into partition {}: of it and the table one is in "
                                   "a bucket, the other on this machine",
                                   name));
    }
    prepare_folder(name, target, staged);
    folders.push_back(target);
  }
  const auto target_of = [&](const std::string& name) { return targets.at(name); };
  SentFiles sent(staged, context_.catalog, context_.store_of(table));
  context_.catalog.insert_files(
      table, partitions, is_bucket_path(folder) ? sent.send(target_of) : staged.moves(target_of));
  finish_written(folders, staged);
}

std::unique_ptr<QueryRun> WriteRunner::insert(const Insert& node) const {
  const std::shared_ptr<const CatalogTable> table = target_of(node);
  if (is_trail_table(*table)) form_of(*table);  // which refuses, before columns are compared
  const WriteAnalysis analysis = analyze_insert(node, *table, context_.place, context_.num_nodes,
                                                context_.catalog, context_.options);
  const FileForm form = form_of(*table);
  const std::string folder = folder_at(table->location);
  check_no_logs(context_.catalog, context_.resolver, folder, table->location);
  StagedFiles staged(staging_parent(folder, folder), context_.catalog);
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
  StagedFiles staged(staging_parent(folder, fs::path(folder).parent_path().string()),
                     context_.catalog);
  const Written written = write(analysis, form_of(properties), staged);
  if (is_bucket_path(folder)) {
    empty_folder(node.location, "UNLOAD");  // somebody may have put files there meanwhile
    SentFiles sent(staged, context_.catalog, context_.store_of({}));
    sent.send(below_folder(folder));
    sent.keep();
  } else {
    staged.become(folder);
  }
  context_.catalog.add_folders({folder}, FolderUse::kWritten);
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
