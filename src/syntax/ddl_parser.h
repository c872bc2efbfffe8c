// The parser of Athena's DDL, which is Hive's: tables, databases, SHOW and DESCRIBE. Its methods
// live in ddl_parser.cpp, create_table_parser.cpp, partition_parser.cpp,
// show_parser.cpp and hive_type_parser.cpp.
#pragma once

#include "syntax/parser.h"
#include "syntax/token_stream.h"

namespace trailsql {

/// Parses one statement from a stream in Hive's dialect. Throws SYNTAX_ERROR with Hive's text and
/// NOT_SUPPORTED. The names of TokenStream::HiveRule are those of Hive's grammar, as recorded
/// errors of Athena show them.
class DdlParser {
 public:
  explicit DdlParser(TokenStream& tokens) : tokens_(tokens) {}

  /// Parses a whole statement, up to the end of the text.
  std::unique_ptr<const Statement> parse_whole_statement();

 private:
  using HiveRule = TokenStream::HiveRule;

  // ddl_parser.cpp
  Statement::Node parse_node();
  Statement::Node parse_create();
  Statement::Node parse_drop();
  CreateDatabase parse_create_database();
  Statement::Node parse_alter();
  AlterTable parse_alter_table();
  AlterTable::Change parse_table_change();
  [[noreturn]] void fail_at_second_word();
  Identifier parse_name();
  Identifier parse_field_name();
  QualifiedName parse_qualified_name();
  QualifiedName parse_database_name();
  uint64_t parse_number(uint64_t maximum);
  Properties parse_properties();
  std::optional<std::string> accept_string(std::string_view word);
  bool accept_if_not_exists();
  bool accept_if_exists();

  // create_table_parser.cpp
  CreateTable parse_create_table();
  bool parse_table_clause(CreateTable& table);
  std::vector<ColumnDefinition> parse_columns();
  void parse_clustered_by(CreateTable& table);
  RowFormat parse_row_format();
  DelimitedFormat parse_delimited();
  bool parse_delimiter(DelimitedFormat& format);
  void parse_serde_properties(CreateTable& table);
  void parse_storage(CreateTable& table);

  // partition_parser.cpp
  bool looking_at_partitions() const;
  AlterTable::PartitionChange parse_partition_change();
  void refuse_transforms(const CreateTable& table) const;
  PartitionSpec parse_partition_spec(bool with_comparisons = false);
  bool accept_comparison(std::string& op);
  std::string parse_partition_value();

  // show_parser.cpp
  Statement::Node parse_show();
  Statement::Node parse_show_create();
  ShowColumns parse_show_columns();
  ShowTableProperties parse_show_table_properties();
  Describe parse_describe();
  std::vector<Identifier> parse_column_path();
  std::optional<std::string> parse_pattern();
  std::optional<QualifiedName> parse_in_database();

  // hive_type_parser.cpp
  TypeName parse_column_type(size_t depth);
  TypeName parse_type(size_t depth);
  void parse_struct_fields(TypeName& type, size_t depth);
  void parse_list(TypeName& type, size_t depth);
  void parse_map(TypeName& type, size_t depth);
  void parse_primitive(TypeName& type);
  void parse_type_numbers(TypeName& type, size_t max_numbers);

  TokenStream& tokens_;
};

}  // namespace trailsql
