// Casts to and from JSON.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "base/text.h"
#include "functions/caster.h"
#include "functions/json_reader.h"
#include "functions/parse_value.h"
#include "types/value_text.h"

namespace trailsql {
namespace {

bool is_key(const Type& type) {
  return type.is_numeric() || type.is(TypeKind::kBoolean) || type.is(TypeKind::kVarchar);
}

bool casts_to_json(const Type& type) {
  switch (type.kind()) {
    case TypeKind::kUnknown:
    case TypeKind::kBoolean:
    case TypeKind::kVarchar:
    case TypeKind::kJson:
    case TypeKind::kDate:
    case TypeKind::kTimestamp: return true;
    case TypeKind::kArray: return casts_to_json(type.element());
    case TypeKind::kMap: return is_key(type.key()) && casts_to_json(type.value());
    case TypeKind::kRow:
      return std::all_of(type.fields().begin(), type.fields().end(),
                         [](const RowField& field) { return casts_to_json(field.type); });
    default: return type.is_numeric();
  }
}

void append_json(std::string& out, const Column& column, size_t row);

void append_map(std::string& out, const Column& column, size_t row) {
  std::map<std::string, std::string> entries;
  for (size_t i = column.offset(row); i < column.offset(row + 1); ++i) {
    std::string key;
    std::string value;
    append_text(key, column.children()[0], i);
    append_json(value, column.children()[1], i);
    entries.insert_or_assign(std::move(key), std::move(value));
  }
  out += '{';
  for (const auto& [key, value] : entries) {
    if (!out.ends_with('{')) out += ',';
    append_json_text(out, key);
    out += ':' + value;
  }
  out += '}';
}

void append_row(std::string& out, const Column& column, size_t row) {
  out += '{';
  for (size_t i = 0; i < column.children().size(); ++i) {
    if (i > 0) out += ',';
    append_json_text(out, column.type().fields()[i].name.value_or(""));
    out += ':';
    append_json(out, column.children()[i], row);
  }
  out += '}';
}

void append_json(std::string& out, const Column& column, size_t row) {
  if (column.is_null(row)) {
    out += "null";
    return;
  }
  switch (column.type().kind()) {
    case TypeKind::kArray:
      out += '[';
      for (size_t i = column.offset(row); i < column.offset(row + 1); ++i) {
        if (i > column.offset(row)) out += ',';
        append_json(out, column.children()[0], i);
      }
      out += ']';
      return;
    case TypeKind::kMap: return append_map(out, column, row);
    case TypeKind::kRow: return append_row(out, column, row);
    case TypeKind::kVarchar: return append_json_text(out, column.string_at(row));
    default: break;
  }
  std::string text;
  append_text(text, column, row);
  const bool is_time = column.type().is(TypeKind::kDate) || column.type().is(TypeKind::kTimestamp);
  const bool not_finite = column.type().is_floating() && !std::isfinite(column.double_at(row));
  if (is_time || not_finite) {
    append_json_text(out, text);
  } else {
    out += text;
  }
}

Caster make_to_json(const Type& from) {
  if (!casts_to_json(from)) return {};
  return [](const Column& column, size_t row, Column& result, CastProblem&) {
    std::string text;
    append_json(text, column, row);
    result.append_string(text);
    return true;
  };
}

bool casts_from_json(const Type& type) {
  switch (type.kind()) {
    case TypeKind::kBoolean:
    case TypeKind::kVarchar:
    case TypeKind::kJson: return true;
    case TypeKind::kArray: return casts_from_json(type.element());
    case TypeKind::kMap: return is_key(type.key()) && casts_from_json(type.value());
    case TypeKind::kRow:
      return std::all_of(type.fields().begin(), type.fields().end(),
                         [](const RowField& field) { return casts_from_json(field.type); });
    default: return type.is_numeric();
  }
}

// Reads one JSON value into a column.
class JsonToColumn {
 public:
  JsonToColumn(JsonReader& reader, CastProblem& problem) : reader_(reader), problem_(problem) {}

  bool read(Column& result) {
    if (result.type().is(TypeKind::kJson)) {
      std::string text;
      if (!append_canonical_json(text, reader_)) return fail_cast(problem_, "");
      result.append_string(text);
      return true;
    }
    switch (result.type().kind()) {
      case TypeKind::kArray: return read_array(result);
      case TypeKind::kMap: return read_map(result);
      case TypeKind::kRow: return read_row(result);
      default: return read_scalar(result);
    }
  }

 private:
  bool accept_null() {
    if (reader_.peek() != 'n') return false;
    reader_.read_word();
    return true;
  }

  // What stands where something else was expected: the first symbol, or the scalar.
  std::string found() {
    const char first = reader_.peek();
    if (first == '{' || first == '[') return std::string(1, first);
    const std::optional<std::string_view> value = reader_.skip_value();
    if (!value) return "end";
    std::string_view text = *value;
    if (first == '"') text = text.substr(1, text.size() - 2);
    return std::string(text);
  }

  bool read_array(Column& result) {
    if (accept_null()) return append_null(result);
    if (!reader_.accept('['))
      return fail_cast(problem_, fmt::format("Expected a json array, but got {}", found()));
    if (!reader_.accept(']')) {
      do {
        if (!read(result.children()[0])) return false;
      } while (reader_.accept(','));
      reader_.accept(']');
    }
    result.append_list();
    return true;
  }

