"""What the programs that check the tree have in common: their option, the list of problems, the exit status."""

import argparse
import pathlib


def run(name, doc, check):
    """Prints the problems that `check` finds below --root; returns the exit status."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent)
    problems = check(parser.parse_args().root)
    for problem in problems:
        print(problem)
    print(f"{name}: {len(problems)} problems" if problems else f"{name}: clean")
    return 1 if problems else 0
