// Lowers an analysed query to engine SQL: one class, its files one for each kind of node. Internal
// to the module.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "analysis/analysis.h"
#include "functions/function.h"
#include "plan/column_needs.h"
#include "plan/plan.h"
#include "plan/select_list.h"
#include "scan/scan_spec.h"

namespace trailsql {

/// Limits of the module.
inline constexpr size_t kMaxEngineSqlBytes = 64 * 1024 * 1024;

/// Engine SQL of a value. `may_fail` says that computing it can end the query, so it must not be
/// computed for rows that Trino would not compute it for.
struct LoweredExpression {
  std::string sql;
  bool may_fail = false;
  bool has_subquery = false;   // known of what lower() returned only
  bool reads_outside = false;  // columns of a query around; known of the terms of WHERE only
};

/// One part of a relation's column as the engine delivers it: the whole column, or what lies at a
/// path into it.
struct DeliveredPart {
  FieldPath path;
  std::string sql;  // "r3.c0"
};

/// A lowered query: SQL that delivers columns c0, c1, …; each output is one or more of them, or
/// none when nothing reads it.
struct LoweredQuery {
  std::string sql;
  std::vector<std::vector<DeliveredPart>> outputs;  // sql: the column's name alone, "c4"
};

/// Walks an analysed query once and writes engine SQL. Use once.
class Lowering {
 public:
  explicit Lowering(const Analysis& analysis)
      : analysis_(analysis),
        needs_(compute_column_needs(analysis)),
        delivered_(analysis.relations.size()),
        select_of_relation_(analysis.relations.size()) {}

  /// Lowers the root: columns c0 … in the order of the outputs.
  std::string lower_root();

  std::vector<TableScan> take_scans() { return std::move(scans_); }
  std::vector<TableScan> take_parquet_tables() { return std::move(parquet_tables_); }
  std::vector<std::shared_ptr<const RepeatedRecords>> take_repeats() { return std::move(repeats_); }
  const std::vector<KernelPtr>& kernels() const { return kernels_.kernels(); }
  const std::optional<std::vector<uint32_t>>& scan_columns() const { return scan_columns_; }

 private:
  struct FormLowering;  // tells the forms of expressions apart

  /// What stands for expressions that were computed below: their canonical key → the column that
  /// holds them.
  using Replacements = std::map<std::string, std::string>;

  // Queries (query_lowering.cpp)
  LoweredQuery lower_query(QueryIndex index);
  LoweredQuery lower_body(QueryIndex index);
  LoweredQuery lower_select(QueryIndex index, const SelectFacts& select);
  LoweredQuery lower_set_operation(QueryIndex index, const SetOperationFacts& body);
  std::string distinct_by_keys(const QueryFacts& facts, const LoweredQuery& rows);
  std::string set_operation_by_keys(const QueryFacts& facts, const SetOperationFacts& body,
                                    const LoweredQuery& rows);
  LoweredQuery lower_recursion(QueryIndex index, const RecursionFacts& body);
  LoweredQuery lower_values(QueryIndex index, const ValuesFacts& body);
  LoweredQuery lower_table_body(QueryIndex index, const TableBodyFacts& body);
  static std::string sort_item(const std::string& sql, const Type& type, bool descending,
                               bool nulls_first);
  /// Wraps a body with ORDER BY, OFFSET and LIMIT. `key_columns` name the body's column that holds
  /// each sort key; where it is empty the keys are outputs, or expressions over outputs.
  LoweredQuery ordered(const QueryFacts& facts, LoweredQuery body,
                       const std::vector<std::string>& key_columns = {});
  std::string with_ties(const QueryFacts& facts, const SelectList& items, const std::string& from,
                        const std::string& order);
  std::string with_clause(const QueryFacts& facts);

