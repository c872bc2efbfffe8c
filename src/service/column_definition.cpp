#include "service/column_definition.h"

#include <fmt/core.h>

#include "analysis/type_resolver.h"
#include "base/hive_error.h"
#include "base/text.h"

namespace trailsql {
namespace {

constexpr uint64_t kMaxHiveCharLength = 255;
constexpr uint64_t kMaxHiveVarcharLength = 65'535;
constexpr int kDefaultDecimalPrecision = 10;

// The first number in a type's parentheses.
uint64_t first_number(const TypeName& type) { return type.parameters[0].number.value_or(0); }

void check_length(const TypeName& type, std::string_view name, uint64_t max_length) {
  const uint64_t length = first_number(type);
  if (length >= 1 && length <= max_length) return;
  throw hive_error(ErrorCode::kTypeMismatch, type.location,
                   fmt::format("RuntimeException {} length {} out of allowed range [1, {}]", name,
                               length, max_length));
}

Type decimal_type(const TypeName& type) {
  if (type.parameters.empty()) return Type::decimal(kDefaultDecimalPrecision, 0);
  const uint64_t precision = first_number(type);
  const uint64_t scale = type.parameters.size() > 1 ? type.parameters[1].number.value_or(0) : 0;
  if (precision < 1 || precision > uint64_t{Type::kMaxDecimalPrecision}) {
    throw hive_error(ErrorCode::kTypeMismatch, type.location,
                     fmt::format("IllegalArgumentException Decimal precision out of allowed range "
                                 "[1,{}]",
                                 Type::kMaxDecimalPrecision));
  }
  if (scale > precision) {
    throw hive_error(ErrorCode::kTypeMismatch, type.location,
                     "IllegalArgumentException Decimal scale must be less than or equal to "
                     "precision");
  }
  return Type::decimal(static_cast<int>(precision), static_cast<int>(scale));
}

/// Resolves the type of one column, and collects the comments of fields on the way.
class TypeBuilder {
 public:
  explicit TypeBuilder(CatalogProperties& comments) : comments_(comments) {}

  Type build(const TypeName& type, const std::string& path) {
    const auto part = [&](size_t i, const char* name) {
      return build(*type.parameters[i].type, inner_path(path, name));
    };
    if (type.name == "array") return Type::array(part(0, kElementPart));
    if (type.name == "map") {
      Type key = part(0, kKeyPart);
      return Type::map(std::move(key), part(1, kValuePart));
    }
    if (type.name == "struct") return struct_type(type, path);
    if (type.name == "decimal" || type.name == "dec" || type.name == "numeric")
      return decimal_type(type);
    if (type.name == "char") check_length(type, "Char", kMaxHiveCharLength);
    if (type.name == "varchar") check_length(type, "Varchar", kMaxHiveVarcharLength);
    return resolve_type(type);
  }

 private:
  // Fields are found without regard to case, so of two that differ in nothing else one could never
  // be read.
  Type struct_type(const TypeName& type, const std::string& path) {
    std::vector<RowField> fields;
    std::unordered_set<std::string> seen;
    for (const TypeName::Parameter& field : type.parameters) {
      std::string name = to_lower_ascii(field.field_name->value);
      if (!seen.insert(name).second) {
        throw semantic_error(ErrorCode::kDuplicateColumnName, field.field_name->location,
                             "Field '{}' specified more than once", name);
      }
      const std::string field_path = inner_path(path, name);
      if (field.comment) comments_.emplace_back(field_path, *field.comment);
      fields.push_back({std::move(name), build(*field.type, field_path)});
    }
    return Type::row(std::move(fields));
  }

  CatalogProperties& comments_;
};

}  // namespace

void check_name(const Identifier& name) {
  if (!name.value.empty() && num_code_points(name.value) <= kMaxNameLength) return;
  throw semantic_error(ErrorCode::kSyntaxError, name.location, "Names must have 1 to {} characters",
                       kMaxNameLength);
}

void check_distinct_column(const Identifier& name, std::unordered_set<std::string>& seen) {
  const std::string lower = to_lower_ascii(name.value);
  if (seen.insert(lower).second) return;
  throw hive_error(
      ErrorCode::kDuplicateColumnName, name.location,
      fmt::format("SemanticException [Error 10036]: Duplicate column name: {}", lower));
}

std::string inner_path(const std::string& path, const std::string& part) {
  return path.empty() ? part : path + "." + part;
}

CatalogColumn catalog_column(const ColumnDefinition& column) {
  check_name(column.name);
  CatalogColumn result;
  result.name = to_lower_ascii(column.name.value);
  result.comment = column.comment;
  result.type = TypeBuilder(result.field_comments).build(column.type, "");
  return result;
}

}  // namespace trailsql
