// SHOW and DESCRIBE.
#include "base/hive_error.h"
#include "syntax/ddl_parser.h"

namespace trailsql {

/// Parses `[LIKE] 'pattern'`.
std::optional<std::string> DdlParser::parse_pattern() {
  if (tokens_.accept("LIKE")) return tokens_.expect_string();
  if (tokens_.is_string()) return tokens_.expect_string();
  tokens_.record("<string>");
  return std::nullopt;
}

/// Parses `IN database` or `FROM database`.
std::optional<QualifiedName> DdlParser::parse_in_database() {
  if (!tokens_.accept("IN") && !tokens_.accept("FROM")) return std::nullopt;
  return parse_database_name();
}

Statement::Node DdlParser::parse_show() {
  const HiveRule rule(tokens_, "show statement");
  if (tokens_.accept("DATABASES") || tokens_.accept("SCHEMAS")) {
    return ShowDatabases{parse_pattern()};
  }
  if (tokens_.accept("TABLES")) {
    ShowTables show;
    show.database = parse_in_database();
    show.pattern = parse_pattern();
    return show;
  }
  if (tokens_.accept("VIEWS")) {
    ShowViews show;
    show.database = parse_in_database();
    show.pattern = parse_pattern();
    return show;
  }
  if (tokens_.accept("COLUMNS")) return parse_show_columns();
  if (tokens_.accept("CREATE")) return parse_show_create();
  if (tokens_.accept("TBLPROPERTIES")) return parse_show_table_properties();
  if (tokens_.accept("PARTITIONS")) return ShowPartitions{parse_qualified_name()};
  if (tokens_.accept("FUNCTIONS")) return ShowFunctions{parse_pattern()};
  for (std::string_view word : {"CATALOGS", "GRANTS", "ROLE", "ROLES", "SESSION", "STATS"}) {
    if (tokens_.looking_at(word)) tokens_.refuse(fmt::format("SHOW {}", word));
  }
  fail_at_second_word();
}

Statement::Node DdlParser::parse_show_create() {
  if (tokens_.accept("TABLE")) return ShowCreateTable{parse_qualified_name()};
  if (!tokens_.accept("VIEW")) tokens_.expect("TABLE");
  return ShowCreateView{parse_qualified_name()};
}

/// Parses `{FROM|IN} table [{FROM|IN} database]`.
ShowColumns DdlParser::parse_show_columns() {
  if (!tokens_.accept("IN") && !tokens_.accept("FROM")) tokens_.fail();
  ShowColumns show{parse_qualified_name()};
  if (auto database = parse_in_database()) {
    if (show.table.parts.size() != 1) {
      throw hive_error(ErrorCode::kSyntaxError, database->location,
                       "SemanticException Duplicates declaration for database name");
    }
    show.table.parts.insert(show.table.parts.begin(), database->parts.begin(),
                            database->parts.end());
  }
  return show;
}

ShowTableProperties DdlParser::parse_show_table_properties() {
  ShowTableProperties show{parse_qualified_name(), std::nullopt};
  if (tokens_.accept("(")) {
    show.key = tokens_.expect_string();
    tokens_.expect(")");
  }
  return show;
}

/// Parses a column and, behind dots, what is in it: fields, '$elem$', '$key$', '$value$'.
std::vector<Identifier> DdlParser::parse_column_path() {
  std::vector<Identifier> path{parse_name()};
  while (tokens_.accept(".")) {
    const Location location = tokens_.location();
    path.push_back(tokens_.is_string() ? Identifier{tokens_.expect_string(), true, location}
                                       : parse_field_name());
  }
  return path;
}

Describe DdlParser::parse_describe() {
  const HiveRule rule(tokens_, "describe statement");
  Describe describe;
  const bool name_follows = tokens_.peek(1).kind == TokenKind::kWord ||
                            tokens_.peek(1).kind == TokenKind::kBackquotedWord;
  const TokenKind kind = tokens_.peek().kind;
  if (kind != TokenKind::kWord && kind != TokenKind::kBackquotedWord) tokens_.fail_at_last();
  if (tokens_.looking_at("INPUT") || tokens_.looking_at("OUTPUT")) {
    if (name_follows) tokens_.refuse("DESCRIBE INPUT and DESCRIBE OUTPUT");
  }
  if (tokens_.looking_at("VIEW") && name_follows) tokens_.take();
  if (name_follows) {
    describe.extended = tokens_.accept("EXTENDED");
    if (!describe.extended) describe.formatted = tokens_.accept("FORMATTED");
  }
  describe.table = parse_qualified_name();
  if (tokens_.looking_at("PARTITION")) describe.partition = parse_partition_spec();
  const TokenKind next = tokens_.peek().kind;
  if (next == TokenKind::kWord || next == TokenKind::kBackquotedWord) {
    describe.column_path = parse_column_path();
  }
  return describe;
}

}  // namespace trailsql
