#!/usr/bin/env python3
"""Measures questions over generated logs against plain decompression and against other programs, and checks all answers.

Usage: ./dev bench [--scale SIZE] [--rounds N] [--threads LIST] [--tiny N] [--peers PYTHON] [--trino URL --trino-files FOLDER]
                   [--report FILE] [CASE…]

Every round runs every case once, so that a change of the machine's mood meets all of them. Printed are medians of the wall
time of whole processes (start, planning, answer included), as MB of raw JSON per second, each case's share of what decompression
alone (igzip) reaches with as many threads over the same files, and the peak memory. The page cache is warm. Right answers come
from make_logs and from a pass of Python over the logs. Cases are named by a part of their name; without any, all run.
"""

import argparse
import collections
import csv
import gzip
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
MAKE_OPTIONS = ["--accounts", "4", "--regions", "3", "--days", "7", "--file-size", "1600KB"]
FROM_TIME, TO_TIME = "2026-01-13T06:00:00Z", "2026-01-16T18:00:00Z"
WIDE = ("SELECT count(eventversion), count(useridentity.type), max(eventtime), count(DISTINCT eventname), max(awsregion), "
        "max(sourceipaddress), count(useragent), count(requestid), sum(cardinality(resources)) FROM cloudtrail")

# Peers answer the first question; what they print is compared with TrailSQL's answer.
DUCKDB = """
import duckdb, sys
c = duckdb.connect(); c.execute(f"SET threads = {sys.argv[2]}"); c.execute("SET preserve_insertion_order = false")
for row in c.execute(f'''SELECT r.eventName, r.userIdentity.arn, r.sourceIPAddress, count(*) AS n FROM (SELECT unnest(Records) AS r FROM
  read_json('{sys.argv[1]}/**/*.json.gz', format = 'newline_delimited', maximum_object_size = 1000000000, columns = {{Records:
  'STRUCT(eventName VARCHAR, userIdentity STRUCT(arn VARCHAR), sourceIPAddress VARCHAR)[]'}})) GROUP BY ALL ORDER BY n DESC LIMIT 20
  ''').fetchall(): print(row[-1])
"""
CHDB = """
import chdb, sys
print(chdb.query(f'''SELECT count() AS n FROM (SELECT arrayJoin(Records) AS r FROM file('{sys.argv[1]}/**/*.json.gz', 'JSONEachRow',
  'Records Array(Tuple(eventName Nullable(String), userIdentity Tuple(arn Nullable(String)), sourceIPAddress Nullable(String)))'))
  GROUP BY r.eventName, r.userIdentity.arn, r.sourceIPAddress ORDER BY n DESC LIMIT 20
  SETTINGS max_threads = {sys.argv[2]}''', 'TSV'), end='')
"""
# Its table is made once: the statement is what is measured, as a client waits for it.
TRINO = """
import json, sys, urllib.request
def ask(sql):
    rows = []
    headers = {"X-Trino-User": "bench", "X-Trino-Catalog": "hive", "X-Trino-Schema": "default"}
    reply = json.load(urllib.request.urlopen(urllib.request.Request(sys.argv[3] + "/v1/statement", sql.encode(), headers)))
    while True:
        rows += reply.get("data") or []
        if "error" in reply: sys.exit(reply["error"]["message"])
        if "nextUri" not in reply: return rows
        reply = json.load(urllib.request.urlopen(urllib.request.Request(reply["nextUri"], headers=headers)))
if sys.argv[4] == "prepare":
    ask("DROP TABLE IF EXISTS trailsql_bench")
    ask("CREATE TABLE trailsql_bench (records array(row(eventname varchar, useridentity row(arn varchar), sourceipaddress varchar))) "
        "WITH (format = 'OPENX_JSON', external_location = 'local:///trailsql_bench')")
else:
    for row in ask("SELECT r.eventname, r.useridentity.arn, r.sourceipaddress, count(*) FROM trailsql_bench CROSS JOIN "
                   "UNNEST(transform(records, x -> ROW(x))) AS t (r) GROUP BY 1, 2, 3 ORDER BY 4 DESC LIMIT 20"): print(row[-1])
"""
JQ = ("find \"$0\" -name '*.gz' | xargs zcat | jq -r '.Records[] | [.eventName, .userIdentity.arn, .sourceIPAddress] | @tsv' | "
      "sort | uniq -c | sort -rn | head -20 | awk '{print $1}'")


