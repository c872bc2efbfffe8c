// PARTITION (…) in ALTER TABLE.
#include "syntax/ddl_parser.h"

namespace trailsql {

/// Returns whether what ALTER TABLE changes are partitions.
bool DdlParser::looking_at_partitions() const {
  const bool after_verb = tokens_.looking_at("PARTITION", 1) || tokens_.looking_at("IF", 1);
  return tokens_.looking_at("PARTITION") ||
         ((tokens_.looking_at("ADD") || tokens_.looking_at("DROP")) && after_verb);
}

AlterTable::PartitionChange DdlParser::parse_partition_change() {
  if (tokens_.accept("ADD")) {
    AlterTable::AddPartitions add;
    add.if_not_exists = accept_if_not_exists();
    do {
      AlterTable::AddPartitions::Partition partition;
      partition.spec = parse_partition_spec();
      partition.location = accept_string("LOCATION");
      add.partitions.push_back(std::move(partition));
    } while (tokens_.check("PARTITION"));
    return add;
  }
  if (tokens_.accept("DROP")) {
    AlterTable::DropPartitions drop;
    drop.if_exists = accept_if_exists();
    do {
      drop.specs.push_back(parse_partition_spec(true));
    } while (tokens_.accept(","));
    if (tokens_.looking_at("PURGE")) tokens_.refuse("DROP PARTITION … PURGE");
    return drop;
  }
  PartitionSpec spec = parse_partition_spec();
  if (tokens_.accept("RENAME")) {
    tokens_.expect("TO");
    return AlterTable::RenamePartition{std::move(spec), parse_partition_spec()};
  }
  if (tokens_.accept("ADD")) {
    tokens_.expect("COLUMNS");
    return AlterTable::AddPartitionColumns{std::move(spec), parse_columns()};
  }
  tokens_.expect("SET");
  tokens_.expect("LOCATION");
  return AlterTable::SetPartitionLocation{std::move(spec), tokens_.expect_string()};
}

PartitionSpec DdlParser::parse_partition_spec(bool with_comparisons) {
  PartitionSpec spec;
  spec.location = tokens_.location();
  tokens_.expect("PARTITION");
  tokens_.expect("(");
  do {
    PartitionCondition condition;
    condition.column = parse_name();
    if (!with_comparisons || !accept_comparison(condition.op)) tokens_.expect("=");
    condition.value = parse_partition_value();
    spec.conditions.push_back(std::move(condition));
  } while (tokens_.accept(","));
  tokens_.expect(")");
  return spec;
}

/// Takes an operator, whose signs may be tokens of their own: array<array<int>> has them, too.
bool DdlParser::accept_comparison(std::string& op) {
  for (const std::string_view whole : {"=", "<>", "!=", "<=", ">="}) {
    if (!tokens_.accept(whole)) continue;
    op = whole == "!=" ? "<>" : whole;
    return true;
  }
  for (const std::string_view sign : {"<", ">"}) {
    if (!tokens_.accept(sign)) continue;
    op = sign;
    if (tokens_.accept("=")) {
      op += '=';
    } else if (sign == "<" && tokens_.accept(">")) {
      op = "<>";
    }
    return true;
  }
  return false;
}

/// Parses a string, a number, or DATE 'text'.
std::string DdlParser::parse_partition_value() {
  if (tokens_.looking_at("DATE") || tokens_.looking_at("TIMESTAMP")) tokens_.take();
  if (tokens_.is_string()) return tokens_.expect_string();
  std::string value = tokens_.accept("-") ? "-" : "";
  const TokenKind kind = tokens_.peek().kind;
  if (kind != TokenKind::kInteger && kind != TokenKind::kDecimal && kind != TokenKind::kWord) {
    tokens_.record("<string>");
    tokens_.record("<integer>");
    tokens_.fail();
  }
  value += tokens_.peek().text;
  tokens_.take();
  return value;
}

}  // namespace trailsql
