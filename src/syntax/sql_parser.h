// The parser of Trino's grammar: recursive descent, with operator precedence for expressions. One
// class; its methods live in one file a family: expression_parser.cpp, primary_parser.cpp,
// function_parser.cpp, window_parser.cpp, json_function_parser.cpp, type_parser.cpp,
// query_parser.cpp, relation_parser.cpp, statement_parser.cpp, write_parser.cpp.
#pragma once

#include "syntax/parser.h"
#include "syntax/token_stream.h"

namespace trailsql {

/// Parses one text. All methods begin at the current token, leave the stream behind what they took,
/// and throw QueryError (SYNTAX_ERROR, STACK_OVERFLOW, NOT_SUPPORTED).
class SqlParser {
 public:
  SqlParser(TokenStream& tokens, NodeId first_node_id)
      : tokens_(tokens), first_node_id_(first_node_id), next_node_id_(first_node_id) {}

  /// Parses a whole statement of Trino's grammar, up to the end of the text.
  std::unique_ptr<const Statement> parse_whole_statement();
  /// Parses an expression, up to the end of the text.
  ExpressionPtr parse_whole_expression();

 private:
  // statement_parser.cpp
  std::unique_ptr<const Statement> parse_statement();
  std::unique_ptr<const Statement> finish_statement(Location location, Statement::Node node);
  Statement::Node parse_explain();
  Statement::Node parse_prepare();
  Statement::Node parse_execute();
  Statement::Node parse_deallocate();
  Statement::Node parse_create_view();
  Statement::Node parse_drop_view();

  // write_parser.cpp
  Statement::Node parse_create_table_as();
  Statement::Node parse_insert();
  Statement::Node parse_unload();
  QueryPtr parse_query_to_write();
  std::vector<WriteProperty> parse_write_properties();

  // query_parser.cpp
  QueryPtr parse_query();
  QueryPtr parse_query_without_with(std::optional<With> with, Location location);
  Query::Body parse_query_term(int minimum_precedence);
  Query::Body parse_query_primary();
  With parse_with();
  NamedQuery parse_named_query();
  void parse_ordering(Query& query);
  std::optional<Limit> parse_limit();
  ExpressionPtr parse_row_count();
  QuerySpecification parse_query_specification();
  SelectItem parse_select_item();
  std::optional<Identifier> parse_select_alias();
  GroupBy parse_group_by();
  GroupingElement parse_grouping_element();
  std::vector<ExpressionPtr> parse_grouping_set();
  bool is_parenthesized_grouping_set() const;
  std::vector<Identifier> parse_identifier_list();
  QueryPtr make_query(Query query);
  QueryPtr make_body(Location location, Query::Body body, uint32_t num_levels);

  // relation_parser.cpp
  RelationPtr parse_relation_list();
  RelationPtr parse_relation();
  std::optional<Join> parse_join_kind();
  RelationPtr parse_join(RelationPtr left, Location location, Join join);
  RelationPtr parse_sampled_relation();
  RelationPtr parse_aliased_relation();
  RelationPtr parse_relation_primary();
  RelationPtr parse_unnest();
  RelationPtr parse_table_function();
  TableFunctionCall::Argument parse_table_argument();
  bool is_alias() const;
  RelationPtr make(Location location, Relation::Node node);

  // expression_parser.cpp
  ExpressionPtr parse_expression();
  ExpressionPtr parse_logical(bool is_and);
  ExpressionPtr parse_not();
  ExpressionPtr parse_predicate();
  ExpressionPtr parse_predicate_rest(ExpressionPtr operand);
  ExpressionPtr parse_comparison(ExpressionPtr left, ComparisonOperator op, Location location);
  ExpressionPtr parse_in_or_rewind(ExpressionPtr operand, Location location);
  ExpressionPtr parse_in(ExpressionPtr operand, bool negated, Location location);
  ExpressionPtr parse_like(ExpressionPtr operand, bool negated, Location location);
  ExpressionPtr parse_is(ExpressionPtr operand);
  ExpressionPtr parse_value(int minimum_precedence = 0);
  ExpressionPtr parse_value_operand();
  ExpressionPtr parse_zone();
  std::optional<ComparisonOperator> comparison_operator();
  std::vector<ExpressionPtr> parse_expression_list();
  bool is_query_in_parentheses(size_t open) const;
  QueryPtr parse_query_in_parentheses();
  ExpressionPtr make(Location location, Expression::Node node);