def run(command):
    """Returns (seconds, peak memory in MB, stdout) of a command; ends the program with its words when it fails."""
    with subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        start = time.perf_counter()
        answer = process.stdout.read()
        words = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"bench: failed ({process.returncode}): {' '.join(str(part) for part in command)}\n{words}")
    return seconds, usage.ru_maxrss / 1000, answer


def rows_of(answer):
    return list(csv.reader(io.StringIO(answer)))[1:]


def facts_of(bucket):
    """What the other questions must answer, read from the logs by Python."""
    keys, hours, buckets, wide = collections.Counter(), collections.Counter(), collections.Counter(), collections.Counter()
    groups = collections.Counter()
    names, greatest = set(), {"eventTime": "", "awsRegion": "", "sourceIPAddress": ""}
    for path in bucket.rglob("*.json.gz"):
        for record in json.loads(gzip.decompress(path.read_bytes()))["Records"]:
            keys[(record.get("userIdentity") or {}).get("accessKeyId")] += 1
            if FROM_TIME <= record["eventTime"] < TO_TIME:
                hours[record["eventTime"][:13]] += 1
            parameters = record.get("requestParameters")
            name = parameters.get("bucketName") if isinstance(parameters, dict) else None
            buckets[name if isinstance(name, str) else None] += 1
            names.add(record["eventName"])
            groups[tuple(record.get(key) for key in ("eventID", "requestID", "eventTime", "sourceIPAddress", "userAgent"))] += 1
            wide["versions"] += record.get("eventVersion") is not None
            wide["types"] += (record.get("userIdentity") or {}).get("type") is not None
            wide["agents"] += record.get("userAgent") is not None
            wide["requests"] += record.get("requestID") is not None
            wide["resources"] += len(record.get("resources") or [])
            for key in greatest:
                greatest[key] = max(greatest[key], record.get(key) or "")
    del keys[None]
    key = min(keys, key=lambda name: (abs(keys[name] - 10), name))
    return {"key": key, "num_with_key": keys[key], "hours": dict(hours),
            "groups": len(groups), "largest_group": max(groups.values()), "buckets": [count for _, count in buckets.most_common(20)],
            "wide": [wide["versions"], wide["types"], greatest["eventTime"], len(names), greatest["awsRegion"],
                     greatest["sourceIPAddress"], wide["agents"], wide["requests"], wide["resources"]]}


def make_data(programs, name, options):
    """Returns (bucket, truth) of logs that make_logs makes once; truth also holds what Python found."""
    folder = FOLDER / name
    truth = folder / "facts.json"
    if not truth.exists():
        print(f"bench: making {folder.relative_to(ROOT)}", file=sys.stderr)
        shutil.rmtree(folder, ignore_errors=True)
        run([programs / "make_logs", "--out", folder / "bucket", "--truth", folder / "truth.json", *options])
        # In a process of its own: the peak memory of whoever starts a program counts as that program's.
        _, _, facts = run([sys.executable, __file__, "--facts", folder / "bucket"])
        facts = json.loads((folder / "truth.json").read_text()) | {"facts": json.loads(facts), "options": options}
        truth.write_text(json.dumps(facts))  # last: it says that the data is whole
    return folder / "bucket", json.loads(truth.read_text())


def machine():
    """Names the machine: processor, cores, memory."""
    info = pathlib.Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {"processor": models[0] if models else platform.machine(), "cores": len(os.sched_getaffinity(0)),
            "memory_gb": round(memory / 1e9, 1), "system": f"{platform.system()} {platform.release()}",
            "avx512": any("avx512vbmi2" in line for line in lines), "load_at_start": round(os.getloadavg()[0], 2)}


