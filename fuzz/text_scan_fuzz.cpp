// Fuzz target: the first byte chooses a format of text, the first line is its property, and the
// rest are lines of a table. Values that borrow from the line must be those that are copied, a
// field always makes one value, and nothing fails but as queries fail.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "same_value.h"
#include "scan/line_fields.h"
#include "scan/scan_file.h"
#include "scan/text_values.h"
#include "scan/utf8_check.h"

namespace {

using namespace trailsql;

// Every kind of conversion, among them what nests.
const std::vector<const char*> kTypes = {"string",
                                         "bigint",
                                         "tinyint",
                                         "double",
                                         "float",
                                         "boolean",
                                         "decimal(10,2)",
                                         "date",
                                         "timestamp",
                                         "binary",
                                         "varchar(3)",
                                         "char(3)",
                                         "int",
                                         "array<bigint>",
                                         "map<string,array<int>>",
                                         "struct<a:string,b:array<struct<c:date,d:string>>>"};

// Of CSV, where a bad number ends the query, only text, so that all lines are read.
ScanSpec make_spec(ScanFormat::Kind kind, const std::string& property) {
  ScanSpec spec;
  spec.table_name = "default.t";
  spec.format.kind = kind;
  auto& properties = spec.format.properties;
  switch (kind) {
    case ScanFormat::Kind::kRegex: properties["input.regex"] = property; break;
    case ScanFormat::Kind::kGrok: properties["input.format"] = property; break;
    case ScanFormat::Kind::kCsv:
      if (!property.empty()) properties["separatorchar"] = property.substr(0, 1);
      if (property.size() > 1) properties["quotechar"] = property.substr(1, 1);
      if (property.size() > 2) properties["escapechar"] = property.substr(2, 1);
      break;
    default:
      if (!property.empty()) properties["field.delim"] = property.substr(0, 1);
      if (property.size() > 1) properties["escape.delim"] = property.substr(1, 1);
      if (property.size() > 2) properties["serialization.null.format"] = property.substr(2);
      properties["serialization.last.column.takes.rest"] = property.size() % 2 == 0 ? "true" : "";
  }
  for (const char* text : kTypes) {
    const std::string name = "c" + std::to_string(spec.table_columns.size());
    const Type type = kind == ScanFormat::Kind::kCsv ? Type::varchar() : parse_type(text);
    // The other formats refuse these.
    const bool delimited_alone = type.is_nested() || type.is(TypeKind::kVarbinary);
    if (delimited_alone && kind != ScanFormat::Kind::kDelimited) continue;
    spec.table_columns.push_back({name, type});
  }
  for (uint32_t i = 0; i < spec.table_columns.size(); ++i)
    spec.columns.push_back({ScanColumn::Source::kTable, i, {}, spec.table_columns[i].type});
  return spec;
}

void read_lines(const ScanSpec& spec, std::string_view text) {
  const std::unique_ptr<LineFields> cutter = new_line_fields(spec);
  TextValues values(spec);
  LineFields::Fields fields(spec.table_columns.size());
  while (!text.empty()) {
    const size_t end = find_line_end(text, 0);
    cutter->read(text.substr(0, end), fields);
    text.remove_prefix(skip_line_end(text, end));
    for (size_t i = 0; i < fields.size(); ++i) {
      if (!fields[i]) continue;
      Column borrowed(spec.columns[i].type);
      Column copied(spec.columns[i].type);
      values.append(*fields[i], spec.columns[i], true, borrowed);
      values.append(*fields[i], spec.columns[i], false, copied);
      if (borrowed.size() != 1 || copied.size() != 1) std::abort();
      if (!same_value(borrowed, 0, copied, 0)) std::abort();
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr ScanFormat::Kind kKinds[] = {ScanFormat::Kind::kDelimited, ScanFormat::Kind::kCsv,
                                         ScanFormat::Kind::kRegex, ScanFormat::Kind::kGrok};
  std::string_view bytes(reinterpret_cast<const char*>(data), size);
  // The scan repairs lines that are no UTF-8 before it cuts them.
  if (bytes.empty() || !is_clean_utf8(bytes)) return 0;
  const ScanFormat::Kind kind = kKinds[static_cast<uint8_t>(bytes.front()) % std::size(kKinds)];
  bytes.remove_prefix(1);
  const size_t end = find_line_end(bytes, 0);
  const std::string property(bytes.substr(0, end));
  bytes.remove_prefix(skip_line_end(bytes, end));
  try {
    read_lines(make_spec(kind, property), bytes);
  } catch (const QueryError& error) {
    if (error.code() == ErrorCode::kGenericInternalError) std::abort();
  }
  return 0;
}
