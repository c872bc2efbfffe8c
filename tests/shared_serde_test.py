#!/usr/bin/env python3
"""Replays the recorded answers of the JSON SerDes with the shared folder's replayer: every case must agree.

  shared_serde_test.py TRAILSQL
"""
import os
import re
import shlex
import subprocess
import sys
import tempfile

from shared_data import shared_folder


def main():
    trailsql = os.path.abspath(sys.argv[1])
    oracle = os.path.join(shared_folder("oracle/replay.py", "oracle/conformance/serde.jsonl"), "oracle")
    with open(os.path.join(oracle, "conformance", "serde.jsonl"), encoding="utf-8") as file:
        cases = file.readlines()
    with tempfile.TemporaryDirectory(prefix="trailsql_test_") as folder:
        path = os.path.join(folder, "serde.jsonl")
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(cases)
        done = subprocess.run([sys.executable, os.path.join(oracle, "replay.py"), "--engine", shlex.quote(trailsql), "--show", "100", path],
                              stdout=subprocess.PIPE, text=True, check=False)
    print(done.stdout)
    score = re.search(r"^agree (\d+) of (\d+)", done.stdout, re.MULTILINE)
    good, total = (int(score[1]), int(score[2])) if score else (0, 0)
    if total != len(cases) or total == 0:
        print(f"FAILED: {len(cases)} cases were to be replayed, {total} were")
    sys.exit(0 if done.returncode == 0 and good == total == len(cases) > 0 else 1)


if __name__ == "__main__":
    main()
