// SHOW and DESCRIBE.
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
std::optional<Identifier> DdlParser::parse_in_database() {
  if (!tokens_.accept("IN") && !tokens_.accept("FROM")) return std::nullopt;
  return parse_name();
}

Statement::Node DdlParser::parse_show() {
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
  tokens_.fail();
}

Statement::Node DdlParser::parse_show_create() {
  if (tokens_.accept("TABLE")) return ShowCreateTable{parse_qualified_name()};
  tokens_.expect("VIEW");
  return ShowCreateView{parse_qualified_name()};
}

/// Parses `{FROM|IN} table [{FROM|IN} database]`.
ShowColumns DdlParser::parse_show_columns() {
  if (!tokens_.accept("IN")) tokens_.expect("FROM");
  ShowColumns show{parse_qualified_name()};
  if (auto database = parse_in_database()) {
    if (show.table.parts.size() != 1) {
      tokens_.fail_with("Duplicates declaration for database name", database->location);
    }
    show.table.parts.insert(show.table.parts.begin(), std::move(*database));
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

Describe DdlParser::parse_describe() {
  Describe describe;
  const bool name_follows = tokens_.peek(1).kind == TokenKind::kWord ||
                            tokens_.peek(1).kind == TokenKind::kBackquotedWord;
  if (tokens_.looking_at("INPUT") || tokens_.looking_at("OUTPUT")) {
    if (name_follows) tokens_.refuse("DESCRIBE INPUT and DESCRIBE OUTPUT");
  }
  if (tokens_.looking_at("VIEW") && name_follows) tokens_.take();
  if (name_follows) {
    describe.extended = tokens_.accept("EXTENDED");
    if (!describe.extended) describe.formatted = tokens_.accept("FORMATTED");
  }
  describe.table = parse_qualified_name();
  if (tokens_.looking_at("PARTITION")) tokens_.refuse("DESCRIBE of a partition");
  if (tokens_.peek().kind == TokenKind::kWord) tokens_.refuse("DESCRIBE of a column");
  return describe;
}

}  // namespace trailsql
