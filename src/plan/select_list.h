// The items of a SELECT while it is written.
#pragma once

#include <fmt/format.h>

#include <string>
#include <vector>

namespace trailsql {

/// Collects the items of one SELECT and names them c0, c1, ….
class SelectList {
 public:
  /// Adds an item; returns its name.
  std::string add(const std::string& sql) {
    std::string name = fmt::format("c{}", items_.size());
    items_.push_back(fmt::format("{} AS {}", sql, name));
    return name;
  }
  size_t size() const { return items_.size(); }
  /// Returns the text; a SELECT must have an item, so an empty list has a constant.
  std::string text() const {
    return items_.empty() ? "1 AS c0" : fmt::format("{}", fmt::join(items_, ", "));
  }

 private:
  std::vector<std::string> items_;
};

}  // namespace trailsql
