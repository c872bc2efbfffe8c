#!/usr/bin/env python3
"""Asks the same of local folders and of the same files in a bucket, in place: the answers are identical.

  bucket_answers_test.py TRAILSQL

The logs and trails of tests/data, a sample trail, Hive folders, keys of every odd form; and the real bucket of the shared folder,
where that is there.
"""
import json
import os
import re
import shutil
import sys
import tempfile
import urllib.parse

from bucket import sample_trail
from bucket.fault_proxy import FaultProxy
from bucket.gateway import running_gateway
from bucket.guard import Account, Guard
from bucket.memory_bucket import MemoryBucket
from bucket.program import Program
from shared_data import Checks, DATA, HERE, statement_of

LINES = "ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'"
TRAIL_QUESTIONS = (
    'SELECT account, region, "date", count(*) AS n, min(eventtime), max(eventtime) FROM {0}cloudtrail GROUP BY 1, 2, 3 ORDER BY 1, 2, 3',
    "SELECT eventname, useridentity.arn, sourceipaddress, count(*) AS n FROM {0}cloudtrail GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2, 3",
    'SELECT "$path", "$file_size", count(*) AS n FROM {0}cloudtrail GROUP BY 1, 2 ORDER BY 1',
    'SELECT eventid, "$raw" FROM {0}cloudtrail ORDER BY 1, 2 LIMIT 50',
    "SELECT count(*) FROM {0}cloudtrail WHERE account = '111111111111' AND \"date\" = DATE '2024-05-01'",
    "SELECT count(*) FROM {0}cloudtrail WHERE region LIKE 'us-%' OR \"date\" > DATE '2024-05-01'",
    "SELECT count(*) FROM {0}cloudtrail WHERE account = '999999999999'",
)
# Keys that a file may have. Hidden ones are there to be left out.
ODD_FILES = ("plain.json", "a b.json", "ü.json", "u\u0308.json", "日本/語.json", "a+b.json", "a%41.json", "a%2Fb.json", "a#b.json", "a?b.json", "k=v/w=x.json",
             "q'u.json", "a&b;c.json", "a\\b.json", "t~.json", "s*.json", "[x].json", "{y}.json", "(z).json", "a:b@c,d.json", "!$.json", "^`|.json",
             "<l>\"q\".json", "no suffix", "two  blanks.json", " first.json", "last ", "😀.json", "a.b/c.d/e.json", "-a.json", ".hidden.json", "_hidden.json",
             "_hidden/x.json", ".hidden/x.json")
# Keys that no file can have; none of them is hidden.
ODD_KEYS = ("a//b.json", "//c.json", "a/../d.json", "./e.json", "a/./f.json", "g\x01.json", "h\n.json", "i\t.json", "j\r.json", "k/", "x" * 900 + ".json",
            "a/" * 100 + "l.json", "..", "m/..json", "\u007f.json", "\ud7ff\ue000.json", "&amp;.json", "%2F%2F.json", "+ +.json", "?list-type=2", "#")


