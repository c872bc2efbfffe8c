// JSON_EXISTS, JSON_VALUE, JSON_QUERY, JSON_OBJECT and JSON_ARRAY.
#include "syntax/sql_parser.h"

namespace trailsql {

/// Parses `[ENCODING name]`.
std::optional<std::string> SqlParser::parse_json_encoding() {
  if (!tokens_.accept("ENCODING")) return std::nullopt;
  for (std::string_view encoding : {"UTF8", "UTF16", "UTF32"}) {
    if (tokens_.accept(encoding)) return std::string(encoding);
  }
  tokens_.fail();
}

/// Parses `[FORMAT JSON [ENCODING name]]`; the result is "JSON" or "JSON ENCODING name".
std::optional<std::string> SqlParser::parse_json_format() {
  if (!tokens_.accept("FORMAT")) return std::nullopt;
  tokens_.expect("JSON");
  const auto encoding = parse_json_encoding();
  return encoding ? "JSON ENCODING " + *encoding : "JSON";
}

JsonInput SqlParser::parse_json_input() {
  JsonInput input;
  input.value = parse_expression();
  if (tokens_.accept("FORMAT")) {
    tokens_.expect("JSON");
    input.format_json = true;
    input.encoding = parse_json_encoding();
  }
  return input;
}

void SqlParser::parse_json_path_input(JsonPathCall& call) {
  call.input = parse_json_input();
  tokens_.expect(",");
  call.path_location = tokens_.location();
  call.path = tokens_.expect_string();
  if (tokens_.accept("AS")) call.path_name = tokens_.expect_identifier();
  if (!tokens_.accept("PASSING")) return;
  do {
    JsonPathPassing passing;
    passing.value = parse_json_input();
    tokens_.expect("AS");
    passing.name = tokens_.expect_identifier();
    call.passing.push_back(std::move(passing));
  } while (tokens_.accept(","));
}

void SqlParser::parse_json_wrapper(JsonPathCall& call) {
  using Wrapper = JsonPathCall::Wrapper;
  if (tokens_.accept("WITHOUT")) {
    call.wrapper = Wrapper::kWithout;
  } else if (tokens_.accept("WITH")) {
    call.wrapper = tokens_.accept("CONDITIONAL") ? Wrapper::kConditional : Wrapper::kUnconditional;
    if (call.wrapper == Wrapper::kUnconditional) tokens_.accept("UNCONDITIONAL");
  }
  if (call.wrapper != Wrapper::kDefault) {
    tokens_.accept("ARRAY");
    tokens_.expect("WRAPPER");
  }
  const bool keep = tokens_.accept("KEEP");
  if (!keep && !tokens_.accept("OMIT")) return;
  call.keep_quotes = keep;
  tokens_.expect("QUOTES");
  if (tokens_.accept("ON")) {
    tokens_.expect("SCALAR");
    if (!tokens_.accept("TEXT")) tokens_.expect("STRING");
  }
}

/// Parses `… ON EMPTY` and `… ON ERROR`.
void SqlParser::parse_json_behaviors(JsonPathCall& call) {
  using Behavior = JsonPathCall::Behavior;
  using Kind = JsonPathCall::Kind;
  bool may_be_empty_clause = call.kind != Kind::kExists;
  while (call.on_error == Behavior::kDefault) {
    Behavior behavior = Behavior::kDefault;
    ExpressionPtr value;
    if (tokens_.accept("ERROR")) {
      behavior = Behavior::kError;
    } else if (call.kind == Kind::kExists) {
      if (tokens_.accept("TRUE"))
        behavior = Behavior::kTrue;
      else if (tokens_.accept("FALSE"))
        behavior = Behavior::kFalse;
      else if (tokens_.accept("UNKNOWN"))
        behavior = Behavior::kUnknown;
    } else if (tokens_.accept("NULL")) {
      behavior = Behavior::kNull;
    } else if (call.kind == Kind::kValue && tokens_.accept("DEFAULT")) {
      behavior = Behavior::kDefaultValue;
      value = parse_expression();
    } else if (call.kind == Kind::kQuery && tokens_.accept("EMPTY")) {
      behavior = tokens_.accept("ARRAY") ? Behavior::kEmptyArray : Behavior::kEmptyObject;
      if (behavior == Behavior::kEmptyObject) tokens_.expect("OBJECT");
    }
    if (behavior == Behavior::kDefault) return;
    tokens_.expect("ON");
    if (may_be_empty_clause && tokens_.accept("EMPTY")) {
      may_be_empty_clause = false;
      call.on_empty = behavior;
      call.empty_default = std::move(value);
    } else {
      tokens_.expect("ERROR");
      call.on_error = behavior;
      call.error_default = std::move(value);
    }
  }
}

ExpressionPtr SqlParser::parse_json_path_call(JsonPathCall::Kind kind) {
  const Location location = tokens_.location();
  tokens_.take();
  tokens_.expect("(");
  JsonPathCall call{};
  call.kind = kind;
  parse_json_path_input(call);
  if (kind != JsonPathCall::Kind::kExists && tokens_.accept("RETURNING")) {
    call.returning = parse_type();
    if (kind == JsonPathCall::Kind::kQuery) call.returning_format = parse_json_format();
  }
  if (kind == JsonPathCall::Kind::kQuery) parse_json_wrapper(call);
  parse_json_behaviors(call);
  tokens_.expect(")");
  return make(location, std::move(call));
}

/// Parses `KEY k VALUE v`, `k VALUE v` or `k : v`.
JsonObjectMember SqlParser::parse_json_member() {
  JsonObjectMember member;
  const bool has_key_word =
      tokens_.check("KEY") && !tokens_.looking_at("VALUE", 1) && !tokens_.looking_at(":", 1);
  if (has_key_word) tokens_.take();
  member.key = parse_expression();
  if (has_key_word || !tokens_.accept(":")) tokens_.expect("VALUE");
  member.value = parse_json_input();
  return member;
}

/// Parses `[NULL ON NULL | ABSENT ON NULL]`; what is said already stays where neither follows.
void SqlParser::parse_json_null_clause(bool& absent_on_null) {
  const bool absent = tokens_.accept("ABSENT");
  if (!absent && !tokens_.accept("NULL")) return;
  absent_on_null = absent;
  tokens_.expect("ON");
  tokens_.expect("NULL");
}

ExpressionPtr SqlParser::parse_json_object() {
  const Location location = tokens_.location();
  tokens_.take();
  tokens_.expect("(");
  JsonObject object;
  if (!tokens_.check(")") && !tokens_.check("RETURNING")) {
    do {
      object.members.push_back(parse_json_member());
    } while (tokens_.accept(","));
    parse_json_null_clause(object.absent_on_null);
    object.unique_keys = tokens_.accept("WITH");
    if (object.unique_keys || tokens_.accept("WITHOUT")) {
      tokens_.expect("UNIQUE");
      tokens_.accept("KEYS");
    }
  }
  if (tokens_.accept("RETURNING")) {
    object.returning = parse_type();
    object.returning_format = parse_json_format();
  }
  tokens_.expect(")");
  return make(location, std::move(object));
}

ExpressionPtr SqlParser::parse_json_array() {
  const Location location = tokens_.location();
  tokens_.take();
  tokens_.expect("(");
  JsonArray array;
  if (!tokens_.check(")") && !tokens_.check("RETURNING")) {
    do {
      array.elements.push_back(parse_json_input());
    } while (tokens_.accept(","));
    parse_json_null_clause(array.absent_on_null);
  }
  if (tokens_.accept("RETURNING")) {
    array.returning = parse_type();
    array.returning_format = parse_json_format();
  }
  tokens_.expect(")");
  return make(location, std::move(array));
}

}  // namespace trailsql
