// Shared libraries that are loaded while the program runs: large ones, which would make every start
// wait for them. tools/late_library.py makes a table of functions for each.
#pragma once

#include <cstddef>
#include <string>

namespace trailsql {

/// The functions of a library, which the program calls as if it were linked to it: calls jump to
/// where the slots point.
struct LateLibrary {
  const char* file;  // as the dynamic linker finds it
  const char* const* names;
  void** slots;
  size_t num_functions;
};

/// Loads the library. To be called once, before any of its functions; it stays loaded. Returns why
/// that failed; empty when it went well.
std::string load_library(const LateLibrary& library);

/// Where slots point before. Ends the program.
[[noreturn]] void call_before_library_is_loaded();

}  // namespace trailsql
