#!/usr/bin/env python3
"""Shows that tidy.py finds what it is for, on small trees made for it."""

import unittest

import tidy
from tree_test_case import TreeTestCase

HEADER = "// Says what this is.\n#pragma once\n"
ERRORS = HEADER + "enum class ErrorCode : uint8_t {\n  kColumnNotFound,  // and why\n  kSyntaxError,\n};\n"


class TidyTest(TreeTestCase):
    def setUp(self):
        super().setUp()
        self.write("src/base/error_code.h", ERRORS)
        self.write("src/base/good.h", HEADER + "class Good {};\n")

    def problems(self):
        return tidy.check(self.root)

    def test_a_good_tree_is_clean(self):
        self.assertEqual(self.problems(), [])

    def test_a_long_file(self):
        self.write("src/base/long.cpp", "\n" * 501)
        self.assert_one_problem("src/base/long.cpp: 501 lines; at most 500")

    def test_a_long_function(self):
        body = "  f({1, 2}, \"}\", '}');  // }\n" * 69
        self.write("src/base/a.cpp", f"namespace x {{\n\nint g(\n    int a) {{\n{body}}}\n}}\n")
        self.assert_one_problem("src/base/a.cpp:3: a function of 72 lines")

    def test_a_long_constructor_with_initialisers(self):
        body = "  f();\n" * 70
        self.write("src/base/a.cpp", f"A::A(int a)\n    : a_{{a}}, b_(a) {{\n{body}}}\n")
        self.assert_one_problem("src/base/a.cpp:1: a function of 73 lines")

    def test_long_things_that_are_no_functions(self):
        rows = '    {"a", f(1)},\n' * 100
        members = "  void f() {\n    g();\n  }\n" * 40
        raw = 'const char* kText = R"x(\n' + "{(\n" * 90 + ')x";\n'
        self.write("src/base/a.cpp", f"constexpr Row kRows[] = {{\n{rows}}};\nclass A {{\n{members}}};\n{raw}")
        self.assertEqual(self.problems(), [])

    def test_names_that_say_nothing(self):
        self.write("src/base/a.h", HEADER + "class StringUtils {};\n")
        self.assert_one_problem("StringUtils says nothing")
        self.write("src/base/a.h", HEADER)
        self.write("src/base/text_helpers.h", HEADER)
        self.assert_one_problem("a file's name says what is in it")

    def test_a_header_without_guard_or_comment(self):
        self.write("src/base/a.h", "// What it is.\n")
        self.assert_one_problem("no #pragma once")
        self.write("src/base/a.h", "#pragma once\n")
        self.assert_one_problem("opens with a comment")

    def test_a_macro(self):
        self.write("src/base/a.cpp", "#define PCRE2_CODE_UNIT_WIDTH 8\n# define LIMIT 5\n")
        self.assert_one_problem("the macro LIMIT")

    def test_a_note_without_owner(self):
        self.write("src/base/a.cpp", "// TODO(maria): later\n// TODO: later\n")
        self.assert_one_problem("src/base/a.cpp:2: a note to do needs an owner")

    def test_a_path_of_one_machine(self):
        self.write("src/base/a.cpp", '#include "/home/maria/x.h"\n')
        self.assert_one_problem("a path that only one machine has")

    def test_an_error_without_a_test(self):
        self.write("src/base/a.cpp", "void f() { throw QueryError(ErrorCode::kColumnNotFound); }\n")
        self.assert_one_problem("COLUMN_NOT_FOUND is raised and no test expects it")
        self.write("tests/sql/names.test", "ERROR COLUMN_NOT_FOUND: line 1:8\n")
        self.assertEqual(self.problems(), [])


if __name__ == "__main__":
    unittest.main()