  // primary_parser.cpp
  ExpressionPtr parse_primary();
  ExpressionPtr parse_primary_base();
  ExpressionPtr parse_word_primary();
  ExpressionPtr parse_reserved_primary();
  ExpressionPtr parse_name_primary();
  ExpressionPtr parse_number(bool negative);
  ExpressionPtr parse_parenthesized();
  ExpressionPtr parse_lambda();
  bool is_lambda_in_parentheses(size_t open) const;
  ExpressionPtr parse_array();
  ExpressionPtr parse_interval();
  ExpressionPtr parse_case();
  ExpressionPtr parse_cast(bool safe);
  ExpressionPtr parse_exists();
  std::optional<SpecialFunction::Name> special_function() const;
  ExpressionPtr parse_special_function(SpecialFunction::Name name);
  bool is_interval_field(size_t ahead) const;
  IntervalField parse_interval_field();
  bool is_number(size_t ahead) const;

  // function_parser.cpp
  bool is_function_call() const;
  bool has_word_in_parentheses(size_t open, std::string_view word) const;
  ExpressionPtr parse_function_call();
  ExpressionPtr finish_function_call(Location location, FunctionCall call);
  ExpressionPtr parse_extract();
  ExpressionPtr parse_trim();
  std::optional<Trim::Side> parse_trim_side();
  ExpressionPtr parse_position();
  ExpressionPtr parse_normalize();
  ExpressionPtr parse_grouping();
  ExpressionPtr parse_listagg();
  bool parse_call_quantifier();
  void parse_call_arguments(FunctionCall& call);
  void parse_call_suffix(FunctionCall& call);
  void parse_substring_arguments(FunctionCall& call);
  ExpressionPtr make_call(Location location, std::string_view name,
                          std::vector<ExpressionPtr> arguments);

  // routine_parser.cpp
  InlineFunction parse_inline_function();
  void parse_routine_characteristics(InlineFunction& function);
  RoutineStep parse_routine_step();

  // window_parser.cpp
  std::unique_ptr<const WindowReference> parse_over();
  WindowSpecification parse_window_specification();
  bool begins_with_window_name() const;
  std::optional<WindowFrame> parse_window_frame();
  FrameBound parse_frame_bound();
  std::vector<SortItem> parse_order_by();
  std::vector<SortItem> parse_sort_items();

  // json_function_parser.cpp
  ExpressionPtr parse_json_path_call(JsonPathCall::Kind kind);
  void parse_json_path_input(JsonPathCall& call);
  void parse_json_wrapper(JsonPathCall& call);
  void parse_json_behaviors(JsonPathCall& call);
  JsonInput parse_json_input();
  ExpressionPtr parse_json_object();
  JsonObjectMember parse_json_member();
  ExpressionPtr parse_json_array();
  void parse_json_null_clause(bool& absent_on_null);
  std::optional<std::string> parse_json_encoding();
  std::optional<std::string> parse_json_format();

  // type_parser.cpp
  TypeName parse_type();
  TypeName parse_base_type();
  TypeName parse_datetime_type();
  TypeName parse_row_type();
  TypeName::Parameter parse_row_field();
  TypeName::Parameter parse_type_number();
  TypeName parse_interval_type();
  void parse_type_arguments(TypeName& type, std::string_view open, std::string_view close);
  static TypeName::Parameter type_parameter(TypeName type);

  /// Counts how deep the parser itself is, so that nested parentheses cannot overflow its stack.
  class DepthGuard {
   public:
    explicit DepthGuard(SqlParser& parser);
    ~DepthGuard() { --parser_.depth_; }
    DepthGuard(const DepthGuard&) = delete;
    DepthGuard& operator=(const DepthGuard&) = delete;

   private:
    SqlParser& parser_;
  };

  /// Counts the primaries around a token: Trino expects more after a name that stands in one.
  class Nesting {
   public:
    Nesting(SqlParser& parser, size_t nesting) : parser_(parser), outer_(parser.nesting_) {
      parser_.nesting_ = nesting;
    }
    ~Nesting() { parser_.nesting_ = outer_; }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;

   private:
    SqlParser& parser_;
    size_t outer_;
  };

  TokenStream& tokens_;
  NodeId first_node_id_;
  NodeId next_node_id_;
  uint32_t num_parameters_ = 0;
  size_t depth_ = 0;
  size_t nesting_ = 0;
  size_t select_item_start_ = static_cast<size_t>(-1);
};

}  // namespace trailsql
