// The path language of SQL/JSON ("lax $.a[*] ? (@ > 1)"): its trees, and how text becomes one.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "functions/json_item.h"

namespace trailsql {

struct PathNode;
using PathNodePtr = std::unique_ptr<const PathNode>;

/// One step, operation or predicate of a path. Which members count depends on the kind.
struct PathNode {
  enum class Kind : uint8_t {
    // Values
    kLiteral,   // `literal`
    kContext,   // $
    kVariable,  // $name: `parameter`
    kCurrent,   // @
    kLast,
    // Steps from `base`
    kMember,            // .name
    kAllMembers,        // .*
    kDescendantMember,  // ..name
    kElements,          // [a, b to c]
    kAllElements,       // [*]
    kFilter,            // ? (predicate): `left` is the predicate
    kType,
    kSize,
    kDouble,
    kCeiling,
    kFloor,
    kAbs,
    kKeyValue,
    // Arithmetic on `left` and `right`; `operation` is its sign
    kArithmetic,
    kNegate,
    kPlus,
    // Predicates on `left` and `right`
    kComparison,  // `text`: "==", "<>", "<", ">", "<=", ">="
    kAnd,
    kOr,
    kNot,
    kExists,
    kIsUnknown,
    kStartsWith,
  };
  struct Subscript {
    PathNodePtr from;
    PathNodePtr to;  // or null
  };
  Kind kind = Kind::kContext;
  std::string text;  // a member's name, or the operator
  JsonItem literal;
  size_t parameter = 0;
  PathNodePtr base;
  PathNodePtr left;
  PathNodePtr right;
  std::vector<Subscript> subscripts;
};

struct JsonPath {
  bool is_lax = true;
  PathNodePtr root;
};

/// Says where and why a text is no path. `offset` counts characters.
struct PathProblem {
  enum class Kind : uint8_t { kSyntax, kNotSupported, kUnknownParameter };
  Kind kind = Kind::kSyntax;
  size_t offset = 0;
  std::string text;
};

/// Parses a path whose named variables are `parameters`; null, and the problem, when it is none.
std::shared_ptr<const JsonPath> parse_json_path(std::string_view text,
                                                const std::vector<std::string>& parameters,
                                                PathProblem& problem);

}  // namespace trailsql
