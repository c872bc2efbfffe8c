#!/usr/bin/env python3
"""Makes a C++ file through which a program calls a shared library that it loads while it runs.

Usage: late_library.py LIBRARY PREFIX NAME OUTPUT

The file defines every function that LIBRARY exports with PREFIX in its name as a jump through a slot, and `NAME`, a
trailsql::LateLibrary whose slots load_library fills. The linker finds the functions there, so nothing that calls
them changes, and a function that the library lacks is an error of the linker, as ever.
"""

import pathlib
import subprocess
import sys

TEMPLATE = """\
// Made by tools/late_library.py of {library}: calls of its functions jump to where the slots point.
#include "base/late_library.h"

extern "C" {{
extern void* {slots}[];
__attribute__((visibility("hidden"))) void* {slots}[] = {{
{unloaded}
}};
}}

#if defined(__x86_64__)
#define JUMP(name, offset) \\
  ".globl " name "\\n.hidden " name "\\n.type " name ", @function\\n" name ":\\n" \\
  "jmp *{slots}+" offset "(%rip)\\n.size " name ", .-" name "\\n"
#elif defined(__aarch64__)
#define JUMP(name, offset) \\
  ".globl " name "\\n.hidden " name "\\n.type " name ", %function\\n" name ":\\n" \\
  "adrp x16, {slots}+" offset "\\nldr x16, [x16, :lo12:{slots}+" offset "]\\nbr x16\\n" \\
  ".size " name ", .-" name "\\n"
#else
#error "JUMP is not written for this processor"
#endif

asm(".text\\n"
{jumps});

namespace trailsql {{
namespace {{
const char* const kNames[] = {{
{names}
}};
}}  // namespace
extern const LateLibrary {name};
const LateLibrary {name}{{"{file}", kNames, {slots}, {count}}};
}}  // namespace trailsql
"""


def exported_functions(library, prefix):
    """Returns the names of the functions with that prefix, sorted, without versions."""
    command = ["nm", "--dynamic", "--defined-only", "--format=posix", library]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    symbols = (line.split() for line in lines)
    return sorted({symbol[0].split("@")[0] for symbol in symbols
                   if len(symbol) > 1 and symbol[1] in "TWi" and symbol[0].startswith(prefix)})


def soname(library):
    """Returns the name that the dynamic linker knows the library by."""
    lines = subprocess.run(["readelf", "--dynamic", "--wide", library], capture_output=True, text=True, check=True).stdout
    for line in lines.splitlines():
        if "(SONAME)" in line:
            return line.split("[")[1].rstrip("]")
    return pathlib.Path(library).name


def main(library, prefix, name, output):
    names = exported_functions(library, prefix)
    if not names:
        sys.exit(f"late_library.py: {library} exports no function whose name begins with {prefix}")
    pathlib.Path(output).write_text(TEMPLATE.format(
        library=pathlib.Path(library).name, file=soname(library), name=name, slots=f"{prefix}slots", count=len(names),
        unloaded="\n".join("    reinterpret_cast<void*>(&trailsql::call_before_library_is_loaded)," for _ in names),
        jumps="\n".join(f'    JUMP("{function}", "{8 * i}")' for i, function in enumerate(names)),
        names="\n".join(f'    "{function}",' for function in names)), encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])
