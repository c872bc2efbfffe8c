// What every node of a syntax tree has, and the small parts that all kinds of nodes share.
// The tree: expression.h, query.h, statement.h. Nodes never change after parsing; later facts live
// beside the tree, by `id`.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/location.h"

namespace trailsql {

/// Numbers the expression and relation nodes of one parsed text densely from 0, in the order in
/// which they were finished.
using NodeId = uint32_t;

/// Holds a name as written, without its quotes. Unquoted names are case-insensitive and so, in
/// Athena, are quoted ones.
struct Identifier {
  std::string value;
  bool quoted = false;
  Location location;
};

/// Holds `a.b.c` of tables, functions and columns.
struct QualifiedName {
  std::vector<Identifier> parts;
  Location location;
};

/// Holds a type as written, in Trino's or Hive's spelling: a name with parameters, which are types,
/// numbers or named fields.
struct TypeName {
  struct Parameter {
    std::optional<Identifier> field_name;  // of row(…) and struct<…>
    std::unique_ptr<const TypeName> type;  // set unless `number` is
    std::optional<uint64_t> number;        // of varchar(10), decimal(10, 2)
    std::optional<std::string> comment;    // Hive: struct<a: string COMMENT '…'>
  };
  std::string name;  // lower case; "timestamp with time zone", "double precision" and "interval
                     // year to month" are one name
  std::vector<Parameter> parameters;
  Location location;
  std::string written_name;  // `name` in the case written, with its quotes: error texts show it
};

struct Expression;
struct Query;
struct Relation;
using ExpressionPtr = std::unique_ptr<const Expression>;
using QueryPtr = std::unique_ptr<const Query>;
using RelationPtr = std::unique_ptr<const Relation>;

}  // namespace trailsql
