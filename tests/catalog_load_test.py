#!/usr/bin/env python3
"""The catalog under load: 8 processes create, alter, drop and query tables, and are killed at random. The file must stay whole, and
whatever was acknowledged must be there afterwards.

  catalog_load_test.py TRAILSQL [SECONDS]      (8 s; TRAILSQL_LOAD_SECONDS says otherwise)
"""
import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

NUM_WORKERS = 8
TABLES_PER_WORKER = 4
LOGS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data", "logs")


class Killed(Exception):
    """The program died under a statement, whose outcome nobody knows."""


class Worker:
    """One program and what it was told of its own tables: name → (version, number of columns), or absent."""

    def __init__(self, trailsql, home, number, seed):
        self.trailsql, self.home, self.number = trailsql, home, number
        self.random = random.Random(seed)
        self.tables, self.process = {}, None
        self.num_acknowledged = self.num_kills = self.next_version = 0
        self.failures = []

    def start(self):
        self.process = subprocess.Popen([self.trailsql, "batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                        text=True, env={**os.environ, "TRAILSQL_HOME": self.home})

    def stop(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process.stdin.close()
            self.process.stdout.close()
            self.process = None

    def ask(self, sql, may_be_killed=True):
        """Returns the answer. Some programs are killed while they work on it."""
        if self.process is None:
            self.start()
        killer, was_killed = None, threading.Event()
        if may_be_killed and self.random.random() < 0.15:
            def kill(pid=self.process.pid):
                was_killed.set()
                os.kill(pid, signal.SIGKILL)
            killer = threading.Timer(self.random.random() * 0.03, kill)
        try:
            self.process.stdin.write(json.dumps({"id": 1, "sql": sql}) + "\n")
            self.process.stdin.flush()
            if killer:
                killer.start()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        finally:
            if killer:
                killer.cancel()
                killer.join()
        if not line.endswith("\n"):
            self.num_kills += 1
            self.stop()
            raise Killed(sql)
        # The answer may have been faster than the signal.
        if was_killed.is_set():
            self.stop()
        self.num_acknowledged += 1
        return json.loads(line)

    def found(self, name):
        """Returns what the catalog says of a table: version and number of columns, or None."""
        answer = self.ask(f"SHOW CREATE TABLE {name}", may_be_killed=False)
        if answer.get("error") == "TABLE_NOT_FOUND":
            return None
        text = "\n".join(row[0] for row in answer["rows"])
        return int(re.search(r"'version'='(\d+)'", text)[1]), len(re.findall(r"^  `", text, re.MULTILINE))

    def change(self):
        """Makes one random statement about a table of its own, and checks what came of it."""
        name = f"t_{self.number}_{self.random.randrange(TABLES_PER_WORKER)}"
        before = self.tables.get(name)
        self.next_version += 1
        version = self.next_version
        if before is None:
            sql = (f"CREATE EXTERNAL TABLE {name} (c0 string, c1 int) ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' "
                   f"LOCATION '{LOGS}' TBLPROPERTIES ('version'='{version}')")
            after = (version, 2)
        else:
            sql, after = self.random.choice([
                (f"ALTER TABLE {name} SET TBLPROPERTIES ('version'='{version}')", (version, before[1])),
                (f"ALTER TABLE {name} ADD COLUMNS (c{before[1]} int)", (before[0], before[1] + 1)),
                (f"DROP TABLE {name}", None),
                (f"SELECT c0 FROM {name} LIMIT 1", before),
                (f"SHOW TABLES 't_{self.number}_*'", before)])
        try:
            answer = self.ask(sql)
            outcomes = [after]
            if "error" in answer:
                self.failures.append(f"{sql}: {answer}")
                outcomes = [before]
        except Killed:
            outcomes = [before, after]
        state = self.found(name) if len(outcomes) > 1 or self.random.random() < 0.2 else outcomes[0]
        if state not in outcomes:
            self.failures.append(f"{sql}: the table is {state}, one of {outcomes} was expected")
        if state is None:
            self.tables.pop(name, None)
        else:
            self.tables[name] = state

    def share(self):
        """Makes a statement about what all others change as well: any answer is fine."""
        sql = self.random.choice(["CREATE DATABASE IF NOT EXISTS shared", "DROP DATABASE IF EXISTS shared CASCADE",
                                  f"CREATE EXTERNAL TABLE IF NOT EXISTS shared.t (a int) LOCATION '{LOGS}'",
                                  "CREATE OR REPLACE VIEW shared.v AS SELECT 1 AS one", "SHOW TABLES IN shared"])
        try:
            answer = self.ask(sql)
        except Killed:
            return
        if answer.get("error") not in (None, "SCHEMA_NOT_FOUND"):
            self.failures.append(f"{sql}: {answer}")

    def work(self, until):
        try:
            while time.monotonic() < until and not self.failures:
                self.share() if self.random.random() < 0.2 else self.change()
        except Exception as error:  # pylint: disable=broad-except
            self.failures.append(repr(error))
        finally:
            self.stop()


def check_afterwards(workers, home):
    """Checks the file, and what the last acknowledged statements left, with a program that was never killed."""
    with sqlite3.connect(os.path.join(home, "catalog.db")) as database:
        for pragma, good in (("integrity_check", [("ok",)]), ("foreign_key_check", [])):
            found = database.execute(f"PRAGMA {pragma}").fetchall()
            if found != good:
                yield f"{pragma}: {found}"
    for worker in workers:
        names = {row[0] for row in worker.ask(f"SHOW TABLES 't_{worker.number}_*'", may_be_killed=False)["rows"]}
        if names != set(worker.tables):
            yield f"worker {worker.number} has {sorted(names)}, expected {sorted(worker.tables)}"
        for name, state in worker.tables.items():
            if (found := worker.found(name)) != state:
                yield f"{name} is {found}, expected {state}"
        worker.stop()


def main():
    trailsql = os.path.abspath(sys.argv[1])
    seconds = float(sys.argv[2] if len(sys.argv) > 2 else os.environ.get("TRAILSQL_LOAD_SECONDS", "8"))
    seed = random.randrange(1 << 30)
    with tempfile.TemporaryDirectory(prefix="trailsql_test_") as home:
        workers = [Worker(trailsql, home, number, seed + number) for number in range(NUM_WORKERS)]
        until = time.monotonic() + seconds
        threads = [threading.Thread(target=worker.work, args=(until,)) for worker in workers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        failures = [failure for worker in workers for failure in worker.failures]
        failures += check_afterwards(workers, home)
    num_acknowledged, num_kills = (sum(getattr(worker, name) for worker in workers) for name in ("num_acknowledged", "num_kills"))
    print(f"{num_acknowledged} statements acknowledged, {num_kills} programs killed, seed {seed}")
    for failure in failures[:20]:
        print("FAILED:", failure)
    sys.exit(1 if failures or num_kills == 0 else 0)


if __name__ == "__main__":
    main()
