"""Finds the real logs and the oracle beside the project, and runs trailsql, for the tests of the topic `shared`."""
import json
import os
import subprocess
import sys

SKIPPED = 77  # SKIP_RETURN_CODE in CMakeLists.txt
HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.join(HERE, "data")
LOCATION = "s3://my_consolidated_bucket/"


def shared_folder(*needed):
    """Returns the shared folder, which must hold `needed`; ends the test as skipped when it does not."""
    folder = os.environ.get("TRAILSQL_SHARED") or os.path.join(HERE, "..", "..", "shared")
    for path in needed:
        if not os.path.exists(os.path.join(folder, path)):
            skip(f"no {path} in the shared folder (set TRAILSQL_SHARED)")
    return os.path.abspath(folder)


def skip(why):
    print("SKIPPED:", why)
    sys.exit(SKIPPED)


def statement_of(name):
    with open(os.path.join(DATA, name), encoding="utf-8") as file:
        return file.read()


def environment(home):
    """Returns the environment of a run that nothing of this machine's settings reaches."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("TRAILSQL_")}
    return dict(kept, TRAILSQL_HOME=home, LC_ALL="C.UTF-8")


def run_batch(trailsql, home, statements, maps=()):
    """Runs the statements in one batch; returns their answers in order. `maps` are texts LOCATION=FOLDER."""
    options = [argument for text in maps for argument in ("--map", text)]
    requests = "".join(json.dumps({"id": i, "sql": sql}) + "\n" for i, sql in enumerate(statements))
    done = subprocess.run([trailsql, "batch"] + options, input=requests, capture_output=True, text=True, env=environment(home), check=False)
    if done.returncode != 0:
        sys.exit(f"trailsql batch ended with {done.returncode}: {done.stderr}")
    answers = [json.loads(line) for line in done.stdout.split("\n")[:-1]]
    if [answer["id"] for answer in answers] != list(range(len(statements))):
        sys.exit("trailsql batch did not answer every statement in order")
    return answers


class Checks:
    """Counts what was compared and prints what differs."""

    def __init__(self):
        self.num_checks = self.num_failures = 0

    def equal(self, what, got, want):
        self.num_checks += 1
        if got != want:
            self.num_failures += 1
            print(f"FAILED: {what}\n  got      {str(got)[:1500]}\n  expected {str(want)[:1500]}")

    def end(self):
        print(f"{self.num_checks - self.num_failures} of {self.num_checks} checks passed")
        sys.exit(1 if self.num_failures or not self.num_checks else 0)
