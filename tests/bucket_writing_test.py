#!/usr/bin/env python3
"""Writes tables into a bucket: what is read back is what a local folder gives; what fails or dies leaves nothing; logs are never written.

  bucket_writing_test.py TRAILSQL
"""
import os
import random
import subprocess
import sys
import tempfile
import time

from bucket import faults, sample_trail
from bucket.fault_proxy import FaultProxy, Rule
from bucket.gateway import running_gateway
from bucket.program import Program
from shared_data import Checks

ROWS = "(SELECT 100 * i + k FROM UNNEST(sequence(1, {n})) AS t (i) CROSS JOIN UNNEST(sequence(0, 99)) AS v (k)) AS n (x)"
COLUMNS = "x AS a, CAST(x AS varchar) AS b, ARRAY[x, NULL] AS c, CASE WHEN x % 3 = 0 THEN NULL ELSE DATE '2024-02-29' END AS d, x % 4 AS k"
NOISE = "x AS a, to_hex(sha512(to_utf8(CAST(x AS varchar)))) AS b"
PART_BYTES, WHOLE_BYTES = 8 << 20, 16 << 20
NUM_KILLS = 8


class WritingTest:
    def __init__(self, trailsql, folder, gateway, proxy):
        self.trailsql, self.folder, self.gateway, self.proxy, self.checks = trailsql, folder, gateway, proxy, Checks()
        self.program = Program(trailsql, folder, self.checks).for_gateway(gateway, proxy.url)
        self.bucket = gateway.bucket("tables")
        self.home = self.program.new_home()

    # --- what tests are made of

    def run(self, sql, *options, home=None, **changes):
        return self.program.run(["query", "--format", "csv", *options, sql], home=home or self.home, **changes)

    def does(self, sql, *options, home=None, **changes):
        result = self.run(sql, *options, home=home, **changes)
        self.checks.equal(f"{sql[:150]}: {result}", result.status, 0)
        return result

    def rows(self, sql, *options, home=None):
        head, *rows = self.does(sql, *options, home=home).output.splitlines() or [""]
        return [head, *sorted(rows)]

    def fails(self, what, result, *words):
        self.checks.equal(f"{what}: {result}", result.status, 1)
        self.checks.equal(f"{what}: words missing in {result.errors}", [word for word in words if word not in result.errors], [])

    def objects(self, prefix=""):
        found = []
        for folder, _, names in os.walk(os.path.join(self.bucket, prefix)):
            found += [os.path.relpath(os.path.join(folder, name), self.bucket) for name in names]
        return sorted(found)

    def nothing_left(self, what, home=None):
        """Neither files in the home nor uploads in parts that nobody ended."""
        uploads = os.path.join(home or self.home, "trailsql", "uploads")
        self.checks.equal(f"{what}: staged files", os.listdir(uploads) if os.path.isdir(uploads) else [], [])
        parts = os.path.join(self.bucket, ".sgwtmp", "multipart")
        left = [name for _, _, names in os.walk(parts) for name in names] if os.path.isdir(parts) else []
        self.checks.equal(f"{what}: parts", left, [])

    def passes_a_minute(self, home=None):
        """Lets what nobody answered be on its way no longer."""
        self.proxy.wait_for(lambda proxy: proxy.num_open == 0, 30)
        for folder, _, names in os.walk(os.path.join(home or self.home, "trailsql", "uploads")):
            for name in names:
                os.utime(os.path.join(folder, name), (time.time() - 90,) * 2)

    # --- topics

    def check_read_back(self):
        local = os.path.join(self.folder, "local")
        for form in ("PARQUET", "JSON", "TEXTFILE"):
            for partitioned in ("", ", partitioned_by = ARRAY['k']"):
                name = form.lower() + ("_parts" if partitioned else "")
                for where, place in (("bucket", f"s3://tables/{name}"), ("local", f"{local}/{name}")):
                    options = f"format = '{form}', external_location = '{place}/'{partitioned}"
                    self.does(f"CREATE TABLE {where}_{name} WITH ({options}) AS SELECT {COLUMNS} FROM {ROWS.format(n=30)}")
                    self.does(f"INSERT INTO {where}_{name} SELECT a + 1, NULL, ARRAY[], d, k + 2 FROM {where}_{name} WHERE a % 7 = 0")
                question = "SELECT a, b, c, d, k FROM {0}_" + name
                self.checks.equal(name, self.rows(question.format("bucket")), self.rows(question.format("local")))
                self.checks.equal(f"{name}: objects", len(self.objects(name)), 8 if partitioned else 2)
        self.checks.equal("SHOW PARTITIONS", self.rows("SHOW PARTITIONS bucket_json_parts"), self.rows("SHOW PARTITIONS local_json_parts"))
        self.nothing_left("read back")

    def check_parquet_requests(self):
        size = sum(os.path.getsize(os.path.join(self.bucket, key)) for key in self.objects("parquet_parts/k=1"))
        self.proxy.reset()
        result = self.run("SELECT t.\"$path\", count(*) FROM bucket_parquet_parts AS t JOIN bucket_parquet_parts AS u ON t.a = u.a "
                          "WHERE t.k = 1 AND u.k = 1 GROUP BY 1")
        self.checks.equal(f"a partition, twice: {result}", sorted({request.key for request in self.proxy.asked("GET")}), self.objects("parquet_parts/k=1"))
        self.checks.equal("each object is fetched once", len(self.proxy.asked("GET")), len(self.objects("parquet_parts/k=1")))
        self.checks.equal(f"$path: {result.output}", "s3://tables/parquet_parts/k=1/" in result.output, True)
        self.checks.equal("bytes fetched", sum(request.num_body_bytes for request in self.proxy.asked("GET")), size)
        self.checks.equal("copies left", [name for _, _, names in os.walk(os.path.join(self.home, "trailsql", "tmp")) for name in names], [])
        self.proxy.reset([Rule(faults.access_denied(), kind="GET", prefix="parquet_parts/k=1/")])
        self.fails("a copy denied", self.run("SELECT count(a) FROM bucket_parquet_parts"), "PERMISSION_DENIED", "parquet_parts/k=1/")
        result = self.does("SELECT count(a) FROM bucket_parquet_parts WHERE k < 2", "--skip-denied")
        self.checks.equal(f"--skip-denied: {result}", "not read" in result.errors, True)
        self.proxy.reset()

    def check_large(self):
        place = "s3://tables/large/"
        self.proxy.reset()
        sql = f"UNLOAD (SELECT {NOISE} FROM {ROWS.format(n=3000)}) TO '{{0}}' WITH (format = 'TEXTFILE', compression = 'NONE')"
        self.does(sql.format(place))
        self.does(sql.format(self.folder + "/large/"))
        size, = (os.path.getsize(os.path.join(self.bucket, key)) for key in self.objects("large"))
        self.checks.equal(f"in parts: {size} bytes", size > 2 * WHOLE_BYTES, True)
        puts = self.proxy.asked("PUT")
        self.checks.equal("parts", sorted(int(put.query["partNumber"]) for put in puts), list(range(1, -(-size // PART_BYTES) + 1)))
        self.checks.equal("several at once", self.proxy.most_open > 1, True)
        for name, location in (("large_bucket", place), ("large_local", self.folder + "/large/")):
            self.does(f"CREATE EXTERNAL TABLE {name} (a bigint, b string) ROW FORMAT DELIMITED FIELDS TERMINATED BY '\\001' LOCATION '{location}'")
        question = "SELECT count(*), sum(a), count(DISTINCT b), max(b), min(b) FROM large_"
        self.checks.equal("large", self.rows(question + "bucket"), self.rows(question + "local"))
        self.nothing_left("large")

    def check_faults(self):
        large = f"UNLOAD (SELECT {NOISE} FROM {ROWS.format(n=1700)}) TO 's3://tables/{{0}}/' WITH (format = 'TEXTFILE', compression = 'NONE')"
        small = f"CREATE TABLE {{0}} WITH (external_location = 's3://tables/{{0}}/', partitioned_by = ARRAY['k']) AS SELECT {COLUMNS} FROM {ROWS.format(n=9)}"
        played = [faults.slow_down(), faults.internal_error(), faults.Reset(), faults.CloseEarly(0), faults.bare_error(502), faults.Reset(0)]
        for number, fault in enumerate(played):
            self.proxy.reset([Rule(fault, kind="PUT POST", times=1, each_key=True)])
            self.does(small.format(f"faulty{number}"))
            self.checks.equal(f"{fault.name}: played", self.proxy.rules[0].num_played > 3, True)
            self.checks.equal(f"{fault.name}: rows", self.rows(f"SELECT count(*), sum(a) FROM faulty{number}")[1:], ['"900","494550"'])
        is_end = {"kind": "POST", "where": lambda request: "uploadId" in request.query, "times": 1}
        for name, fault in (("error200", faults.error_with_200()), ("lost", faults.Reset(0))):  # the second: the answer is lost, not the deed
            self.proxy.reset([Rule(fault, **is_end)])
            self.does(large.format(name))
            self.checks.equal(f"{name}: objects", [os.path.getsize(os.path.join(self.bucket, key)) > WHOLE_BYTES for key in self.objects(name)], [True])
        self.proxy.reset()
        self.nothing_left("faults")

    def check_denied(self):
        before = self.objects()
        large = f"UNLOAD (SELECT {NOISE} FROM {ROWS.format(n=1700)}) TO 's3://tables/denied/' WITH (format = 'TEXTFILE', compression = 'NONE')"
        statements = {
            "unload": f"UNLOAD (SELECT {COLUMNS} FROM {ROWS.format(n=9)}) TO 's3://tables/denied/' WITH (format = 'PARQUET', partitioned_by = ARRAY['k'])",
            "table": "CREATE TABLE denied WITH (external_location = 's3://tables/denied/', partitioned_by = ARRAY['k']) AS "
                     f"SELECT {COLUMNS} FROM {ROWS.format(n=9)}",
            "insert": f"INSERT INTO bucket_json_parts SELECT {COLUMNS.replace('x % 4', 'x % 9')} FROM {ROWS.format(n=9)}",
            "large": large}
        for name, sql in statements.items():
            self.proxy.reset([Rule(faults.access_denied(), kind="PUT", skip=2)])
            self.fails(name, self.run(sql), "PERMISSION_DENIED", "s3://tables/", "Access Denied")
            self.checks.equal(f"{name}: objects left", self.objects(), before)
            self.checks.equal(f"{name}: deleted what others own", [request.key for request in self.proxy.asked("DELETE") if request.key in before], [])
            self.nothing_left(name)
        self.proxy.reset()
        self.checks.equal("no table", "denied" in self.does("SHOW TABLES").output, False)
        self.fails("no such bucket", self.run("UNLOAD (SELECT 1 AS a) TO 's3://nowhere/x/' WITH (format = 'JSON')"), "nowhere", "no such bucket")

    def check_not_empty(self):
        for key in ("taken/file", "hidden/_hidden", "inner/folder/file"):
            os.makedirs(os.path.dirname(os.path.join(self.bucket, key)))
            with open(os.path.join(self.bucket, key), "w", encoding="utf-8") as file:
                file.write("x")
            place = f"s3://tables/{key.partition('/')[0]}/"
            self.proxy.reset()
            self.fails(place, self.run(f"UNLOAD (SELECT 1 AS a) TO '{place}' WITH (format = 'JSON')"),
                       f"HIVE_PATH_ALREADY_EXISTS: Target directory for UNLOAD already exists and is not empty: {place}")
            self.fails(place, self.run(f"CREATE TABLE taken WITH (external_location = '{place}') AS SELECT 1 AS a"),
                       f"HIVE_PATH_ALREADY_EXISTS: Target directory for table 'default.taken' already exists and is not empty: {place}")
            self.checks.equal("changes", self.proxy.asked("PUT", "POST", "DELETE"), [])
        os.makedirs(os.path.join(self.bucket, "bucket_json_parts"), exist_ok=True)
        os.makedirs(os.path.join(self.bucket, "json_parts", "k=99"))
        with open(os.path.join(self.bucket, "json_parts", "k=99", "file"), "w", encoding="utf-8") as file:
            file.write("{}")
        self.fails("a new partition", self.run("INSERT INTO bucket_json_parts SELECT 1, '', ARRAY[1], NULL, 99"),
                   "HIVE_PATH_ALREADY_EXISTS", "Target directory for new partition 'k=99' of table 'default.bucket_json_parts' already exists")
        self.does("MSCK REPAIR TABLE bucket_json_parts")
        self.does("INSERT INTO bucket_json_parts SELECT 1, '', ARRAY[1], NULL, 99")

    def check_logs(self):
        logs = self.gateway.bucket("logs")
        sample_trail.write_trail(os.path.join(logs, "org"), num_days=1)
        before = sorted(os.path.join(folder, name) for folder, _, names in os.walk(logs) for name in names)
        places = ["s3://logs/org/", "s3://logs/org/AWSLogs/new/", "s3://logs/", "s3a://logs/org/x"]
        declared = self.program.new_home()
        self.does("CREATE EXTERNAL TABLE t (records array<struct<eventname:string>>) ROW FORMAT SERDE "
                  "'org.apache.hive.hcatalog.data.JsonSerDe' LOCATION 's3://logs/org/'", home=declared)
        self.proxy.reset()
        self.does("SELECT count(*) FROM t CROSS JOIN UNNEST(records) AS r (record)", home=declared)
        self.does("DROP TABLE t", home=declared)
        trail = self.program.new_home()
        self.checks.equal("trail add", self.program.run(["trail", "add", "org", "s3://logs/org/"], home=trail).status, 0)
        for what, home, options in (("read", declared, ()), ("trail", trail, ()), ("--logs", self.program.new_home(), ("--logs", "s3://logs/org/"))):
            for place in places:
                for sql in (f"UNLOAD (SELECT 1 AS a) TO '{place}' WITH (format = 'JSON')",
                            f"CREATE TABLE n WITH (external_location = '{place}') AS SELECT 1 AS a"):
                    self.fails(f"{what}, {place}", self.run(sql, *options, home=home), "Access Denied: nothing is written to", "holds logs")
            self.does(f"CREATE EXTERNAL TABLE beside (a int) STORED AS PARQUET LOCATION 's3://logs/org/AWSLogs/beside{len(what)}/'", home=home)
            self.fails("insert", self.run("INSERT INTO beside SELECT 1", *options, home=home), "Access Denied", "holds logs")
        self.checks.equal("changes asked of the logs", self.proxy.asked("PUT", "POST", "DELETE"), [])
        self.checks.equal("logs", sorted(os.path.join(folder, name) for folder, _, names in os.walk(logs) for name in names), before)
        # The name of a folder is no prefix of another's.
        self.does("UNLOAD (SELECT 1 AS a) TO 's3://logs/organization/' WITH (format = 'JSON')", home=declared)

    def kill_when(self, sql, home, condition, fault=None):
        """Starts a statement and kills it as soon as the condition holds of the proxy; returns whether it was killed."""
        self.proxy.reset(fault or [])
        process = subprocess.Popen([self.program.trailsql, "query", "-q", sql], env=self.program.environment(home), stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, cwd=self.folder)
        self.proxy.wait_for(lambda proxy: condition(proxy) or process.poll() is not None, 60)
        process.kill()
        return process.wait() != 0

    def check_kill(self):
        home = self.program.new_home()
        self.does("CREATE TABLE killed WITH (format = 'JSON', external_location = 's3://tables/killed/', partitioned_by = ARRAY['k']) AS "
                  f"SELECT {COLUMNS} FROM {ROWS.format(n=9)}", home=home)
        before, question = self.objects(), "SELECT k, count(*), sum(a) FROM killed GROUP BY k"
        answer = self.rows(question, home=home)
        # Of 8 PUTs the last has no answer before the kill: after it, all could be done.
        def slow():
            return [Rule(faults.Stall(seconds=3), kind="PUT", skip=7), Rule(faults.Delay(0.2), kind="PUT", skip=3)]
        sql = f"INSERT INTO killed SELECT {COLUMNS.replace('x % 4', 'x % 8')} FROM {ROWS.format(n=9)}"
        for num_puts in (1, 4, 7):
            killed = self.kill_when(sql, home, lambda proxy, n=num_puts: len([put for put in proxy.asked("PUT") if put.status]) >= n, slow())
            self.checks.equal(f"killed at PUT {num_puts}", killed, True)
            self.program.check_homes()
            self.passes_a_minute(home)
            self.proxy.reset()
            self.checks.equal(f"rows after a kill at PUT {num_puts}", self.rows(question, home=home), answer)
            self.checks.equal("objects after a kill", self.objects(), before)
            self.does(f"UNLOAD (SELECT 1 AS a) TO 's3://tables/after_kill{num_puts}/' WITH (format = 'JSON')", home=home)
            before = self.objects()
            self.nothing_left("kill", home)
        large = f"UNLOAD (SELECT {NOISE} FROM {ROWS.format(n=1700)}) TO 's3://tables/killed_large/' WITH (format = 'TEXTFILE', compression = 'NONE')"
        self.checks.equal("killed in parts", self.kill_when(large, home, lambda proxy: any(put.status for put in proxy.asked("PUT")),
                                                            [Rule(faults.Delay(0.5), kind="PUT", skip=1)]), True)
        self.passes_a_minute(home)
        self.proxy.reset()
        self.does(large, home=home)
        self.nothing_left("kill in parts", home)
        self.check_dead_server(home, sql, question)
        self.check_random_kills(home, sql, question)

    def check_dead_server(self, home, sql, question):
        """What a killed statement has put to a server that does not answer any more costs some seconds once."""
        answer = self.rows(question, home=home)
        killed = self.kill_when(sql, home, lambda proxy: len([put for put in proxy.asked("PUT") if put.status]) >= 2,
                                [Rule(faults.Delay(0.5), kind="PUT", skip=2)])
        self.checks.equal("killed before its server dies", killed, True)
        self.passes_a_minute(home)
        self.proxy.reset([Rule(faults.Stall(seconds=8), kind="DELETE")])
        first, second = (self.does(question, home=home) for _ in range(2))
        self.checks.equal(f"no answer to DELETE: {first}", ("the server does not answer" in first.errors, 4 < first.seconds < 15), (True, True))
        self.checks.equal(f"no answer to DELETE, again: {second}", ("does not answer" in second.errors, second.seconds < 4), (False, True))
        self.proxy.reset()
        self.does(question, home=home)
        self.checks.equal("not tried again at once", self.proxy.asked("DELETE"), [])
        self.passes_a_minute(home)
        self.checks.equal("rows once it answers again", self.rows(question, home=home), answer)
        self.nothing_left("dead server", home)

    def check_random_kills(self, home, sql, question):
        for _ in range(NUM_KILLS):
            before = self.rows("SELECT count(*) FROM killed", home=home)[1]
            self.proxy.reset()
            process = subprocess.Popen([self.program.trailsql, "query", "-q", sql], env=self.program.environment(home), stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)
            time.sleep(random.uniform(0.02, 0.4))
            process.kill()
            ended = process.wait() == 0
            self.passes_a_minute(home)
            now = int(self.rows("SELECT count(*) FROM killed", home=home)[1].strip('"'))
            first = int(before.strip('"'))
            self.checks.equal(f"rows after a kill (ended: {ended})", now in ((first + 900,) if ended else (first, first + 900)), True)
        self.checks.equal("partitions", len(self.rows(question, home=home)) - 1 in (4, 8), True)

    def check_cancel(self):
        before = self.objects()
        self.proxy.reset([Rule(faults.Delay(5), kind="PUT", skip=2)])
        result = self.run(f"INSERT INTO bucket_json_parts SELECT {COLUMNS.replace('x % 4', 'x % 9')} FROM {ROWS.format(n=9)}",
                          interrupt_when=lambda: len(self.proxy.asked("PUT")) > 3)
        self.checks.equal(f"Ctrl-C: {result}", (result.status, result.seconds < 10), (130, True))
        self.passes_a_minute()
        self.proxy.reset()
        self.does("SELECT count(*) FROM bucket_json_parts")
        self.checks.equal("objects after Ctrl-C", self.objects(), before)
        self.nothing_left("Ctrl-C")

    def check_all(self):
        self.check_read_back()
        self.check_parquet_requests()
        self.check_large()
        self.check_faults()
        self.check_not_empty()
        self.check_denied()
        self.check_logs()
        self.check_cancel()
        self.check_kill()
        self.program.check_homes()


def main():
    with tempfile.TemporaryDirectory(prefix="trailsql_writing_") as folder, running_gateway() as gateway, FaultProxy(gateway.url) as proxy:
        test = WritingTest(sys.argv[1], folder, gateway, proxy)
        test.check_all()
    test.checks.end()


if __name__ == "__main__":
    main()
