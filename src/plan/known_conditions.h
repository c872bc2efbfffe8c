// What the conditions of a query come to where only that counts which is known before files are
// read: values of partition columns, paths, and the days that a folder's events lie in.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "plan/lowering.h"
#include "plan/scan_format.h"

namespace trailsql {

/// Follows the conditions around one table, from the table outwards, through subqueries, views,
/// UNION and joins. Lives as long as the query that it follows is being lowered.
class Lowering::KnownConditions {
 public:
  KnownConditions(Lowering& lowering, RelationIndex table, std::optional<RelationIndex> unnest)
      : self_(lowering),
        analysis_(lowering.analysis_),
        table_relation_(table),
        unnest_(unnest),
        table_(*std::get<TableRelation>(analysis_.relations[table].source).table),
        num_partition_columns_(static_cast<uint32_t>(table_.partition_columns.size())),
        has_event_bounds_(event_time_slack_days(table_).has_value()) {}

  /// Adds to `spec` what the conditions say of the table's partitions and files.
  void add_to(ScanSpec& spec);

 private:
  using Op = ComparisonOperator;
  using PathRanges = std::vector<ScanPathRange>;
  enum class Bound : uint8_t { kNone, kFirst, kLast };  // what stands for the time of an event

  const QueryFacts& facts_of(size_t level) const;
  // The relation in this level's FROM that the table is, or lies in.
  RelationIndex leaf_of(size_t level) const;
  struct Found {
    bool found = false;
    bool open = false;  // every row that is dropped there is dropped by the conditions around, too
  };

  // Looks for a leaf in FROM and gathers the terms of ON that must be true of its rows.
  Found collect(const Relation& node, RelationIndex leaf, std::vector<const Expression*>& terms);
  void add_condition(size_t level, const Expression& term, ScanSpec& spec);

  // ---- what is known of a column

  std::optional<std::string> column_sql(size_t level, const ColumnUse& use);
  std::optional<std::string> table_column_sql(const ColumnUse& use);
  std::string known(uint32_t position);
  bool is_event_time(const ColumnUse& use) const;
  std::optional<std::string> output_sql(size_t level, uint32_t output, const FieldPath& path);
  std::optional<std::string> select_output_sql(size_t level, const SelectOutput& output,
                                               const FieldPath& path);

  // ---- expressions

  // Gathers what stands for the columns of an expression; false when something in it is not known.
  bool gather(size_t level, const Expression& expression, Replacements& replacements);
  // Lowers an expression over what is known; nothing when it reads more. `converted`: to the type
  // that its place wants.
  std::optional<LoweredExpression> lowered(size_t level, const Expression& expression,
                                           bool is_converted = true);
  bool is_constant(size_t level, const Expression& expression);

  // ---- conditions

  // A condition that cannot be decided is one that may be true.
  static std::string true_where_unknown(const std::string& sql);
  // Returns SQL that is true wherever the condition can be; nothing when nothing speaks against it.
  std::optional<std::string> possible(size_t level, const Expression& condition);

  // ---- conditions on the times of events (event_bound_lowering.cpp)

  // A condition on the time of an event, for a folder whose events lie between two times.
  std::optional<std::string> possible_time(size_t level, const Expression& condition);
  std::optional<std::string> possible_like(size_t level, const Like& like);
  // Whether a call keeps the order of one argument, when the others are constants.
  static bool keeps_order(const FunctionCall& call);
  // Whether the expression is the time of an event, or grows with it.
  bool keeps_event_order(size_t level, const Expression& expression);
  std::optional<LoweredExpression> bound(size_t level, const Expression& expression, Bound bound);
  std::optional<std::string> compared(size_t level, Op op, const Type& type,
                                      const Expression& event, const Expression& constant);

  // ---- the only values that a partition column can have (known_values_lowering.cpp)

  void add_equal_values(size_t level, const Expression& term, ScanSpec& spec);
  bool add_values(size_t level, const Expression& term, ScanEqualValues& found);
  bool add_value(size_t level, const Expression& term, const Expression& column,
                 const Expression& value, ScanEqualValues& found);

  // ---- the ranges of paths that a condition keeps (known_values_lowering.cpp)

  std::optional<PathRanges> path_ranges(size_t level, const Expression& condition);
  // Of terms that must all be true, one is enough.
  std::optional<PathRanges> path_ranges_of_terms(size_t level, const Logical& logical);
  std::optional<PathRanges> compared_path(size_t level, Op op, const Expression& condition,
                                          const Expression& path, const Expression& constant);
  static ScanPathRange beginning_with(const std::string& prefix_sql);
  bool is_path(size_t level, const Expression& expression);
  std::optional<std::string> constant_text(size_t level, const Expression& condition,
                                           const Expression& value);
  // What all texts that a pattern of LIKE fits begin with.
  static std::string fixed_beginning(const Like& like);
  // Whether a call returns the beginning of a text.
  static bool takes_beginning(const FunctionCall& call);
  // The operator that says the same with the sides swapped.
  static Op mirrored(Op op);

  // ---- conditions on texts of each row (text_filter_lowering.cpp)

  void add_text_filter(size_t level, const Expression& term, ScanSpec& spec);
  // What an expression reads that is nothing but a text of the table's rows.
  std::optional<ScanColumn> data_column_of(size_t level, const Expression& expression);

  Lowering& self_;
  const Analysis& analysis_;
  RelationIndex table_relation_;
  std::optional<RelationIndex> unnest_;
  const CatalogTable& table_;
  uint32_t num_partition_columns_;
  bool has_event_bounds_;
  Bound bound_ = Bound::kNone;
  std::optional<ColumnUse> data_use_;  // the column of the table's rows that was last met
  std::set<uint32_t> used_;            // positions of what is known that the SQL at hand reads
};

}  // namespace trailsql