  // SELECT (select_lowering.cpp)
  /// FROM and WHERE; `condition` is WHERE's, or empty.
  struct Source {
    std::string sql;
    std::string condition;
  };
  Source lower_source(const QuerySpecification& node);
  std::string lower_aggregation(const SelectFacts& select, Replacements& replacements);
  void lower_groupings(const SelectFacts& select, const std::vector<std::string>& keys,
                       Replacements& replacements, std::string& items, const std::string& alias);
  /// Finds out whether the root's rows are those of its scan as they are. `values` is what the
  /// outputs are, in SQL.
  void find_scan_columns(const QueryFacts& facts, const SelectFacts& select, const Source& source,
                         const std::vector<std::string>& values);
  std::string lower_output(const SelectOutput& output, const FieldPath& path,
                           const std::string& condition);
  std::vector<std::string> lower_sort_keys(const QueryFacts& facts, const SelectFacts& select,
                                           const LoweredQuery& lowered, SelectList& items);

  // Relations (relation_lowering.cpp)
  std::string lower_relation(const Relation& relation);
  std::string lower_join(const Relation& relation, const Join& join);
  std::string lower_outer_join(const Join& join, std::string left, std::string right);
  std::string lower_lateral_join(const Join& join, const std::string& left,
                                 const std::string& right);
  bool is_one_row(const Relation& relation) const;
  std::string lower_sample(const SampledRelation& node);
  /// Puts a relation into a SELECT of its own: what it delivers comes from there from now on.
  /// `extra` adds columns, whose names it becomes.
  std::string wrapped(const Relation& relation, const std::string& sql,
                      const std::string& condition, std::vector<std::string>& extra);
  std::string lower_right(const Relation& relation);
  std::string lower_using(RelationIndex index, const Join& join);
  std::string lower_leaf(RelationIndex index, bool lateral);
  std::string lower_table(RelationIndex index);
  /// Returns the rows of a scan, without records that were delivered before where the table says
  /// so.
  std::string first_deliveries(ScanSpec& spec, const CatalogTable& table, const std::string& scan);
  std::string lower_unnest(RelationIndex index);

  // Bounds on the times of all records (event_time_lowering.cpp)
  /// Makes a scan deliver the time of each record where the statement bounds it, and adds what that
  /// says of folders. Returns the condition on the scan's columns; empty without bounds. Throws
  /// NOT_SUPPORTED for tables whose rows have no such time.
  std::string bound_event_times(ScanSpec& spec, RelationIndex table);
  std::string text_within(const std::string& column) const;
  std::string timestamp_within(const std::string& column, const Type& type) const;

  std::string reference(const ColumnUse& use) const;
  /// Lowers what is an expression or, when that is null, a column.
  LoweredExpression lower_value(const Expression* expression, const ColumnUse& use);
  /// Begins what a relation delivers, in the FROM of the SELECT being lowered.
  void begin_delivery(RelationIndex index);
  void deliver(RelationIndex index, uint32_t column, FieldPath path, std::string sql);

  // What is known before files are read (known_conditions.h)
  class KnownConditions;
  /// Adds what the conditions around a table say of its partitions and files; `unnest` is the
  /// UNNEST that its scan does.
  void add_known_conditions(ScanSpec& spec, RelationIndex table,
                            std::optional<RelationIndex> unnest);

