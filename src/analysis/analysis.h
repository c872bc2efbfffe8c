// The facts that analysis finds about a query, beside its tree: types, what each name means, what
// each call is. Facts of a node live in vectors indexed by NodeId; relations, queries and selects
// have dense indexes of their own.
#pragma once

#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "catalog/metadata.h"
#include "functions/function.h"
#include "syntax/statement.h"
#include "types/event_time_bounds.h"
#include "types/type.h"

namespace trailsql {

using RelationIndex = uint32_t;
using QueryIndex = uint32_t;

/// A path down through nested rows: field positions. Empty: the whole value.
using FieldPath = std::vector<uint32_t>;

/// Names a column of a relation, or a field inside it: what a name in the text turned out to mean.
struct ColumnUse {
  RelationIndex relation = 0;
  uint32_t column = 0;
  FieldPath path;
  bool operator==(const ColumnUse&) const = default;
};

/// Names a parameter of a lambda: by the lambda's node, and its position.
struct LambdaParameter {
  NodeId lambda = 0;
  uint32_t index = 0;
};

/// One column that a relation offers.
struct RelationColumn {
  std::optional<std::string> name;  // as written
  Type type;
  bool hidden = false;  // "$path" and its like: not part of *
};

/// Hidden columns of tables follow the data and partition columns, in this order.
inline constexpr std::string_view kHiddenColumnNames[] = {
    "$path", "$file_size", "$file_modified_time", "$partition", "$bucket"};
inline constexpr size_t kNumHiddenColumns = std::size(kHiddenColumnNames);

/// The hidden column of ready-made tables, behind those: the record as it stands in the file.
inline constexpr std::string_view kRawColumnName = "$raw";

/// A table of the catalog.
struct TableRelation {
  std::shared_ptr<const CatalogTable> table;
};
/// A query in FROM: a subquery, a WITH query, a view, VALUES. Columns are the query's outputs.
struct QueryRelation {
  QueryIndex query;
};
/// UNNEST(arrays…). Columns are, for each array, its element, or the fields of its row elements, or
/// key and value of a map; then the ordinality; then, hidden, the whole element of a single array
/// of rows whose fields were expanded.
struct UnnestRelation {
  const Unnest* node;
  struct Column {
    enum class Part : uint8_t { kElement, kElementField, kMapKey, kMapValue, kOrdinality };
    Part part;
    uint32_t array = 0;  // index into node->arrays
    uint32_t field = 0;  // of kElementField
  };
  std::vector<Column> parts;  // parallel to the relation's columns
};
/// The outcome of JOIN … USING: first the joined columns, coalesced, then the others of left and
/// right.
struct UsingRelation {
  struct Column {
    std::optional<ColumnUse> left;
    std::optional<ColumnUse> right;  // both: a USING column
  };
  std::vector<Column> parts;
};

/// The outputs of a query as its ORDER BY sees them. Stands in no FROM.
struct OutputsRelation {};
/// What the last step of a recursive WITH query has made: its own name in its step.
struct RecursionRelation {};
/// The parameters and variables of an inline function. Stands in no FROM.
struct RoutineRelation {};

/// One relation that names can refer to.
struct RelationFacts {
  std::variant<TableRelation, QueryRelation, UnnestRelation, UsingRelation, OutputsRelation,
               RecursionRelation, RoutineRelation>
      source;
  std::vector<RelationColumn> columns;
};

/// One output column of a SELECT: an expression, a field of one, or a column that `*` stood for.
struct SelectOutput {
  const Expression* expression = nullptr;  // null: `use` says which column, with its type
  ColumnUse use;
  std::optional<std::string> name;  // empty: anonymous, shown as _col<i>
  Type type;
  std::string relation;  // of a column that `*` stood for: what its relation is called, or empty
  std::optional<uint32_t> field = {};  // of `expression`.*: which field of its row
};

/// A sort key: an output column by position, or an expression over what the outputs see.
struct SortKey {
  std::optional<uint32_t> output;
  const Expression* expression = nullptr;
  bool descending = false;
  bool nulls_first = false;
};

/// One grouping key: an expression of GROUP BY, or the output that `GROUP BY 1` means.
struct GroupingKey {
  const Expression* expression = nullptr;  // null: output column `*`-expanded, see `use`
  ColumnUse use;
  Type type;
  std::optional<uint32_t> field = {};  // as of SelectOutput
};

/// What analysis knows about one SELECT … FROM ….
struct SelectFacts {
  const QuerySpecification* node = nullptr;
  std::vector<SelectOutput> outputs;
  bool is_aggregation = false;             // GROUP BY, HAVING or an aggregate call
  std::vector<GroupingKey> grouping_keys;  // every distinct key once
  /// With GROUP BY: the sets of keys that it groups by, as positions in `grouping_keys`. A plain
  /// GROUP BY is one set of all keys.
  std::vector<std::vector<uint32_t>> grouping_sets;
  std::vector<const Expression*> aggregates;  // aggregate calls, in the order met
  std::vector<const Expression*> groupings;   // GROUPING(…), in the order met
};
struct SetOperationFacts {
  struct Term {
    QueryIndex query;
    std::vector<uint32_t> columns;  // by output of the operation: which column of this term
  };
  const SetOperation* node = nullptr;  // the last operation; those before it are of the same kind
  std::vector<Term> terms;             // two or more, from left to right
};
/// A WITH query that reads itself: its base, and the step that is repeated on what came last.
struct RecursionFacts {
  QueryIndex base = 0;
  QueryIndex step = 0;
  RelationIndex self = 0;  // the RecursionRelation in the step
  bool distinct = false;   // UNION, not UNION ALL
};
struct ValuesFacts {
  const Values* node = nullptr;
};
struct TableBodyFacts {
  RelationIndex relation = 0;
};
struct NestedQueryFacts {
  QueryIndex query = 0;
};

/// One output column of a query.
struct OutputField {
  std::optional<std::string> name;
  Type type;
};

/// What analysis knows about one query (the node Query).
struct QueryFacts {
  const Query* node = nullptr;
  std::variant<SelectFacts, SetOperationFacts, ValuesFacts, TableBodyFacts, NestedQueryFacts,
               RecursionFacts>
      body;
  std::vector<OutputField> outputs;
  std::vector<SortKey> order_by;
  std::optional<RelationIndex> outputs_relation;  // with ORDER BY: what its names may mean
  std::optional<uint64_t> offset;
  std::optional<uint64_t> limit;
  bool with_ties = false;                // rows equal to the limit's last by ORDER BY are kept
  std::vector<QueryIndex> with_queries;  // that its WITH names, in their order
  uint32_t num_references = 0;           // of WITH queries: how often FROM names it
  bool is_named = false;                 // it stands in WITH, or is a view
};

/// What analysis knows about one inline function. Its relation has the parameters, then the
/// variables in the order of their DECLAREs.
struct InlineFunctionFacts {
  const InlineFunction* node = nullptr;
  RelationIndex relation = 0;
  std::vector<Type> parameters;
  Type returns;
  std::vector<std::vector<uint32_t>> step_columns;  // by step: what it gives a value
};

/// What analysis knows about one expression.
struct ExpressionFacts {
  Type type;
  std::optional<Type> coerced_to;  // the type that the place where it stands wants, when another
  std::optional<ColumnUse> use;    // names: the column meant, with the path that dereferences add
  std::optional<LambdaParameter> parameter;  // names: the parameter meant
  std::optional<uint32_t> field;             // Dereference of a value: the field's position
  bool reads_json = false;  // Dereference or subscript of JSON text: what the text has there
  std::optional<BoundFunction> function;  // calls and operators
  std::optional<Type>
      operand_type;                 // comparisons, BETWEEN, IN, CASE x WHEN: what both sides become
  std::optional<QueryIndex> query;  // the subquery in it
  std::string call_options;         // SQL/JSON calls: what they say beside values (sql_json.h)
  std::optional<uint32_t> inline_function;  // calls of WITH FUNCTION: which
  bool is_aggregate = false;
  bool is_window = false;
};

/// Holds all facts of one analysed query. Lives as long as the tree that it points into.
struct Analysis {
  std::vector<ExpressionFacts> expressions;  // by NodeId
  std::vector<std::optional<RelationIndex>>
      relation_of_node;  // by NodeId of relations: the leaf's relation
  std::vector<RelationFacts> relations;
  std::vector<QueryFacts> queries;
  std::vector<InlineFunctionFacts> inline_functions;
  QueryIndex root = 0;
  std::string database;                       // of unqualified names: CURRENT_SCHEMA
  int64_t start_time_us = 0;                  // now(), microseconds since the epoch, UTC
  std::vector<const Expression*> parameters;  // what the `?` stand for, by index
  EventTimeBounds event_times;                // of every record read
  bool deduplicate = false;                   // records that were delivered twice count once
  std::vector<std::unique_ptr<const Statement>> view_statements;  // trees of views, kept alive here
  std::vector<std::string> advice;  // what is allowed and seldom meant: "line 1:9: … is never true"

  const ExpressionFacts& of(const Expression& expression) const {
    return expressions[expression.id];
  }
};

/// Returns the heading of output `index`: its name, or "_col<index>".
std::string output_name(const std::vector<OutputField>& outputs, size_t index);

}  // namespace trailsql
