// JSON_EXISTS, JSON_VALUE, JSON_QUERY, JSON_OBJECT and JSON_ARRAY. Their grammar is their own, so
// analysis binds them: names begin with '$', and the first argument is what the call says
// (sql_json.h).
#include <fmt/core.h>

#include <algorithm>
#include <unordered_set>
#include <vector>

#include "base/text.h"
#include "functions/argument_error.h"
#include "functions/caster.h"
#include "functions/families.h"
#include "functions/json_item.h"
#include "functions/json_path_evaluator.h"
#include "functions/json_reader.h"
#include "functions/sql_json.h"
#include "functions/typed_kernel.h"
#include "functions/utf8.h"
#include "functions/value_hash.h"

namespace trailsql {
namespace {

// A call's first argument, read, and its path, parsed.
struct PreparedCall {
  SqlJsonSpec spec;
  std::shared_ptr<const JsonPath> path;
};
PreparedCall prepare(std::string_view text) {
  PreparedCall call;
  call.spec = SqlJsonSpec::read(text);
  PathProblem problem;
  if (!call.spec.path.empty())
    call.path = parse_json_path(call.spec.path, call.spec.names, problem);
  return call;
}

std::u32string decode_units(std::string_view bytes, size_t unit_size) {
  std::u32string units;
  for (size_t i = 0; i + unit_size <= bytes.size(); i += unit_size) {
    char32_t unit = 0;
    for (size_t j = unit_size; j > 0; --j)
      unit = unit << 8U | static_cast<unsigned char>(bytes[i + j - 1]);
    units += unit;
  }
  return units;
}

// Turns encoded bytes (low byte first) into UTF-8.
std::string decode(std::string_view bytes, JsonForm form) {
  if (form != JsonForm::kUtf16 && form != JsonForm::kUtf32) return std::string(bytes);
  const bool wide = form == JsonForm::kUtf32;
  const std::u32string units = decode_units(bytes, wide ? 4 : 2);
  std::string out;
  for (size_t i = 0; i < units.size(); ++i) {
    char32_t c = units[i];
    if (!wide && c >= 0xD800 && c < 0xDC00 && i + 1 < units.size())
      c = 0x10000 + ((c - 0xD800) << 10U) + (units[++i] - 0xDC00);
    append_utf8(out, c);
  }
  return out;
}

std::string encode(std::string_view text, JsonForm form) {
  if (form != JsonForm::kUtf16 && form != JsonForm::kUtf32) return std::string(text);
  std::string out;
  const auto append_unit = [&](char32_t unit, int size) {
    for (int i = 0; i < size; ++i, unit >>= 8U) out += static_cast<char>(unit & 0xFFU);
  };
  for (const char32_t c : code_points(text)) {
    if (form == JsonForm::kUtf32) {
      append_unit(c, 4);
    } else if (c < 0x10000) {
      append_unit(c, 2);
    } else {
      append_unit(0xD800 + ((c - 0x10000) >> 10U), 2);
      append_unit(0xDC00 + ((c - 0x10000) & 0x3FFU), 2);
    }
  }
  return out;
}

// Reads a value as an item; empty when it is JSON text that is malformed. SQL's NULL is null.
std::optional<JsonItem> read_value(const Column& column, size_t row, JsonForm form) {
  if (column.is_null(row)) return JsonItem();
  if (form != JsonForm::kPlain) return read_json_item(decode(column.string_at(row), form));
  Column value(column.type());
  value.append_from(column, row);
  return JsonItem::of_scalar(std::move(value));
}

constexpr std::string_view kInputProblem = "conversion to JSON failed: ";

// What a path made of a row: items, or an error.
struct Outcome {
  JsonItems items;
  ErrorCode code = ErrorCode::kPathEvaluationError;
  std::optional<std::string> problem;
};

Outcome run_path(const PreparedCall& prepared, const KernelCall& call, size_t row,
                 size_t first_parameter) {
  const std::optional<JsonItem> context = read_value(*call.arguments[1], row, prepared.spec.input);
  if (!context) return {{}, ErrorCode::kJsonInputConversionError, std::string(kInputProblem)};
  JsonItems parameters;
  for (size_t i = 0; i < prepared.spec.forms.size(); ++i) {
    std::optional<JsonItem> value =
        read_value(*call.arguments[first_parameter + i], row, prepared.spec.forms[i]);
    if (!value) return {{}, ErrorCode::kJsonInputConversionError, std::string(kInputProblem)};
    parameters.push_back(std::move(*value));
  }
  PathResult result = evaluate_path(*prepared.path, *context, parameters);
  if (!result.problem) return {std::move(result.items), {}, std::nullopt};
  return {{}, ErrorCode::kPathEvaluationError, "path evaluation failed: " + *result.problem};
}

// Calls `function(prepared, row)` for every row whose input is not NULL.
template <typename Function>
void for_each_input(const KernelCall& call, Function&& function) {
  for (size_t row = 0; row < call.num_rows; ++row) {
    if (call.arguments[1]->is_null(row)) {
      call.result.append_null();
    } else {
      function(parse_kept<prepare>(call.arguments[0]->string_at(row)), row);
    }
  }
}

void json_exists(const BoundFunction&, const KernelCall& call) {
  for_each_input(call, [&](const PreparedCall& prepared, size_t row) {
    const Outcome outcome = run_path(prepared, call, row, 2);
    if (!outcome.problem) return call.result.append_boolean(!outcome.items.empty());
    switch (prepared.spec.on_error) {
      case JsonAnswer::kError: throw QueryError(outcome.code, *outcome.problem);
      case JsonAnswer::kNull: return call.result.append_null();
      default: return call.result.append_boolean(prepared.spec.on_error == JsonAnswer::kTrue);
    }
  });
}

constexpr size_t kFirstValueParameter = 4;  // behind both defaults

void append_answer(const KernelCall& call, JsonAnswer answer, size_t default_place, size_t row,
                   ErrorCode code, const std::string& problem) {
  if (answer == JsonAnswer::kError) throw QueryError(code, problem);
  if (answer == JsonAnswer::kDefault)
    return call.result.append_from(*call.arguments[default_place], row);
  call.result.append_null();
}

// Appends the only item as a value of SQL; says why when it cannot.
std::optional<std::string> append_sql_value(Column& result, const JsonItems& items) {
  if (items.size() > 1) return "JSON path found multiple items";
  const JsonItem& item = items[0];
  if (item.kind == JsonItem::Kind::kNull) {
    result.append_null();
    return std::nullopt;
  }
  if (!item.is_scalar()) return "JSON path found an item that cannot be converted to an SQL value";
  const Caster caster = make_caster(item.type(), result.type());
  CastProblem problem;
  if (caster && append_cast(caster, *item.scalar, 0, result, problem)) return std::nullopt;
  return fmt::format(
      "Cannot cast value of type {} to declared return type of function JSON_VALUE: {}",
      item.type().display(), result.type().display());
}

constexpr std::string_view kValueProblem = "cannot extract SQL scalar from JSON: ";

void json_value(const BoundFunction&, const KernelCall& call) {
  for_each_input(call, [&](const PreparedCall& prepared, size_t row) {
    const SqlJsonSpec& spec = prepared.spec;
    const Outcome outcome = run_path(prepared, call, row, kFirstValueParameter);
    if (outcome.problem)
      return append_answer(call, spec.on_error, 3, row, outcome.code, *outcome.problem);
    constexpr ErrorCode kCode = ErrorCode::kJsonValueResultError;
    if (outcome.items.empty()) {
      return append_answer(call, spec.on_empty, 2, row, kCode,
                           std::string(kValueProblem) + "JSON path found no items");
    }
    const std::optional<std::string> problem = append_sql_value(call.result, outcome.items);
    if (problem)
      append_answer(call, spec.on_error, 3, row, kCode, std::string(kValueProblem) + *problem);
  });
}

void append_output(Column& result, std::string_view json, JsonForm form) {
  if (result.type().is(TypeKind::kVarbinary)) return result.append_string(encode(json, form));
  const std::string_view kept = json.substr(0, character_offset(json, result.type().length()));
  const bool padded = result.type().is(TypeKind::kChar);
  result.append_string(padded ? kept.substr(0, kept.find_last_not_of(' ') + 1) : kept);
}

// The JSON text of what a path found; says why when there is none.
std::optional<std::string> write_items(std::string& out, const SqlJsonSpec& spec,
                                       const JsonItems& items) {
  const bool is_nested =
      items.size() == 1 && items[0].kind != JsonItem::Kind::kNull && !items[0].is_scalar();
  const bool wraps = spec.wrapper == JsonWrapper::kUnconditional ||
                     (spec.wrapper == JsonWrapper::kConditional && !is_nested);
  if (!wraps && items.size() > 1) return "JSON path found multiple items";
  if (!wraps && spec.omit_quotes && items[0].is_text()) {
    out = item_text(items[0]);
    return std::nullopt;
  }
  for (const JsonItem& item : items) {
    std::string text;
    if (!append_json_item(text, item, false)) {
      return fmt::format(
          "JSON path returned a scalar SQL value of type {} that cannot be represented as JSON",
          item.is_scalar() ? item.type().display() : "json");
    }
    out += (out.empty() ? "" : ",") + text;
  }
  if (wraps) out = "[" + out + "]";
  return std::nullopt;
}

void append_query_answer(const KernelCall& call, const SqlJsonSpec& spec, JsonAnswer answer,
                         ErrorCode code, const std::string& problem) {
  switch (answer) {
    case JsonAnswer::kError: throw QueryError(code, problem);
    case JsonAnswer::kEmptyArray: return append_output(call.result, "[]", spec.output);
    case JsonAnswer::kEmptyObject: return append_output(call.result, "{}", spec.output);
    default: return call.result.append_null();
  }
}

constexpr std::string_view kQueryProblem = "conversion from JSON failed: ";

void json_query(const BoundFunction&, const KernelCall& call) {
  constexpr ErrorCode kCode = ErrorCode::kJsonOutputConversionError;
  for_each_input(call, [&](const PreparedCall& prepared, size_t row) {
    const SqlJsonSpec& spec = prepared.spec;
    const Outcome outcome = run_path(prepared, call, row, 2);
    if (outcome.problem)
      return append_query_answer(call, spec, spec.on_error, outcome.code, *outcome.problem);
    if (outcome.items.empty()) {
      return append_query_answer(call, spec, spec.on_empty, kCode,
                                 std::string(kQueryProblem) + "JSON path found no items");
    }
    std::string text;
    const std::optional<std::string> problem = write_items(text, spec, outcome.items);
    if (problem) {
      return append_query_answer(call, spec, spec.on_error, kCode,
                                 std::string(kQueryProblem) + *problem);
    }
    append_output(call.result, text, spec.output);
  });
}

// Appends a member's or element's value.
void append_value(std::string& out, const Column& column, size_t row, JsonForm form) {
  const std::optional<JsonItem> item = read_value(column, row, form);
  if (!item) throw QueryError(ErrorCode::kJsonInputConversionError, std::string(kInputProblem));
  append_json_item(out, *item, false);
}

struct JsonMember {
  std::string_view key;
  std::string text;  // of the value
};

// Trino writes the members of JSON_OBJECT in the order of a Java HashMap: by bucket, in a bucket as
// they came.
void sort_as_hash_map(std::vector<JsonMember>& members) {
  size_t num_buckets = 16;
  while (members.size() * 4 > num_buckets * 3) num_buckets *= 2;
  std::ranges::stable_sort(members, {}, [&](const JsonMember& member) {
    const uint32_t hash = java_hash(member.key);
    return (hash ^ (hash >> 16U)) & (num_buckets - 1);
  });
}

void json_object(const BoundFunction&, const KernelCall& call) {
  for (size_t row = 0; row < call.num_rows; ++row) {
    const SqlJsonSpec& spec = parse_kept<prepare>(call.arguments[0]->string_at(row)).spec;
    std::vector<JsonMember> members;
    std::unordered_set<std::string_view> keys;
    for (size_t i = 0; i < spec.forms.size(); ++i) {
      const Column& key = *call.arguments[1 + 2 * i];
      const Column& value = *call.arguments[2 + 2 * i];
      if (key.is_null(row))
        fail_argument("null value passed for JSON object key to JSON_OBJECT function");
      if (spec.absent_on_null && value.is_null(row)) continue;
      std::string text;
      append_value(text, value, row, spec.forms[i]);
      if (keys.insert(key.string_at(row)).second) {
        members.push_back({key.string_at(row), std::move(text)});
        continue;
      }
      if (spec.unique_keys) fail_argument("duplicate key passed to JSON_OBJECT function");
      throw QueryError(ErrorCode::kNotSupported,
                       "cannot construct a JSON object with duplicate key");
    }
    sort_as_hash_map(members);
    std::string out = "{";
    for (const auto& [key, text] : members) {
      if (out.size() > 1) out += ',';
      append_json_text(out, key);
      out += ':';
      out += text;
    }
    append_output(call.result, out + "}", spec.output);
  }
}

void json_array(const BoundFunction&, const KernelCall& call) {
  for (size_t row = 0; row < call.num_rows; ++row) {
    const SqlJsonSpec& spec = parse_kept<prepare>(call.arguments[0]->string_at(row)).spec;
    std::string out = "[";
    for (size_t i = 0; i < spec.forms.size(); ++i) {
      const Column& value = *call.arguments[1 + i];
      if (spec.absent_on_null && value.is_null(row)) continue;
      if (out.size() > 1) out += ',';
      append_value(out, value, row, spec.forms[i]);
    }
    append_output(call.result, out + "]", spec.output);
  }
}

constexpr FunctionEntry kSqlJsonFunctions[] = {
    {.name = "$json_exists",
     .signature = "(varchar, any...) -> boolean",
     .doc = "JSON_EXISTS.",
     .may_fail = true,
     .called_on_null = true,
     .make_kernel = batch_kernel_of<json_exists>},
    {.name = "$json_value",
     .signature = "(varchar, any...) -> varchar",
     .doc = "JSON_VALUE.",
     .may_fail = true,
     .called_on_null = true,
     .make_kernel = batch_kernel_of<json_value>},
    {.name = "$json_query",
     .signature = "(varchar, any...) -> varchar",
     .doc = "JSON_QUERY.",
     .may_fail = true,
     .called_on_null = true,
     .make_kernel = batch_kernel_of<json_query>},
    {.name = "$json_object",
     .signature = "(varchar, any...) -> varchar",
     .doc = "JSON_OBJECT.",
     .may_fail = true,
     .called_on_null = true,
     .make_kernel = batch_kernel_of<json_object>},
    {.name = "$json_array",
     .signature = "(varchar, any...) -> varchar",
     .doc = "JSON_ARRAY.",
     .may_fail = true,
     .called_on_null = true,
     .make_kernel = batch_kernel_of<json_array>},
};

}  // namespace

std::span<const FunctionEntry> sql_json_functions() { return kSqlJsonFunctions; }

}  // namespace trailsql
