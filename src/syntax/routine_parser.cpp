// Inline functions: WITH FUNCTION name(parameters) RETURNS type … RETURN value.
#include "base/error.h"
#include "base/text.h"
#include "syntax/sql_parser.h"

namespace trailsql {
namespace {

QueryError multiple_clauses(Location place, std::string_view clause) {
  return semantic_error(ErrorCode::kSyntaxError, place, "Multiple {} clauses specified", clause);
}

QueryError not_supported(Location place, std::string_view what) {
  return semantic_error(ErrorCode::kNotSupported, place, "{} not supported for inline functions",
                        what);
}

}  // namespace

InlineFunction SqlParser::parse_inline_function() {
  InlineFunction function;
  function.location = tokens_.location();
  tokens_.expect("FUNCTION");
  function.name = tokens_.expect_identifier();
  tokens_.expect("(");
  if (!tokens_.check(")")) {
    do {
      Identifier name = tokens_.expect_identifier();
      function.parameters.push_back({std::move(name), parse_type()});
    } while (tokens_.accept(","));
  }
  tokens_.expect(")");
  tokens_.expect("RETURNS");
  function.returns = parse_type();
  parse_routine_characteristics(function);
  if (tokens_.accept("BEGIN")) {
    while (!tokens_.check("END")) {
      function.steps.push_back(parse_routine_step());
      tokens_.expect(";");
    }
    tokens_.expect("END");
  } else {
    tokens_.check("RETURN");
    function.steps.push_back(parse_routine_step());
  }
  return function;
}

void SqlParser::parse_routine_characteristics(InlineFunction& function) {
  bool has_deterministic = false;
  bool has_null_call = false;
  bool has_comment = false;
  while (true) {
    const Location place = tokens_.location();
    if (tokens_.looking_at("NOT") || tokens_.looking_at("DETERMINISTIC")) {
      function.not_deterministic = tokens_.accept("NOT");
      tokens_.expect("DETERMINISTIC");
      if (has_deterministic) throw multiple_clauses(place, "deterministic");
      has_deterministic = true;
    } else if (tokens_.looking_at("RETURNS") || tokens_.looking_at("CALLED")) {
      function.null_on_null = tokens_.accept("RETURNS");
      tokens_.expect(function.null_on_null ? "NULL" : "CALLED");
      tokens_.expect("ON");
      tokens_.expect("NULL");
      tokens_.expect("INPUT");
      if (has_null_call) throw multiple_clauses(place, "null-call");
      has_null_call = true;
    } else if (tokens_.accept("COMMENT")) {
      tokens_.expect_string();
      if (has_comment) throw multiple_clauses(place, "comment");
      has_comment = true;
    } else if (tokens_.accept("SECURITY")) {
      throw not_supported(place, "Security mode");
    } else if (tokens_.accept("LANGUAGE")) {
      const Identifier language = tokens_.expect_identifier();
      if (!equals_ignoring_case(language.value, "SQL")) {
        throw semantic_error(ErrorCode::kNotSupported, place, "Unsupported function language: {}",
                             to_upper_ascii(language.value));
      }
    } else {
      return;
    }
  }
}

RoutineStep SqlParser::parse_routine_step() {
  RoutineStep step;
  step.location = tokens_.location();
  if (tokens_.accept("RETURN")) {
    step.value = parse_expression();
    return step;
  }
  if (tokens_.accept("SET")) {
    step.kind = RoutineStep::Kind::kSet;
    step.names.push_back(tokens_.expect_identifier());
    tokens_.expect("=");
    step.value = parse_expression();
    return step;
  }
  if (!tokens_.accept("DECLARE"))
    throw not_supported(step.location, "Statements other than DECLARE, SET and RETURN are");
  step.kind = RoutineStep::Kind::kDeclare;
  do {
    step.names.push_back(tokens_.expect_identifier());
  } while (tokens_.accept(","));
  step.type = parse_type();
  if (tokens_.accept("DEFAULT")) step.value = parse_expression();
  return step;
}

}  // namespace trailsql
