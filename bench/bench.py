#!/usr/bin/env python3
"""Measures queries over generated logs against plain decompression, and checks their answers.

Usage: ./dev bench [--scale SIZE] [--rounds N] [--threads LIST]

Every round runs every case once, so that a change of the machine's mood meets all of them. Printed are medians
of the wall time of whole processes (start, DDL catalog, answer included), as MB of raw JSON per second, and each
case's share of what decompression alone (igzip) reaches with as many threads. The page cache is warm.
Last comes what a query of 1 kB and one of 200 kB cost before the engine sees them: parse, analysis, plan.
"""

import argparse
import csv
import io
import json
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDER = ROOT / "build" / "bench"
STATEMENTS = ROOT / "tests" / "data"
COUNT = "SELECT count(*) FROM my_table_name CROSS JOIN UNNEST(records) AS t (record)"
MAKE_OPTIONS = ["--accounts", "4", "--regions", "3", "--days", "7", "--file-size", "1600KB"]
INFLATE, FIRST, COUNTED, SECOND = "inflate only (igzip)", "first question", "count(*) of records", "second question"


def run(command):
    """Returns (seconds, stdout) of a command; ends the program with its words when it fails."""
    start = time.perf_counter()
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - start
    if done.returncode != 0:
        sys.exit(f"bench: failed ({done.returncode}): {' '.join(str(part) for part in command)}\n{done.stderr}")
    return seconds, done.stdout


def make_data(programs, scale):
    """Returns (bucket, truth) of the wanted size, made once."""
    folder = FOLDER / f"data-{scale}"
    truth = folder / "truth.json"
    if not truth.exists():
        print(f"bench: making {scale} of logs in {folder.relative_to(ROOT)}", file=sys.stderr)
        shutil.rmtree(folder, ignore_errors=True)
        # The truth is written last: it says that the data is whole.
        run([programs / "make_logs", "--out", folder / "bucket", "--scale", scale, "--truth", truth, *MAKE_OPTIONS])
    return folder / "bucket", json.loads(truth.read_text())