class Data:
    """Logs, and the questions that are asked of them: name → function of the number of threads."""

    def __init__(self, name, options, bucket, truth):
        self.name, self.programs, self.bucket, self.truth = name, options.programs, bucket, truth
        self.peers, self.trino, self.trino_files = options.peers, options.trino, options.trino_files
        self.home = FOLDER / f"home-{name}"
        shutil.rmtree(self.home, ignore_errors=True)
        self.query(1, "-f", STATEMENTS / "classic_table.sql")
        self.rows_were_counted = False
        self.first_counts = [str(row[-1]) for row in truth["question_1"]["rows"][:20]]

    def query(self, threads, *statement):
        return run([self.programs / "trailsql", "query", "--quiet", "--format", "csv", "--threads", threads, "--home", self.home,
                    "--map", f"s3://my_consolidated_bucket/={self.bucket}", *statement])

    def ask(self, threads, statement, check):
        seconds, memory, answer = self.query(threads, "--logs", self.bucket, statement)
        check(statement, rows_of(answer))
        return seconds, memory

    def inflate(self, threads):
        seconds, memory, answer = run([self.programs / "inflate_only", self.bucket, threads])
        expect("inflate_only", int(answer), self.truth["raw_bytes"])
        return seconds, memory

    def count(self, threads):
        seconds, memory, answer = self.query(
            threads, "SELECT count(*) FROM my_table_name CROSS JOIN UNNEST(records) AS t (record)")
        expect("count(*)", rows_of(answer), [[str(self.truth["records"])]])
        return seconds, memory

    def classic(self, number):
        def measure(threads):
            seconds, memory, answer = self.query(threads, "-f", STATEMENTS / f"question_{number}.sql")
            check_top(f"question {number}", rows_of(answer), self.truth[f"question_{number}"]["rows"])
            return seconds, memory
        return measure

    def point(self, threads):
        facts = self.truth["facts"]
        return self.ask(threads, f"SELECT * FROM cloudtrail WHERE useridentity.accesskeyid = '{facts['key']}'",
                        lambda case, rows: expect(case, len(rows), facts["num_with_key"]))

    def hours(self, threads):
        wanted = sorted([hour, str(count)] for hour, count in self.truth["facts"]["hours"].items())
        return self.ask(threads, f"SELECT substr(eventtime, 1, 13), count(*) FROM cloudtrail WHERE eventtime >= '{FROM_TIME}' "
                        f"AND eventtime < '{TO_TIME}' GROUP BY 1 ORDER BY 1", lambda case, rows: expect(case, rows, wanted))

    def wide(self, threads):
        return self.ask(threads, WIDE, lambda case, rows: expect(case, rows, [[str(v) for v in self.truth["facts"]["wide"]]]))

    def extract(self, threads):
        return self.ask(threads, "SELECT json_extract_scalar(requestparameters, '$.bucketName'), count(*) FROM cloudtrail "
                        "GROUP BY 1 ORDER BY 2 DESC LIMIT 20",
                        lambda case, rows: expect(case, [int(row[1]) for row in rows], self.truth["facts"]["buckets"]))

    def everything(self, threads):
        command = [self.programs / "trailsql", "query", "--quiet", "--format", "csv", "--threads", threads, "--home", self.home,
                   "--logs", self.bucket, "SELECT * FROM cloudtrail"]
        if not self.rows_were_counted:
            with subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, text=True) as process:
                num_rows = sum(1 for _ in csv.reader(process.stdout)) - 1
            expect("SELECT *", num_rows, self.truth["records"])
            self.rows_were_counted = True
        seconds, memory, _ = run(["/bin/sh", "-c", 'exec "$@" > /dev/null', "sh", *command])
        return seconds, memory

    def peer(self, script):
        def measure(threads):
            seconds, memory, answer = run([self.peers, "-c", script, self.bucket, threads])
            expect("a peer", answer.split(), self.first_counts)
            return seconds, memory
        return measure

    def prepare_trino(self):
        """Puts the logs where Trino finds them. It recurses into no folders: their names become part of the files'."""
        folder = self.trino_files / "trailsql_bench"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for path in self.bucket.rglob("*.json.gz"):
            shutil.copyfile(path, folder / "-".join(path.relative_to(self.bucket).parts))
        run([sys.executable, "-c", TRINO, self.bucket, 0, self.trino, "prepare"])

    def ask_trino(self, _):
        seconds, _, answer = run([sys.executable, "-c", TRINO, self.bucket, 0, self.trino, "ask"])
        expect("Trino", answer.split(), self.first_counts)
        return seconds, 0  # the memory is the server's

    def all_distinct(self, threads):
        """Every record is a group of its own."""
        return self.ask(threads, "SELECT count(*), max(n) FROM (SELECT eventid, requestid, eventtime, sourceipaddress, useragent, "
                        "count(*) AS n FROM cloudtrail GROUP BY 1, 2, 3, 4, 5)",
                        lambda case, rows: expect(case, rows, [[str(self.truth["facts"]["groups"]),
                                                                str(self.truth["facts"]["largest_group"])]]))

    def jq(self, _):
        seconds, memory, answer = run(["/bin/sh", "-c", JQ, self.bucket])
        expect("jq", answer.split(), self.first_counts)
        return seconds, memory

    def cases(self):
        if self.name == "large":
            named = {"inflate only (igzip)": self.inflate, "count(*) of records": self.count, "first question": self.classic(1),
                     "second question": self.classic(2), "point query, all columns": self.point, "eventTime range by hour": self.hours,
                     "9 columns and resources": self.wide, "json_extract_scalar": self.extract, "SELECT * as CSV": self.everything}
            if self.peers:
                named |= {"peer: DuckDB read_json": self.peer(DUCKDB), "peer: chDB": self.peer(CHDB)}
            if self.trino:
                self.prepare_trino()
                named["peer: Trino"] = self.ask_trino
            if shutil.which("jq"):
                named["peer: zcat | jq"] = self.jq
            return named
        if self.name == "many values":
            return {"many values: inflate only": self.inflate, "many values: first question": self.classic(1),
                    "many values: all distinct": self.all_distinct}
        return {f"{self.name}: inflate only": self.inflate, f"{self.name}: first question": self.classic(1)}


