#!/usr/bin/env python3
"""Runs end-to-end tests: the .test files of the topics given, or of all topics (see tests/README.md for their form).

  run.py --trailsql PATH [--accept] [--filter TEXT] [--bucket] [TOPIC | FILE.test]...

--bucket: the places of tables, trails and --logs are in buckets, which a server of the tests serves; cases marked `# local:` are left out.
"""
import argparse
import contextlib
import difflib
import json
import os
import re
import select
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.join(os.path.dirname(HERE), "data")
SOURCES = ("trino", "aws-doc", "recorded", "own")
TIMEOUT_SECONDS = 120


class FormError(Exception):
    """A .test file that does not have the form."""


class Case:
    """One case of a file: which lines hold what was expected, and how to run it."""

    def __init__(self, kind, first_line):
        self.kind = kind  # setup, query or cli
        self.first_line = first_line  # 1-based, for messages
        self.statement = ""
        self.schema = None
        self.is_local = False  # says what holds of local files alone
        self.unordered = False
        self.expected = []
        self.expected_range = (0, 0)  # half open, indexes into the file's lines


def is_head(line):
    return line.startswith("# source:") or line.strip() == "# setup"


def parse(path):
    with open(path, encoding="utf-8") as file:
        lines = file.read().split("\n")
    cases, i = [], 0
    while i < len(lines):
        if not is_head(lines[i]):
            if lines[i].strip() and not lines[i].startswith("#"):
                raise FormError(f"{path}:{i + 1}: a case begins with '# source: …' or '# setup'")
            i += 1
            continue
        case, i = parse_case(path, lines, i)
        cases.append(case)
    return lines, cases


def parse_case(path, lines, i):
    case = Case("setup" if lines[i].strip() == "# setup" else "query", i + 1)
    if case.kind == "query":
        source = lines[i].split(":", 1)[1].split()[0:1]
        if not source or source[0] not in SOURCES:
            raise FormError(f"{path}:{i + 1}: the source is one of {', '.join(SOURCES)}")
    i += 1
    while i < len(lines) and lines[i].startswith("# "):
        if lines[i].startswith("# schema:"):
            case.schema = lines[i].split(":", 1)[1].strip()
        case.is_local |= lines[i].startswith("# local:")
        i += 1
    start = i
    while i < len(lines) and not re.fullmatch(r"----( unordered)?", lines[i].rstrip()):
        i += 1
    if i == len(lines):
        raise FormError(f"{path}:{case.first_line}: the case has no line '----'")
    case.unordered = lines[i].rstrip().endswith("unordered")
    case.statement = "\n".join(lines[start:i])
    if case.statement.startswith("$ "):
        case.kind, case.statement = "cli", case.statement[2:]
    i += 1
    start = i
    # What was expected ends where a comment begins after a blank line.
    while i < len(lines) and not (lines[i].startswith("#") and lines[i - 1] == "" or is_head(lines[i])):
        i += 1
    end = i
    while end > start and lines[end - 1] == "":
        end -= 1
    case.expected, case.expected_range = lines[start:end], (start, end)
    return case, i


