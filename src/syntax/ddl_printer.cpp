// Hive's DDL as text.
#include <fmt/core.h>

#include "syntax/printer.h"

namespace trailsql {

std::string hive_quoted_name(std::string_view name) {
  std::string out = "`";
  for (char c : name) {
    if (c == '`') out += '`';
    out += c;
  }
  return out + "`";
}

std::string hive_quoted_text(std::string_view text) {
  std::string out = "'";
  for (char c : text) {
    switch (c) {
      case '\'': out += "\\'"; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        } else {
          out += c;
        }
    }
  }
  return out + "'";
}

namespace {

std::string quoted_name(const Identifier& name) { return hive_quoted_name(name.value); }

std::string quoted_name(const QualifiedName& name) {
  std::string out;
  for (const Identifier& part : name.parts) {
    if (!out.empty()) out += '.';
    out += quoted_name(part);
  }
  return out;
}

std::string properties_text(const Properties& properties) {
  std::string out = "(";
  for (const auto& [key, value] : properties) {
    out += fmt::format("{}\n  {}={}", out.size() == 1 ? "" : ",", hive_quoted_text(key),
                       hive_quoted_text(value));
  }
  return out + ")";
}

void append_hive_type(std::string& out, const TypeName& type) {
  out += type.name;
  if (type.parameters.empty()) return;
  const bool angle = type.parameters[0].type != nullptr;
  out += angle ? '<' : '(';
  for (size_t i = 0; i < type.parameters.size(); ++i) {
    const TypeName::Parameter& parameter = type.parameters[i];
    if (i > 0) out += ',';
    if (parameter.field_name) out += quoted_name(*parameter.field_name) + ":";
    if (parameter.type != nullptr) append_hive_type(out, *parameter.type);
    if (parameter.number) out += std::to_string(*parameter.number);
    if (parameter.comment) out += " COMMENT " + hive_quoted_text(*parameter.comment);
  }
  out += angle ? '>' : ')';
}

/// Appends clauses to a statement, each on its line.
class DdlPrinter {
 public:
  explicit DdlPrinter(std::string& out) : out_(out) {}

