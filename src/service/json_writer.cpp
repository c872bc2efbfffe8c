#include "service/json_writer.h"

#include <fmt/core.h>

#include <unordered_set>

#include "base/text.h"
#include "types/value_text.h"

namespace trailsql {
namespace {

/// What all values of a type have in common, found once: the keys of its rows.
struct JsonShape {
  std::vector<std::string> keys;  // of a row's fields, as JSON with the colon
  std::vector<JsonShape> parts;   // of a row's fields; an array's elements; a map's keys and values
};

JsonShape shape_of(const Type& type) {
  JsonShape shape;
  std::vector<std::string> names;
  for (const RowField& field : type.fields()) {
    names.push_back(field.name ? *field.name : fmt::format("_field{}", names.size()));
    shape.parts.push_back(shape_of(field.type));
  }
  if (!type.is(TypeKind::kRow)) return shape;
  for (const std::string& name : distinct_names(std::move(names))) {
    shape.keys.push_back(json_string(name) + ":");
  }
  return shape;
}

void append_value(std::string& out, const JsonShape& shape, const Column& column, size_t row);

void append_row_object(std::string& out, const JsonShape& shape, const Column& column, size_t row) {
  out.push_back('{');
  for (size_t i = 0; i < shape.keys.size(); ++i) {
    if (i > 0) out.push_back(',');
    out += shape.keys[i];
    append_value(out, shape.parts[i], column.children()[i], row);
  }
  out.push_back('}');
}

void append_array(std::string& out, const JsonShape& shape, const Column& column, size_t row) {
  out.push_back('[');
  for (size_t i = column.offset(row); i < column.offset(row + 1); ++i) {
    if (i > column.offset(row)) out.push_back(',');
    append_value(out, shape.parts[0], column.children()[0], i);
  }
  out.push_back(']');
}

void append_map_object(std::string& out, const JsonShape& shape, const Column& column, size_t row) {
  out.push_back('{');
  for (size_t i = column.offset(row); i < column.offset(row + 1); ++i) {
    if (i > column.offset(row)) out.push_back(',');
    std::string key;
    append_text(key, column.children()[0], i);
    append_json_string(out, key);
    out.push_back(':');
    append_value(out, shape.parts[1], column.children()[1], i);
  }
  out.push_back('}');
}

void append_value(std::string& out, const JsonShape& shape, const Column& column, size_t row) {
  if (column.is_null(row)) {
    out += "null";
    return;
  }
  switch (column.type().kind()) {
    case TypeKind::kRow: return append_row_object(out, shape, column, row);
    case TypeKind::kArray: return append_array(out, shape, column, row);
    case TypeKind::kMap: return append_map_object(out, shape, column, row);
    case TypeKind::kJson: out += column.string_at(row); return;
    case TypeKind::kDecimal: return append_text(out, column, row);
    default: return append_protocol_json(out, column, row);
  }
}

JsonShape shape_of_rows(const std::vector<ResultColumn>& columns) {
  std::vector<RowField> fields;
  for (const ResultColumn& column : columns) fields.push_back({column.name, column.type});
  return shape_of(Type::row(std::move(fields)));
}

void append_row(const JsonShape& shape, const ColumnBatch& batch, size_t row, std::string& out) {
  out.push_back('{');
  for (size_t i = 0; i < batch.columns.size(); ++i) {
    if (i > 0) out.push_back(',');
    out += shape.keys[i];
    append_value(out, shape.parts[i], batch.columns[i], row);
  }
  out.push_back('}');
}

class JsonWriter : public ResultWriter {
 public:
  JsonWriter(OutputSink& sink, bool is_array) : sink_(sink), is_array_(is_array) {}

  void begin(std::vector<ResultColumn> columns) override {
    shape_ = shape_of_rows(columns);
    if (is_array_) sink_.write("[");
  }

  void write(const ColumnBatch& batch) override {
    std::string out;
    for (size_t row = 0; row < batch.num_rows; ++row) {
      if (is_array_) out += num_rows_ == 0 ? "\n  " : ",\n  ";
      ++num_rows_;
      append_row(shape_, batch, row, out);
      if (!is_array_) out.push_back('\n');
    }
    sink_.write(out);
  }

  RenderRows renderer(const std::vector<ResultColumn>& columns) const override {
    if (is_array_) return {};
    return [shape = shape_of_rows(columns)](const ColumnBatch& batch, std::string& out) {
      for (size_t row = 0; row < batch.num_rows; ++row) {
        append_row(shape, batch, row, out);
        out.push_back('\n');
      }
    };
  }

  void write_text(std::string_view text) override { sink_.write(text); }

  void end() override {
    if (is_array_) sink_.write(num_rows_ == 0 ? "]\n" : "\n]\n");
    sink_.flush();
  }

 private:
  OutputSink& sink_;
  bool is_array_;
  uint64_t num_rows_ = 0;
  JsonShape shape_;  // a line is a row of the columns
};

}  // namespace

std::vector<std::string> distinct_names(std::vector<std::string> names) {
  std::unordered_set<std::string> taken(names.begin(), names.end());
  std::unordered_set<std::string> seen;
  for (std::string& name : names) {
    if (seen.insert(name).second) continue;
    int number = 2;
    while (taken.contains(fmt::format("{}_{}", name, number))) ++number;
    name = fmt::format("{}_{}", name, number);
    taken.insert(name);
    seen.insert(name);
  }
  return names;
}

std::unique_ptr<ResultWriter> make_json_writer(OutputSink& sink) {
  return std::make_unique<JsonWriter>(sink, true);
}

std::unique_ptr<ResultWriter> make_json_lines_writer(OutputSink& sink) {
  return std::make_unique<JsonWriter>(sink, false);
}

}  // namespace trailsql
