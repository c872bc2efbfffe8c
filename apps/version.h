// The program's version, filled in by CMake.
#pragma once

#include <string_view>

namespace trailsql {

/// Returns the version of the program, for example "0.1.0".
std::string_view program_version();

}  // namespace trailsql
