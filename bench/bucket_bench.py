#!/usr/bin/env python3
"""Measures queries over many small objects in a bucket, in place, beside the same files locally and beside other programs.

  bench/bucket_bench.py [--trailsql PATH] [--objects N] [--rounds N] [--peers PYTHON] [--folder FOLDER]

The bucket is served on loopback by versitygw (tools/fetch_versitygw.sh). --peers: a Python that has the packages chdb, and
duckdb==1.4.4 with duckdb-ext-httpfs (or a newer duckdb that may fetch its extension); without it only trailsql is measured. Prints medians of wall time and peak memory of whole processes.
"""
import argparse
import contextlib
import datetime
import gzip
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "tests"))
from bucket import sample_trail  # noqa: E402
from bucket.gateway import running_gateway  # noqa: E402
from bucket.program import Program  # noqa: E402
from shared_data import Checks  # noqa: E402

TIMEOUT_SECONDS = 1800
ACCOUNTS = [f"{number}" * 12 for number in range(1, 9)]
REGIONS = ("eu-central-1", "eu-west-1", "us-east-1", "us-west-2")
NUM_DAYS = 30
MAX_RECORDS = 20

DUCKDB = """
import duckdb, glob, importlib.util, os, sys
c = duckdb.connect()
c.execute("SET enable_progress_bar = false")
spec = importlib.util.find_spec("duckdb_ext")  # of the package duckdb-ext-httpfs
found = [path for folder in (spec.submodule_search_locations if spec else []) for path in glob.glob(
    f"{folder}/extensions/v{duckdb.__version__}/*/httpfs.duckdb_extension")]
if not found:
    c.execute("INSTALL httpfs")
c.execute(f"LOAD '{found[0]}'" if found else "LOAD httpfs")
c.execute(f"CREATE SECRET (TYPE s3, KEY_ID '{os.environ['AWS_ACCESS_KEY_ID']}', SECRET '{os.environ['AWS_SECRET_ACCESS_KEY']}', "
          f"ENDPOINT '{sys.argv[1]}', URL_STYLE 'path', USE_SSL false, REGION '{os.environ['AWS_REGION']}')")
print(c.execute("SELECT sum(len(Records)) FROM read_json('s3://trail/" + sys.argv[2] + "**/*.json.gz', columns = {Records: 'JSON[]'})").fetchone()[0])
"""
CHDB = """
import chdb, os, sys
print(chdb.query(f"SELECT sum(JSONLength(json, 'Records')) FROM s3('http://{sys.argv[1]}/trail/{sys.argv[2]}**/*.json.gz', "
                 f"'{os.environ['AWS_ACCESS_KEY_ID']}', '{os.environ['AWS_SECRET_ACCESS_KEY']}', 'JSONAsString', 'json String')", "TSV"))
"""


def generate(folder, num_objects):
    """Writes the objects unless they are there; returns the number of records of all, and of one day of one account."""
    truth_path = os.path.join(folder, "..", f"truth_{num_objects}.json")
    with contextlib.suppress(OSError), open(truth_path, encoding="utf-8") as file:
        return json.load(file)
    dice = random.Random(1)
    groups = [(account, region, day) for account in ACCOUNTS for region in REGIONS for day in range(NUM_DAYS)]
    total = of_day = 0
    for number in range(num_objects):
        account, region, day = groups[number % len(groups)]
        date = sample_trail.FIRST_DAY + datetime.timedelta(days=day)
        num_records = dice.randint(1, MAX_RECORDS)
        key = sample_trail.key_of(account, region, date, number)
        path = os.path.join(folder, key)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(gzip.compress(sample_trail.document(dice, account, region, date, num_records), 1, mtime=0))
        total += num_records
        of_day += num_records if account == ACCOUNTS[0] and day == 6 else 0
    with open(truth_path, "w", encoding="utf-8") as file:
        json.dump([total, of_day], file)
    return total, of_day