def expect(case, found, wanted):
    if found != wanted:
        sys.exit(f"bench: {case} answers {found}; right is {wanted}")


def check_top(case, found, truth):
    """Rows with the count of the last one may be any of the equal; all others are certain."""
    wanted = [["" if value is None else str(value) for value in row] for row in truth[:20]]
    expect(case, [row[-1] for row in found], [row[-1] for row in wanted])
    last = wanted[-1][-1] if len(truth) > 20 and truth[20][-1] == truth[19][-1] else None
    expect(case, sorted(row for row in found if row[-1] != last), sorted(row for row in wanted if row[-1] != last))


def summarise(data, results):
    """Returns a row of the table for each case and number of threads."""
    rows = []
    for (case, threads), runs in results.items():
        seconds = statistics.median(run[0] for run in runs)
        base = statistics.median(run[0] for run in next(
            runs for (name, count), runs in results.items() if "inflate only" in name and count == threads))
        rows.append({"data": data.name, "case": case, "threads": threads, "median_seconds": seconds,
                     "seconds": [run[0] for run in runs], "peak_mb": max(run[1] for run in runs),
                     "mb_per_second": data.truth["raw_bytes"] / 1e6 / seconds, "of_inflate": base / seconds})
    return rows


def table_lines(rows):
    """The table in Markdown, which reads well in a terminal, too."""
    yield f"| {'case':<28} | threads | median s | MB/s raw | of inflate | peak MB |"
    yield f"|{'-' * 30}|--------:|---------:|---------:|-----------:|--------:|"
    for row in rows:
        memory = f"{row['peak_mb']:.0f}" if row["peak_mb"] else ""
        yield (f"| {row['case']:<28} | {row['threads']:>7} | {row['median_seconds']:>8.3f} | {row['mb_per_second']:>8.0f} | "
               f"{row['of_inflate']:>10.2f} | {memory:>7} |")


