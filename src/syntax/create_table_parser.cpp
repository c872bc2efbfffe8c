// CREATE [EXTERNAL] TABLE with all its clauses.
#include <limits>

#include "syntax/ddl_parser.h"

namespace trailsql {

CreateTable DdlParser::parse_create_table() {
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
    table.partitioned_by = parse_columns();
  } else if (table.clustered_by.empty() && tokens_.accept("CLUSTERED")) {
    parse_clustered_by(table);
  } else if (!table.row_format && tokens_.accept("ROW")) {
    tokens_.expect("FORMAT");
    table.row_format = parse_row_format();
  } else if (!table.stored_as && !table.input_format && tokens_.accept("STORED")) {
    tokens_.expect("AS");
    parse_storage(table);
  } else if (!table.location && tokens_.check("LOCATION")) {
    table.location = accept_string("LOCATION");
  } else if (table.table_properties.empty() && tokens_.accept("TBLPROPERTIES")) {
    table.table_properties = parse_properties();
  } else {
    return false;
  }
  return true;
}

std::vector<ColumnDefinition> DdlParser::parse_columns() {
  std::vector<ColumnDefinition> columns;
  tokens_.expect("(");
  do {
    ColumnDefinition column;
    column.name = parse_name();
    column.type = parse_type(1);
    column.comment = accept_string("COMMENT");
    columns.push_back(std::move(column));
  } while (tokens_.accept(","));
  tokens_.expect(")");
  return columns;
}

void DdlParser::parse_clustered_by(CreateTable& table) {
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
  if (tokens_.accept("DELIMITED")) return parse_delimited();
  tokens_.expect("SERDE");
  SerDeFormat format;
  format.class_name = tokens_.expect_string();
  if (tokens_.accept("WITH")) {
    tokens_.expect("SERDEPROPERTIES");
    format.properties = parse_properties();
  }
  return format;
}

DelimitedFormat DdlParser::parse_delimited() {
  DelimitedFormat format;
  const auto terminator = [&](std::optional<std::string>& value) {
    tokens_.expect("TERMINATED");
    tokens_.expect("BY");
    value = tokens_.expect_string();
  };
  while (true) {
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
      return format;
    }
  }
}

void DdlParser::parse_storage(CreateTable& table) {
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
  tokens_.fail();
}

}  // namespace trailsql
