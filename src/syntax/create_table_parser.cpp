// CREATE [EXTERNAL] TABLE with all its clauses.
#include <fmt/core.h>

#include <limits>

#include "base/hive_error.h"
#include "syntax/ddl_parser.h"

namespace trailsql {

CreateTable DdlParser::parse_create_table() {
  const HiveRule rule(tokens_, "create table statement");
  CreateTable table;
  table.external = tokens_.accept("EXTERNAL");
  tokens_.expect("TABLE");
  table.if_not_exists = accept_if_not_exists();
  table.name = parse_qualified_name();
  if (tokens_.looking_at("LIKE")) tokens_.refuse("CREATE TABLE LIKE");
  if (tokens_.check("(")) table.columns = parse_columns();
  while (parse_table_clause(table)) {
  }
  return table;
}

/// Parses one clause, if one follows. Hive fixes their order; here any order is fine, but none may
/// come twice.
bool DdlParser::parse_table_clause(CreateTable& table) {
  if (!table.comment && tokens_.check("COMMENT")) {
    table.comment = accept_string("COMMENT");
  } else if (table.partitioned_by.empty() && tokens_.accept("PARTITIONED")) {
    tokens_.expect("BY");
    refuse_transforms(table);
    table.partitioned_by = parse_columns();
  } else if (table.clustered_by.empty() && tokens_.accept("CLUSTERED")) {
    parse_clustered_by(table);
  } else if (!table.row_format && tokens_.accept("ROW")) {
    tokens_.expect("FORMAT");
    table.row_format = parse_row_format();
  } else if (tokens_.check("WITH")) {
    parse_serde_properties(table);
  } else if (!table.stored_as && !table.input_format && tokens_.accept("STORED")) {
    tokens_.expect("AS");
    parse_storage(table);
  } else if (!table.location && tokens_.check("LOCATION")) {
    const HiveRule rule(tokens_, "table location specification");
    table.location = accept_string("LOCATION");
  } else if (table.table_properties.empty() && tokens_.accept("TBLPROPERTIES")) {
    table.table_properties = parse_properties();
  } else {
    return false;
  }
  return true;
}

/// Of Iceberg tables partitions are columns alone, and functions of them: bucket(16, id).
void DdlParser::refuse_transforms(const CreateTable& table) const {
  if (table.external || !tokens_.looking_at("(")) return;
  for (const std::string_view sign : {"(", ",", ")"}) {
    if (tokens_.looking_at(sign, 2)) tokens_.refuse("CREATE TABLE of an Iceberg table");
  }
}

std::vector<ColumnDefinition> DdlParser::parse_columns() {
  std::vector<ColumnDefinition> columns;
  tokens_.expect("(");
  do {
    const HiveRule rule(tokens_, "column specification");
    ColumnDefinition column;
    column.name = parse_name();
    column.type = parse_column_type(1);
    column.comment = accept_string("COMMENT");
    columns.push_back(std::move(column));
  } while (tokens_.accept(","));
  tokens_.expect(")");
  return columns;
}

void DdlParser::parse_clustered_by(CreateTable& table) {
  const HiveRule rule(tokens_, "table buckets specification");
  tokens_.expect("BY");
  tokens_.expect("(");
  do {
    table.clustered_by.push_back(parse_name());
  } while (tokens_.accept(","));
  tokens_.expect(")");
  tokens_.expect("INTO");
  constexpr auto kMaxBuckets = std::numeric_limits<uint32_t>::max();
  table.num_buckets = static_cast<uint32_t>(parse_number(kMaxBuckets));
  tokens_.expect("BUCKETS");
}

RowFormat DdlParser::parse_row_format() {
  const HiveRule rule(tokens_, "table row format specification");
  if (tokens_.accept("DELIMITED")) return parse_delimited();
  if (!tokens_.accept("SERDE")) tokens_.fail();
  const HiveRule serde(tokens_, "serde format specification");
  SerDeFormat format;
  format.class_name = tokens_.expect_string();
  return format;
}

/// Parses `WITH SERDEPROPERTIES (…)`, which Athena's synopsis has behind STORED AS, too. They
/// belong to the format's own SerDe when none is named.
void DdlParser::parse_serde_properties(CreateTable& table) {
  const HiveRule rule(tokens_, "serde format specification");
  if (!table.row_format) table.row_format = SerDeFormat();
  auto* format = std::get_if<SerDeFormat>(&*table.row_format);
  if (format == nullptr || !format->properties.empty()) tokens_.fail();
  tokens_.expect("WITH");
  tokens_.expect("SERDEPROPERTIES");
  format->properties = parse_properties();
}

DelimitedFormat DdlParser::parse_delimited() {
  const HiveRule rule(tokens_, "serde properties specification");
  DelimitedFormat format;
  while (parse_delimiter(format)) {
  }
  return format;
}

/// Parses one clause of ROW FORMAT DELIMITED, if one follows.
bool DdlParser::parse_delimiter(DelimitedFormat& format) {
  const auto terminator = [&](std::optional<std::string>& value) {
    tokens_.expect("TERMINATED");
    tokens_.expect("BY");
    value = tokens_.expect_string();
  };
  if (!format.fields_terminated_by && tokens_.accept("FIELDS")) {
    terminator(format.fields_terminated_by);
    if (tokens_.accept("ESCAPED")) {
      tokens_.expect("BY");
      format.escaped_by = tokens_.expect_string();
    }
  } else if (!format.collection_items_terminated_by && tokens_.accept("COLLECTION")) {
    tokens_.expect("ITEMS");
    terminator(format.collection_items_terminated_by);
  } else if (!format.map_keys_terminated_by && tokens_.accept("MAP")) {
    tokens_.expect("KEYS");
    terminator(format.map_keys_terminated_by);
  } else if (!format.lines_terminated_by && tokens_.accept("LINES")) {
    terminator(format.lines_terminated_by);
  } else if (!format.null_defined_as && tokens_.accept("NULL")) {
    tokens_.expect("DEFINED");
    tokens_.expect("AS");
    format.null_defined_as = tokens_.expect_string();
  } else {
    return false;
  }
  return true;
}

void DdlParser::parse_storage(CreateTable& table) {
  const HiveRule rule(tokens_, "file format specification");
  if (tokens_.accept("INPUTFORMAT")) {
    table.input_format = tokens_.expect_string();
    tokens_.expect("OUTPUTFORMAT");
    table.output_format = tokens_.expect_string();
    return;
  }
  for (std::string_view format :
       {"SEQUENCEFILE", "TEXTFILE", "RCFILE", "ORC", "PARQUET", "AVRO", "ION", "JSONFILE"}) {
    if (tokens_.accept(format)) {
      table.stored_as = std::string(format);
      return;
    }
  }
  if (tokens_.peek().kind != TokenKind::kWord) tokens_.fail();
  throw hive_error(
      ErrorCode::kSyntaxError, tokens_.location(),
      fmt::format("SemanticException Unrecognized file format in STORED AS clause: '{}'",
                  tokens_.peek().text),
      "formats are PARQUET, TEXTFILE, ORC, AVRO, ION, RCFILE, SEQUENCEFILE");
}

}  // namespace trailsql
