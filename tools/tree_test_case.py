"""What the tests of the programs that check the tree have in common: a small tree of their own."""

import pathlib
import tempfile
import unittest


class TreeTestCase(unittest.TestCase):
    """Has an empty tree at `root`; a subclass says in `problems` what is found in it."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def problems(self):
        raise NotImplementedError

    def assert_one_problem(self, text):
        problems = self.problems()
        self.assertEqual(len(problems), 1, problems)
        self.assertIn(text, problems[0])
