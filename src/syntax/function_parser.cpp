// Function calls: their arguments, FILTER, OVER, and the functions with a grammar of their own.
#include "base/text.h"
#include "syntax/sql_parser.h"

namespace trailsql {

/// Returns whether a name with any number of dots, and then `(`, follows.
bool SqlParser::is_function_call() const {
  size_t i = 0;
  while (tokens_.is_identifier(i)) {
    if (tokens_.looking_at("(", i + 1)) return true;
    if (!tokens_.looking_at(".", i + 1)) return false;
    i += 2;
  }
  return false;
}

ExpressionPtr SqlParser::make_call(Location location, std::string_view name,
                                   std::vector<ExpressionPtr> arguments) {
  FunctionCall call;
  call.name.location = location;
  call.name.parts.push_back({std::string(name), false, location});
  call.arguments = std::move(arguments);
  return make(location, std::move(call));
}

ExpressionPtr SqlParser::parse_function_call() {
  const Location location = tokens_.location();
  FunctionCall call;
  call.name = tokens_.expect_qualified_name();
  tokens_.expect("(");
  if (tokens_.accept("*")) {
    call.star = true;
  } else {
    parse_call_arguments(call);
  }
  tokens_.expect(")");
  parse_call_suffix(call);
  return finish_function_call(location, std::move(call));
}

/// Returns whether DISTINCT was there; takes ALL, too, where it is no name.
bool SqlParser::parse_call_quantifier() {
  if (tokens_.accept("DISTINCT")) return true;
  if (!tokens_.check("ALL")) return false;
  const Token& next = tokens_.peek(1);
  const bool symbol = next.kind == TokenKind::kSymbol && next.text != "(" && next.text != "?" &&
                      next.text != "-" && next.text != "+";
  const bool is_name = symbol || next.kind == TokenKind::kEnd || tokens_.looking_at("FROM", 1) ||
                       tokens_.looking_at("AS", 1);
  if (!is_name) tokens_.take();
  return false;
}

void SqlParser::parse_call_arguments(FunctionCall& call) {
  call.distinct = parse_call_quantifier();
  if (call.distinct || (!tokens_.check(")") && !tokens_.check("ORDER"))) {
    call.arguments.push_back(parse_expression());
    const auto is_called = [&](std::string_view name) {
      return call.name.parts.size() == 1 && !call.name.parts[0].quoted &&
             equals_ignoring_case(call.name.parts[0].value, name);
    };
    // These may be forms with a word behind the first argument, too.
    if (is_called("try_cast")) tokens_.record("'AS'");
    if (is_called("position")) tokens_.record("'IN'");
    if (is_called("substring")) tokens_.record("'FROM'");
    if (is_called("substring") && tokens_.looking_at("FROM")) {
      parse_substring_arguments(call);
      return;
    }
    while (tokens_.accept(",")) call.arguments.push_back(parse_expression());
  }
  call.order_by = parse_order_by();
}

/// Parses the rest of SUBSTRING(x FROM a FOR b), which is substr(x, a, b) in Trino.
void SqlParser::parse_substring_arguments(FunctionCall& call) {
  tokens_.expect("FROM");
  call.name.parts[0].value = "substr";
  call.arguments.push_back(parse_value());
  if (tokens_.accept("FOR")) call.arguments.push_back(parse_value());
}

/// Parses FILTER, IGNORE NULLS and OVER, which are names of columns where they do not fit.
void SqlParser::parse_call_suffix(FunctionCall& call) {
  if (tokens_.check("FILTER") && tokens_.looking_at("(", 1)) {
    tokens_.take();
    tokens_.take();
    tokens_.expect("WHERE");
    call.filter = parse_expression();
    tokens_.expect(")");
  }
  if (tokens_.accept("IGNORE", "NULLS")) {
    call.ignore_nulls = true;
  } else if (tokens_.accept("RESPECT", "NULLS")) {
    call.ignore_nulls = false;
  }
  const bool over =
      tokens_.check("OVER") && (tokens_.looking_at("(", 1) || tokens_.is_identifier(1));
  if (over || call.ignore_nulls.has_value()) call.window = parse_over();
}

namespace {

/// Throws if a function that is part of the grammar has what only aggregates and window functions
/// have. The texts are Trino's.
void check_plain_call(const TokenStream& tokens, const FunctionCall& call, std::string_view name,
                      Location location) {
  const auto refuse = [&](std::string_view what) {
    tokens.fail_with(fmt::format("{} not valid for '{}' function", what, name), location);
  };
  if (call.window != nullptr) refuse("OVER clause");
  if (call.distinct) refuse("DISTINCT");
  if (call.ignore_nulls.has_value()) refuse("Null treatment clause");
  if (call.filter != nullptr) refuse("FILTER");
}

}  // namespace

/// Turns calls of if, nullif, coalesce and try into their own nodes, and row(…) into a row.
ExpressionPtr SqlParser::finish_function_call(Location location, FunctionCall call) {
  const bool plain = call.name.parts.size() == 1 && call.order_by.empty();
  const std::string name = plain ? to_lower_ascii(call.name.parts[0].value) : std::string();
  std::vector<ExpressionPtr>& arguments = call.arguments;
  const size_t count = arguments.size();
  if (name == "if") {
    check_plain_call(tokens_, call, name, location);
    if (count != 2 && count != 3) {
      tokens_.fail_with("Invalid number of arguments for 'if' function", location);
    }
    ExpressionPtr otherwise = count == 3 ? std::move(arguments[2]) : nullptr;
    return make(location,
                If{std::move(arguments[0]), std::move(arguments[1]), std::move(otherwise)});
  }
  if (name == "nullif") {
    check_plain_call(tokens_, call, name, location);
    if (count != 2) {
      tokens_.fail_with("Invalid number of arguments for 'nullif' function", location);
    }
    return make(location, NullIf{std::move(arguments[0]), std::move(arguments[1])});
  }
  if (name == "coalesce") {
    check_plain_call(tokens_, call, name, location);
    if (count < 2) {
      tokens_.fail_with("The 'coalesce' function must have at least two arguments", location);
    }
    return make(location, Coalesce{std::move(arguments)});
  }
  if (name == "format" && count < 2) {
    tokens_.fail_with("The 'format' function must have at least two arguments", location);
  }
  if (name == "try") {
    check_plain_call(tokens_, call, name, location);
    if (count != 1) {
      tokens_.fail_with("The 'try' function must have exactly one argument", location);
    }
    return make(location, Try{std::move(arguments[0])});
  }
  const bool is_row = name == "row" && !call.name.parts[0].quoted && count > 0 && !call.distinct &&
                      call.window == nullptr && call.filter == nullptr;
  if (is_row) return make(location, RowConstructor{std::move(arguments)});
  return make(location, std::move(call));
}

ExpressionPtr SqlParser::parse_extract() {
  static constexpr std::string_view kFields[] = {
      "YEAR",         "QUARTER",      "MONTH",        "WEEK",
      "DAY",          "DAY_OF_MONTH", "DAY_OF_WEEK",  "DOW",
      "DAY_OF_YEAR",  "DOY",          "YEAR_OF_WEEK", "YOW",
      "HOUR",         "MINUTE",       "SECOND",       "TIMEZONE_MINUTE",
      "TIMEZONE_HOUR"};
  const Location location = tokens_.location();
  tokens_.take();
  tokens_.expect("(");
  Identifier field = tokens_.expect_identifier();
  tokens_.expect("FROM");
  ExpressionPtr operand = parse_value();
  tokens_.expect(")");
  std::string list;
  for (std::string_view known : kFields) {
    if (equals_ignoring_case(known, field.value)) {
      field.value = std::string(known);
      return make(location, Extract{std::move(field), std::move(operand)});
    }
    list += list.empty() ? "" : ", ";
    list += known;
  }
  tokens_.fail_with(
      fmt::format("Invalid EXTRACT field {}, valid fields are: {}", field.value, list), location);
}

ExpressionPtr SqlParser::parse_trim() {
  const Location location = tokens_.location();
  tokens_.take();
  tokens_.expect("(");
  const std::optional<Trim::Side> side = parse_trim_side();
  tokens_.record("'FROM'");
  ExpressionPtr first;
  if (!side || !tokens_.check("FROM")) first = parse_value();
  const bool has_from = tokens_.check("FROM");
  if (!side && !has_from) {
    std::vector<ExpressionPtr> arguments;
    arguments.push_back(std::move(first));
    if (tokens_.accept(",")) arguments.push_back(parse_value());
    tokens_.expect(")");
    return make_call(location, "trim", std::move(arguments));
  }
  Trim trim{side.value_or(Trim::Side::kBoth), nullptr, nullptr};
  // `LEADING 'a'` might be a literal of a type called so, with `)` or `,` behind it.
  if (side && first && std::holds_alternative<StringLiteral>(first->node)) {
    tokens_.record("','");
    tokens_.record("')'");
  }
  if (!has_from && tokens_.looking_at(")")) {
    trim.operand = std::move(first);
  } else {
    tokens_.expect("FROM");
    trim.characters = std::move(first);
    trim.operand = parse_value();
  }
  tokens_.expect(")");
  return make(location, std::move(trim));
}

/// Parses LEADING, TRAILING or BOTH. The three words are names, too: trim(both) is a call.
std::optional<Trim::Side> SqlParser::parse_trim_side() {
  if (tokens_.looking_at(")", 1) || tokens_.looking_at(",", 1)) return std::nullopt;
  if (tokens_.accept("BOTH")) return Trim::Side::kBoth;
  if (tokens_.accept("LEADING")) return Trim::Side::kLeading;
  if (tokens_.accept("TRAILING")) return Trim::Side::kTrailing;
  return std::nullopt;
}

/// Returns whether the word stands between the parenthesis at `open` and its other one, and in no
/// brackets within.
bool SqlParser::has_word_in_parentheses(size_t open, std::string_view word) const {
  for (size_t i = open + 1; i < tokens_.closing_of(open); ++i) {
    if (tokens_.is_at("(", i) || tokens_.is_at("[", i)) {
      i = tokens_.closing_of(i);
    } else if (tokens_.is_at(word, i)) {
      return true;
    }
  }
  return false;
}

/// Parses POSITION(x IN y), which is strpos(y, x) in Trino; any other call of it is a plain one.
ExpressionPtr SqlParser::parse_position() {
  const Location location = tokens_.location();
  if (!has_word_in_parentheses(tokens_.position() + 1, "IN")) return parse_function_call();
  tokens_.take();
  tokens_.take();
  std::vector<ExpressionPtr> arguments(2);
  arguments[1] = parse_value();
  tokens_.expect("IN");
  tokens_.record("'('");
  arguments[0] = parse_value();
  tokens_.expect(")");
  return make_call(location, "strpos", std::move(arguments));
}

ExpressionPtr SqlParser::parse_normalize() {
  const Location location = tokens_.location();
  tokens_.take();
  tokens_.expect("(");
  std::vector<ExpressionPtr> arguments;
  arguments.push_back(parse_value());
  std::string form = "NFC";
  if (tokens_.accept(",")) {
    form = std::string(tokens_.peek().text);
    if (!tokens_.accept("NFD") && !tokens_.accept("NFC") && !tokens_.accept("NFKD") &&
        !tokens_.accept("NFKC")) {
      tokens_.fail();
    }
  }
  arguments.push_back(make(location, StringLiteral{std::move(form)}));
  tokens_.expect(")");
  return make_call(location, "normalize", std::move(arguments));
}

ExpressionPtr SqlParser::parse_grouping() {
  const Location location = tokens_.location();
  tokens_.take();
  tokens_.expect("(");
  Grouping grouping;
  if (!tokens_.check(")")) {
    do {
      const Location at = tokens_.location();
      ExpressionPtr column = make(at, ColumnReference{tokens_.expect_identifier()});
      while (tokens_.accept(".")) {
        Identifier field = tokens_.expect_identifier();
        column = make(at, Dereference{std::move(column), std::move(field)});
      }
      grouping.columns.push_back(std::move(column));
    } while (tokens_.accept(","));
  }
  tokens_.expect(")");
  return make(location, std::move(grouping));
}

ExpressionPtr SqlParser::parse_listagg() {
  const Location location = tokens_.location();
  FunctionCall call;
  call.name.location = location;
  call.name.parts.push_back({std::string(tokens_.take().text), false, location});
  tokens_.expect("(");
  call.distinct = parse_call_quantifier();
  call.arguments.push_back(parse_expression());
  if (tokens_.accept(",")) {
    const Location at = tokens_.location();
    call.arguments.push_back(make(at, StringLiteral{tokens_.expect_string()}));
  }
  if (tokens_.accept("ON")) {
    tokens_.expect("OVERFLOW");
    if (!tokens_.accept("ERROR")) {
      tokens_.expect("TRUNCATE");
      FunctionCall::ListaggOverflow overflow;
      if (tokens_.is_string()) {
        overflow.filler = tokens_.expect_string();
      } else {
        tokens_.record("<string>");
      }
      overflow.with_count = tokens_.accept("WITH");
      if (!overflow.with_count) tokens_.expect("WITHOUT");
      tokens_.expect("COUNT");
      call.listagg_overflow = std::move(overflow);
    }
  }
  tokens_.expect(")");
  tokens_.expect("WITHIN");
  tokens_.expect("GROUP");
  tokens_.expect("(");
  tokens_.expect("ORDER");
  tokens_.expect("BY");
  call.order_by = parse_sort_items();
  call.within_group = true;
  tokens_.expect(")");
  parse_call_suffix(call);
  return make(location, std::move(call));
}

}  // namespace trailsql
