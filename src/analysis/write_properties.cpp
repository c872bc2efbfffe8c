#include "analysis/write_properties.h"

#include <algorithm>
#include <charconv>
#include <span>
#include <unordered_set>

#include "base/error.h"
#include "base/text.h"
#include "catalog/catalog.h"
#include "syntax/parser.h"

namespace trailsql {
namespace {

constexpr std::string_view kTableNames[] = {
    "format",          "external_location", "partitioned_by",      "bucketed_by",
    "bucket_count",    "write_compression", "parquet_compression", "orc_compression",
    "field_delimiter", "table_type",        "is_external",         "compression_level"};
constexpr std::string_view kUnloadNames[] = {"format", "compression", "partitioned_by",
                                             "field_delimiter", "compression_level"};
constexpr std::string_view kWayOut = "write PARQUET, which Athena, Hive and Trino read";

/// Reads the value of one property.
class PropertyValue {
 public:
  explicit PropertyValue(const WriteProperty& property)
      : property_(property), name_(to_lower_ascii(property.name.value)) {}

  const std::string& name() const { return name_; }
  Location place() const { return property_.name.location; }

  std::string text() const {
    const auto* literal = literal_of<StringLiteral>();
    if (literal == nullptr) fail_to_convert("varchar");
    return literal->value;
  }

  void expect_number() const {
    if (literal_of<IntegerLiteral>() == nullptr) fail_to_convert("integer");
  }

  bool boolean() const {
    const auto* literal = literal_of<BooleanLiteral>();
    if (literal == nullptr) fail_to_convert("boolean");
    return literal->value;
  }

  std::vector<std::string> texts() const {
    const auto* array = literal_of<ArrayConstructor>();
    if (array == nullptr) fail_to_convert("array(varchar)");
    std::vector<std::string> values;
    for (const ExpressionPtr& element : array->elements) {
      const auto* literal = std::get_if<StringLiteral>(&element->node);
      if (literal == nullptr) fail_to_convert("array(varchar)");
      values.push_back(literal->value);
    }
    return values;
  }

  [[noreturn]] void fail(const std::string& why) const {
    throw semantic_error(ErrorCode::kInvalidTableProperty, place(),
                         "Unable to set catalog '{}' table property '{}' to [{}]: {}",
                         Catalog::kCatalogName, name_, print_expression(*property_.value), why);
  }
  [[noreturn]] void refuse(const std::string& what, const std::string& hint) const {
    throw QueryError(ErrorCode::kNotSupported, place(), what, hint);
  }

 private:
  // Trino takes any constant; only literals are of use here.
  template <typename Literal>
  const Literal* literal_of() const {
    const Expression& value = *property_.value;
    if (std::holds_alternative<NullLiteral>(value.node)) {
      throw semantic_error(ErrorCode::kInvalidTableProperty, place(),
                           "Invalid null value for catalog '{}' table property '{}' from [null]",
                           Catalog::kCatalogName, name_);
    }
    if (const auto* column = std::get_if<ColumnReference>(&value.node)) {
      throw QueryError(ErrorCode::kColumnNotFound, value.location,
                       fmt::format("Column '{}' cannot be resolved", column->name.value),
                       "write the value in single quotes");
    }
    return std::get_if<Literal>(&value.node);
  }

  [[noreturn]] void fail_to_convert(std::string_view type) const {
    throw semantic_error(
        ErrorCode::kInvalidTableProperty, place(),
        "Invalid value for catalog '{}' table property '{}': Cannot convert [{}] to {}",
        Catalog::kCatalogName, name_, print_expression(*property_.value), type);
  }

  const WriteProperty& property_;
  std::string name_;
};

/// Gathers the properties; what depends on others is checked at the end.
class PropertyReader {
 public:
  void read(const std::vector<WriteProperty>& properties,
            std::span<const std::string_view> known_names) {
    std::unordered_set<std::string> seen;
    for (const WriteProperty& property : properties) {
      const PropertyValue value(property);
      if (!seen.insert(value.name()).second) {
        throw semantic_error(ErrorCode::kDuplicateProperty, value.place(), "Duplicate property: {}",
                             value.name());
      }
      if (std::find(known_names.begin(), known_names.end(), value.name()) == known_names.end()) {
        const std::vector<std::string> names(known_names.begin(), known_names.end());
        throw QueryError(ErrorCode::kInvalidTableProperty, value.place(),
                         fmt::format("Catalog '{}' table property '{}' does not exist",
                                     Catalog::kCatalogName, value.name()),
                         did_you_mean(value.name(), names));
      }
      if (property.value) read_value(value);
    }
    for (const WriteProperty& property : properties) {
      if (property.value) read_dependent(PropertyValue(property));
    }
  }

  WriteProperties result;

