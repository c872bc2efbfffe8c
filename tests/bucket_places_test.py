#!/usr/bin/env python3
"""Places in buckets that are none, hold nothing or may not be listed: what is said of them, before and while queries run; and how trails are reached.

  bucket_places_test.py TRAILSQL
"""
import os
import sqlite3
import sys
import tempfile
from contextlib import closing

from bucket import faults, sample_trail
from bucket.fault_proxy import FaultProxy, Rule
from bucket.gateway import running_gateway
from bucket.program import Program
from shared_data import Checks

LINES = "ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'"
COUNT = "SELECT count(*) FROM cloudtrail"
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"


class PlacesTest:
    def __init__(self, trailsql, folder, gateway, proxy):
        self.proxy, self.checks = proxy, Checks()
        self.program = Program(trailsql, folder, self.checks).for_gateway(gateway, proxy.url)
        self.program.secrets.append(SECRET)
        self.folder = gateway.bucket("trail")
        gateway.bucket("empty")
        self.keys = sample_trail.write_trail(self.folder)
        self.num_records = len(self.keys) * 3

    def run_one(self, *arguments, rules=(), home=None, settings=None):
        self.proxy.reset(rules)
        return self.program.run(arguments, home=home, settings=settings)

    def fails(self, what, arguments, *texts, rules=(), home=None, status=1, settings=None):
        result = self.run_one(*arguments, rules=rules, home=home, settings=settings)
        self.checks.equal(f"{what}: {result}", (result.status, [text for text in texts if text not in result.errors]), (status, []))
        self.checks.equal(f"{what}: no rows: {result}", result.output, "")
        return result

    # --- topics

    def check_empty_places(self):
        """Where logs should be and nothing is, an error names what is near."""
        account = sample_trail.ACCOUNTS[0]
        for place, hint in (("s3://trail/AWSLog", "did you mean s3://trail/AWSLogs/?"), ("s3://trail/AWSLogs/1111/CloudTrail/", f"s3://trail/AWSLogs/{account}/?"),
                            (f"s3://trail/AWSLogs/{account}/CloudTrail/eu-west-2/", f"s3://trail/AWSLogs/{account}/CloudTrail/eu-west-1/?"),
                            ("s3://trail/other/", "in s3://trail/ there is AWSLogs/"), ("s3://empty/", "Nothing lies at s3://empty/"), ("s3://empty/x/y/", "Nothing lies at")):
            for what, arguments in (("--logs", ["query", "-q", "--logs", place, COUNT]), ("with a day", ["query", "--logs", place, COUNT + " WHERE \"date\" = DATE '2024-05-01'"]),
                                    ("EXPLAIN", ["query", "--logs", place, "EXPLAIN " + COUNT]), ("--dry-run", ["query", "--dry-run", "--logs", place, COUNT]),
                                    ("trail add", ["trail", "add", "prod", place])):
                self.fails(f"{place} {what}", arguments, "INVALID_ARGUMENTS: Nothing lies at " + place, hint, status=2 if what == "trail add" else 1)
        result = self.run_one("query", "--format", "csv", "--logs", "s3://trail/", COUNT + " WHERE \"date\" = DATE '2024-06-01'")
        self.checks.equal(f"a day without files is none: {result}", (result.status, result.output), (0, '"_col0"\n"0"\n'))
        home = self.program.new_home()
        result = self.run_one("query", "--format", "csv", f"CREATE EXTERNAL TABLE t (a string) {LINES} LOCATION 's3://trail/other/'; SELECT count(*) FROM t", home=home)
        self.checks.equal(f"of Athena's own tables it is none: {result}", (result.status, result.output, "nothing there in the bucket" in result.errors),
                          (0, '"_col0"\n"0"\n', True))
        result = self.run_one("query", "--format", "csv", f"CREATE EXTERNAL TABLE p (a string) PARTITIONED BY (d string) {LINES} LOCATION 's3://trail/'; SELECT count(*) FROM p",
                              home=home)
        self.checks.equal(f"no partitions are told: {result}", (result.status, "MSCK REPAIR TABLE default.p" in result.errors), (0, True))

    def check_denied_places(self):
        """What cannot be listed ends EXPLAIN and --dry-run as it does the query; --skip-denied leaves out parts, not all."""
        denied, root = Rule(faults.access_denied(), kind="LIST"), Rule(faults.access_denied(), kind="LIST", where=lambda request: request.prefix == "")
        for sql in (COUNT, "EXPLAIN " + COUNT):
            self.fails(f"denied: {sql}", ["query", "--logs", "s3://trail/", sql], "PERMISSION_DENIED", "s3:ListBucket", rules=[denied])
        self.fails("denied: --dry-run", ["query", "--dry-run", "--logs", "s3://trail/", COUNT], "PERMISSION_DENIED", rules=[denied])
        self.fails("no bucket: --dry-run", ["query", "--dry-run", "--logs", "s3://nowhere/", COUNT], "there is no such bucket")
        for what, arguments in (("query", ["query", "--logs", "s3://trail/", COUNT]), ("--dry-run", ["query", "--dry-run", "--logs", "s3://trail/", COUNT]),
                                ("trail add", ["trail", "add", "prod", "s3://trail/"])):
            self.fails(f"root denied, --skip-denied: {what}", [*arguments, "--skip-denied"], "PERMISSION_DENIED", "not all of it", rules=[root])
        table = f"CREATE EXTERNAL TABLE t (a string) {LINES} LOCATION 's3://trail/'; SELECT count(*) FROM t"
        self.fails("a table's root denied, --skip-denied", ["query", "--skip-denied", table], "PERMISSION_DENIED", rules=[root])
        part = Rule(faults.access_denied(), kind="LIST", prefix=f"AWSLogs/{sample_trail.ACCOUNTS[1]}/")
        result = self.run_one("query", "--skip-denied", "--dry-run", "--logs", "s3://trail/", COUNT, rules=[part])
        self.checks.equal(f"--dry-run tells what is left out: {result}", (result.status, sample_trail.ACCOUNTS[1] in result.errors), (0, True))
        archived = Rule(faults.storage_class({os.path.basename(self.keys[0]): "GLACIER"}), kind="LIST")
        result = self.run_one("query", "--dry-run", "--logs", "s3://trail/", COUNT, rules=[archived])
        self.checks.equal(f"--dry-run tells what is archived: {result}", (result.status, "archived" in result.errors, f"{len(self.keys) - 1} files" in result.output),
                          (0, True, True))

    def check_urls(self):
        """What is no place in a bucket is told with what was meant; secrets are neither shown nor kept."""
        meant = "did you mean s3://trail/AWSLogs/?"
        for place in ("s3:/trail/AWSLogs/", "https://trail.s3.amazonaws.com/AWSLogs/", "https://s3.eu-west-1.amazonaws.com/trail/AWSLogs/", "arn:aws:s3:::trail/AWSLogs/"):
            home = self.program.new_home()
            table = f"CREATE EXTERNAL TABLE t (a string) {LINES} LOCATION '{place}'"
            self.fails(f"--logs {place}", ["query", "--logs", place, COUNT], meant, status=2)
            self.fails(f"trail add {place}", ["trail", "add", "prod", place], meant, status=2, home=home)
            self.fails(f"LOCATION {place}", ["query", table], "INVALID_TABLE_PROPERTY", meant, home=home)
            self.fails(f"UNLOAD to {place}", ["query", f"UNLOAD (SELECT 1 AS a) TO '{place}' WITH (format = 'JSON')"], meant, home=home)
        for place in ("s3://", "S3:///"):
            self.fails(f"LOCATION {place}", ["query", f"CREATE EXTERNAL TABLE t (a string) {LINES} LOCATION '{place}'"], "names no bucket")
            self.fails(f"trail add {place}", ["trail", "add", "prod", place], "names no bucket", status=2)
        home = self.program.new_home()
        for place in (f"s3://AKIAIOSFODNN7EXAMPLE:{SECRET}@trail/", f"https://AKIAIOSFODNN7EXAMPLE:{SECRET}@trail.s3.amazonaws.com/"):
            for arguments, status in ((["query", "--logs", place, COUNT], 2), (["trail", "add", "prod", place], 2), (["map", "add", place, self.folder], 2),
                                      (["query", f"CREATE EXTERNAL TABLE t (a string) {LINES} LOCATION '{place}'"], 1),
                                      (["query", f"UNLOAD (SELECT 1 AS a) TO '{place}' WITH (format = 'JSON')"], 1)):
                self.fails("credentials in a location", arguments, "holds no credentials", home=home, status=status)
        self.fails("--output", ["query", "--output", "s3://trail/x.csv", "SELECT 1"], "UNLOAD", status=2)

    def check_access_of_trails(self):
        """Trails tell how they are reached, and keep it when they are added again; what fails changes nothing."""
        home = self.program.new_home()
        os.makedirs(os.path.join(home, ".aws"))
        keys = self.program.settings
        with open(os.path.join(home, ".aws", "credentials"), "w", encoding="utf-8") as file:
            file.write(f"[audit]\naws_access_key_id = {keys['AWS_ACCESS_KEY_ID']}\naws_secret_access_key = {keys['AWS_SECRET_ACCESS_KEY']}\n")
        without = {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None, "AWS_ENDPOINT_URL_S3": None}
        endpoint = self.proxy.url
        added = self.run_one("trail", "add", "prod", "s3://trail/AWSLogs/", "--profile", "audit", "--s3-endpoint", endpoint, home=home, settings=without)
        self.checks.equal(f"added: {added}", added.status, 0)
        access = f"profile audit, endpoint {endpoint}"
        listed = self.run_one("trail", "list", home=home)
        self.checks.equal(f"trail list: {listed}", listed.output, f"prod\ts3://trail/AWSLogs/\t{access}\n")
        shown = self.run_one("trail", "show", "prod", home=home, settings=without)
        self.checks.equal(f"trail show: {shown}", (shown.status, shown.output.split("\n")[0]), (0, f"asked with {access}"))
        before = self.kept(home)
        for arguments, text in ((["s3://trail/AWSLogs/", "--profile", "nobody"], "nobody"), (["s3://trail/elsewhere/"], "Nothing lies at")):
            self.fails("a failure", ["trail", "add", "prod", *arguments], text, home=home, settings=without, status=2)
            self.checks.equal("a failure changes nothing", self.kept(home), before)
        again = self.run_one("trail", "add", "prod", "s3://trail/", "--requester-pays", home=home, settings=without)
        self.checks.equal(f"added again, checked with what is kept: {again}", again.status, 0)
        listed = self.run_one("trail", "list", home=home)
        self.checks.equal(f"and kept: {listed}", sorted(set(line.split("\t")[2] for line in listed.output.splitlines())), [access + ", requester pays"])

    @staticmethod
    def kept(home):
        with closing(sqlite3.connect(os.path.join(home, "trailsql", "catalog.db"))) as catalog:
            return [catalog.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3").fetchall() for table in ("trail_locations", "database_properties")]

    def check_requests_of_writes(self):
        result = self.run_one("query", "UNLOAD (SELECT 1 AS a) TO 's3://empty/out/' WITH (format = 'JSON')")
        self.checks.equal(f"a write tells its requests: {result}", (result.status, f"{len(self.proxy.asked('PUT', 'POST'))} PUT" in result.errors), (0, True))

    def run(self):
        self.check_empty_places()
        self.check_denied_places()
        self.check_urls()
        self.check_access_of_trails()
        self.check_requests_of_writes()
        self.program.check_homes()


def main():
    with tempfile.TemporaryDirectory(prefix="trailsql_places_") as folder, running_gateway() as gateway, FaultProxy(gateway.url) as proxy:
        test = PlacesTest(sys.argv[1], folder, gateway, proxy)
        test.run()
    test.checks.end()


if __name__ == "__main__":
    main()
