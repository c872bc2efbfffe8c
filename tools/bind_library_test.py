#!/usr/bin/env python3
"""bind_library.py: a library that was bound does the same, with fewer names to look for."""
import ctypes
import os
import re
import subprocess
import sys
import tempfile
import unittest

TOOL = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bind_library.py")
SOURCE = r"""
#include <stdexcept>
#include <string>
#include <vector>
struct Shape { virtual ~Shape() = default; virtual int sides() const { return 0; } };
struct Square : Shape { int sides() const override { return 4; } };
extern "C" {
int number = 40;
int* pointer = &number;
thread_local int of_thread = 1;
int add(int x) { return x + number; }
int call_add(int x) { return add(x) + *pointer + of_thread; }
int sides() { std::vector<Shape*> shapes{new Square}; int n = shapes[0]->sides(); delete shapes[0]; return n; }
int caught() {
  try { throw std::runtime_error(std::string(100, 'x')); } catch (const std::exception& error) { return error.what()[99]; }
}
}
"""


class BindLibraryTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.plain = os.path.join(self.folder.name, "plain.so")
        self.bound = os.path.join(self.folder.name, "bound.so")
        source = os.path.join(self.folder.name, "source.cpp")
        with open(source, "w", encoding="utf-8") as file:
            file.write(SOURCE)
        subprocess.run(["c++", "-std=c++17", "-O1", "-fPIC", "-shared", "-o", self.plain, source], check=True)
        subprocess.run([sys.executable, TOOL, self.plain, self.bound], check=True)

    def own_names_to_find(self, path):
        """How often the loader must look for a name that the library defines: data, not functions."""
        text = subprocess.run(["readelf", "-rW", path], check=True, capture_output=True, text=True).stdout
        return len(re.findall(r"_(?:64|ABS64|GLOB_DAT)\s+(?!0{16})[0-9a-f]{16}\s", text))

    def test_does_the_same(self):
        for path in (self.plain, self.bound):
            library = ctypes.CDLL(path)
            self.assertEqual(library.call_add(1), 1 + 40 + 40 + 1)
            self.assertEqual(library.sides(), 4)
            self.assertEqual(library.caught(), ord("x"))

    def test_has_fewer_names_to_find(self):
        self.assertGreater(self.own_names_to_find(self.plain), 5)
        self.assertEqual(self.own_names_to_find(self.bound), 0)

    def test_first_calls_look_for_nothing(self):
        found = {}
        for path in (self.plain, self.bound):
            code = f"""import ctypes, os
dlopen = ctypes.CDLL(None).dlopen
dlopen.restype = ctypes.c_void_p
ctypes.CDLL({path!r}, handle=dlopen({path!r}.encode(), os.RTLD_LAZY)).call_add(1)"""
            environment = dict(os.environ, LD_DEBUG="bindings")
            environment.pop("LD_BIND_NOW", None)
            done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True,
                                  env=environment)
            found[path] = len(re.findall(rf"binding file {re.escape(path)} .*symbol `add'", done.stderr))
        self.assertEqual((found[self.plain], found[self.bound]), (1, 0))

    def test_other_files_are_copied(self):
        text = os.path.join(self.folder.name, "text")
        with open(text, "wb") as file:
            file.write(b"no library")
        subprocess.run([sys.executable, TOOL, text, self.bound], check=True)
        with open(self.bound, "rb") as file:
            self.assertEqual(file.read(), b"no library")


if __name__ == "__main__":
    unittest.main()
