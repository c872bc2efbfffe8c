// Expressions of Trino's grammar as a tree. Each struct is one form; Expression holds any of them.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "syntax/node.h"

namespace trailsql {

// Literals

struct NullLiteral {};
struct BooleanLiteral {
  bool value;
};
struct StringLiteral {
  std::string value;  // unescaped; of U&'…' too
};
struct BinaryLiteral {
  std::string bytes;
};
struct IntegerLiteral {
  std::string text;  // as written: 12, 0x1F, 1_000; with the sign of `-12`, as in Trino
};
struct DecimalLiteral {
  std::string text;  // 1.50, -1.50
};
struct DoubleLiteral {
  std::string text;  // 1e3, -1e3
};
/// `TYPE 'text'`: DATE '2020-01-01', TIMESTAMP '…', DECIMAL '1.2', JSON '…'.
struct TypedLiteral {
  TypeName type;
  std::string text;
};
enum class IntervalField : uint8_t { kYear, kMonth, kDay, kHour, kMinute, kSecond };
struct IntervalLiteral {
  bool negative = false;
  std::string text;
  IntervalField from;
  std::optional<IntervalField> to;
};
struct Parameter {
  uint32_t index;  // 0-based position of this `?` in the text
};

// References

struct ColumnReference {
  Identifier name;
};
/// `base.field`; a qualified column `t.c` has this form too: analysis tells them apart.
struct Dereference {
  ExpressionPtr base;
  Identifier field;
};
struct Subscript {
  ExpressionPtr base;
  ExpressionPtr index;
};

// Constructors

struct ArrayConstructor {
  std::vector<ExpressionPtr> elements;
};
struct RowConstructor {
  std::vector<ExpressionPtr> elements;
};

// Operators

enum class ArithmeticOperator : uint8_t { kAdd, kSubtract, kMultiply, kDivide, kModulus };
struct Arithmetic {
  ArithmeticOperator op;
  ExpressionPtr left;
  ExpressionPtr right;
};
struct Sign {
  bool negative;
  ExpressionPtr operand;
};
/// `a || b`.
struct Concatenation {
  ExpressionPtr left;
  ExpressionPtr right;
};
enum class ComparisonOperator : uint8_t {
  kEqual,
  kNotEqual,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kIsDistinctFrom,
  kIsNotDistinctFrom
};
struct Comparison {
  ComparisonOperator op;
  ExpressionPtr left;
  ExpressionPtr right;
};
/// AND or OR of two or more terms; `a AND b AND c` is one node.
struct Logical {
  bool is_and;
  std::vector<ExpressionPtr> terms;
};
struct Not {
  ExpressionPtr operand;
};
struct IsNull {
  bool negated;
  ExpressionPtr operand;
};
struct Between {
  bool negated;
  ExpressionPtr operand;
  ExpressionPtr low;
  ExpressionPtr high;
};
struct InList {
  bool negated;
  ExpressionPtr operand;
  std::vector<ExpressionPtr> values;
};
struct InSubquery {
  bool negated;
  ExpressionPtr operand;
  QueryPtr query;
};
struct Like {
  bool negated;
  ExpressionPtr operand;
  ExpressionPtr pattern;
  ExpressionPtr escape;  // or null
};
struct Exists {
  QueryPtr query;
};
enum class Quantifier : uint8_t { kAll, kAny };  // SOME is ANY
struct QuantifiedComparison {
  ComparisonOperator op;
  Quantifier quantifier;
  ExpressionPtr operand;
  QueryPtr query;
};
struct ScalarSubquery {
  QueryPtr query;
};
struct AtTimeZone {
  ExpressionPtr operand;
  ExpressionPtr zone;
};

// Conditional

struct WhenClause {
  ExpressionPtr condition;  // of SimpleCase: the value to compare with
  ExpressionPtr result;
};
struct SearchedCase {
  std::vector<WhenClause> when;
  ExpressionPtr otherwise;  // or null
};
struct SimpleCase {
  ExpressionPtr operand;
  std::vector<WhenClause> when;
  ExpressionPtr otherwise;  // or null
};
struct If {
  ExpressionPtr condition;
  ExpressionPtr then;
  ExpressionPtr otherwise;  // or null
};
struct Coalesce {
  std::vector<ExpressionPtr> operands;
};
struct NullIf {
  ExpressionPtr first;
  ExpressionPtr second;
};
struct Try {
  ExpressionPtr operand;
};

// Conversion

struct Cast {
  ExpressionPtr operand;
  TypeName type;
  bool safe;  // TRY_CAST
};
/// `EXTRACT(field FROM x)`; the field's name is upper case, and is checked by analysis.
struct Extract {
  Identifier field;
  ExpressionPtr operand;
};
/// `TRIM([LEADING|TRAILING|BOTH] [chars FROM] x)`; `trim(x)` and `trim(x, chars)` are calls.
struct Trim {
  enum class Side : uint8_t { kBoth, kLeading, kTrailing };
  Side side;
  ExpressionPtr operand;
  ExpressionPtr characters;  // or null
};
/// CURRENT_DATE, CURRENT_TIMESTAMP(p), LOCALTIME, CURRENT_USER, … : functions written without
/// parentheses.
struct SpecialFunction {
  enum class Name : uint8_t {
    kCurrentDate,
    kCurrentTime,
    kCurrentTimestamp,
    kLocalTime,
    kLocalTimestamp,
    kCurrentUser,
    kCurrentCatalog,
    kCurrentSchema,
    kCurrentPath
  };
  Name name;
  std::optional<uint32_t> precision;
};

// Calls

struct SortItem {
  ExpressionPtr key;
  bool descending = false;
  std::optional<bool> nulls_first;  // as written; NULLs are last when absent
  Location location;
};
struct FrameBound {
  enum class Kind : uint8_t {
    kUnboundedPreceding,
    kPreceding,
    kCurrentRow,
    kFollowing,
    kUnboundedFollowing
  };
  Kind kind;
  ExpressionPtr offset;  // of kPreceding and kFollowing
};
struct WindowFrame {
  enum class Unit : uint8_t { kRows, kRange, kGroups };
  Unit unit;
  FrameBound start;
  std::optional<FrameBound> end;
  Location location;
};
struct WindowSpecification {
  std::optional<Identifier> existing_window;
  std::vector<ExpressionPtr> partition_by;
  std::vector<SortItem> order_by;
  Location order_by_location;  // of the words ORDER BY
  std::optional<WindowFrame> frame;
  Location location;
};
/// What follows OVER: a name, or a specification.
using WindowReference = std::variant<Identifier, WindowSpecification>;

struct FunctionCall {
  QualifiedName name;
  std::vector<ExpressionPtr> arguments;
  bool distinct = false;
  bool star = false;               // count(*)
  std::vector<SortItem> order_by;  // inside the parentheses, or of WITHIN GROUP
  bool within_group = false;
  ExpressionPtr filter;                           // or null
  std::optional<bool> ignore_nulls;               // IGNORE NULLS | RESPECT NULLS
  std::unique_ptr<const WindowReference> window;  // or null
  /// LISTAGG(… ON OVERFLOW TRUNCATE 'filler' WITH COUNT); absent: error.
  struct ListaggOverflow {
    std::optional<std::string> filler;
    bool with_count = false;
  };
  std::optional<ListaggOverflow> listagg_overflow;
};
/// `GROUPING(a, b)`.
struct Grouping {
  std::vector<ExpressionPtr> columns;
};
struct Lambda {
  std::vector<Identifier> parameters;
  ExpressionPtr body;
};

// SQL/JSON functions. Paths and behaviours are kept as written and checked by analysis.

struct JsonInput {
  ExpressionPtr value;
  bool format_json = false;
  std::optional<std::string> encoding;  // UTF8, UTF16, UTF32
};
struct JsonPathPassing {
  JsonInput value;
  Identifier name;
};
/// JSON_EXISTS, JSON_VALUE and JSON_QUERY.
struct JsonPathCall {
  enum class Kind : uint8_t { kExists, kValue, kQuery };
  enum class Behavior : uint8_t {
    kDefault,
    kNull,
    kError,
    kTrue,
    kFalse,
    kUnknown,
    kDefaultValue,
    kEmptyArray,
    kEmptyObject
  };
  enum class Wrapper : uint8_t { kDefault, kWithout, kConditional, kUnconditional };
  Kind kind;
  JsonInput input;
  std::string path;
  Location path_location;
  std::optional<Identifier> path_name;
  std::vector<JsonPathPassing> passing;
  std::optional<TypeName> returning;
  std::optional<std::string> returning_format;  // FORMAT JSON [ENCODING …] of JSON_QUERY
  Wrapper wrapper = Wrapper::kDefault;
  std::optional<bool> keep_quotes;
  Behavior on_empty = Behavior::kDefault;
  ExpressionPtr empty_default;  // of kDefaultValue
  Behavior on_error = Behavior::kDefault;
  ExpressionPtr error_default;
};
struct JsonObjectMember {
  ExpressionPtr key;
  JsonInput value;
};
struct JsonObject {
  std::vector<JsonObjectMember> members;
  bool absent_on_null = false;
  bool unique_keys = false;
  std::optional<TypeName> returning;
  std::optional<std::string> returning_format;  // as of JsonPathCall
};
struct JsonArray {
  std::vector<JsonInput> elements;
  bool absent_on_null = true;
  std::optional<TypeName> returning;
  std::optional<std::string> returning_format;  // as of JsonPathCall
};

/// Holds one expression of any form.
struct Expression {
  using Node =
      std::variant<NullLiteral, BooleanLiteral, StringLiteral, BinaryLiteral, IntegerLiteral,
                   DecimalLiteral, DoubleLiteral, TypedLiteral, IntervalLiteral, Parameter,
                   ColumnReference, Dereference, Subscript, ArrayConstructor, RowConstructor,
                   Arithmetic, Sign, Concatenation, Comparison, Logical, Not, IsNull, Between,
                   InList, InSubquery, Like, Exists, QuantifiedComparison, ScalarSubquery,
                   AtTimeZone, SearchedCase, SimpleCase, If, Coalesce, NullIf, Try, Cast, Extract,
                   Trim, SpecialFunction, FunctionCall, Grouping, Lambda, JsonPathCall, JsonObject,
                   JsonArray>;
  NodeId id;
  Location location;  // where Trino places errors about this expression
  Node node;
  uint32_t height = 1;  // nodes on the longest way down; at most kMaxTreeHeight
};

}  // namespace trailsql
