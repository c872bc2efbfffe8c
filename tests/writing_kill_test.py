#!/usr/bin/env python3
"""Kills processes that write tables, at random moments: what they wrote must be there whole, or not at all.

usage: writing_kill_test.py TRAILSQL [ROUNDS]
"""
import json
import os
import random
import subprocess
import sys
import tempfile
import time

NUM_ROWS = 20_000
NUMBERS = "(SELECT 2 * i - k FROM UNNEST(sequence(1, 10000)) AS t (i) CROSS JOIN (VALUES 0, 1) AS v (k)) AS n (x)"
STATEMENTS = {
    "parquet": "CREATE TABLE parquet{n} AS SELECT x AS a, CAST(x AS varchar) AS b FROM {numbers}",
    "external": "CREATE TABLE external{n} WITH (external_location = '{folder}/external{n}/') AS "
                "SELECT x AS a, CAST(x AS varchar) AS b FROM {numbers}",
    "insert": "INSERT INTO target SELECT x, CAST(x AS varchar) FROM {numbers}",
    "partitions": "INSERT INTO parted SELECT x, CAST(x AS varchar), x % 40 FROM {numbers}",
    "unload": "UNLOAD (SELECT x AS a, CAST(x AS varchar) AS b FROM {numbers}) "
              "TO '{folder}/unload{n}/' WITH (format = 'PARQUET')",
}


def run(trailsql, environment, requests):
    """Runs statements through `trailsql batch`; returns their answers."""
    lines = "".join(json.dumps({"id": i, "sql": sql}) + "\n" for i, sql in enumerate(requests))
    done = subprocess.run([trailsql, "batch"], input=lines, capture_output=True, text=True, env=environment, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def kill_at_random(trailsql, environment, sql, longest):
    """Starts one statement and kills it within `longest` seconds; returns whether it had ended well before."""
    process = subprocess.Popen([trailsql, "query", "-q", sql], env=environment, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    time.sleep(random.uniform(0, longest))
    process.kill()
    return process.wait() == 0


def count(trailsql, environment, table):
    """Returns the table's number of rows, or None if there is no such table."""
    answer, = run(trailsql, environment, [f"SELECT count(*), count(b), coalesce(sum(a), 0) FROM {table}"])
    if answer.get("error") == "TABLE_NOT_FOUND":
        return None
    rows, texts, total = answer["rows"][0]
    assert rows == texts and rows % NUM_ROWS == 0, f"{table} has {rows} rows, {texts} texts"
    assert total == rows // NUM_ROWS * (NUM_ROWS * (NUM_ROWS + 1) // 2), f"{table} has wrong rows"
    return rows


def main():
    trailsql, rounds = os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 40
    seed = int(os.environ.get("SEED", str(time.time_ns() % 1_000_000)))
    random.seed(seed)
    print(f"seed {seed}")
    with tempfile.TemporaryDirectory() as folder:
        environment = dict(os.environ, TRAILSQL_HOME=os.path.join(folder, "home"))
        run(trailsql, environment, ["CREATE TABLE target (a, b) AS SELECT 1, CAST('' AS varchar) WITH NO DATA",
                                    "CREATE TABLE parted WITH (format = 'JSON', partitioned_by = ARRAY['p']) AS "
                                    "SELECT 1 AS a, CAST('' AS varchar) AS b, 1 AS p WITH NO DATA"])
        started = time.monotonic()
        run(trailsql, environment, [STATEMENTS["parquet"].format(n="_timed", numbers=NUMBERS, folder=folder)])
        longest = 1.3 * (time.monotonic() - started)
        num_whole, inserted = 0, {"insert": 0, "partitions": 0}
        for n in range(rounds):
            kind = random.choice(list(STATEMENTS))
            ended = kill_at_random(trailsql, environment, STATEMENTS[kind].format(n=n, numbers=NUMBERS, folder=folder), longest)
            num_whole += ended
            longest *= 0.9 if ended else 1.1  # so that about half of them end, however busy the machine is
            if kind == "unload":
                exists = os.path.isdir(f"{folder}/unload{n}")
                assert exists or not ended, "an acknowledged UNLOAD is gone"
                if exists:
                    run(trailsql, environment, [f"CREATE EXTERNAL TABLE unload{n} (a bigint, b string) STORED AS PARQUET "
                                                f"LOCATION '{folder}/unload{n}/'"])
                    assert count(trailsql, environment, f"unload{n}") == NUM_ROWS
            elif kind in inserted:
                now, before = count(trailsql, environment, "target" if kind == "insert" else "parted"), inserted[kind]
                assert now in (before, before + NUM_ROWS), f"the table of {kind} went from {before} to {now} rows"
                assert now > before or not ended, "an acknowledged INSERT is gone"
                inserted[kind] = now
            else:
                found = count(trailsql, environment, f"{kind}{n}")
                assert found in (None, NUM_ROWS), f"{kind}{n} has {found} rows"
                assert found or not ended, f"an acknowledged {kind} table is gone"
        run(trailsql, environment, ["CREATE TABLE last AS SELECT 1 AS a", "INSERT INTO target SELECT 1, '' WHERE false"])
        warehouse = os.listdir(os.path.join(folder, "home", "warehouse", "default"))
        tables = run(trailsql, environment, ["SHOW TABLES"])[0]["rows"]
        num_managed = sum(not row[0].startswith(("external", "unload")) for row in tables)
        print(f"{rounds} statements, {num_whole} ended before they were killed")
        assert len(warehouse) == num_managed, f"{warehouse} are left for {num_managed} tables"


if __name__ == "__main__":
    main()
