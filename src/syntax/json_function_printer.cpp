// The SQL/JSON functions as text.
#include "syntax/printer.h"

namespace trailsql {
namespace {

void append_input(std::string& out, const JsonInput& input, bool format_json) {
  append_operand(out, *input.value);
  if (format_json) out += " FORMAT JSON";
  if (input.encoding) out += " ENCODING " + *input.encoding;
}

void append_behavior(std::string& out, JsonPathCall::Behavior behavior, const ExpressionPtr& value,
                     JsonPathCall::Kind kind) {
  using Behavior = JsonPathCall::Behavior;
  switch (behavior) {
    case Behavior::kDefault:
      out += kind == JsonPathCall::Kind::kExists ? " FALSE" : " NULL";
      return;
    case Behavior::kNull: out += " NULL"; return;
    case Behavior::kError: out += " ERROR"; return;
    case Behavior::kTrue: out += " TRUE"; return;
    case Behavior::kFalse: out += " FALSE"; return;
    case Behavior::kUnknown: out += " UNKNOWN"; return;
    case Behavior::kEmptyArray: out += " EMPTY ARRAY"; return;
    case Behavior::kEmptyObject: out += " EMPTY OBJECT"; return;
    case Behavior::kDefaultValue:
      out += " DEFAULT ";
      append_expression(out, *value);
      return;
  }
}

std::string_view name_of(JsonPathCall::Kind kind) {
  switch (kind) {
    case JsonPathCall::Kind::kExists: return "JSON_EXISTS";
    case JsonPathCall::Kind::kValue: return "JSON_VALUE";
    case JsonPathCall::Kind::kQuery: return "JSON_QUERY";
  }
  return "";
}

void append_wrapper(std::string& out, const JsonPathCall& call) {
  using Wrapper = JsonPathCall::Wrapper;
  switch (call.wrapper) {
    case Wrapper::kDefault:
    case Wrapper::kWithout: out += " WITHOUT ARRAY WRAPPER"; break;
    case Wrapper::kConditional: out += " WITH CONDITIONAL ARRAY WRAPPER"; break;
    case Wrapper::kUnconditional: out += " WITH UNCONDITIONAL ARRAY WRAPPER"; break;
  }
  if (!call.keep_quotes) return;
  out += *call.keep_quotes ? " KEEP" : " OMIT";
  out += " QUOTES ON SCALAR STRING";
}

void append_returning(std::string& out, const std::optional<TypeName>& type,
                      const std::optional<std::string>& format) {
  if (!type) return;
  out += out.back() == '(' ? "RETURNING " : " RETURNING ";
  append_type(out, *type);
  if (format) out += " FORMAT " + *format;
}

}  // namespace

/// In Trino the input of a path call always prints with FORMAT JSON, written or not.
void append_json_path_call(std::string& out, const JsonPathCall& call) {
  out += name_of(call.kind);
  out += '(';
  append_input(out, call.input, true);
  out += ", ";
  append_string_literal(out, call.path);
  if (call.path_name) {
    out += " AS ";
    append_identifier(out, *call.path_name);
  }
  for (size_t i = 0; i < call.passing.size(); ++i) {
    out += i == 0 ? " PASSING " : ", ";
    append_input(out, call.passing[i].value, call.passing[i].value.format_json);
    out += " AS ";
    append_identifier(out, call.passing[i].name);
  }
  append_returning(out, call.returning, call.returning_format);
  if (call.kind == JsonPathCall::Kind::kQuery) append_wrapper(out, call);
  if (call.kind != JsonPathCall::Kind::kExists) {
    append_behavior(out, call.on_empty, call.empty_default, call.kind);
    out += " ON EMPTY";
  }
  append_behavior(out, call.on_error, call.error_default, call.kind);
  out += " ON ERROR)";
}

void append_json_object(std::string& out, const JsonObject& object) {
  out += "JSON_OBJECT(";
  for (size_t i = 0; i < object.members.size(); ++i) {
    out += i == 0 ? "KEY " : ", KEY ";
    append_operand(out, *object.members[i].key);
    out += " VALUE ";
    append_input(out, object.members[i].value, object.members[i].value.format_json);
  }
  if (!object.members.empty()) {
    out += object.absent_on_null ? " ABSENT ON NULL" : " NULL ON NULL";
    out += object.unique_keys ? " WITH UNIQUE KEYS" : " WITHOUT UNIQUE KEYS";
  }
  append_returning(out, object.returning, object.returning_format);
  out += ')';
}

void append_json_array(std::string& out, const JsonArray& array) {
  out += "JSON_ARRAY(";
  for (size_t i = 0; i < array.elements.size(); ++i) {
    if (i > 0) out += ", ";
    append_input(out, array.elements[i], array.elements[i].format_json);
  }
  if (!array.elements.empty()) out += array.absent_on_null ? " ABSENT ON NULL" : " NULL ON NULL";
  append_returning(out, array.returning, array.returning_format);
  out += ')';
}

}  // namespace trailsql