  // Expressions (expression_lowering.cpp, operator_lowering.cpp, literal_lowering.cpp)
  LoweredExpression lower(
      const Expression& expression);  // converted to the type that its place wants
  LoweredExpression lower_value(const Expression& expression);  // of its own type
  LoweredExpression lower_node(const Expression& expression);
  LoweredExpression lower_call_node(const Expression& expression, const FunctionCall& node);
  LoweredExpression inline_call(const InlineFunctionFacts& function, const FunctionCall& node);
  std::string aggregate_sql(const Expression& expression, const std::string& tail);
  std::string window_tail(const FunctionCall& node);
  const WindowSpecification& find_window(const Identifier& name) const;
  std::string window_text(const WindowSpecification& specification);
  std::string window_order(const WindowSpecification& specification, const WindowFrame* frame);
  std::string window_frame(const WindowFrame& frame, const Type* key);
  std::string window_offset(const WindowFrame& frame, const Expression& offset, const Type* key);
  std::string window_bound(const WindowFrame& frame, const FrameBound& bound, const Type* key);
  /// Lowers the arguments of a call; of lambdas the bodies.
  struct LoweredArguments {
    std::vector<std::string> sql;
    bool may_fail = false;
    bool lambda_may_fail = false;
  };
  LoweredArguments lower_arguments(const BoundFunction& function,
                                   const std::vector<const Expression*>& operands);
  LoweredExpression lower_lambda(const FunctionEntry& entry, const Expression& expression,
                                 size_t number);
  LoweredExpression lower_with_captures(const Expression& expression,
                                        const std::vector<const Expression*>& operands);
  std::string captured(const std::string& sql);
  bool needs_captures(const Expression& expression,
                      const std::vector<const Expression*>& operands) const;
  /// Whether the expression reads columns of queries around this one.
  bool is_correlated(const Expression& expression) const;
  LoweredExpression bound_call(const Expression& expression,
                               const std::vector<const Expression*>& operands);
  LoweredExpression json_call(const Expression& expression,
                              const std::vector<const Expression*>& operands);
  /// Calls a function of ours with arguments of exactly these types.
  std::string internal_call(std::string_view name, const std::vector<Type>& types,
                            const std::vector<std::string>& arguments,
                            const AggregateModifiers& modifiers = {});
  LoweredExpression operator_call(std::string_view name, const Type& type, const std::string& left,
                                  const std::string& right);
  LoweredExpression comparison(ComparisonOperator op, const Type& type, const std::string& left,
                               const std::string& right);
  LoweredExpression lower_comparison(const Expression& expression, const Comparison& node);
  LoweredExpression lower_logical(const Logical& node);
  /// Adds the terms of a condition (of WHERE, HAVING, ON), as far as AND joins them.
  void add_conditions(const Expression& expression, std::vector<LoweredExpression>& terms);
  /// Joins terms of a condition; those that may fail wait for `guards` too.
  static std::string join_conditions(const std::vector<LoweredExpression>& terms,
                                     const std::vector<std::string>& guards);
  std::vector<LoweredExpression> lower_long_logical(const Logical& node);
  LoweredExpression lower_between(const Expression& expression, const Between& node);
  LoweredExpression lower_in_list(const Expression& expression, const InList& node);
  LoweredExpression lower_simple_case(const Expression& expression, const SimpleCase& node);
  LoweredExpression lower_searched_case(const SearchedCase& node);
  LoweredExpression lower_null_if(const Expression& expression, const NullIf& node);
  LoweredExpression lower_cast_node(const Expression& expression, const Cast& node);
  LoweredExpression lower_json_access(const Expression& expression);
  LoweredExpression lower_special(const Expression& expression, const SpecialFunction& node);
  LoweredExpression lower_time_at_zone(const Expression& expression, const AtTimeZone& node);
  std::string subquery_value(const Expression& expression, const Type& wanted);
  LoweredExpression any_row(const Expression& expression, ComparisonOperator op, const Type& type,
                            const std::string& operand, bool negated);
  LoweredExpression lower_compared(const Expression& expression, const Expression& operand);
  Type compared_type(const Expression& expression) const;
  std::string is_in_subquery(const Expression& expression, std::string operand, bool negated);
  LoweredExpression lower_in_subquery(const Expression& expression, const InSubquery& node);
  LoweredExpression lower_quantified(const Expression& expression,
                                     const QuantifiedComparison& node);
  std::string typed_literal(const Expression& expression, const TypedLiteral& node);
  std::string timestamp_constant(int64_t microseconds, const Type& type) const;

  std::string converted(const std::string& sql, const Type& from, const Type& to,
                        bool safe = false);
  std::string next_alias() { return "q" + std::to_string(num_aliases_++); }

