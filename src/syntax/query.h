// Queries and relations of Trino's grammar as a tree.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "syntax/expression.h"
#include "syntax/node.h"

namespace trailsql {

// Relations: what stands after FROM

struct TableReference {
  QualifiedName name;
};
struct SubqueryRelation {
  QueryPtr query;
};
struct Unnest {
  std::vector<ExpressionPtr> arrays;
  bool with_ordinality;
};
struct Lateral {
  QueryPtr query;
};
/// `TABLE(sequence(1, 10))`. Arguments may be named with `=>`.
struct TableFunctionCall {
  struct Argument {
    std::optional<Identifier> name;
    ExpressionPtr value;
  };
  QualifiedName name;
  std::vector<Argument> arguments;
};
struct AliasedRelation {
  RelationPtr relation;
  Identifier alias;
  std::vector<Identifier> columns;
};
enum class JoinKind : uint8_t {
  kInner,
  kLeft,
  kRight,
  kFull,
  kCross,
  kImplicit
};  // implicit: the comma
struct Join {
  JoinKind kind;
  bool natural = false;
  RelationPtr left;
  RelationPtr right;
  ExpressionPtr on;  // or null
  std::vector<Identifier> using_columns;
};
struct SampledRelation {
  RelationPtr relation;
  bool bernoulli;  // else SYSTEM
  ExpressionPtr percentage;
};

/// Holds one relation of any form. Ids share the numbering of expressions.
struct Relation {
  using Node = std::variant<TableReference, SubqueryRelation, Unnest, Lateral, TableFunctionCall,
                            AliasedRelation, Join, SampledRelation>;
  NodeId id;
  Location location;
  Node node;
  uint32_t height = 1;  // as of Expression
};

// Query bodies

struct SelectAll {
  ExpressionPtr target;             // t.*, row.*; null for a plain *
  std::vector<Identifier> aliases;  // t.* AS (a, b)
};
struct SelectExpression {
  ExpressionPtr value;
  std::optional<Identifier> alias;
};
struct SelectItem {
  std::variant<SelectAll, SelectExpression> node;
  Location location;
};
struct GroupingElement {
  enum class Kind : uint8_t { kSimple, kRollup, kCube, kGroupingSets };
  Kind kind;
  std::vector<std::vector<ExpressionPtr>> sets;  // kSimple: one set with its expressions
  Location location;
};
struct GroupBy {
  bool distinct = false;
  bool automatic = false;  // AUTO stands among the elements
  std::vector<GroupingElement> elements;
  Location location;
};
struct NamedWindow {
  Identifier name;
  WindowSpecification specification;
};
struct QuerySpecification {
  bool distinct = false;
  std::vector<SelectItem> items;
  RelationPtr from;     // or null; several relations with commas are joins of kind kImplicit
  ExpressionPtr where;  // or null
  std::optional<GroupBy> group_by;
  ExpressionPtr having;  // or null
  std::vector<NamedWindow> windows;
};
enum class SetOperator : uint8_t { kUnion, kIntersect, kExcept };
struct SetOperation {
  SetOperator op;
  Location location;  // of the operator's word
  bool all;
  bool corresponding = false;
  std::vector<Identifier> corresponding_columns;
  QueryPtr left;
  QueryPtr right;
};
struct Values {
  std::vector<ExpressionPtr> rows;  // each an expression; a row constructor with several columns
};
/// `TABLE t`.
struct TableBody {
  QualifiedName name;
};
/// A query in parentheses that stands as a body.
struct NestedQuery {
  QueryPtr query;
};

struct NamedQuery {
  Identifier name;
  std::vector<Identifier> columns;
  QueryPtr query;
};
struct With {
  bool recursive = false;
  std::vector<NamedQuery> queries;
  Location location;
};
struct Limit {
  ExpressionPtr count;     // null: LIMIT ALL
  bool with_ties = false;  // FETCH FIRST … ROWS WITH TIES
  bool fetch_first = false;
  Location location;
};
/// Holds a query: WITH, a body, and what orders and limits it.
/// ORDER BY, OFFSET and LIMIT that follow a single SELECT stand here too, never in
/// QuerySpecification.
struct Query {
  using Body = std::variant<QuerySpecification, SetOperation, Values, TableBody, NestedQuery>;
  NodeId id;
  Location location;
  std::optional<With> with;
  Body body;
  std::vector<SortItem> order_by;
  Location order_by_location;  // of the words ORDER BY
  ExpressionPtr offset;        // or null
  Location offset_location;    // of the word OFFSET
  std::optional<Limit> limit;
  uint32_t height = 1;  // as of Expression
};

}  // namespace trailsql