class AnswersTest:
    def __init__(self, trailsql, folder, gateway):
        self.gateway, self.folder, self.checks = gateway, folder, Checks()
        self.program = Program(trailsql, folder, self.checks).for_gateway(gateway)

    def local(self, bucket):
        return os.path.join(self.gateway.root, bucket)

    def without_places(self, text):
        """Returns the output as it is of no place: local paths and S3 locations are the same then."""
        return text.replace(self.gateway.root + "/", "PLACE/").replace("s3://", "PLACE/")

    def both(self, what, make_arguments, places, homes=None, min_rows=1, wants_success=True):
        """Runs what `make_arguments` returns for the local place and for the bucket's; returns the output."""
        results = []
        for place, home in zip(places, homes or (None, None)):
            results.append(self.program.run(make_arguments(place), home=home))
        here, there = results
        self.checks.equal(f"{what}: in place\n{there}\nlocally: {here}", (there.status, self.without_places(there.output)),
                          (here.status, self.without_places(here.output)))
        if wants_success:
            self.checks.equal(f"{what}: locally it works\n{here}", (here.status, here.output.count("\n") > min_rows), (0, True))
        return there.output

    def places(self, bucket, path=""):
        return f"{self.local(bucket)}/{path}", f"s3://{bucket}/{path}"

    def query(self, what, places, statements, homes=None, options=(), **how):
        """Statements with {0} for the place."""
        return self.both(what, lambda place: ["query", "-q", "--format", "csv", *options, ";\n".join(statements).replace("{0}", place)],
                         places, homes, **how)

    # --- topics

    def check_logs_option(self, bucket, path=""):
        for question in TRAIL_QUESTIONS:
            self.both(f"--logs {bucket}/{path}: {question}", lambda place, question=question: [
                "query", "-q", "--format", "csv", "--logs", place, question.format("")], self.places(bucket, path))

    def check_trail(self, bucket, path=""):
        homes = self.program.new_home(), self.program.new_home()
        added = [self.program.run(["trail", "add", "prod", place], home=home) for place, home in zip(self.places(bucket, path), homes)]
        self.checks.equal(f"trail add {bucket}/{path}: {added[1]}", (added[1].status, self.summary(added[1])), (0, self.summary(added[0])))
        for question in TRAIL_QUESTIONS:
            for _ in range(2):  # the second time with a listing that is known
                self.query(f"trail {bucket}/{path}", self.places(bucket, path), [question.format("prod.")], homes)
        listed = [self.without_places(self.program.run(["trail", "list"], home=home).output) for home in homes]
        self.checks.equal("trail list", listed[1], listed[0])
        self.query(f"SHOW CREATE TABLE of {bucket}/{path}", self.places(bucket, path), ["SHOW CREATE TABLE prod.cloudtrail"], homes)

    @staticmethod
    def summary(result):
        return [line for line in result.errors.split("\n") if line.startswith("CloudTrail")]

    def check_classic(self, bucket, path, questions):
        """The DDL as published, with the location in place, and the questions of the field."""
        for name in ("classic_table.sql", "text_table.sql", "cloudtrail_table.sql"):
            ddl = re.sub(r"LOCATION '[^']*'", "LOCATION '{0}'", statement_of(name)).rstrip().rstrip(";")
            table = re.search(r"CREATE EXTERNAL TABLE (\S+)", ddl)[1]
            homes = self.program.new_home(), self.program.new_home()
            asked = [f'SELECT count(*) FROM {table}', f'SELECT "$path", "$file_size", count(*) FROM {table} GROUP BY 1, 2 ORDER BY 1']
            if name == "classic_table.sql":
                asked += [re.sub(r"\s+LIMIT 20;?\s*$", "", question) for question in questions]
            for number, question in enumerate(asked):
                question = question.rstrip().rstrip(";")
                if "ORDER BY COUNT" in question:
                    question += ", 1, 2, 3"
                self.query(f"{name} over {bucket}: {question}", self.places(bucket, path), ([] if number else [ddl]) + [question], homes, min_rows=0)

    def check_hive_folders(self):
        folder = self.local("hive")
        for region in ("eu-west-1", "us east+1"):
            for day in ("2024-05-01", "2024-05-02", "__HIVE_DEFAULT_PARTITION__"):
                for number in range(2):
                    sample_trail.write(folder, f"t/region={urllib.parse.quote(region)}/day={day}/{number}.json", json.dumps({"a": f"{region} {day} {number}"}).encode())
        sample_trail.write(folder, "t/other/x.json", b'{"a": "in no partition"}')
        places = self.places("hive", "t/")
        homes = self.program.new_home(), self.program.new_home()
        ddl = f"CREATE EXTERNAL TABLE t (a string) PARTITIONED BY (region string, day string) {LINES} LOCATION '{{0}}'"
        self.query("partitioned", places, [ddl, "SELECT count(*) FROM t", "MSCK REPAIR TABLE t", "SHOW PARTITIONS t"], homes)
        self.query("rows by partition", places, ['SELECT region, day, "$partition", a, "$path" FROM t ORDER BY a'], homes)
        self.query("one partition", places, ["SELECT * FROM t WHERE region = 'eu-west-1' AND day = '2024-05-02' ORDER BY a"], homes)
        sample_trail.write(folder, "t/region=eu-west-1/day=2024-06-01/x.json", b'{"a": "later"}')
        self.query("a later partition", places, ["MSCK REPAIR TABLE t", "SELECT count(*) FROM t"], homes)
        self.query("a partition by hand", places, ["ALTER TABLE t ADD PARTITION (region = 'x', day = 'y') LOCATION '{0}other/'",
                                                   "SELECT a FROM t WHERE region = 'x'"], homes)

    def check_projection(self):
        places = self.places("sample", "")
        ddl = re.sub(r"LOCATION '[^']*'", "", statement_of("classic_table.sql")).replace("ROW FORMAT", "PARTITIONED BY (account string, region string, day string) ROW FORMAT")
        ddl += """ LOCATION '{0}AWSLogs/' TBLPROPERTIES ('projection.enabled'='true', 'projection.account.type'='enum',
          'projection.account.values'='111111111111,222222222222', 'projection.region.type'='enum', 'projection.region.values'='eu-west-1,us-east-1,us-west-2',
          'projection.day.type'='date', 'projection.day.format'='yyyy/MM/dd', 'projection.day.range'='2024/04/28,2024/05/05',
          'storage.location.template'='{0}AWSLogs/${account}/CloudTrail/${region}/${day}/')"""
        homes = self.program.new_home(), self.program.new_home()
        self.query("projection", places, [ddl, "SELECT account, region, day, count(*) FROM my_table_name GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"], homes)
        self.query("projection, one day", places, [
            "SELECT region, count(*), sum(cardinality(records)) FROM my_table_name WHERE account = '111111111111' AND day = '2024/05/02' GROUP BY 1 ORDER BY 1"], homes)

    def check_odd_files(self):
        folder = self.local("odd")
        for key in ODD_FILES:
            sample_trail.write(folder, "in here/" + key, json.dumps({"a": key}, ensure_ascii=False).encode())
        os.makedirs(os.path.join(folder, "in here/empty folder"))
        ddl = f"CREATE EXTERNAL TABLE odd (a string) {LINES} LOCATION '{{0}}'"
        output = self.query("odd keys", self.places("odd", "in here/"), [ddl, 'SELECT a, "$path" FROM odd ORDER BY 1'], min_rows=len(ODD_FILES) - 6)
        hidden = sum(key[0] in "._" for key in ODD_FILES)
        self.checks.equal("odd keys: rows", output.count('.json"\n') > 20 and output.count("\n"), len(ODD_FILES) - hidden + 1)

    def check_odd_keys(self):
        """Keys that only S3 has, in pages of three, from a server that compares the signature with the key byte for byte."""
        account = Account("AKIDODD", "secret-for-odd-keys")
        objects = {"p/" + key: b"" if key.endswith("/") else json.dumps({"a": key}).encode() for key in ODD_KEYS}
        bucket = MemoryBucket("keys", objects, page=3)
        with FaultProxy(self.gateway.url, guard=Guard(self.gateway, [account]), buckets={"keys": bucket}) as proxy:
            program = self.program.copy().with_keys(account.access_key, account.secret, proxy.url, "us-east-1")
            home = program.new_home()
            done = program.run(["query", "-q", f"CREATE EXTERNAL TABLE k (a string) {LINES} LOCATION 's3://keys/p/'"], home=home)
            self.checks.equal(f"a table of odd keys: {done}", done.status, 0)
            done = program.run(["query", "-q", "--format", "json", 'SELECT a, "$path" AS p FROM k'], home=home)
            self.checks.equal(f"odd keys: {done}", done.status, 0)
            rows = json.loads(done.output or "[]")
            found = sorted((row["a"], row["p"]) if isinstance(row, dict) else tuple(row) for row in rows)
            # A component that begins with '.' is hidden, as it is in a folder; so says Hive, too.
            visible = [key for key in ODD_KEYS if not key.endswith("/") and not any(part[:1] in (".", "_") for part in key.split("/"))]
            self.checks.equal("odd keys: rows", found, sorted((key, "s3://keys/p/" + key) for key in visible))
            self.checks.equal("odd keys: refused", [request for request in proxy.asked() if request.status != 200], [])

    def check_pages(self):
        """Listings in many pages, by a server that leaves out a folder which `start-after` lies in, as versitygw does, and by one that does not."""
        account = Account("AKIDPAGES", "secret-for-pages")
        objects = {}
        for key in self.sample_keys:
            with open(os.path.join(self.local("sample"), key), "rb") as file:
                objects[key] = file.read()
        for num_keys in (1, 3, 5, 8, 20):
            guard = Guard(self.gateway, [account], page_keys=num_keys)
            with FaultProxy(self.gateway.url, guard=guard, buckets={"memory": MemoryBucket("memory", objects, page=num_keys)}) as proxy:
                program = self.program.copy().with_keys(account.access_key, account.secret, proxy.url, "us-east-1")
                for sql in (TRAIL_QUESTIONS[0], TRAIL_QUESTIONS[4], TRAIL_QUESTIONS[5]):
                    wanted = program.run(["query", "-q", "--format", "csv", "--logs", self.local("sample"), sql.format("")])
                    for bucket in ("sample", "memory"):
                        done = program.run(["query", "-q", "--format", "csv", "--logs", f"s3://{bucket}/", sql.format("")])
                        self.checks.equal(f"pages of {num_keys} keys, {bucket}: {sql}: {done}", (done.status, done.output), (0, wanted.output))

    def check_other_tables(self):
        """Formats whose files are read in part, or one after the other."""
        shutil.copytree(os.path.join(DATA, "parquet"), self.local("parquet"))
        ddl = "CREATE EXTERNAL TABLE people (name string, age int) STORED AS PARQUET LOCATION '{0}'"
        self.query("Parquet", self.places("parquet", "people/"), [ddl, "SELECT count(*), \"$path\" FROM people GROUP BY 2 ORDER BY 2"])
        shutil.copytree(os.path.join(DATA, "serdes"), self.local("serdes"))
        for name in ("compressed", "csv", "header"):
            ddl = "CREATE EXTERNAL TABLE c (a string, b string) ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' LOCATION '{0}'"
            self.query(f"text, {name}", self.places("serdes", name + "/"), [ddl, 'SELECT a, b, "$path" FROM c ORDER BY 3, 1, 2'])

    def check_missing(self):
        """What there is not: no bucket, no keys below the prefix, one object as location."""
        ddl = f"CREATE EXTERNAL TABLE t (a string) {LINES} LOCATION '{{0}}'"
        os.makedirs(self.local("empty"))
        self.query("no keys", self.places("empty", "x/"), [ddl, "SELECT count(*) AS n FROM t"], wants_success=False)
        key = next(iter(sorted(self.sample_keys)))
        self.both("one object", lambda place: ["query", "-q", "--format", "csv", "--logs", place, TRAIL_QUESTIONS[0].format("")], self.places("sample", key))
        done = self.program.run(["query", "--logs", "s3://no-such-bucket-here/x/", "SELECT count(*) FROM cloudtrail"])
        self.checks.equal(f"no bucket: {done}", (done.status, "no-such-bucket-here" in done.errors), (1, True))

    def run(self):
        shutil.copytree(os.path.join(DATA, "logs"), self.gateway.bucket("logs"), dirs_exist_ok=True)
        shutil.copytree(os.path.join(DATA, "trails"), self.gateway.bucket("trails"), dirs_exist_ok=True)
        self.sample_keys = sample_trail.write_trail(self.gateway.bucket("sample"))
        self.sample_keys.append(sample_trail.write_big(self.local("sample")))
        self.sample_keys.append(sample_trail.write_big(self.local("sample"), num_records=40, suffix=".json"))
        questions = [statement_of("question_1.sql"), statement_of("question_2.sql")]
        for bucket, path in (("logs", ""), ("sample", ""), ("sample", "AWSLogs/111111111111/"), ("trails", "organization/"), ("trails", "exports/")):
            self.check_logs_option(bucket, path)
        for bucket, path in (("logs", ""), ("sample", ""), ("trails", "organization/")):
            self.check_trail(bucket, path)
        self.check_classic("logs", "", questions)
        self.check_classic("sample", "AWSLogs/", questions)
        self.check_hive_folders()
        self.check_projection()
        self.check_odd_files()
        self.check_odd_keys()
        self.check_pages()
        self.check_other_tables()
        self.check_missing()
        self.check_shared(questions)
        self.program.check_homes()

    def check_shared(self, questions):
        shared = os.path.join(os.environ.get("TRAILSQL_SHARED") or os.path.join(HERE, "..", "..", "shared"), "data", "cloudtrail", "bucket")
        if not os.path.isdir(shared):
            print("the real bucket is not there: not asked")
            return
        shutil.copytree(shared, self.local("my_consolidated_bucket"))
        self.check_logs_option("my_consolidated_bucket")
        self.check_trail("my_consolidated_bucket")
        self.check_classic("my_consolidated_bucket", "my-cross-account-prefix/AWSLogs/", questions)


def main():
    with tempfile.TemporaryDirectory(prefix="trailsql_answers_") as folder, running_gateway("eu-central-1") as gateway:
        test = AnswersTest(sys.argv[1], folder, gateway)
        test.run()
    test.checks.end()


if __name__ == "__main__":
    main()