  /// A query being lowered, and how its rows come to the query around it.
  struct QueryFrame {
    enum class Link : uint8_t {
      kBarrier,   // as a value, or several times: conditions around it are not its own
      kRelation,  // as a relation of FROM
      kTerm,      // as they are: a term of UNION and its like, or a query in parentheses
    };
    Link link = Link::kBarrier;
    RelationIndex relation = 0;                      // of kRelation
    const std::vector<uint32_t>* columns = nullptr;  // of kTerm: which columns; null: all
    QueryIndex query = 0;
  };

  const Analysis& analysis_;
  ColumnNeeds needs_;
  std::vector<QueryFrame> frames_;  // innermost last
  QueryFrame next_frame_;           // of the query that is lowered next
  // By relation and column: the parts in which the relation delivers it. Filled in when the
  // relation is lowered.
  std::vector<std::vector<std::vector<DeliveredPart>>> delivered_;
  std::vector<TableScan> scans_;
  std::vector<TableScan> parquet_tables_;
  std::string bare_scan_;  // FROM's text for the first table, when all rows of its scan count
  std::optional<std::vector<uint32_t>> scan_columns_;
  std::vector<std::shared_ptr<const RepeatedRecords>> repeats_;
  KernelUses kernels_;
  std::vector<const Replacements*> replacements_;    // innermost last
  std::vector<LoweredExpression> extra_conditions_;  // ON of joins whose UNNEST went into the scan
  std::vector<std::string> join_guards_;  // ON of the inner joins of the FROM being lowered
  std::map<QueryIndex, LoweredQuery> materialized_;  // WITH queries that are computed once
  std::map<NodeId, std::vector<std::string>> lambda_parameters_;  // SQL, of lambdas around here
  size_t lambda_depth_ = 0;
  /// What a call with lambdas takes from outside itself, while it is lowered to run over a row of
  /// these values.
  struct Captures {
    std::string variable;
    std::vector<std::string> values;
  };
  std::optional<Captures> captures_;
  size_t select_depth_ = 0;
  std::vector<size_t> select_of_relation_;  // the depth of the SELECT in whose FROM it stands
  const std::vector<NamedWindow>* named_windows_ = nullptr;  // of the SELECT being lowered
  std::string recursion_source_;  // in the step of a recursion: where the last step's rows are
  size_t num_lowered_queries_ = 0;
  size_t num_aliases_ = 0;
};

/// Returns whether the expression reads a column, outside its subqueries, for which `found` is
/// true.
bool reads_column(const Analysis& analysis, const Expression& expression,
                  const std::function<bool(RelationIndex)>& found);
/// Returns whether some of a query's outputs compare by something else than their engine values:
/// moments with zones, whose instants count. The engine's DISTINCT, UNION, INTERSECT and EXCEPT
/// would tell equal ones apart.
bool compares_by_keys(const QueryFacts& facts);
/// How many terms of an AND or OR reach the engine as they are; its optimizer is slow with more.
inline constexpr size_t kMaxPlainTerms = 64;
/// Joins one or more terms with AND or OR; a term that may fail is computed only where the terms
/// before it have not decided.
LoweredExpression join_terms(bool is_and, const std::vector<LoweredExpression>& terms);
/// Returns whether the engine's =, < and IN have Trino's meaning for values of the type.
bool compares_natively(const Type& type);
/// Returns engine SQL of `operand IN (values)` for values that compare natively. The engine moves
/// IN out of the CASE that guards it, so an operand that may fail is looked up in a list instead.
std::string membership_sql(const LoweredExpression& operand,
                           const std::vector<std::string>& values);
/// Quotes text as an engine string literal.
std::string quoted_text(std::string_view text);
/// Returns engine SQL for field `field` of a row value, or for what lies at `path` from its
/// position `begin` on.
std::string field_sql(const std::string& row, uint32_t field);
std::string path_sql(std::string row, const FieldPath& path, size_t begin = 0);
/// Returns the type at the end of `path` into `type`.
Type type_at(const Type& type, const FieldPath& path);

}  // namespace trailsql
