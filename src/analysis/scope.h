// Scopes: which names mean which columns at a place of a query. A chain from the innermost query
// outwards.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/analysis.h"

namespace trailsql {

/// One name that a scope knows.
struct ScopeField {
  std::optional<std::string> name;     // as written; anonymous columns cannot be named
  std::vector<std::string> qualifier;  // lower case; what may stand before the name: {"t"} or
                                       // {"awsdatacatalog", "db", "t"}
  ColumnUse use;
  Type type;
  bool hidden = false;
  bool is_row_value = false;  // the whole element of an UNNEST, named by the relation's alias alone
  std::optional<LambdaParameter> parameter =
      {};                            // it is a parameter, not a column: `use` says nothing
  std::string_view refused_in = {};  // the join ("RIGHT") whose right side must not name this field
};

/// Knows the columns of a FROM clause, the queries of a WITH, or the parameters of a lambda. Outer
/// scopes are asked when it has no answer. Scopes live on the stack of the analysis; a parent
/// outlives its children.
class Scope {
 public:
  explicit Scope(const Scope* parent) : parent_(parent) {}
  Scope(const Scope* parent, std::vector<ScopeField> fields)
      : parent_(parent), fields_(std::move(fields)) {}

  const std::vector<ScopeField>& fields() const { return fields_; }
  const Scope* parent() const { return parent_; }

  /// Finds the column that `parts` (the last is the column's name) means here or in an outer scope;
  /// null when none does. A scope where the first of several parts is a column of its own is not
  /// passed: the others are fields of it. Throws AMBIGUOUS_NAME at `place` when several do,
  /// NOT_SUPPORTED when it lies beyond a barrier.
  const ScopeField* resolve(const std::vector<std::string_view>& parts, Location place) const;
  /// Returns the fields of this scope that `qualifier.*` means.
  std::vector<const ScopeField*> fields_of(const std::vector<std::string_view>& qualifier) const;

  /// Makes this scope one that names of columns cannot be looked for beyond: around a subquery that
  /// must not depend on what is outside.
  void make_barrier() { is_barrier_ = true; }

  void add_named_query(std::string name, QueryIndex query, std::vector<std::string> columns);
  /// Adds the name of a recursion inside its own step.
  void add_recursion(std::string name, RelationIndex relation);
  struct NamedQueryBinding {
    std::string name;  // lower case
    QueryIndex query;
    std::vector<std::string> columns;  // aliases as written; empty: the query's own names
    std::optional<RelationIndex> recursion = {};  // in the step of a recursion: what it reads
  };
  /// Finds a WITH query by its name in lower case, here or further out.
  const NamedQueryBinding* find_named_query(std::string_view name) const;
  /// Returns whether this very scope already has a WITH query of that name.
  bool has_named_query(std::string_view name) const;

  /// Returns every column name that can be resolved from here, for hints.
  std::vector<std::string> column_names() const;

 private:
  const Scope* parent_;
  std::vector<ScopeField> fields_;
  bool is_barrier_ = false;
  std::vector<NamedQueryBinding> named_queries_;
};

}  // namespace trailsql