def front_end_lines(programs):
    """What parse, analysis and plan of a small and a large query take."""
    _, _, answer = run([programs / "front_end", STATEMENTS / "classic_table.sql"])
    for row in map(json.loads, answer.splitlines()):
        yield (f"front end, {row['bytes'] / 1000:.1f} kB of SQL: {row['median_ms']:.2f} ms (parse {row['parse_ms']:.2f}, analyse "
               f"{row['analyse_ms']:.2f}, plan {row['plan_ms']:.2f})")


def main():
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", default="400MB", help="raw JSON to generate (default 400MB)")
    parser.add_argument("--rounds", type=int, default=5, help="how often each case runs (default 5)")
    parser.add_argument("--threads", default="1,2", help="thread counts, comma between (default 1,2)")
    parser.add_argument("--tiny", type=int, default=100_000, help="number of tiny files (default 100000; 0: none)")
    parser.add_argument("--peers", help="a Python with the packages duckdb and chdb, to measure them, too")
    parser.add_argument("--trino", metavar="URL", help="a Trino whose catalog hive reads local files, to measure it, too")
    parser.add_argument("--trino-files", type=pathlib.Path, metavar="FOLDER", help="the folder that is its local:///")
    parser.add_argument("--programs", type=pathlib.Path, default=ROOT / "build" / "release", help="folder of the programs")
    parser.add_argument("--report", type=pathlib.Path, help="write the table as Markdown to this file")
    parser.add_argument("cases", nargs="*", metavar="CASE", help="a part of the names of the cases to run")
    parser.add_argument("--facts", type=pathlib.Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.trino and not options.trino_files:
        parser.error("--trino needs --trino-files")
    if options.facts:
        print(json.dumps(facts_of(options.facts)))
        return 0
    threads = [int(count) for count in options.threads.split(",")]

    name = machine()
    orders = [("large", f"data-{options.scale}", ["--scale", options.scale, *MAKE_OPTIONS]),
              ("one document", f"one-{options.scale}", ["--scale", options.scale, "--file-size", options.scale, "--accounts", "1",
                                                       "--regions", "1", "--days", "1"]),
              ("many values", f"many-{options.scale}", ["--scale", options.scale, "--file-size", "1600KB", "--accounts", "300",
                                                        "--regions", "1", "--days", "1", "--seed", "2"])]
    if options.tiny:
        orders.append(("tiny files", f"tiny-{options.tiny}", ["--accounts", "10", "--regions", "4", "--days", "25", "--files",
                                                              str(max(1, options.tiny // 1000)), "--records", "10"]))
    lines = [f"{name['processor']}, {name['cores']} cores, {name['memory_gb']} GB, {'AVX-512' if name['avx512'] else 'no AVX-512'}, "
             f"{name['system']}; {time.strftime('%Y-%m-%d')}; load {name['load_at_start']} at the start; page cache warm; medians of "
             f"{options.rounds} interleaved rounds"]
    all_rows = []
    for key, folder, make_options in orders:
        bucket, truth = make_data(options.programs, folder, make_options)
        data = Data(key, options, bucket, truth)
        cases = {case: measure for case, measure in data.cases().items()
                 if not options.cases or "inflate only" in case or any(part in case for part in options.cases)}
        if len(cases) == 1:
            continue
        data.inflate(max(threads))  # warms the page cache
        results = {(case, count): [] for count in threads for case in cases}
        for number in range(options.rounds):
            print(f"bench: {key}, round {number + 1} of {options.rounds}", file=sys.stderr)
            for case, count in results:
                results[case, count].append(cases[case](count))
        rows = summarise(data, results)
        all_rows += rows
        lines += ["", f"**{key}**: make_logs {' '.join(make_options)}: {truth['records']} records, {truth['raw_bytes'] / 1e6:.1f} MB raw, "
                  f"{truth['stored_bytes'] / 1e6:.1f} MB gzipped, {truth['files']} files", "", *table_lines(rows)]
    lines += ["", *front_end_lines(options.programs), "", "All answers agree with what make_logs wrote and Python read."]
    print("\n".join(lines))
    (ROOT / "bench" / "results.json").write_text(json.dumps({"machine": name, "results": all_rows}, indent=2) + "\n")
    if options.report:
        options.report.write_text("# What ./dev bench measured\n\n" + "\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