class Runner:
    """Runs the cases of one file in a home of its own: queries through one `trailsql batch`, command lines through bash."""

    def __init__(self, trailsql, folder, buckets=None):
        self.trailsql, self.folder, self.process, self.buckets = trailsql, folder, None, buckets
        self.home, self.scratch = os.path.join(folder, "home"), os.path.join(folder, "scratch")
        os.makedirs(self.scratch)
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith(("TRAILSQL_", "AWS_")) and k not in ("PAGER", "NO_COLOR", "COLUMNS")}
        self.environment.update(TRAILSQL_HOME=self.home, DATA=DATA, TMP=self.scratch, LC_ALL="C.UTF-8", TERM="dumb", HOME=folder,
                                AWS_EC2_METADATA_DISABLED="true",  # nobody's credentials, and no network for want of them
                                PATH=os.path.dirname(trailsql) + ":" + os.environ["PATH"])
        if buckets:
            buckets.serve(self.scratch)
            self.environment.update(buckets.environment(folder))

    def close(self):
        if self.process:
            self.process.stdin.close()
            self.process.wait(TIMEOUT_SECONDS)

    def with_paths(self, text):
        if self.buckets:
            text = self.buckets.places_in_sql(text)
        return text.replace("$DATA", DATA).replace("$TMP", self.scratch)

    def without_paths(self, text):
        if self.buckets:
            text = self.buckets.without_places(text)
        text = text.replace(DATA, "$DATA").replace(self.scratch, "$TMP").replace(self.home, "$HOME")
        text = re.sub(r"\bin \d+\.\d+ s\b", "in $SECONDS", text)
        return text

    def ask(self, request):
        if self.process is None or self.process.poll() is not None:
            self.process = subprocess.Popen([self.trailsql, "batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                            text=True, env=self.environment, cwd=self.scratch)
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        if not select.select([self.process.stdout], [], [], TIMEOUT_SECONDS)[0]:
            self.process.kill()
            return {"error": "NO_ANSWER", "message": f"no answer within {TIMEOUT_SECONDS} s"}
        line = self.process.stdout.readline()
        if not line:
            return {"error": "NO_ANSWER", "message": f"the program ended with status {self.process.wait()}"}
        return json.loads(line)

    def run_query(self, case):
        request = {"id": case.first_line, "sql": self.with_paths(case.statement)}
        if case.schema:
            request["schema"] = case.schema
        answer = self.ask(request)
        if "error" in answer:
            place = f" [{answer['line']}:{answer['column']}]" if "line" in answer else ""
            lines = f"error {answer['error']}: {answer['message']}{place}".split("\n")
            if "hint" in answer:
                lines.append(f"hint {answer['hint']}")
        elif not answer["columns"]:
            lines = ["ok"]
        else:
            rows = [json.dumps(row, ensure_ascii=False) for row in answer["rows"]]
            if case.unordered:
                rows.sort()
            lines = [" | ".join(f"{name} {kind}" for name, kind in answer["columns"])] + rows
        return [self.without_paths(line) for line in lines]

    def run_cli(self, case):
        command = self.buckets.places_in_command(case.statement) if self.buckets else case.statement
        try:
            done = subprocess.run(["bash", "-c", command], stdin=subprocess.DEVNULL, capture_output=True,
                                  env=self.environment, cwd=self.scratch, timeout=TIMEOUT_SECONDS, check=False)
        except subprocess.TimeoutExpired:
            return [f"--- no end within {TIMEOUT_SECONDS} s"]
        lines = self.output_lines(done.stdout)
        if done.stderr:
            lines += ["--- stderr"] + self.output_lines(done.stderr)
        if done.returncode != 0:
            lines.append(f"--- exit {done.returncode}")
        return lines

    def output_lines(self, output):
        text = self.without_paths(output.decode("utf-8", "backslashreplace"))
        if text and not text.endswith("\n"):
            text += "(no end of line)\n"
        return text.split("\n")[:-1]

    def run(self, case):
        return self.run_cli(case) if case.kind == "cli" else self.run_query(case)


def expected_lines(case):
    """Returns what was expected; rows in any order are sorted, since the answer's are."""
    if case.kind == "query" and case.unordered:
        return case.expected[:1] + sorted(case.expected[1:])
    return case.expected


def run_file(path, options):
    """Returns the numbers of cases that were run and of failures."""
    lines, cases = parse(path)
    num_run, failures, accepted = 0, 0, []
    with tempfile.TemporaryDirectory(prefix="trailsql_test_") as folder:
        runner = Runner(options.trailsql, folder, options.buckets)
        try:
            for case in cases:
                if options.filter and case.kind != "setup" and options.filter not in case.statement:
                    continue
                if options.buckets and case.is_local:
                    options.num_local += 1
                    continue
                num_run += 1
                got = runner.run(case)
                want = ["ok"] if case.kind == "setup" else expected_lines(case)
                if got == want or (case.kind == "setup" and not got[0].startswith("error")):
                    continue
                if options.accept and case.kind != "setup":
                    accepted.append((case.expected_range, got))
                    continue
                failures += 1
                print(f"{os.path.relpath(path)}:{case.first_line}: {case.kind} failed\n{case.statement}")
                print("\n".join(difflib.unified_diff(want, got, "expected", "got", lineterm="", n=1000)) + "\n")
        finally:
            runner.close()
    for (start, end), got in reversed(accepted):
        lines[start:end] = got
    if accepted:
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(lines))
        print(f"{os.path.relpath(path)}: {len(accepted)} cases accepted")
    return num_run, failures


def test_files(names):
    for name in names or sorted(n for n in os.listdir(HERE) if os.path.isdir(os.path.join(HERE, n)) and n[0] not in "._"):
        path = name if os.path.exists(name) else os.path.join(HERE, name)
        if os.path.isfile(path):
            yield os.path.abspath(path)
            continue
        found = [os.path.join(folder, file) for folder, _, files in os.walk(path) for file in files if file.endswith(".test")]
        if not found:
            raise FormError(f"{path} has no .test files")
        yield from sorted(found)


def served_buckets():
    """Returns the context of a server whose buckets stand for $DATA and $TMP."""
    sys.path.insert(0, os.path.dirname(HERE))
    from bucket.sql_places import SqlPlaces  # only where it is needed: the tests of local files do without
    return SqlPlaces(DATA)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trailsql", default=os.path.join(HERE, "../../build/release/trailsql"), help="the program")
    parser.add_argument("--accept", action="store_true", help="write what was answered into the files; review the difference")
    parser.add_argument("--filter", default="", help="only cases whose statement contains this text")
    parser.add_argument("--bucket", action="store_true", help="put the logs in a bucket, read in place")
    parser.add_argument("topics", nargs="*")
    options = parser.parse_args()
    options.trailsql, options.buckets, options.num_local = os.path.abspath(options.trailsql), None, 0
    if options.bucket and options.accept:
        parser.error("what is expected is what local files answer: --accept goes without --bucket")
    num_cases = num_failures = 0
    with contextlib.ExitStack() as stack:
        if options.bucket:
            options.buckets = stack.enter_context(served_buckets())
        try:
            for path in test_files(options.topics):
                cases, failures = run_file(path, options)
                num_cases, num_failures = num_cases + cases, num_failures + failures
        except FormError as error:
            sys.exit(str(error))
    print(f"{num_cases - num_failures} of {num_cases} cases passed" + (f"; {options.num_local} of local files alone" if options.num_local else ""))
    sys.exit(1 if num_failures or num_cases == 0 else 0)


if __name__ == "__main__":
    main()