  bool read_map(Column& result) {
    if (accept_null()) return append_null(result);
    if (!reader_.accept('{'))
      return fail_cast(problem_, fmt::format("Expected a json object, but got {}", found()));
    Column keys(result.type().key());
    Column values(result.type().value());
    if (!reader_.accept('}')) {
      do {
        const std::optional<std::string> key = reader_.read_key();
        if (!key) return fail_cast(problem_, "");
        if (!append_text_as(*key, keys) || !read(values)) return false;
      } while (reader_.accept(','));
      reader_.accept('}');
    }
    if (append_cast_map(keys, values, result, problem_)) return true;
    return fail_cast(problem_, "Duplicate map keys are not allowed");
  }

  bool read_row(Column& result) {
    if (accept_null()) return append_null(result);
    std::vector<Column>& children = result.children();
    if (reader_.accept('[')) {
      for (size_t i = 0; i < children.size(); ++i) {
        if (i > 0 && !reader_.accept(','))
          return fail_cast(problem_, "Expected more fields in the json array");
        if (!read(children[i])) return false;
      }
      if (!reader_.accept(']'))
        return fail_cast(problem_, "Expected json array ending, but got more");
      result.append_row();
      return true;
    }
    if (!reader_.accept('{'))
      return fail_cast(problem_,
                       fmt::format("Expected a json array or object, but got {}", found()));
    if (!result.type().fields()[0].name) {
      return fail_cast(
          problem_, "Cannot cast a JSON object to anonymous row type. Input must be a JSON array.");
    }
    return read_row_fields(result);
  }

  bool read_row_fields(Column& result) {
    const std::vector<RowField>& fields = result.type().fields();
    std::vector<std::string_view> texts(fields.size());
    if (!reader_.accept('}')) {
      do {
        const std::optional<std::string> key = reader_.read_key();
        if (!key) return fail_cast(problem_, "");
        const std::optional<std::string_view> value = reader_.skip_value();
        if (!value) return fail_cast(problem_, "");
        for (size_t i = 0; i < fields.size(); ++i) {
          if (fields[i].name && equals_ignoring_case(*fields[i].name, *key)) texts[i] = *value;
        }
      } while (reader_.accept(','));
      reader_.accept('}');
    }
    for (size_t i = 0; i < fields.size(); ++i) {
      if (texts[i].empty()) {
        result.children()[i].append_null();
        continue;
      }
      JsonReader reader(texts[i]);
      JsonToColumn inner(reader, problem_);
      if (!inner.read(result.children()[i])) return false;
    }
    result.append_row();
    return true;
  }

  static bool append_null(Column& result) {
    result.append_null();
    return true;
  }

  bool read_scalar(Column& result) {
    const char first = reader_.peek();
    if (first == '{' || first == '[') {
      return fail_cast(problem_, fmt::format("Unexpected token when cast to {}: {}",
                                             result.type().display(), first));
    }
    if (accept_null()) return append_null(result);
    if (first == '"') {
      const std::optional<std::string> text = reader_.read_text();
      if (!text) return fail_cast(problem_, "");
      return append_text_as(*text, result);
    }
    const std::optional<std::string_view> word = reader_.read_word();
    if (!word) return fail_cast(problem_, "");
    return append_word_as(*word, result);
  }

  // Converts by way of the cast from the type that the word has.
  bool append_word_as(std::string_view word, Column& result) {
    Type type = TypeKind::kBigint;
    if (word == "true" || word == "false") {
      type = TypeKind::kBoolean;
    } else if (word.find_first_of(".eE") != std::string_view::npos &&
               !result.type().is(TypeKind::kDecimal)) {
      type = TypeKind::kDouble;
    } else if (!parse_bigint(word) || result.type().is(TypeKind::kVarchar)) {
      return append_text_as(word, result);
    }
    Column value(type);
    if (type.is(TypeKind::kBoolean)) {
      value.append_boolean(word == "true");
    } else if (type.is(TypeKind::kDouble)) {
      value.append_double(parse_double(word).value_or(0));
    } else {
      value.append_int64(*parse_bigint(word));
    }
    const Caster caster = make_caster(type, result.type());
    if (!caster || !caster(value, 0, result, problem_))
      return fail_cast(problem_,
                       fmt::format("Cannot cast '{}' to {}", word, result.type().display()));
    return true;
  }

  bool append_text_as(std::string_view text, Column& result) {
    Column value(Type::varchar());
    value.append_borrowed_string(text);
    const Caster caster = make_caster(value.type(), result.type());
    return caster && caster(value, 0, result, problem_);
  }

  JsonReader& reader_;
  CastProblem& problem_;
};

Caster make_from_json(const Type& to) {
  if (!casts_from_json(to)) return {};
  return [to](const Column& column, size_t row, Column& result, CastProblem& problem) {
    const std::string_view json = column.string_at(row);
    JsonReader reader(json);
    problem.text.clear();
    if (JsonToColumn(reader, problem).read(result) && reader.at_end()) return true;
    problem.code = ErrorCode::kInvalidCastArgument;
    if (to.is_nested()) {
      problem.text = fmt::format("Cannot cast to {}.{}{}\n{}", to.display(),
                                 problem.text.empty() ? "" : " ", problem.text, json);
    } else if (problem.text.starts_with("Unexpected token")) {
      problem.text = fmt::format("Cannot cast '{}' to {}", json, to.display());
    }
    return false;
  };
}

}  // namespace

Caster make_json_caster(const Type& from, const Type& to) {
  if (to.is(TypeKind::kJson)) return make_to_json(from);
  if (from.is(TypeKind::kJson)) return make_from_json(to);
  return {};
}

}  // namespace trailsql