def measured(command, environment):
    """Runs a command; returns its standard output, seconds and kilobytes, or what went wrong and None, None."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        started = time.monotonic()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=errors, env=environment)
        deadline, usage = started + TIMEOUT_SECONDS, None
        while time.monotonic() < deadline:
            pid, state, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                process.returncode = os.waitstatus_to_exitcode(state)
                break
            time.sleep(0.005)
        else:
            process.kill()
            process.wait()
            return f"no end within {TIMEOUT_SECONDS} s", None, None
        seconds = time.monotonic() - started
        output.seek(0)
        errors.seek(0)
        if process.returncode != 0:
            return errors.read().decode("utf-8", "replace").strip().split("\n")[-1][:200], None, None
        return output.read().decode().strip(), seconds, usage.ru_maxrss


class Bench:
    def __init__(self, options, gateway, folder):
        self.options, self.gateway, self.checks, self.rows, self.notes = options, gateway, Checks(), {}, []
        self.program = Program(options.trailsql, folder, self.checks).for_gateway(gateway)

    def add(self, name, answer, seconds, kilobytes, wanted):
        if seconds is None or answer != str(wanted):
            self.notes.append(f"{name}: {'answered ' + answer + ', not ' + str(wanted) if seconds else answer}")
            return
        self.rows.setdefault(name, []).append((seconds, kilobytes))

    def trailsql(self, name, arguments, wanted, home=None):
        result = self.program.run(["query", "--format", "csv", *arguments], home=home, timeout=TIMEOUT_SECONDS)
        number = re.sub(r'"', "", result.output.strip().split("\n")[-1])
        self.add(name, number if result.status == 0 else result.errors.strip()[:200], result.seconds if result.status == 0 else None,
                 result.kilobytes, wanted)
        self.notes.append(f"{name}: {result.errors.strip().splitlines()[0] if result.errors.strip() else ''}")

    def round(self, local, total, of_day):
        count = "SELECT count(*) FROM {}cloudtrail"
        day = sample_trail.FIRST_DAY + datetime.timedelta(days=6)
        one_day = f"{count} WHERE account = '{ACCOUNTS[0]}' AND \"date\" = DATE '{day}'"
        self.trailsql("trailsql, local files", ["--logs", local, count.format("")], total)
        self.trailsql("trailsql, in place", ["--logs", "s3://trail/", count.format("")], total)
        self.trailsql("trailsql, local, one day of one account", ["--logs", local, one_day.format("")], of_day)
        self.trailsql("trailsql, in place, one day of one account", ["--logs", "s3://trail/", one_day.format("")], of_day)
        home = self.program.new_home()
        if self.program.run(["trail", "add", "prod", "s3://trail/"], home=home, timeout=TIMEOUT_SECONDS).status == 0:
            self.trailsql("trailsql, a trail, first query", [count.format("prod.")], total, home)
            self.trailsql("trailsql, a trail, listing known", [count.format("prod.")], total, home)
        if self.options.peers:
            endpoint = self.gateway.url.removeprefix("http://")
            environment = self.program.environment(self.program.new_home())
            for name, script in (("DuckDB httpfs", DUCKDB), ("chDB s3()", CHDB)):
                self.add(name, *measured([self.options.peers, "-c", script, endpoint, "AWSLogs/"], environment), total)

    def table(self):
        print(f"\n| {'what':44} | {'median s':>8} | {'min':>6} | {'max':>6} | {'peak MB':>7} |\n|{'-' * 46}|{'-' * 10}|{'-' * 8}|{'-' * 8}|{'-' * 9}|")
        for name, found in self.rows.items():
            seconds = [row[0] for row in found]
            print(f"| {name:44} | {statistics.median(seconds):8.2f} | {min(seconds):6.2f} | {max(seconds):6.2f} | {max(row[1] for row in found) / 1000:7.0f} |")
        print()
        for note in dict.fromkeys(self.notes):
            print(note)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trailsql", default=os.path.join(HERE, "../build/release/trailsql"))
    parser.add_argument("--objects", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", help="a Python with the packages duckdb and chdb")
    parser.add_argument("--folder", default=os.path.join(HERE, "../build/bench/bucket"), help="where the objects are kept for the next time")
    options = parser.parse_args()
    local = os.path.abspath(os.path.join(options.folder, f"trail_{options.objects}"))
    os.makedirs(local, exist_ok=True)
    started = time.monotonic()
    total, of_day = generate(local, options.objects)
    print(f"{options.objects} objects, {total} records, ready after {time.monotonic() - started:.0f} s", flush=True)
    with tempfile.TemporaryDirectory(prefix="trailsql_bench_") as folder, running_gateway() as gateway:
        os.symlink(local, os.path.join(gateway.root, "trail"))
        bench = Bench(options, gateway, folder)
        for number in range(options.rounds):
            bench.round(local, total, of_day)
            print(f"round {number + 1} of {options.rounds}", flush=True)
    bench.table()
    if bench.checks.num_failures:
        sys.exit(1)


if __name__ == "__main__":
    main()
