// JSON_EXISTS, JSON_VALUE, JSON_QUERY, JSON_OBJECT and JSON_ARRAY: their types, and what they say
// beside their values.
#include <fmt/core.h>

#include <algorithm>

#include "analysis/expression_analyzer.h"
#include "analysis/type_resolver.h"
#include "base/error.h"
#include "base/text.h"
#include "functions/cast.h"
#include "functions/json_path.h"
#include "types/coercion.h"

namespace trailsql {
namespace {

using Behavior = JsonPathCall::Behavior;
using Kind = JsonPathCall::Kind;
using Wrapper = JsonPathCall::Wrapper;

// `format` is "JSON ENCODING UTF16" or the encoding alone.
JsonForm form_of(const std::optional<std::string>& format) {
  if (format && format->ends_with("UTF16")) return JsonForm::kUtf16;
  if (format && format->ends_with("UTF32")) return JsonForm::kUtf32;
  return JsonForm::kUtf8;
}

std::string formatting(const std::optional<std::string>& encoding) {
  return encoding ? "JSON ENCODING " + *encoding : std::string("JSON");
}

bool is_json_call(const Expression& expression) {
  const auto* call = std::get_if<JsonPathCall>(&expression.node);
  return (call != nullptr && call->kind == Kind::kQuery) ||
         std::holds_alternative<JsonObject>(expression.node) ||
         std::holds_alternative<JsonArray>(expression.node);
}

// Types whose values JSON has itself.
bool is_json_scalar_type(const Type& type) {
  return type.is_numeric() || type.is(TypeKind::kBoolean) || type.is_text() ||
         type.is(TypeKind::kUnknown);
}

JsonAnswer answer_of(Behavior behavior, JsonAnswer otherwise) {
  switch (behavior) {
    case Behavior::kDefault: return otherwise;
    case Behavior::kNull:
    case Behavior::kUnknown: return JsonAnswer::kNull;
    case Behavior::kError: return JsonAnswer::kError;
    case Behavior::kTrue: return JsonAnswer::kTrue;
    case Behavior::kFalse: return JsonAnswer::kFalse;
    case Behavior::kDefaultValue: return JsonAnswer::kDefault;
    case Behavior::kEmptyArray: return JsonAnswer::kEmptyArray;
    case Behavior::kEmptyObject: return JsonAnswer::kEmptyObject;
  }
  return otherwise;
}

// The type of JSON text, as RETURNING and FORMAT ask for it.
Type output_type(const std::optional<TypeName>& returning, const std::optional<std::string>& format,
                 Location place) {
  if (!returning) return Type::varchar();
  const Type type = resolve_type(*returning, place);
  const std::string form = format.value_or("JSON");
  const bool allowed = type.is(TypeKind::kVarbinary) || (type.is_text() && form == "JSON");
  if (!allowed) {
    throw semantic_error(ErrorCode::kTypeMismatch, place,
                         "Cannot output JSON value as {} using formatting {}", type.display(),
                         form);
  }
  return type;
}

void check_quotes(const JsonPathCall& node, Location place) {
  const bool conditional = node.wrapper == Wrapper::kConditional;
  if (!node.keep_quotes || (!conditional && node.wrapper != Wrapper::kUnconditional)) return;
  throw semantic_error(ErrorCode::kInvalidFunctionArgument, place,
                       "{} QUOTES behavior specified with WITH {} ARRAY WRAPPER behavior",
                       *node.keep_quotes ? "KEEP" : "OMIT",
                       conditional ? "CONDITIONAL" : "UNCONDITIONAL");
}

void check_path(const JsonPathCall& node, const SqlJsonSpec& spec) {
  PathProblem problem;
  if (parse_json_path(spec.path, spec.names, problem)) return;
  Location place = node.path_location;
  if (problem.kind == PathProblem::Kind::kNotSupported)
    throw QueryError(ErrorCode::kNotSupported, place, problem.text);
  if (problem.kind == PathProblem::Kind::kUnknownParameter)
    throw QueryError(ErrorCode::kInvalidPath, place, problem.text);
  // Behind the quote.
  place.column += static_cast<uint32_t>(problem.offset) + 1;
  throw QueryError(ErrorCode::kSyntaxError, place, problem.text);
}

}  // namespace

/// Returns how JSON text is encoded; throws TYPE_MISMATCH when the value is no such text.
JsonForm ExpressionAnalyzer::json_text(const JsonInput& input, const Type& type) {
  const bool allowed = type.is(TypeKind::kVarbinary) || type.is(TypeKind::kUnknown) ||
                       (type.is(TypeKind::kVarchar) && !input.encoding);
  if (!allowed) {
    throw semantic_error(ErrorCode::kTypeMismatch, input.value->location,
                         "Cannot read input of type {} as JSON using formatting {}", type.display(),
                         formatting(input.encoding));
  }
  if (type.is(TypeKind::kUnknown)) coerce(*input.value, Type::varchar());
  return form_of(input.encoding);
}

/// Binds a call to its kernel: what it says, then its values; a null pointer stands for NULL.
void ExpressionAnalyzer::bind_json(const Expression& expression, std::string_view function,
                                   const SqlJsonSpec& spec,
                                   const std::vector<const Expression*>& arguments,
                                   const Type& result) {
  std::vector<Type> types{Type::varchar()};
  for (const Expression* argument : arguments) {
    if (argument == nullptr) {
      types.push_back(result);
      continue;
    }
    const ExpressionFacts& facts = context_.of(*argument);
    types.push_back(facts.coerced_to.value_or(facts.type));
  }
  ExpressionFacts& facts = context_.of(expression);
  facts.function = resolve_function(function, types);
  facts.function->result_type = result;
  facts.call_options = spec.write();
}

void ExpressionAnalyzer::json_path_parameters(const Expression& expression,
                                              const JsonPathCall& node, SqlJsonSpec& spec) {
  for (const JsonPathPassing& passing : node.passing) {
    const Type type = analyze(*passing.value.value);
    if (passing.value.format_json || is_json_call(*passing.value.value)) {
      spec.forms.push_back(json_text(passing.value, type));
    } else {
      if (!is_json_scalar_type(type) && !type.is_moment()) {
        if (type.is(TypeKind::kVarbinary) || !can_cast(type, Type::varchar()) || type.is_nested()) {
          throw semantic_error(ErrorCode::kNotSupported, expression.location,
                               "Unsupported type of JSON path parameter: {}", type.display());
        }
        coerce(*passing.value.value, Type::varchar());
      }
      spec.forms.push_back(JsonForm::kPlain);
    }
    const std::string name =
        passing.name.quoted ? passing.name.value : to_upper_ascii(passing.name.value);
    if (std::find(spec.names.begin(), spec.names.end(), name) != spec.names.end()) {
      throw semantic_error(ErrorCode::kDuplicateParameterName, passing.name.location,
                           "{} JSON path parameter is specified more than once", name);
    }
    spec.names.push_back(name);
  }
}

void ExpressionAnalyzer::json_default(const ExpressionPtr& value, const Type& type,
                                      std::string_view clause) {
  if (!value) return;
  const Type actual = analyze(*value);
  if (!can_coerce(actual, type)) {
    throw semantic_error(ErrorCode::kTypeMismatch, value->location,
                         "Function JSON_VALUE default {} result must evaluate to a {} (actual: {})",
                         clause, type.display(), actual.display());
  }
  coerce(*value, type);
}

Type ExpressionAnalyzer::json_path_call(const Expression& expression, const JsonPathCall& node) {
  SqlJsonSpec spec;
  spec.path = node.path;
  const Type input_type = analyze(*node.input.value);
  spec.input = json_text(node.input, input_type);
  json_path_parameters(expression, node, spec);
  check_path(node, spec);
  std::vector<const Expression*> arguments{node.input.value.get()};
  const auto add_parameters = [&] {
    for (const JsonPathPassing& passing : node.passing)
      arguments.push_back(passing.value.value.get());
  };
  if (node.kind == Kind::kExists) {
    spec.on_error = answer_of(node.on_error, JsonAnswer::kFalse);
    add_parameters();
    bind_json(expression, "$json_exists", spec, arguments, TypeKind::kBoolean);
    return TypeKind::kBoolean;
  }
  spec.on_empty = answer_of(node.on_empty, JsonAnswer::kNull);
  spec.on_error = answer_of(node.on_error, JsonAnswer::kNull);
  if (node.kind == Kind::kQuery) {
    const Type type = output_type(node.returning, node.returning_format, expression.location);
    check_quotes(node, expression.location);
    spec.output = form_of(node.returning_format);
    spec.omit_quotes = node.keep_quotes && !*node.keep_quotes;
    spec.wrapper = node.wrapper == Wrapper::kUnconditional ? JsonWrapper::kUnconditional
                   : node.wrapper == Wrapper::kConditional ? JsonWrapper::kConditional
                                                           : JsonWrapper::kWithout;
    add_parameters();
    bind_json(expression, "$json_query", spec, arguments, type);
    return type;
  }
  const Type type =
      node.returning ? resolve_type(*node.returning, expression.location) : Type::varchar();
  if (!is_json_scalar_type(type) && !type.is_moment()) {
    throw semantic_error(ErrorCode::kTypeMismatch, expression.location,
                         "Invalid return type of function JSON_VALUE: {}", type.display());
  }
  json_default(node.empty_default, type, "ON EMPTY");
  json_default(node.error_default, type, "ON ERROR");
  arguments.push_back(node.empty_default.get());
  arguments.push_back(node.error_default.get());
  add_parameters();
  bind_json(expression, "$json_value", spec, arguments, type);
  return type;
}

/// Analyses a member's or element's value and returns how it stands for JSON.
JsonForm ExpressionAnalyzer::json_member(const Expression& call, const JsonInput& input,
                                         std::string_view function) {
  const Type type = analyze(*input.value);
  if (input.format_json || is_json_call(*input.value)) return json_text(input, type);
  if (is_json_scalar_type(type)) return JsonForm::kPlain;
  if (type.is_nested() || type.is(TypeKind::kVarbinary) || !can_cast(type, Type::varchar())) {
    const Location place = type.is(TypeKind::kVarbinary) ? input.value->location : call.location;
    throw semantic_error(ErrorCode::kNotSupported, place,
                         "Unsupported type of value passed to {} function: {}", function,
                         type.display());
  }
  coerce(*input.value, Type::varchar());
  return JsonForm::kPlain;
}

Type ExpressionAnalyzer::json_object(const Expression& expression, const JsonObject& node) {
  SqlJsonSpec spec;
  spec.absent_on_null = node.absent_on_null;
  spec.unique_keys = node.unique_keys;
  std::vector<const Expression*> arguments;
  for (const JsonObjectMember& member : node.members) {
    const Type key = analyze(*member.key);
    if (!key.is_text() && !key.is(TypeKind::kUnknown)) {
      throw semantic_error(ErrorCode::kInvalidFunctionArgument, member.key->location,
                           "Invalid type of JSON object key: {}", key.display());
    }
    coerce(*member.key, Type::varchar());
    spec.forms.push_back(json_member(expression, member.value, "JSON_OBJECT"));
    if (node.unique_keys && member.value.format_json) {
      throw semantic_error(ErrorCode::kNotSupported, expression.location,
                           "WITH UNIQUE KEYS behavior is not supported for JSON_OBJECT function "
                           "when input expression has FORMAT");
    }
    arguments.push_back(member.key.get());
    arguments.push_back(member.value.value.get());
  }
  const Type type = output_type(node.returning, node.returning_format, expression.location);
  spec.output = form_of(node.returning_format);
  bind_json(expression, "$json_object", spec, arguments, type);
  return type;
}

Type ExpressionAnalyzer::json_array(const Expression& expression, const JsonArray& node) {
  SqlJsonSpec spec;
  spec.absent_on_null = node.absent_on_null;
  std::vector<const Expression*> arguments;
  for (const JsonInput& element : node.elements) {
    spec.forms.push_back(json_member(expression, element, "JSON_ARRAY"));
    arguments.push_back(element.value.get());
  }
  const Type type = output_type(node.returning, node.returning_format, expression.location);
  spec.output = form_of(node.returning_format);
  bind_json(expression, "$json_array", spec, arguments, type);
  return type;
}

}  // namespace trailsql
