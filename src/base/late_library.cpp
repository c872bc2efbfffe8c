#include "base/late_library.h"

#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>

namespace trailsql {

std::string load_library(const LateLibrary& library) {
  void* const handle = ::dlopen(library.file, RTLD_LAZY | RTLD_LOCAL);
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
