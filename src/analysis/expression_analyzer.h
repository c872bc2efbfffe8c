// Types and resolves expressions: every name, operator and call, by Trino's rules, with Trino's
// errors.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/analysis_context.h"
#include "analysis/scope.h"
#include "functions/sql_json.h"

namespace trailsql {

/// Analyses the expressions of one clause. Facts go to the context's Analysis; aggregates and
/// windows met are collected.
class ExpressionAnalyzer {
 public:
  ExpressionAnalyzer(AnalysisContext& context, const Scope& scope)
      : context_(context), scope_(scope) {}

  /// Finds the facts of `expression` and everything below it; returns its type (before coercion).
  /// Throws the semantic errors that Trino has, for example COLUMN_NOT_FOUND, TYPE_MISMATCH,
  /// FUNCTION_NOT_FOUND.
  const Type& analyze(const Expression& expression);
  /// Notes that `expression`, already analysed, must become `type` where it stands.
  void coerce(const Expression& expression, const Type& type);
  /// Analyses a condition; throws TYPE_MISMATCH "<clause> must evaluate to a boolean: actual type
  /// …" for other types.
  void analyze_condition(const Expression& expression, std::string_view clause);

  /// Throws EXPRESSION_NOT_SCALAR at `place` when an aggregate or a window was met: "WHERE clause
  /// cannot contain …".
  void refuse_aggregates(std::string_view clause, Location place) const;

  const std::vector<const Expression*>& aggregates() const { return aggregates_; }
  const std::vector<const Expression*>& windows() const { return windows_; }
  /// Sets the windows that OVER and other windows may name, and the place of the SELECT, where
  /// Trino reports what is wrong with a window call.
  void set_windows(std::span<const NamedWindow> windows, Location select) {
    named_windows_ = windows;
    select_location_ = select;
  }
  const std::vector<const Expression*>& groupings() const { return groupings_; }
  /// Lets subqueries name nothing from outside: in ON of outer joins.
  void refuse_correlation() { refuses_correlation_ = true; }
  /// Analyses the expressions of a window.
  void analyze_window(const WindowSpecification& specification);

 private:
  struct FormAnalyzer;  // tells the forms of expressions apart

  Type analyze_node(const Expression& expression);

  // One function a form or family of forms; the overloads are in the .cpp file named after the
  // family.
  Type integer(const Expression& expression, const IntegerLiteral& node);
  Type decimal(const Expression& expression, const DecimalLiteral& node);
  Type literal(const Expression& expression, const TypedLiteral& node);
  Type interval(const Expression& expression, const IntervalLiteral& node);
  Type parameter(const Expression& expression, const Parameter& node);
  Type column(const Expression& expression, const ColumnReference& node);
  Type dereference(const Expression& expression, const Dereference& node);
  Type field_of(const Expression& expression, const Dereference& node);
  Type subscript(const Expression& expression, const Subscript& node);
  /// Returns whether names and subscripts behind `base`, already analysed, read JSON text: the rule
  /// of our own that is ahead of Trino.
  bool may_hold_json(const Expression& base);
  Type array(const ArrayConstructor& node);
  Type row(const RowConstructor& node);
  Type special_function(const SpecialFunction& node);

  Type arithmetic(const Expression& expression, const Arithmetic& node);
  Type sign(const Expression& expression, const Sign& node);
  Type concatenation(const Expression& expression, const Concatenation& node);
  Type comparison(const Expression& expression, const Comparison& node);
  Type logical(const Logical& node);
  Type between(const Expression& expression, const Between& node);
  Type in_list(const Expression& expression, const InList& node);
  Type like(const Expression& expression, const Like& node);
  Type at_time_zone(const Expression& expression, const AtTimeZone& node);
  Type time_at_time_zone(const Expression& expression, const AtTimeZone& node, const Type& zone);
  Type cast(const Expression& expression, const Cast& node);
  Type extract(const Expression& expression, const Extract& node);
  Type trim(const Expression& expression, const Trim& node);

  Type searched_case(const Expression& expression, const SearchedCase& node);
  Type simple_case(const Expression& expression, const SimpleCase& node);
  Type case_result(const std::vector<WhenClause>& when, const ExpressionPtr& otherwise);
  Type if_expression(const Expression& expression, const If& node);
  Type coalesce(const Coalesce& node);
  Type null_if(const Expression& expression, const NullIf& node);