  void operator()(const CreateTable& node) {
    out_ += node.external ? "CREATE EXTERNAL TABLE " : "CREATE TABLE ";
    if (node.if_not_exists) out_ += "IF NOT EXISTS ";
    out_ += quoted_name(node.name);
    if (!node.columns.empty()) {
      out_ += " ";
      add_columns(node.columns);
    }
    add_string("\nCOMMENT ", node.comment);
    if (!node.partitioned_by.empty()) {
      out_ += "\nPARTITIONED BY ";
      add_columns(node.partitioned_by);
    }
    for (size_t i = 0; i < node.clustered_by.size(); ++i) {
      out_ += (i == 0 ? "\nCLUSTERED BY (" : ", ") + quoted_name(node.clustered_by[i]);
    }
    if (!node.clustered_by.empty()) out_ += fmt::format(") INTO {} BUCKETS", node.num_buckets);
    if (node.row_format) std::visit(*this, *node.row_format);
    if (node.stored_as) out_ += "\nSTORED AS " + *node.stored_as;
    add_string("\nSTORED AS INPUTFORMAT ", node.input_format);
    add_string("\nOUTPUTFORMAT ", node.output_format);
    add_string("\nLOCATION ", node.location);
    if (!node.table_properties.empty()) {
      out_ += "\nTBLPROPERTIES " + properties_text(node.table_properties);
    }
  }
  void operator()(const DelimitedFormat& node) {
    out_ += "\nROW FORMAT DELIMITED";
    add_string("\n  FIELDS TERMINATED BY ", node.fields_terminated_by);
    add_string(" ESCAPED BY ", node.escaped_by);
    add_string("\n  COLLECTION ITEMS TERMINATED BY ", node.collection_items_terminated_by);
    add_string("\n  MAP KEYS TERMINATED BY ", node.map_keys_terminated_by);
    add_string("\n  LINES TERMINATED BY ", node.lines_terminated_by);
    add_string("\n  NULL DEFINED AS ", node.null_defined_as);
  }
  void operator()(const SerDeFormat& node) {
    if (!node.class_name.empty()) out_ += "\nROW FORMAT SERDE " + hive_quoted_text(node.class_name);
    if (!node.properties.empty()) {
      out_ += "\nWITH SERDEPROPERTIES " + properties_text(node.properties);
    }
  }
  void operator()(const CreateDatabase& node) {
    out_ += "CREATE DATABASE ";
    if (node.if_not_exists) out_ += "IF NOT EXISTS ";
    out_ += quoted_name(node.name);
    add_string("\nCOMMENT ", node.comment);
    add_string("\nLOCATION ", node.location);
    if (!node.properties.empty()) {
      out_ += "\nWITH DBPROPERTIES " + properties_text(node.properties);
    }
  }
  void operator()(const AlterDatabase& node) {
    out_ += "ALTER DATABASE " + quoted_name(node.name) + "\nSET DBPROPERTIES " +
            properties_text(node.properties);
  }
  void operator()(const AlterTable& node) {
    out_ += "ALTER TABLE " + quoted_name(node.name) + "\n";
    std::visit(*this, node.change);
  }
  void operator()(const AlterTable::Change& change) { std::visit(*this, change); }
  void operator()(const AlterTable::PartitionChange& change) { std::visit(*this, change); }
  void operator()(const AlterTable::AddPartitions& node) {
    out_ += node.if_not_exists ? "ADD IF NOT EXISTS" : "ADD";
    for (const AlterTable::AddPartitions::Partition& partition : node.partitions) {
      out_ += ' ';
      add_partition(partition.spec);
      add_string(" LOCATION ", partition.location);
    }
  }
  void operator()(const AlterTable::DropPartitions& node) {
    out_ += node.if_exists ? "DROP IF EXISTS " : "DROP ";
    for (size_t i = 0; i < node.specs.size(); ++i) {
      if (i > 0) out_ += ", ";
      add_partition(node.specs[i]);
    }
  }
  void operator()(const AlterTable::RenamePartition& node) {
    add_partition(node.from);
    out_ += " RENAME TO ";
    add_partition(node.to);
  }
  void operator()(const AlterTable::SetPartitionLocation& node) {
    add_partition(node.spec);
    out_ += " SET LOCATION " + hive_quoted_text(node.location);
  }
  void operator()(const AlterTable::AddPartitionColumns& node) {
    add_partition(node.spec);
    out_ += " ADD COLUMNS ";
    add_columns(node.columns);
  }
  void operator()(const RepairTable& node) {
    out_ += "MSCK REPAIR TABLE " + quoted_name(node.name);
  }
  void operator()(const AlterTable::AddColumns& node) {
    out_ += "ADD COLUMNS ";
    add_columns(node.columns);
  }
  void operator()(const AlterTable::ReplaceColumns& node) {
    out_ += "REPLACE COLUMNS ";
    add_columns(node.columns);
  }
  void operator()(const AlterTable::SetLocation& node) {
    out_ += "SET LOCATION " + hive_quoted_text(node.location);
  }
  void operator()(const AlterTable::SetProperties& node) {
    out_ += "SET TBLPROPERTIES " + properties_text(node.properties);
  }
  void operator()(const DropDatabase& node) {
    out_ += node.if_exists ? "DROP DATABASE IF EXISTS " : "DROP DATABASE ";
    out_ += quoted_name(node.name);
    if (node.cascade) out_ += " CASCADE";
  }
  void operator()(const DropTable& node) {
    out_ += node.if_exists ? "DROP TABLE IF EXISTS " : "DROP TABLE ";
    out_ += quoted_name(node.name);
  }
  void operator()(const ShowDatabases& node) { add_show("DATABASES", std::nullopt, node.pattern); }
  void operator()(const ShowTables& node) { add_show("TABLES", node.database, node.pattern); }
  void operator()(const ShowViews& node) { add_show("VIEWS", node.database, node.pattern); }
  void operator()(const ShowFunctions& node) { add_show("FUNCTIONS", std::nullopt, node.pattern); }
  void operator()(const ShowColumns& node) { out_ += "SHOW COLUMNS IN " + quoted_name(node.table); }
  void operator()(const ShowCreateTable& node) {
    out_ += "SHOW CREATE TABLE " + quoted_name(node.table);
  }
  void operator()(const ShowCreateView& node) {
    out_ += "SHOW CREATE VIEW " + quoted_name(node.view);
  }
  void operator()(const ShowTableProperties& node) {
    out_ += "SHOW TBLPROPERTIES " + quoted_name(node.table);
    if (node.key) out_ += "(" + hive_quoted_text(*node.key) + ")";
  }
  void operator()(const ShowPartitions& node) {
    out_ += "SHOW PARTITIONS " + quoted_name(node.table);
  }
  void operator()(const Describe& node) {
    out_ += "DESCRIBE ";
    if (node.extended) out_ += "EXTENDED ";
    if (node.formatted) out_ += "FORMATTED ";
    out_ += quoted_name(node.table);
    if (node.partition) {
      out_ += ' ';
      add_partition(*node.partition);
    }
    for (size_t i = 0; i < node.column_path.size(); ++i) {
      const std::string& part = node.column_path[i].value;
      out_ += i == 0 ? ' ' : '.';
      out_ += part.starts_with('$') ? hive_quoted_text(part) : hive_quoted_name(part);
    }
  }

  // Statements of Trino's grammar: statement_printer.cpp prints them.
  void operator()(const QueryStatement&) {}
  void operator()(const CreateView&) {}
  void operator()(const DropView&) {}
  void operator()(const Explain&) {}
  void operator()(const Prepare&) {}
  void operator()(const Execute&) {}
  void operator()(const Deallocate&) {}
  void operator()(const CreateTableAs&) {}
  void operator()(const Insert&) {}
  void operator()(const Unload&) {}

 private:
  void add_columns(const std::vector<ColumnDefinition>& columns) {
    out_ += '(';
    for (size_t i = 0; i < columns.size(); ++i) {
      out_ += i == 0 ? "\n  " : ",\n  ";
      out_ += quoted_name(columns[i].name) + " ";
      append_hive_type(out_, columns[i].type);
      add_string(" COMMENT ", columns[i].comment);
    }
    out_ += ')';
  }

  void add_partition(const PartitionSpec& spec) {
    for (size_t i = 0; i < spec.conditions.size(); ++i) {
      const PartitionCondition& condition = spec.conditions[i];
      out_ +=
          fmt::format("{}{} {} {}", i == 0 ? "PARTITION (" : ", ", quoted_name(condition.column),
                      condition.op, hive_quoted_text(condition.value));
    }
    out_ += ')';
  }

  void add_string(std::string_view words, const std::optional<std::string>& text) {
    if (!text) return;
    out_ += words;
    out_ += hive_quoted_text(*text);
  }

  void add_show(std::string_view what, const std::optional<QualifiedName>& database,
                const std::optional<std::string>& pattern) {
    out_ += fmt::format("SHOW {}", what);
    if (database) out_ += " IN " + quoted_name(*database);
    add_string(" LIKE ", pattern);
  }

  std::string& out_;
};

}  // namespace

void append_ddl(std::string& out, const Statement::Node& node) {
  std::visit(DdlPrinter(out), node);
}

}  // namespace trailsql
