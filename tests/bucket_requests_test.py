#!/usr/bin/env python3
"""Counts what queries in place ask of S3: only what they need, nothing twice; and interrupts them.

  bucket_requests_test.py TRAILSQL
"""
import collections
import contextlib
import datetime
import gzip
import json
import os
import random
import re
import sqlite3
import sys
import tempfile

from bucket import faults, sample_trail
from bucket.fault_proxy import FaultProxy, Rule
from bucket.gateway import running_gateway
from bucket.program import Program
from shared_data import Checks

ACCOUNT, REGION = sample_trail.ACCOUNTS[0], sample_trail.REGIONS[0]
NUM_DAYS, FILES_A_DAY = 10, 12
LOCATION = "s3://trail/"
INTERRUPT_SECONDS = 2.0


class RequestsTest:
    def __init__(self, trailsql, folder, gateway, proxy):
        self.gateway, self.proxy, self.checks = gateway, proxy, Checks()
        self.program = Program(trailsql, folder, self.checks).for_gateway(gateway, proxy.url)
        self.folder = gateway.bucket("trail")
        self.keys = sample_trail.write_trail(self.folder, num_days=NUM_DAYS, files_a_day=FILES_A_DAY)
        self.big = sample_trail.write_big(self.folder, day=sample_trail.FIRST_DAY + datetime.timedelta(days=1), num_records=3000)

    def query(self, sql, *options, rules=(), **how):
        """Runs a query alone; returns its result. The proxy has its requests."""
        self.proxy.reset(rules)
        return self.program.run(["query", "--format", "csv", *options, sql], **how)

    def gets(self):
        return self.proxy.asked("GET")

    def lists(self):
        return self.proxy.asked("LIST")

    def count(self, what, sql, num_records, *options, **how):
        result = self.query(sql, *options, **how)
        self.checks.equal(f"{what}: {result}", (result.status, re.findall(r"\d+", result.output.split("\n", 1)[-1])), (0, [str(num_records)]))
        return result

    def check_nothing_twice(self, what, keys):
        """Every object is fetched whole, once: by one request, or by ranges that do not overlap."""
        ranges, num_bytes = collections.defaultdict(list), collections.Counter()
        for request in self.gets():
            ranges[request.key].append(request.range)
            num_bytes[request.key] += request.num_body_bytes
        self.checks.equal(f"{what}: objects fetched", sorted(ranges), sorted(keys))
        self.checks.equal(f"{what}: repeated", [(key, found) for key, found in ranges.items() if len(set(found)) != len(found)], [])
        sizes = {key: os.path.getsize(os.path.join(self.folder, key)) for key in keys}
        self.checks.equal(f"{what}: bytes", dict(num_bytes), sizes)
        self.checks.equal(f"{what}: HEADs", self.proxy.asked("HEAD"), [])
        pages = collections.Counter((request.prefix, request.query.get("continuation-token"), request.query.get("start-after"), request.query.get("delimiter"))
                                    for request in self.lists())
        self.checks.equal(f"{what}: listings repeated", [page for page, n in pages.items() if n > 1], [])

    # --- topics

    def check_whole(self):
        everything = self.keys + [self.big]
        self.count("all records", "SELECT count(*) FROM cloudtrail", len(self.keys) * 3 + 3000, "--logs", LOCATION)
        self.check_nothing_twice("all records", everything)
        self.checks.equal("GETs at once", self.proxy.most_open > 2, True)
        self.checks.equal("connections are kept", self.proxy.num_connections <= 300, True)
        self.checks.equal("writes", self.proxy.asked("PUT", "POST", "DELETE"), [])
        lists = len(self.lists())
        self.checks.equal(f"{lists} listings: no more than folders", lists <= 4 * NUM_DAYS + 30, True)
        join = "SELECT count(*) FROM cloudtrail a JOIN cloudtrail b ON a.eventid = b.eventid"
        self.count("twice in one query", join, len(self.keys) * 3 + 3000, "--logs", LOCATION)
        fetched = collections.Counter((request.key, request.range) for request in self.gets())
        self.checks.equal("twice in one query: fetched once", [key for key, n in fetched.items() if n > 1], [])
        told = self.query(join, "--dry-run", "--logs", LOCATION)
        self.checks.equal(f"twice in one query: told before: {told}", re.findall(r"(\d+) GET to come", told.output + told.errors)[-1:], [str(fetched.total())])

    def check_one_day(self):
        day = sample_trail.FIRST_DAY + datetime.timedelta(days=6)
        keys = [key for key in self.keys if f"/{ACCOUNT}/" in key and f"{day:/%Y/%m/%d/}" in key]
        where = f"account = '{ACCOUNT}' AND \"date\" = DATE '{day}'"
        self.count("one day", f"SELECT count(*) FROM cloudtrail WHERE {where}", len(keys) * 3, "--logs", LOCATION)
        self.check_nothing_twice("one day", keys)
        self.check_prefixes("one day", day, sample_trail.REGIONS)
        self.checks.equal(f"one day: {len(self.lists())} listings", len(self.lists()) <= 16, True)
        keys = [key for key in keys if f"/{REGION}/" in key]
        self.count("one day of one region", f"SELECT count(*) FROM cloudtrail WHERE {where} AND region = '{REGION}'", len(keys) * 3, "--logs", LOCATION)
        self.check_nothing_twice("one day of one region", keys)
        self.check_prefixes("one day of one region", day, [REGION])
        self.count("no day", "SELECT count(*) FROM cloudtrail WHERE \"date\" = DATE '2031-01-01'", 0, "--logs", LOCATION)
        self.checks.equal("no day: GETs", self.gets(), [])

    def check_prefixes(self, what, day, regions):
        """A listing is of a folder on the way down to the day, seen folder by folder, or within the day."""
        wanted = [f"AWSLogs/{ACCOUNT}/CloudTrail/{region}/{day:%Y/%m/%d}/" for region in regions]
        bad = [request for request in self.lists() if not any(
            request.prefix.startswith(folder) or folder.startswith(request.prefix) and request.query.get("delimiter") == "/" for folder in wanted)]
        self.checks.equal(f"{what}: listings of other folders", bad, [])
        listed = sum(request.num_keys for request in self.lists())
        self.checks.equal(f"{what}: keys listed", listed, FILES_A_DAY * len(regions))
        self.checks.equal(f"{what}: listed", {folder for folder in wanted if any(request.prefix.startswith(folder[:-1]) for request in self.lists())}, set(wanted))

    def check_limit(self):
        for sql in ("SELECT eventid FROM cloudtrail LIMIT 5", f"SELECT eventid FROM cloudtrail WHERE region = '{REGION}' LIMIT 1"):
            result = self.query(sql, "--logs", LOCATION)
            self.checks.equal(f"{sql}: {result}", result.status, 0)
            share = len(self.gets()) / len(self.keys)
            self.checks.equal(f"{sql}: {len(self.gets())} GETs of {len(self.keys)} objects: few", share < 0.5, True)

        # A thread that finds nothing does not read on when another has found enough.
        key = self.keys[0]
        eventid = json.loads(gzip.decompress(self.read_object(key)))["Records"][0]["eventID"]
        late = [Rule(faults.Delay(0.1), kind="GET", where=lambda request: request.key != key)]
        for condition in (f"eventid = '{eventid}'", f"upper(eventid) = upper('{eventid}')"):
            sql = f"SELECT eventid FROM cloudtrail WHERE account = '{ACCOUNT}' AND region = '{REGION}' AND {condition} LIMIT 1"
            result = self.query(sql, "--logs", LOCATION, "--threads", "4", rules=late)
            self.checks.equal(f"{sql}: {result}", (result.status, result.output), (0, f'"eventid"\n"{eventid}"\n'))
            share = len(self.gets()) / (NUM_DAYS * FILES_A_DAY)
            self.checks.equal(f"{sql}: {share:.0%} of all objects are asked for: few", share < 0.7, True)
            done = int(re.search(r"read (\d+) files?", result.errors)[1])
            self.checks.equal(f"{sql}: files told as read: {result.errors}", done <= len(self.gets()), True)

    def check_before_running(self):
        """EXPLAIN and --dry-run tell objects, bytes and requests from the listing alone."""
        total = sum(os.path.getsize(os.path.join(self.folder, key)) for key in self.keys + [self.big])
        for what, arguments in (("EXPLAIN", ["EXPLAIN SELECT count(*) FROM cloudtrail"]), ("--dry-run", ["SELECT count(*) FROM cloudtrail", "--dry-run"])):
            result = self.query(*arguments, "--logs", LOCATION)
            self.checks.equal(f"{what}: {result}", result.status, 0)
            self.checks.equal(f"{what}: GETs", self.gets(), [])
            text = result.output + result.errors
            self.checks.equal(f"{what} tells the number of objects: {text}", re.search(rf"\b{len(self.keys) + 1}\b", text) is not None, True)
            self.checks.equal(f"{what} tells the requests", re.search(r"\bGET\b|\brequests?\b", text) is not None, True)
            self.checks.equal(f"{what} tells the bytes ({total})", re.search(r"\d[\d.,]* ?(MB|MiB)", text) is not None, True)
        result = self.query("SELECT count(*) FROM cloudtrail", "--logs", LOCATION)
        told = [int(number.replace(",", "")) for number in re.findall(r"([\d,]+) (?:LIST|GET)", result.errors)]
        self.checks.equal(f"requests told after the query: {result.errors}", sorted(told), sorted([len(self.lists()), len(self.gets())]))

    def check_kept_listing(self):
        """A trail keeps the listing of days that are over; --refresh lists them again; the last days are always listed."""
        home = self.program.new_home()
        self.proxy.reset()
        added = self.program.run(["trail", "add", "prod", LOCATION], home=home)
        self.checks.equal(f"trail add: {added}", added.status, 0)
        self.checks.equal("trail add reads no object", self.gets(), [])
        num_records = len(self.keys) * 3 + 3000
        sql = "SELECT count(*) FROM prod.cloudtrail"
        self.count("a trail", sql, num_records, home=home)
        first = len(self.lists())
        self.count("a trail again", sql, num_records, home=home)
        self.checks.equal(f"days that are over are not listed again: {self.lists()}",
                          [request for request in self.lists() if re.search(r"/\d{4}/\d\d/\d\d/", request.prefix)], [])
        self.checks.equal(f"{len(self.lists())} listings after {first}", len(self.lists()) <= first, True)
        again = sum(request.num_keys for request in self.lists())
        self.checks.equal(f"{again} keys are listed again, of {len(self.keys)}: few", again <= len(self.keys) / 10, True)
        late = sample_trail.key_of(ACCOUNT, REGION, sample_trail.FIRST_DAY, 58)
        sample_trail.write(self.folder, late, b'{"Records":[{"eventName":"Late","eventID":"late"}]}')
        self.count("a late file, --refresh", sql, num_records + 1, "--refresh", home=home)
        os.remove(os.path.join(self.folder, late))
        self.count("gone again, --refresh", sql, num_records, "--refresh", home=home)
        today = datetime.datetime.now(datetime.timezone.utc).date()
        new = []
        for age in (0, 1):
            new.append(sample_trail.key_of(ACCOUNT, REGION, today - datetime.timedelta(days=age), age))
            sample_trail.write(self.folder, new[-1], b'{"Records":[{"eventName":"New","eventID":"new"}]}')
            self.count(f"a file of {age} days ago", sql, num_records + len(new), home=home)
        for key in new:
            os.remove(os.path.join(self.folder, key))
        self.count("today's files are gone", sql, num_records, home=home)

    def check_days_again(self):
        """A day's first query looks into its regions, and beside its folder; the second asks nothing of a closed day's regions, and once each of an open day's."""
        home = self.program.new_home()
        today = datetime.datetime.now(datetime.timezone.utc).date()
        new = sample_trail.key_of(ACCOUNT, REGION, today, 1)
        sample_trail.write(self.folder, new, b'{"Records":[{"eventName":"New","eventID":"new"}]}')
        num_regions = len(sample_trail.REGIONS)
        # Of today's first query: the day in each region, the year in each, the month in the one that has it.
        for day, num_records, counts in ((sample_trail.FIRST_DAY, FILES_A_DAY * 3 * num_regions, (4 * num_regions, 0, 0)),
                                         (today, 1, (2 * num_regions + 1, num_regions, num_regions))):
            for count in counts:
                result = self.count(f"{day}", f"SELECT count(*) FROM cloudtrail WHERE account = '{ACCOUNT}' AND \"date\" = DATE '{day}'", num_records,
                                    "--logs", LOCATION, home=home)
                in_regions = [request for request in self.lists() if re.search(r"/CloudTrail/[^/]+/", request.prefix)]
                self.checks.equal(f"{day}: requests in regions, above them, {in_regions}", (len(in_regions), len(self.lists()) - len(in_regions)), (count, 4))
                is_remembered = day != today and count == 0
                self.checks.equal(f"{day}: --refresh is named where something is remembered: {result.errors}", "--refresh" in result.errors, is_remembered)
        os.remove(os.path.join(self.folder, new))

    def check_changed_days(self):
        """Objects of a remembered day that are others now: the day is listed again, within the same query, and all its rows are there once."""
        home = self.program.new_home()
        day = sample_trail.FIRST_DAY + datetime.timedelta(days=3)
        keys = [key for key in self.keys if f"/{ACCOUNT}/CloudTrail/{REGION}/{day:%Y/%m/%d}/" in key]
        before = {key: self.read_object(key) for key in keys}
        others = len(self.keys) * 3 + 3000 - len(keys) * 3
        sql, by_name = "SELECT count(*) FROM cloudtrail", "SELECT count(*), count(DISTINCT eventid) FROM cloudtrail WHERE eventname = 'Changed'"
        self.count("remembered", sql, others + len(keys) * 3, "--logs", LOCATION, home=home)

        def document(name, num_records):
            return json.dumps({"Records": [{"eventName": "Changed", "eventID": f"{name}-{i}", "noise": random.Random(i).random()} for i in range(num_records)]})

        def change(what, changed, num_records):
            for key, text in changed.items():
                if text is None:
                    os.remove(os.path.join(self.folder, key))
                else:
                    sample_trail.write(self.folder, key, text.encode())
            for attempt in ("in the same query", "afterwards"):
                result = self.count(f"{what}, {attempt}", sql, num_records, "--logs", LOCATION, home=home)
                told = "listed again" in result.errors
                self.checks.equal(f"{what}, {attempt}: told: {result.errors}", told, attempt == "in the same query")
                num_keys = sum(request.num_keys for request in self.lists())
                self.checks.equal(f"{what}, {attempt}: keys listed, {self.lists()}", num_keys <= len(keys) + 1, True)

        num = others + len(keys) * 3
        change("one has grown", {keys[0]: document("a", 40)}, num + 37)
        change("one is shorter", {keys[0]: document("a", 1)}, num - 2)
        late = sample_trail.key_of(ACCOUNT, REGION, day, 57)
        change("one is gone, and one is new", {keys[1]: None, late: document("b", 5)}, num - 2 - 3 + 5)
        change("all are others", {key: document(key[-24:], 7) for key in keys}, num - len(keys) * 3 + 7 * len(keys) + 5)
        result = self.query(by_name, "--logs", LOCATION, home=home)
        total = 7 * len(keys) + 5
        self.checks.equal(f"no row twice: {result}", result.output.split("\n")[1].replace('"', ""), f"{total},{total}")
        change("all are gone", {key: None for key in keys + [late]}, others)
        for key, data in before.items():
            with open(os.path.join(self.folder, key), "wb") as file:
                file.write(data)
        result = self.count("closed days are not listed again by themselves", sql, others, "--logs", LOCATION, home=home)
        self.checks.equal(f"--refresh is named: {result.errors}", "--refresh" in result.errors, True)
        self.count("they are with --refresh", sql, num, "--refresh", "--logs", LOCATION, home=home)

    def check_projected(self):
        """Closed days of a table with projected partitions are listed once, too; and again where they have changed."""
        home = self.program.new_home()
        ddl = f"""CREATE EXTERNAL TABLE t (records array<struct<eventid:string>>) PARTITIONED BY (region string, day string)
            ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION '{LOCATION}' TBLPROPERTIES ('projection.enabled'='true',
            'projection.region.type'='enum', 'projection.region.values'='{",".join(sample_trail.REGIONS)},eu-north-1', 'projection.day.type'='date',
            'projection.day.format'='yyyy/MM/dd', 'projection.day.range'='2024/04/20,2024/05/20',
            'storage.location.template'='{LOCATION}AWSLogs/{ACCOUNT}/CloudTrail/${{region}}/${{day}}')"""
        self.query(ddl, home=home)
        sql = "SELECT count(*) FROM t CROSS JOIN UNNEST(records) AS u (record)"
        num_records = len(self.keys) // len(sample_trail.ACCOUNTS) * 3 + 3000
        num_days = 31 * 3
        for num_lists in (num_days, 0):
            self.count("projected", sql, num_records, home=home)
            self.checks.equal(f"projected: {self.lists()}", len(self.lists()), num_lists)
        key = self.keys[0]
        before = self.read_object(key)
        sample_trail.write(self.folder, key, b'{"Records":[{"eventID":"x"}]}')
        self.count("projected, changed", sql, num_records - 2, home=home)
        self.count("projected, changed, afterwards", sql, num_records - 2, home=home)
        self.checks.equal(f"projected, changed: {self.lists()}", [request.prefix for request in self.lists()], [key.rpartition("/")[0] + "/"])
        with open(os.path.join(self.folder, key), "wb") as file:
            file.write(before)

    def check_archives(self):
        """Archived objects are not asked for; those that were restored are read, whatever an earlier query has listed."""
        home = self.program.new_home()
        key = self.keys[0]
        restored = ("GLACIER</StorageClass><RestoreStatus><IsRestoreInProgress>false</IsRestoreInProgress><RestoreExpiryDate>2024-06-01T00:00:00.000Z"
                    "</RestoreExpiryDate></RestoreStatus><StorageClass>")
        num_records = len(self.keys) * 3 + 3000
        for storage, lacking in (("GLACIER", 3), ("GLACIER", 3), (restored, 0), (restored, 0), ("DEEP_ARCHIVE", 3)):
            rule = Rule(faults.storage_class({os.path.basename(key): storage}), kind="LIST")
            result = self.count(storage, "SELECT count(*) FROM cloudtrail", num_records - lacking, "--logs", LOCATION, home=home, rules=[rule])
            self.checks.equal(f"{storage}: asked for", key in [request.key for request in self.gets()], not lacking)
            self.checks.equal(f"{storage}: told: {result.errors}", "archived" in result.errors, bool(lacking))

    def check_what_cannot_be_remembered(self):
        """A catalog that takes no listings (a full disk) costs no query its answer; it is told, once."""
        home = self.program.new_home()
        self.query("SHOW DATABASES", home=home)
        with contextlib.closing(sqlite3.connect(os.path.join(home, "trailsql", "catalog.db"))) as catalog:
            catalog.executescript("CREATE TRIGGER no_room BEFORE INSERT ON listings BEGIN SELECT RAISE(ABORT, 'no room'); END")
        for _ in range(2):
            result = self.count("nothing is remembered", "SELECT count(*) FROM cloudtrail", len(self.keys) * 3 + 3000, "--logs", LOCATION, home=home)
            self.checks.equal(f"told once: {result.errors}", (result.errors.count("is not remembered"), result.errors.count("no room")), (1, 1))

    def read_object(self, key):
        with open(os.path.join(self.folder, key), "rb") as file:
            return file.read()

    def check_overlap(self):
        """The first rows are there long before all listings are."""
        slow = [Rule(faults.Delay(1.0), kind="LIST", where=lambda request: sample_trail.ACCOUNTS[1] in request.prefix)]
        result = self.query("SELECT count(*) FROM cloudtrail", "--logs", LOCATION, rules=slow, timeout=120)
        self.checks.equal(f"late listings: {result}", result.status, 0)
        last_listing = max((request.ended for request in self.lists() if request.ended), default=0)
        first_get = min((request.started for request in self.gets()), default=float("inf"))
        self.checks.equal("objects are read while others are still listed", first_get < last_listing, True)
        late = [Rule(faults.Delay(3.0), kind="GET", key=self.keys[0])]
        self.query("SELECT count(*) FROM cloudtrail", "--logs", LOCATION, rules=late)
        waiting = next((request for request in self.gets() if request.key == self.keys[0]), None)
        others = [request for request in self.gets() if waiting and request.ended and request.ended < waiting.started + 3.0]
        self.checks.equal("one late object holds up no other", len(others) > len(self.keys) * 0.9, True)

    def check_interrupt(self):
        """Ctrl-C ends a query soon, whatever it waits for."""
        sql = "SELECT count(*) FROM cloudtrail"
        for what, rule in (("stalled objects", Rule(faults.Stall(), kind="GET")), ("stalled bodies", Rule(faults.Stall(0.5), kind="GET")),
                           ("stalled listings", Rule(faults.Stall(), kind="LIST")), ("slow bodies", Rule(faults.Slow(50), kind="GET")),
                           ("throttling", Rule(faults.slow_down())), ("resets", Rule(faults.Reset(), kind="GET"))):
            self.proxy.reset([rule])
            result = self.program.run(["query", "--logs", LOCATION, sql], interrupt_when=lambda rule=rule: rule.num_played >= 3 or
                                      rule.num_played and rule.kinds == ["LIST"])
            self.checks.equal(f"interrupted, {what}: {result}", (result.status, result.output, result.seconds < INTERRUPT_SECONDS), (130, "", True))

    def run(self):
        self.check_whole()
        self.check_one_day()
        self.check_limit()
        self.check_before_running()
        self.check_kept_listing()
        self.check_days_again()
        self.check_changed_days()
        self.check_projected()
        self.check_archives()
        self.check_what_cannot_be_remembered()
        self.check_overlap()
        self.check_interrupt()
        self.program.check_homes()


def main():
    with tempfile.TemporaryDirectory(prefix="trailsql_requests_") as folder, running_gateway() as gateway, FaultProxy(gateway.url) as proxy:
        test = RequestsTest(sys.argv[1], folder, gateway, proxy)
        test.run()
    test.checks.end()


if __name__ == "__main__":
    main()
