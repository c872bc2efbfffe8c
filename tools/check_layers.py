#!/usr/bin/env python3
"""Checks that every include in src/ and apps/ is one that docs/layers.txt allows.

Usage: tools/check_layers.py [--root FOLDER]

Also checked: the allowed includes have no cycle, third-party headers stand in .cpp files only
(but for those that every module may use, marked *), and the dependencies in CMakeLists.txt are not wider.
"""

import re
import sys

import tree_check

INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]')
# What the language and the operating system bring. C++'s own headers have neither dot nor slash.
SYSTEM = re.compile(
    r"^([a-z0-9_]+|(sys|net|netinet|arpa|linux)/[a-z0-9_]+\.h|"
    r"(unistd|fcntl|signal|spawn|termios|poll|pwd|dirent|locale|langinfo|dlfcn|pthread|x86intrin|immintrin|arm_neon)\.h)$")
TEST_HEADERS = re.compile(r"^(gtest|gmock|benchmark)/")


class Layers:
    """The rules of docs/layers.txt."""

    def __init__(self, text):
        self.modules = {}  # module → names of modules, or headers "module/file.h"
        self.third_party = []  # (prefix, names of modules or {"*"})
        for line in text.splitlines():
            line = line.split("#")[0].strip()
            if not line:
                continue
            name, _, rest = line.partition(":")
            if name.startswith("third-party "):
                self.third_party.append((name.removeprefix("third-party ").strip(), set(rest.split())))
            else:
                self.modules[name.strip()] = set(rest.split())

    def edges(self, module):
        return {target.split("/")[0] for target in self.modules.get(module, ())}

    def cycle(self):
        """Returns the modules of a cycle, or an empty list."""
        done = set()

        def visit(module, path):
            if module in path:
                return path[path.index(module):] + [module]
            if module in done:
                return []
            for target in sorted(self.edges(module)):
                found = visit(target, path + [module])
                if found:
                    return found
            done.add(module)
            return []

        for module in sorted(self.modules):
            found = visit(module, [])
            if found:
                return found
        return []

    def third_party_modules(self, header):
        """Returns the modules that may include a third-party header; None when no line names it."""
        best = None
        for prefix, modules in self.third_party:
            if header.startswith(prefix) and (best is None or len(prefix) > len(best[0])):
                best = (prefix, modules)
        return best[1] if best else None


def is_test(path):
    return path.name.endswith(("_test.cpp", "_for_test.h", "_for_test.cpp"))


def problem_with(layers, module, path, header, root):
    """Returns what is wrong with one include, or an empty text."""
    top = header.split("/")[0]
    if "/" in header and top in layers.modules:
        if top == module or module == "apps":
            pass
        elif top not in layers.modules[module] and header not in layers.modules[module]:
            return f"{module} may not include {header}"
        if not (root / "src" / header).exists():
            return f"{header} does not exist"
        return ""
    if module == "apps" and top == "apps" and (root / header).exists():
        return ""
    if SYSTEM.match(header):
        return ""
    if TEST_HEADERS.match(header):
        return "" if is_test(path) else f"{header} belongs in tests only"
    modules = layers.third_party_modules(header)
    if modules is None:
        return f"{header} is neither ours, nor the system's, nor in docs/layers.txt"
    if module not in modules and "*" not in modules and not is_test(path):
        return f"{module} may not include the third-party header {header}"
    if path.suffix == ".h" and "*" not in modules:
        return f"the third-party header {header} belongs in a .cpp file"
    return ""


def check_sources(root, layers):
    problems = []
    for folder in sorted((root / "src").iterdir()) + [root / "apps"]:
        if not folder.is_dir():
            continue
        module = folder.name
        if module != "apps" and module not in layers.modules:
            problems.append(f"src/{module}: not in docs/layers.txt")
            continue
        for path in sorted(folder.rglob("*")):
            if path.suffix not in (".h", ".cpp"):
                continue
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                match = INCLUDE.match(line)
                if not match:
                    continue
                problem = problem_with(layers, module, path, match.group(2), root)
                if problem:
                    problems.append(f"{path.relative_to(root)}:{number}: {problem}")
    return problems


def check_cmake(root, layers):
    path = root / "CMakeLists.txt"
    if not path.exists():
        return []
    problems = []
    for match in re.finditer(r"^trailsql_module\((\w+)([^)]*)\)", path.read_text(), re.MULTILINE):
        module = match.group(1)
        depends = re.search(r"DEPENDS([^)]*?)(LIBRARIES|$)", match.group(2))
        for target in depends.group(1).split() if depends else []:
            if target not in layers.edges(module):
                problems.append(f"CMakeLists.txt: {module} depends on {target}, which docs/layers.txt does not allow")
    return problems


def check(root):
    """Returns the list of problems below `root`."""
    layers = Layers((root / "docs" / "layers.txt").read_text(encoding="utf-8"))
    problems = []
    cycle = layers.cycle()
    if cycle:
        problems.append("docs/layers.txt: a cycle: " + " → ".join(cycle))
    for module in sorted(layers.modules):
        for target in sorted(layers.edges(module) - set(layers.modules)):
            problems.append(f"docs/layers.txt: {module} names {target}, which has no line")
    return problems + check_sources(root, layers) + check_cmake(root, layers)


if __name__ == "__main__":
    sys.exit(tree_check.run("check_layers", __doc__, check))