 private:
  void read_value(const PropertyValue& value) {
    const std::string& name = value.name();
    if (name == "format") {
      read_format(value);
    } else if (name == "external_location") {
      result.external_location = value.text();
    } else if (name == "partitioned_by") {
      for (const std::string& column : value.texts())
        result.partitioned_by.push_back(to_lower_ascii(column));
    } else if (name == "bucketed_by" || name == "bucket_count") {
      if (name == "bucket_count") value.expect_number();
      value.refuse("Buckets are not supported: bucketed_by and bucket_count",
                   "leave them out, or use partitioned_by");
    } else if (name == "compression_level") {
      value.expect_number();  // files of every level are read alike; the writers have their own
    } else if (name == "table_type") {
      if (!equals_ignoring_case(value.text(), "HIVE")) {
        value.refuse("Only tables of the type HIVE are supported: " + value.text(),
                     "leave table_type out");
      }
    } else if (name == "is_external" && !value.boolean()) {
      value.refuse("Only tables of the type HIVE are supported, which are external",
                   "leave is_external out");
    }
  }

  void read_format(const PropertyValue& value) {
    const std::string name = to_upper_ascii(value.text());
    if (name == "PARQUET") {
      result.format = FileFormat::kParquet;
    } else if (name == "JSON") {
      result.format = FileFormat::kJson;
    } else if (name == "TEXTFILE" || name == "CSV") {
      result.format = FileFormat::kText;
      if (name == "CSV") result.field_delimiter = ',';
    } else if (name == "ORC" || name == "AVRO") {
      value.refuse(fmt::format("Files of the format {} cannot be written", name),
                   std::string(kWayOut));
    } else {
      value.fail(fmt::format("Invalid value [{}]. Valid values: [PARQUET, JSON, TEXTFILE, CSV]",
                             value.text()));
    }
  }

  void read_dependent(const PropertyValue& value) {
    const std::string& name = value.name();
    if (name == "orc_compression") {
      refuse_other_format(value);
    } else if (name == "write_compression" || name == "compression" ||
               name == "parquet_compression") {
      if (name == "parquet_compression" && result.format != FileFormat::kParquet)
        refuse_other_format(value);
      read_compression(value);
    } else if (name == "field_delimiter") {
      if (result.format != FileFormat::kText) refuse_other_format(value);
      const std::string text = value.text();
      if (text.size() != 1) value.fail("one character of ASCII was expected");
      result.field_delimiter = text[0];
    }
  }

  [[noreturn]] void refuse_other_format(const PropertyValue& value) const {
    throw semantic_error(ErrorCode::kInvalidTableProperty, value.place(),
                         "Cannot specify {} table property for storage format: {}", value.name(),
                         name_of(result.format));
  }

  void read_compression(const PropertyValue& value) {
    const std::string text = value.text();
    const auto found = find_compression(text, result.format);
    if (!found) {
      value.refuse(fmt::format("{} files cannot be written with the compression {}",
                               name_of(result.format), to_upper_ascii(text)),
                   fmt::format("supported: {}NONE, GZIP, ZSTD",
                               result.format == FileFormat::kParquet ? "SNAPPY, " : ""));
    }
    result.compression = *found;
  }
};

}  // namespace

std::string_view name_of(FileFormat format) {
  switch (format) {
    case FileFormat::kParquet: return "PARQUET";
    case FileFormat::kJson: return "JSON";
    case FileFormat::kText: return "TEXTFILE";
  }
  return {};
}

std::string_view name_of(FileCompression compression) {
  switch (compression) {
    case FileCompression::kNone: return "NONE";
    case FileCompression::kGzip: return "GZIP";
    case FileCompression::kSnappy: return "SNAPPY";
    case FileCompression::kZstd: return "ZSTD";
  }
  return {};
}

std::optional<FileCompression> find_compression(std::string_view name, FileFormat format) {
  if (equals_ignoring_case(name, "UNCOMPRESSED")) return FileCompression::kNone;
  for (const FileCompression compression : {FileCompression::kNone, FileCompression::kGzip,
                                            FileCompression::kSnappy, FileCompression::kZstd}) {
    if (!equals_ignoring_case(name, name_of(compression))) continue;
    if (compression == FileCompression::kSnappy && format != FileFormat::kParquet) break;
    return compression;
  }
  return std::nullopt;
}

WriteProperties read_table_properties(const std::vector<WriteProperty>& properties) {
  PropertyReader reader;
  reader.read(properties, kTableNames);
  return std::move(reader.result);
}

WriteProperties read_unload_properties(const std::vector<WriteProperty>& properties) {
  PropertyReader reader;
  reader.read(properties, kUnloadNames);
  return std::move(reader.result);
}

}  // namespace trailsql
