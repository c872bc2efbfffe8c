// Writes gzip data for tests of this module and of those above it.
#pragma once

#include <string>
#include <string_view>

namespace trailsql {

/// Returns `text` as one gzip member.
std::string gzip_for_test(std::string_view text);

}  // namespace trailsql
