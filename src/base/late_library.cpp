#include "base/late_library.h"

#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>

namespace trailsql {
namespace {

// Names of the library's own are looked for in it first, not in all libraries before it: most of
// what loading a large one costs. Sanitizers forbid it, whose allocator all must share.
#if TRAILSQL_IS_SANITIZED
constexpr int kLoadFlags = RTLD_LAZY | RTLD_LOCAL;
#else
constexpr int kLoadFlags = RTLD_LAZY | RTLD_LOCAL | RTLD_DEEPBIND;
#endif

}  // namespace

std::string load_library(const LateLibrary& library) {
  void* const handle = ::dlopen(library.file, kLoadFlags);
  if (handle == nullptr) return ::dlerror();
  for (size_t i = 0; i < library.num_functions; ++i) {
    void* const function = ::dlsym(handle, library.names[i]);
    if (function == nullptr) return ::dlerror();
    library.slots[i] = function;
  }
  return "";
}

void call_before_library_is_loaded() {
  std::fputs("trailsql: a function of a library was called before the library was loaded\n",
             stderr);
  std::abort();
}

}  // namespace trailsql
