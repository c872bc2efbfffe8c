// A place in the text of a statement. The smallest thing every module shares.
#pragma once

#include <cstdint>

namespace trailsql {

/// Names a place in a statement: 1-based line and 1-based column (in code points), as Trino reports
/// them. {0, 0} means "no place".
struct Location {
  uint32_t line = 0;
  uint32_t column = 0;

  bool known() const { return line != 0; }
  bool operator==(const Location&) const = default;
};

}  // namespace trailsql
