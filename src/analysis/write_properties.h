// What WITH (…) of CREATE TABLE … AS and of UNLOAD says of the files to write.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "syntax/statement.h"

namespace trailsql {

/// What files are written as.
enum class FileFormat : uint8_t {
  kParquet,
  kJson,  // one object a line
  kText,  // LazySimpleSerDe's: a delimiter between values, \N for NULL
};
enum class FileCompression : uint8_t { kNone, kGzip, kSnappy, kZstd };

/// Returns the name as statements spell it: PARQUET; GZIP.
std::string_view name_of(FileFormat format);
std::string_view name_of(FileCompression compression);

/// Finds a compression that `format` can be written with, by its name in any case; empty for
/// others.
std::optional<FileCompression> find_compression(std::string_view name, FileFormat format);

/// The properties, checked, with their defaults.
struct WriteProperties {
  FileFormat format = FileFormat::kParquet;
  FileCompression compression = FileCompression::kGzip;
  char field_delimiter = '\x01';
  std::optional<std::string> external_location;
  std::vector<std::string> partitioned_by;  // lower case
};

/// Reads the properties of CREATE TABLE … AS. Throws INVALID_TABLE_PROPERTY, DUPLICATE_PROPERTY,
/// COLUMN_NOT_FOUND with Trino's texts, and NOT_SUPPORTED for what Athena has and this program has
/// not: ORC, AVRO, buckets, Iceberg.
WriteProperties read_table_properties(const std::vector<WriteProperty>& properties);

/// The same for UNLOAD, which knows fewer of them.
WriteProperties read_unload_properties(const std::vector<WriteProperty>& properties);

}  // namespace trailsql