  Type call(const Expression& expression, const FunctionCall& node);
  Type argument_type(const Expression& argument);
  std::optional<Type> call_inline_function(const Expression& expression, const FunctionCall& node,
                                           std::string_view name);
  Type call_typeof(const Expression& expression, const FunctionCall& node);
  /// Analyses a lambda whose parameters have these types; returns the type of its body. Again for
  /// other types, as often as the search for an overload asks.
  Type lambda(const Expression& expression, const std::vector<Type>& parameters);
  void refuse_in_lambda(const Expression& subquery) const;
  void check_call_form(const Expression& expression, const FunctionCall& node,
                       std::string_view name, std::optional<FunctionKind> kind) const;
  void check_scalar_form(const Expression& expression, const FunctionCall& node,
                         std::string_view name) const;
  QueryError not_a_window_function(std::string_view name) const;
  std::optional<Type> bind_call(const Expression& expression, std::string_view function,
                                const std::vector<const Expression*>& operands);
  void check_aggregate_modifiers(const Expression& expression, const FunctionCall& node);
  void refuse_nested(const Expression& expression, std::string_view name,
                     size_t num_aggregates_before, size_t num_windows_before) const;
  void call_window(const Expression& expression, const FunctionCall& node);
  void analyze_frame(const WindowSpecification& window, const WindowFrame& frame);
  void frame_offset(const WindowSpecification& window, const WindowFrame& frame,
                    const FrameBound& bound, std::string_view which);
  Type grouping(const Expression& expression, const Grouping& node);
  const NamedWindow& find_window(const Identifier& name) const;

  Type json_path_call(const Expression& expression, const JsonPathCall& node);
  Type json_object(const Expression& expression, const JsonObject& node);
  Type json_array(const Expression& expression, const JsonArray& node);
  void json_path_parameters(const Expression& expression, const JsonPathCall& node,
                            SqlJsonSpec& spec);
  JsonForm json_member(const Expression& call, const JsonInput& input, std::string_view function);
  JsonForm json_text(const JsonInput& input, const Type& type);
  void json_default(const ExpressionPtr& value, const Type& type, std::string_view clause);
  void bind_json(const Expression& expression, std::string_view function, const SqlJsonSpec& spec,
                 const std::vector<const Expression*>& arguments, const Type& result);

  /// Analyses a subquery and notes it as that of `expression`.
  QueryIndex subquery(const Expression& expression, const Query& query);
  /// Analyses both sides of IN or a quantified comparison; returns what they become to be compared.
  Type compare_with_subquery(const Expression& expression, const Expression& operand,
                             const Query& query);
  Type exists(const Expression& expression, const Exists& node);
  Type scalar_subquery(const Expression& expression, const ScalarSubquery& node);
  Type in_subquery(const Expression& expression, const InSubquery& node);
  Type quantified(const Expression& expression, const QuantifiedComparison& node);

  /// Resolves an operator or call that must exist, stores it and coerces the operands; empty when
  /// there is no such overload.
  std::optional<Type> bind(const Expression& expression, std::string_view function,
                           const std::vector<const Expression*>& operands);
  void require_boolean(const Expression& expression, std::string_view what);
  /// Finds the common type of `expressions` and coerces all; throws TYPE_MISMATCH at the offending
  /// one, worded with `what`.
  Type common_type(const std::vector<const Expression*>& expressions, std::string_view what);
  QueryError column_not_found(const std::vector<std::string_view>& parts, Location place) const;
  const Type& type_of(const Expression& expression) { return context_.of(expression).type; }

  AnalysisContext& context_;
  const Scope& scope_;
  std::span<const NamedWindow> named_windows_;
  Location select_location_;
  const Expression* dereferenced_ = nullptr;  // what the Dereference met last stands behind
  bool is_in_lambda_ = false;
  std::vector<const Expression*> aggregates_;
  std::vector<const Expression*> windows_;
  std::vector<const Expression*> groupings_;
  bool refuses_correlation_ = false;
};

/// Prints expressions as Trino's messages list them: "[sum(a), count(b)]".
std::string print_list(std::span<const Expression* const> expressions);

/// Throws EXPRESSION_NOT_SCALAR at `place` when `found` is not empty.
void refuse_aggregates(const std::vector<const Expression*>& found, std::string_view clause,
                       Location place);

}  // namespace trailsql
