// Makes gzip data and lines for tests of this module and of those above it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace trailsql {

/// Returns `text` as one gzip member.
std::string gzip_for_test(std::string_view text);

/// Returns so many lines of JSON, each with another number.
std::string json_lines_for_test(size_t num_lines);

}  // namespace trailsql
