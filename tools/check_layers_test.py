#!/usr/bin/env python3
"""Shows that check_layers.py finds what it is for, on small trees made for it."""

import unittest

import check_layers
from tree_test_case import TreeTestCase

RULES = """
base:
store: base
scan: base store/reader.h
third-party sqlite3.h: store
third-party fmt: *
"""


class CheckLayersTest(TreeTestCase):
    def setUp(self):
        super().setUp()
        self.write("docs/layers.txt", RULES)
        self.write("src/base/text.h", "#include <string>\n")
        self.write("src/store/reader.h", '#include "base/text.h"\n')
        self.write("src/store/reader.cpp", '#include <sqlite3.h>\n#include <sys/stat.h>\n#include "store/reader.h"\n')
        self.write("src/store/writer.h", "#include <fmt/format.h>\n")
        self.write("src/scan/scan.cpp", '#include "store/reader.h"\n')
        self.write("apps/main.cpp", '#include "scan/scan.h"\n')
        self.write("src/scan/scan.h", "")

    def problems(self):
        return check_layers.check(self.root)

    def test_a_good_tree_is_clean(self):
        self.assertEqual(self.problems(), [])

    def test_an_include_upwards(self):
        self.write("src/base/text.cpp", '#include <vector>\n#include "store/reader.h"\n')
        self.assert_one_problem("src/base/text.cpp:2: base may not include store/reader.h")

    def test_a_header_beside_the_allowed_one(self):
        self.write("src/scan/scan.cpp", '#include "store/writer.h"\n')
        self.assert_one_problem("scan may not include store/writer.h")

    def test_a_header_that_is_not_there(self):
        self.write("src/scan/scan.cpp", '#include "base/absent.h"\n')
        self.assert_one_problem("base/absent.h does not exist")

    def test_a_third_party_header_of_another_module(self):
        self.write("src/base/text.cpp", "#include <sqlite3.h>\n")
        self.assert_one_problem("base may not include the third-party header sqlite3.h")

    def test_a_third_party_header_in_a_header(self):
        self.write("src/store/reader.h", "#include <sqlite3.h>\n")
        self.assert_one_problem("belongs in a .cpp file")

    def test_an_unknown_third_party_header(self):
        self.write("src/base/text.cpp", "#include <boost/asio.hpp>\n")
        self.assert_one_problem("neither ours, nor the system's")

    def test_a_test_header_outside_tests(self):
        self.write("src/base/text.cpp", "#include <gtest/gtest.h>\n")
        self.assert_one_problem("belongs in tests only")
        self.write("src/base/text.cpp", "")
        self.write("src/base/text_test.cpp", "#include <gtest/gtest.h>\n")
        self.assertEqual(self.problems(), [])

    def test_a_module_without_a_line(self):
        self.write("src/extra/extra.h", "")
        self.assert_one_problem("src/extra: not in docs/layers.txt")

    def test_a_cycle(self):
        self.write("docs/layers.txt", RULES.replace("base:", "base: scan"))
        self.assert_one_problem("a cycle: base → scan → base")

    def test_a_wider_cmake_target(self):
        self.write("CMakeLists.txt", "trailsql_module(base DEPENDS store LIBRARIES fmt::fmt)\n")
        self.assert_one_problem("base depends on store")


if __name__ == "__main__":
    unittest.main()