def machine():
    """Names the machine: processor, cores, memory."""
    model = platform.processor() or platform.machine()
    info = pathlib.Path("/proc/cpuinfo")
    if info.exists():
        models = [line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")]
        model = models[0] if models else model
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {"processor": model, "cores": len(os.sched_getaffinity(0)), "memory_gb": round(memory / 1e9, 1),
            "system": f"{platform.system()} {platform.release()}", "load_at_start": round(os.getloadavg()[0], 2)}


class Bench:
    """The cases and how each is run and checked."""

    def __init__(self, programs, bucket, truth):
        self.programs = programs
        self.bucket = bucket
        self.truth = truth
        self.home = FOLDER / "home"

    def query(self, threads, *statement):
        return run([self.programs / "trailsql", "query", "--quiet", "--format", "csv", "--threads", threads, "--home",
                    self.home, "--map", f"s3://my_consolidated_bucket/={self.bucket}", *statement])

    def prepare(self):
        shutil.rmtree(self.home, ignore_errors=True)
        self.query(1, "-f", STATEMENTS / "classic_table.sql")

    def measure(self, case, threads):
        """Runs a case once and returns its seconds; ends the program when the answer is wrong."""
        if case == INFLATE:
            seconds, answer = run([self.programs / "inflate_only", self.bucket, threads])
            self.expect(case, int(answer), self.truth["raw_bytes"])
        elif case == COUNTED:
            seconds, answer = self.query(threads, COUNT)
            self.expect(case, rows_of(answer), [[str(self.truth["records"])]])
        else:
            name = "question_1" if case == FIRST else "question_2"
            seconds, answer = self.query(threads, "-f", STATEMENTS / f"{name}.sql")
            self.check_top(case, rows_of(answer), self.truth[name]["rows"])
        return seconds

    @staticmethod
    def expect(case, found, wanted):
        if found != wanted:
            sys.exit(f"bench: {case} answers {found}; right is {wanted}")

    def check_top(self, case, found, truth):
        """Rows with the count of the last one may be any of the equal; all others are certain."""
        wanted = [["" if value is None else str(value) for value in row] for row in truth[:20]]
        self.expect(case, [row[-1] for row in found], [row[-1] for row in wanted])
        last = wanted[-1][-1] if len(truth) > 20 and truth[20][-1] == truth[19][-1] else None
        self.expect(case, sorted(row for row in found if row[-1] != last), sorted(row for row in wanted if row[-1] != last))


def rows_of(answer):
    return list(csv.reader(io.StringIO(answer)))[1:]


def report(results, truth, scale, name):
    """Prints the table and returns the results as data."""
    megabytes = truth["raw_bytes"] / 1e6
    print(f"machine: {name['processor']}, {name['cores']} cores, {name['memory_gb']} GB, {name['system']}, "
          f"load {name['load_at_start']} at the start")
    print(f"data:    make_logs --scale {scale} {' '.join(MAKE_OPTIONS)}: {truth['records']} records, {megabytes:.1f} MB raw, "
          f"{truth['stored_bytes'] / 1e6:.1f} MB gzipped, {truth['files']} files; page cache warm")
    print(f"\n{'case':<22} {'threads':>7} {'median s':>9} {'MB/s raw':>9} {'of inflate':>10} {'fastest–slowest s':>18}")
    rows = []
    medians = {key: statistics.median(seconds) for key, seconds in results.items()}
    for (case, threads), seconds in results.items():
        median = medians[case, threads]
        ratio = medians[INFLATE, threads] / median
        spread = f"{min(seconds):.3f}–{max(seconds):.3f}"
        print(f"{case:<22} {threads:>7} {median:>9.3f} {megabytes / median:>9.0f} {ratio:>10.2f} {spread:>18}")
        rows.append({"case": case, "threads": threads, "seconds": seconds, "median_seconds": median,
                     "mb_per_second": megabytes / median, "of_inflate": ratio})
    data = {key: truth[key] for key in ("files", "records", "raw_bytes", "stored_bytes", "seed")}
    return {"machine": name, "data": {"scale": scale, "options": MAKE_OPTIONS, **data}, "results": rows}


def report_front_end(programs):
    """Prints what parse, analysis and plan of a small and a large query take, and returns it as data."""
    _, answer = run([programs / "front_end", STATEMENTS / "classic_table.sql"])
    rows = [json.loads(line) for line in answer.splitlines()]
    print(f"\n{'front end':<22} {'median ms':>9} {'parse':>9} {'analyse':>9} {'plan':>9} {'slowest ms':>11}")
    for row in rows:
        print(f"{row['bytes'] / 1000:.1f} kB of SQL".ljust(22), f"{row['median_ms']:>9.2f} {row['parse_ms']:>9.2f} "
              f"{row['analyse_ms']:>9.2f} {row['plan_ms']:>9.2f} {row['slowest_ms']:>11.2f}")
    return rows


def main():
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", default="400MB", help="raw JSON to generate (default 400MB)")
    parser.add_argument("--rounds", type=int, default=5, help="how often each case runs (default 5)")
    parser.add_argument("--threads", default="1,2", help="thread counts, comma between (default 1,2)")
    parser.add_argument("--programs", type=pathlib.Path, default=ROOT / "build" / "release", help="folder of the programs")
    options = parser.parse_args()
    threads = [int(count) for count in options.threads.split(",")]

    name = machine()
    bucket, truth = make_data(options.programs, options.scale)
    bench = Bench(options.programs, bucket, truth)
    bench.prepare()
    cases = [(case, count) for count in threads for case in (INFLATE, COUNTED, FIRST, SECOND)]
    bench.measure(INFLATE, max(threads))  # warms the page cache
    results = {case: [] for case in cases}
    for number in range(options.rounds):
        print(f"bench: round {number + 1} of {options.rounds}", file=sys.stderr)
        for case in cases:
            results[case].append(bench.measure(*case))
    output = report(results, truth, options.scale, name)
    output["front_end"] = report_front_end(options.programs)
    (FOLDER / "results.json").write_text(json.dumps(output, indent=2) + "\n")
    print("\nAll answers agree with what make_logs wrote. Written to build/bench/results.json")
    return 0


if __name__ == "__main__":
    sys.exit(main())
