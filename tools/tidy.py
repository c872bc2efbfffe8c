#!/usr/bin/env python3
"""Checks what a compiler does not: the tree's own rules of HACKING.md.

Usage: tools/tidy.py [--root FOLDER]

Files of at most 500 lines, functions of at most 70, names that say something, `#pragma once` and an opening
comment in headers, no macros, no TODO without an owner, no path of one machine, and a test for every error
that is raised.
"""

import re
import sys

import tree_check

MAX_FILE_LINES = 500
MAX_FUNCTION_LINES = 70
FOLDERS = ("src", "apps", "tools", "bench", "fuzz", "tests")
# Macros that a library asks its user to define before its header.
ALLOWED_MACROS = {"PCRE2_CODE_UNIT_WIDTH"}
BANNED_NAME = re.compile(r"(Utils?|Helpers?|Common|Managers?|Misc|Stuff)$")
BANNED_STEM = re.compile(r"(^|_)(utils?|helpers?|common|managers?|misc|stuff)($|_)")
UNOWNED = re.compile(r"\b(TODO(?!\(\w[^)]*\))|FIXME|XXX|HACK)\b(?!_)")
MACHINE_PATH = re.compile(r"(?<![\w.])/(work/(main|shared)|home/\w+|root)/")


def strip_code(text):
    """Returns C++ text with comments and the insides of literals blanked; line breaks stay."""
    pattern = re.compile(
        r'R"(?P<mark>[^()\\\s]{0,16})\((?:.|\n)*?\)(?P=mark)"'
        r'|"(?:\\.|[^"\\\n])*"'
        r"|(?<![0-9A-Za-z_])'(?:\\.|[^'\\\n])+'"
        r"|//[^\n]*"
        r"|/\*(?:.|\n)*?\*/")

    def blank(match):
        found = match.group(0)
        inside = re.sub(r"[^\n]", " ", found)
        return inside if found.startswith(("//", "/*")) else '"' + inside[1:-1] + '"'

    return pattern.sub(blank, text)


def block_kind(head, inside_function):
    """Says what a brace opens, from the text before it (since the last `;`, `{` or `}`)."""
    head = re.sub(r"^\s*#.*$", "", head, flags=re.MULTILINE)
    words = head.split()
    if inside_function:
        return "block"
    if re.search(r"\bnamespace\b", head) or (words[:1] == ["extern"] and "(" not in head):
        return "namespace"
    # clang-format puts a blank before the brace of a body, none before that of an initialiser.
    if not head.endswith((" ", "\n")) or re.search(r"[=,(]\s*$", head) or re.search(r"\breturn\s*$", head):
        return "initialiser"
    if "(" in head:
        return "function"
    if re.search(r"\b(class|struct|union|enum)\b", head):
        return "type"
    return "block"


def functions(text):
    """Yields (first line, number of lines) of every function body in C++ text, signature included."""
    code = strip_code(text)
    stack = []
    head_start = 0
    depth_of_parentheses = 0
    for match in re.finditer(r"[{}();]", code):
        mark, place = match.group(0), match.start()
        if mark == "(":
            depth_of_parentheses += 1
        elif mark == ")":
            depth_of_parentheses -= 1
        elif mark == ";":
            if depth_of_parentheses == 0:
                head_start = place + 1
        elif mark == "{":
            head = code[head_start:place]
            inside = any(kind == "function" for kind, _, _ in stack)
            kind = block_kind(head, inside)
            first = head_start + len(head) - len(head.lstrip())
            stack.append((kind, first, depth_of_parentheses))
            depth_of_parentheses = 0
            if kind != "initialiser":
                head_start = place + 1
        elif stack:
            kind, first, depth_of_parentheses = stack.pop()
            if kind == "function":
                line = code.count("\n", 0, first) + 1
                yield line, code.count("\n", first, place) + 1
            if kind != "initialiser":
                head_start = place + 1


def check_cpp(name, path, text):
    problems = []
    code = strip_code(text)
    for line, length in functions(text):
        if length > MAX_FUNCTION_LINES:
            problems.append(f"{name}:{line}: a function of {length} lines; at most {MAX_FUNCTION_LINES}")
    for match in re.finditer(r"\b(?:class|struct|namespace)\s+(\w+)", code):
        if BANNED_NAME.search(match.group(1).title() if match.group(1).islower() else match.group(1)):
            problems.append(f"{name}: {match.group(1)} says nothing; name the concept")
    for match in re.finditer(r"^\s*#\s*define\s+(\w+)", code, re.MULTILINE):
        if match.group(1) not in ALLOWED_MACROS:
            problems.append(f"{name}: the macro {match.group(1)}; use a constant, a function or a template")
    if path.suffix == ".h":
        if "#pragma once" not in text:
            problems.append(f"{name}: no #pragma once")
        if not text.startswith("//"):
            problems.append(f"{name}: a header opens with a comment that says what it is")
    return problems


def check_file(root, path):
    name = path.relative_to(root)
    text = path.read_text(encoding="utf-8")
    problems = []
    num_lines = text.count("\n")
    if num_lines > MAX_FILE_LINES:
        problems.append(f"{name}: {num_lines} lines; at most {MAX_FILE_LINES}")
    if BANNED_STEM.search(path.stem):
        problems.append(f"{name}: a file's name says what is in it")
    if path.name not in ("tidy.py", "tidy_test.py"):
        for number, line in enumerate(text.splitlines(), 1):
            if UNOWNED.search(line):
                problems.append(f"{name}:{number}: a note to do needs an owner: TODO(name)")
            if MACHINE_PATH.search(line):
                problems.append(f"{name}:{number}: a path that only one machine has")
    if path.suffix in (".h", ".cpp"):
        problems += check_cpp(name, path, text)
    return problems


def error_name(enumerator):
    """Returns kColumnNotFound as users see it: COLUMN_NOT_FOUND."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", enumerator[1:]).upper()


def check_errors(root):
    """Every error that our code names outside its table must be expected by some test."""
    table = root / "src" / "base" / "error_code.h"
    if not table.exists():
        return []
    enumeration = re.search(r"enum class ErrorCode[^{]*\{([^}]*)\}", strip_code(table.read_text()))
    names = set(re.findall(r"\bk\w+", enumeration.group(1))) if enumeration else set()
    raised, tested = set(), set()
    for path in (root / "src").rglob("*"):
        if path.suffix not in (".h", ".cpp") or path.stem == "error_code":
            continue
        text = path.read_text(encoding="utf-8")
        if path.name.endswith("_test.cpp"):
            tested |= set(re.findall(r"ErrorCode::(k\w+)", text))
            tested |= {name for name in names if error_name(name) in text}
        else:
            raised |= set(re.findall(r"ErrorCode::(k\w+)", strip_code(text)))
    for path in (root / "tests").rglob("*"):
        if path.is_file() and path.suffix in (".test", ".cpp", ".py", ".txt", ".jsonl"):
            text = path.read_text(encoding="utf-8", errors="replace")
            tested |= {name for name in names if error_name(name) in text or f"ErrorCode::{name}" in text}
    return [f"src: {error_name(name)} is raised and no test expects it" for name in sorted((raised & names) - tested)]


def check(root):
    """Returns the list of problems below `root`."""
    problems = []
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in (".h", ".cpp", ".py", ".sh") and path.is_file():
                problems += check_file(root, path)
    return problems + check_errors(root)


if __name__ == "__main__":
    sys.exit(tree_check.run("tidy", __doc__, check))
