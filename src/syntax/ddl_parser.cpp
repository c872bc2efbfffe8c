#include "syntax/ddl_parser.h"

#include <fmt/core.h>

#include <charconv>

#include "syntax/hive_reserved_words.h"
#include "syntax/statement_kind.h"
#include "syntax/string_literal.h"

namespace trailsql {
namespace {

// Changes of tables that Hive knows and Athena does not.
void refuse_unsupported_change(const TokenStream& tokens) {
  struct Change {
    std::string_view first;
    std::string_view second;  // or empty
  };
  static constexpr Change kChanges[] = {
      {"RENAME", {}},        {"CHANGE", {}}, {"CLUSTERED", {}},   {"SET", "SERDE"},
      {"SET", "FILEFORMAT"}, {"TOUCH", {}},  {"CONCATENATE", {}}, {"SET", "SERDEPROPERTIES"}};
  for (const Change& change : kChanges) {
    if (!tokens.looking_at(change.first)) continue;
    if (change.second.empty()) tokens.refuse(fmt::format("ALTER TABLE … {}", change.first));
    if (!tokens.looking_at(change.second, 1)) continue;
    tokens.refuse(fmt::format("ALTER TABLE … {} {}", change.first, change.second));
  }
}

}  // namespace

std::unique_ptr<const Statement> DdlParser::parse_whole_statement() {
  const Location location = tokens_.location();
  refuse_unsupported_object(tokens_);
  Statement::Node node = parse_node();
  tokens_.expect_end();
  return std::make_unique<const Statement>(Statement{location, std::move(node), 0, 0});
}

Statement::Node DdlParser::parse_node() {
  if (tokens_.accept("CREATE")) return parse_create();
  if (tokens_.accept("DROP")) return parse_drop();
  if (tokens_.accept("SHOW")) return parse_show();
  if (tokens_.accept("DESCRIBE") || tokens_.accept("DESC")) return parse_describe();
  if (tokens_.accept("ALTER")) return parse_alter();
  if (tokens_.accept("MSCK")) {
    // Behind each of these words a statement of Hive's may end.
    for (const std::string_view word : {"REPAIR", "TABLE"}) {
      if (tokens_.accept(word)) continue;
      tokens_.expect_end();
      tokens_.fail();
    }
    return RepairTable{parse_qualified_name()};
  }
  refuse_unsupported_statement(tokens_);
  tokens_.fail();
}

Statement::Node DdlParser::parse_create() {
  if (tokens_.check("EXTERNAL") || tokens_.check("TABLE")) return parse_create_table();
  if (!tokens_.accept("DATABASE") && !tokens_.accept("SCHEMA")) fail_at_second_word();
  return parse_create_database();
}

/// Throws for a second word that no statement has behind the first.
void DdlParser::fail_at_second_word() {
  const HiveRule rule(tokens_, "ddl statement");
  tokens_.fail_behind_last();
}

/// Parses the name of a database, table or column: a word that is not reserved, or in backticks.
Identifier DdlParser::parse_name() {
  const Token& token = tokens_.peek();
  if (token.kind == TokenKind::kWord && is_hive_reserved_word(token.text)) {
    tokens_.record("<name in backticks>");
    tokens_.fail();
  }
  return parse_field_name();
}

/// Parses the name of a struct's field, which any word may be.
Identifier DdlParser::parse_field_name() {
  const Token& token = tokens_.peek();
  switch (token.kind) {
    case TokenKind::kWord:
    case TokenKind::kDigitWord:
      tokens_.take();
      return {std::string(token.text), false, token.location};
    case TokenKind::kBackquotedWord:
      tokens_.take();
      return {unquoted_text(token, tokens_.dialect()), true, token.location};
    default: tokens_.record("<identifier>"); tokens_.fail();
  }
}

QualifiedName DdlParser::parse_qualified_name() {
  const HiveRule rule(tokens_, "table name");
  QualifiedName name = parse_database_name();
  // As in AWS's own guides: `database.table` between one pair of backticks.
  const Identifier first = name.parts.front();
  const size_t dot = first.value.find('.');
  const bool is_split = name.parts.size() == 1 && first.quoted && dot != std::string::npos &&
                        dot != 0 && dot + 1 < first.value.size() &&
                        first.value.find('.', dot + 1) == std::string::npos;
  if (!is_split) return name;
  name.parts = {{first.value.substr(0, dot), true, first.location},
                {first.value.substr(dot + 1), true, first.location}};
  return name;
}

/// Parses names with dots between them.
QualifiedName DdlParser::parse_database_name() {
  QualifiedName name;
  name.location = tokens_.location();
  do {
    name.parts.push_back(parse_name());
  } while (tokens_.accept("."));
  return name;
}

/// Parses a whole number without a sign, in plain digits.
uint64_t DdlParser::parse_number(uint64_t maximum) {
  const std::string_view digits = tokens_.peek().text;
  const char* const end = digits.data() + digits.size();
  uint64_t number = 0;
  const auto [stop, status] = std::from_chars(digits.data(), end, number);
  const bool valid = status == std::errc() && stop == end && number <= maximum;
  if (!valid) {
    tokens_.record("<integer>");
    if (tokens_.peek().kind == TokenKind::kInteger) tokens_.fail();
  }
  tokens_.expect_integer();
  return number;
}

/// Takes `word 'text'` if `word` follows.
std::optional<std::string> DdlParser::accept_string(std::string_view word) {
  if (!tokens_.accept(word)) return std::nullopt;
  return tokens_.expect_string();
}

bool DdlParser::accept_if_not_exists() {
  const HiveRule rule(tokens_, "if not exists clause");
  if (!tokens_.accept("IF", "NOT")) return false;
  tokens_.expect("EXISTS");
  return true;
}

bool DdlParser::accept_if_exists() { return tokens_.accept("IF", "EXISTS"); }

Properties DdlParser::parse_properties() {
  const HiveRule rule(tokens_, "table properties");
  Properties properties;
  tokens_.expect("(");
  do {
    const HiveRule property(tokens_, "specifying key/value property");
    std::string key = tokens_.expect_string();
    tokens_.expect("=");
    properties.emplace_back(std::move(key), tokens_.expect_string());
  } while (tokens_.accept(","));
  tokens_.expect(")");
  return properties;
}

CreateDatabase DdlParser::parse_create_database() {
  const HiveRule rule(tokens_, "create database statement");
  CreateDatabase database;
  database.if_not_exists = accept_if_not_exists();
  database.name = parse_database_name();
  database.comment = accept_string("COMMENT");
  database.location = accept_string("LOCATION");
  if (tokens_.accept("WITH")) {
    tokens_.expect("DBPROPERTIES");
    database.properties = parse_properties();
  }
  return database;
}

Statement::Node DdlParser::parse_alter() {
  const HiveRule rule(tokens_, "alter statement");
  if (tokens_.accept("TABLE")) return parse_alter_table();
  if (!tokens_.accept("DATABASE") && !tokens_.accept("SCHEMA")) tokens_.fail_at_last();
  AlterDatabase database;
  database.name = parse_database_name();
  tokens_.expect("SET");
  for (std::string_view what : {"LOCATION", "OWNER"}) {
    if (tokens_.looking_at(what)) tokens_.refuse(fmt::format("ALTER DATABASE … SET {}", what));
  }
  tokens_.expect("DBPROPERTIES");
  database.properties = parse_properties();
  return database;
}

AlterTable DdlParser::parse_alter_table() {
  const HiveRule rule(tokens_, "alter table statement");
  AlterTable table;
  table.name = parse_qualified_name();
  refuse_unsupported_change(tokens_);
  if (looking_at_partitions()) {
    table.change = parse_partition_change();
  } else {
    table.change = parse_table_change();
  }
  return table;
}

AlterTable::Change DdlParser::parse_table_change() {
  if (tokens_.accept("ADD")) {
    if (!tokens_.accept("COLUMNS")) tokens_.fail_at_last();
    return AlterTable::AddColumns{parse_columns()};
  }
  if (tokens_.accept("REPLACE")) {
    tokens_.expect("COLUMNS");
    return AlterTable::ReplaceColumns{parse_columns()};
  }
  if (tokens_.accept("DROP")) {
    const HiveRule rule(tokens_, "drop partition statement");
    tokens_.expect("PARTITION");
  }
  if (!tokens_.accept("SET")) tokens_.fail();
  if (tokens_.accept("LOCATION")) return AlterTable::SetLocation{tokens_.expect_string()};
  if (!tokens_.accept("TBLPROPERTIES")) tokens_.fail_at_last();
  return AlterTable::SetProperties{parse_properties()};
}

Statement::Node DdlParser::parse_drop() {
  const HiveRule rule(tokens_, "drop statement");
  if (tokens_.accept("TABLE")) {
    DropTable table;
    table.if_exists = accept_if_exists();
    table.name = parse_qualified_name();
    return table;
  }
  if (!tokens_.accept("DATABASE") && !tokens_.accept("SCHEMA")) fail_at_second_word();
  DropDatabase database;
  database.if_exists = accept_if_exists();
  database.name = parse_database_name();
  if (!tokens_.accept("RESTRICT")) database.cascade = tokens_.accept("CASCADE");
  return database;
}

}  // namespace trailsql
