#!/usr/bin/env python3
"""Plays the faults of S3 to queries in place: the answer is that of the local files, or a clear error, in time.

  bucket_faults_test.py TRAILSQL [FILTER] [--stalls]

--stalls: those faults that cost minutes of waiting, and only those.
"""
import concurrent.futures
import dataclasses
import os
import shutil
import sys
import tempfile
import threading

from bucket import faults, sample_trail
from bucket.fault_proxy import FaultProxy, Rule
from bucket.gateway import running_gateway
from bucket.program import Program
from shared_data import Checks

QUESTION = 'SELECT account, region, "date", eventname, count(*) AS n FROM cloudtrail GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4'
LOCATION = "s3://trail/logs/"
SECONDS = 60  # for what gets by with few retries
LONG_SECONDS = 180  # for what has to be tried again and again before it fails
STALL_SECONDS = 300
NUM_WORKERS = 5


@dataclasses.dataclass
class Case:
    """Some rules and what must come of them.

    `want`: same (the local answer), fails (status 1, with every word in the message), or same_or_fails.
    `without`: the answer is that without these keys, which are then named in the notes. `changed`: keys whose bytes are corrupted for good.
    """
    name: str
    rules: list
    want: str = "same"
    words: tuple = ()
    without: tuple = ()
    changed: tuple = ()
    options: tuple = ()
    seconds: int = SECONDS
    max_requests: int = 3000


def passing_cases(keys, big):
    """Faults that pass: the answer is the local one."""
    first = keys[0]
    once = {"times": 1, "each_key": True}
    everything = {"kind": "LIST GET HEAD"}
    return [
        Case("nothing", []),
        Case("slow down, the first five", [Rule(faults.slow_down(), times=5)]),
        Case("slow down, once for every key", [Rule(faults.slow_down(), **once)]),
        Case("slow down, now and then", [Rule(faults.slow_down(), probability=0.2, **everything)]),
        Case("internal errors", [Rule(faults.internal_error(), probability=0.2, **everything)]),
        Case("429", [Rule(faults.too_many_requests(), times=4)]),
        Case("502 without XML", [Rule(faults.bare_error(502), **once)]),
        Case("reset before the answer", [Rule(faults.Reset(), **once)]),
        Case("reset in the body", [Rule(faults.Reset(0.5), kind="GET", **once)]),
        Case("reset in the body, at every range anew", [Rule(faults.Reset(0.5), kind="GET", times=1, each_range=True)]),
        Case("reset in the body of a big object", [Rule(faults.Reset(0.7), kind="GET", key="logs/" + big, times=3)]),
        Case("reset in the body of listings", [Rule(faults.Reset(0.5), kind="LIST", **once)]),
        Case("truncated", [Rule(faults.CloseEarly(), kind="GET", **once)]),
        Case("nothing of the body", [Rule(faults.CloseEarly(0), kind="GET", **once)]),
        Case("truncated listings", [Rule(faults.CloseEarly(0.6), kind="LIST", **once)]),
        Case("closed before the answer", [Rule(faults.RawAnswer("nothing", b""), **once)]),
        Case("slow", [Rule(faults.Slow(1000), kind="GET", key="logs/" + first)]),
        Case("one late object among many", [Rule(faults.Delay(4), kind="GET", key="logs/" + first)]),
        Case("late listings", [Rule(faults.Delay(0.3), kind="LIST")]),
        Case("checksums that hold", [Rule(faults.Corrupt(name, is_corrupt=False), kind="GET") for name in ("sha256",)]),
        Case("corrupted once, crc32", [Rule(faults.Corrupt("crc32"), kind="GET", **once)]),
        Case("corrupted once, sha256", [Rule(faults.Corrupt("sha256"), kind="GET", **once)]),
        Case("corrupted once, sha1", [Rule(faults.Corrupt("sha1"), kind="GET", **once)], "same_or_fails", ("checksum",)),
        Case("an error with 200", [Rule(faults.error_with_200(), kind="LIST", **once)]),
        Case("malformed listing once", [Rule(faults.malformed_listing(), kind="LIST", times=1)], "same_or_fails", ("trail",)),
        Case("absurd length once", [Rule(faults.absurd_length(), kind="GET", times=1)], "same_or_fails", (os.path.basename(first)[:12],)),
        Case("gigantic header once", [Rule(faults.gigantic_header(), times=1)], "same_or_fails", ("trail",)),
        Case("not HTTP once", [Rule(faults.not_http(), times=1)], "same_or_fails", ("trail",)),
        Case("everything at once", [Rule(fault, probability=0.04, **everything) for fault in (
            faults.slow_down(), faults.internal_error(), faults.Reset(), faults.Reset(0.5), faults.CloseEarly(0.3), faults.Delay(0.5))]),
    ]


def lasting_cases(keys):
    """Faults that stay: a clear error, or an answer that says what it lacks."""
    key = keys[5]
    one, name = {"kind": "GET HEAD", "key": "logs/" + key}, os.path.basename(key)
    account = f"logs/AWSLogs/{sample_trail.ACCOUNTS[1]}/"
    of_account = tuple(found for found in keys if sample_trail.ACCOUNTS[1] in found)
    return [
        Case("slow down for ever", [Rule(faults.slow_down())], "fails", ("trail", "reduce your request rate"), seconds=LONG_SECONDS),
        Case("slow down for ever for one object", [Rule(faults.slow_down(), **one)], "fails", (name, "reduce your request rate"), seconds=LONG_SECONDS),
        Case("internal errors for ever", [Rule(faults.internal_error(), **one)], "fails", (name, "internal error"), seconds=LONG_SECONDS),
        Case("reset for ever", [Rule(faults.Reset(0.5), **one)], "fails", (name,), seconds=LONG_SECONDS),
        Case("truncated for ever", [Rule(faults.CloseEarly(), **one)], "fails", (name,), seconds=LONG_SECONDS),
        Case("corrupted for ever", [Rule(faults.Corrupt("crc32"), **one)], "fails", (name, "checksum"), seconds=LONG_SECONDS),
        Case("corrupted without a checksum", [Rule(faults.Corrupt(), **one)], changed=(key,), seconds=LONG_SECONDS),
        Case("access denied", [Rule(faults.access_denied(), **one)], "fails", (name, "denied")),
        Case("access denied, skipped", [Rule(faults.access_denied(), **one)], without=(key,), options=("--skip-denied",)),
        Case("KMS", [Rule(faults.kms_denied(), **one)], "fails", (name, "kms:Decrypt")),
        Case("KMS, skipped", [Rule(faults.kms_denied(), **one)], without=(key,), options=("--skip-denied",)),
        Case("listing denied", [Rule(faults.access_denied(), kind="LIST")], "fails", ("trail", "denied", "s3:ListBucket")),
        Case("one account denied", [Rule(faults.access_denied(), prefix=account)], "fails", (sample_trail.ACCOUNTS[1], "denied")),
        Case("objects of one account denied, skipped", [Rule(faults.access_denied(), kind="GET HEAD", prefix=account)], without=of_account,
             options=("--skip-denied",)),
        Case("gone since it was listed", [Rule(faults.no_such_key(), **one)], without=(key,)),
        Case("archived", [Rule(faults.storage_class({name: "GLACIER"}), kind="LIST"), Rule(faults.archived(), **one)], without=(key,)),
        Case("deep archive", [Rule(faults.storage_class({name: "DEEP_ARCHIVE"}), kind="LIST"), Rule(faults.archived(), **one)], without=(key,)),
        Case("archived, but not in the listing", [Rule(faults.archived(), **one)], without=(key,)),
        Case("instant retrieval is no archive", [Rule(faults.storage_class({name: "GLACIER_IR"}), kind="LIST")]),
        Case("expired token for ever", [Rule(faults.expired_token())], "fails", ("expired",)),
        Case("expired in the middle", [Rule(faults.expired_token(), kind="GET", skip=10)], "fails", ("expired",)),
        Case("an error with 200 for ever", [Rule(faults.error_with_200(), kind="LIST")], "fails", ("trail", "internal error"), seconds=LONG_SECONDS),
        Case("malformed listings", [Rule(faults.malformed_listing(), kind="LIST")], "fails", ("trail",), seconds=LONG_SECONDS),
        Case("empty listings", [Rule(faults.empty_listing_body(), kind="LIST")], "fails", ("trail",), seconds=LONG_SECONDS),
        Case("endless listing", [Rule(faults.endless_listing(), kind="LIST")], "fails", ("trail",)),
        Case("listing without a token", [Rule(faults.truncated_without_token(), kind="LIST")], "fails", ("trail",)),
        Case("captive portal, listings", [Rule(faults.captive_portal(), kind="LIST")], "fails", ("trail",), seconds=LONG_SECONDS),
        Case("captive portal, objects", [Rule(faults.captive_portal(), kind="GET")], "fails", ("trail",), seconds=LONG_SECONDS),
        Case("absurd length", [Rule(faults.absurd_length(), **one)], "fails", (name,), seconds=LONG_SECONDS),
        Case("absurd length of listings", [Rule(faults.absurd_length(), kind="LIST")], "fails", ("trail",), seconds=LONG_SECONDS),
        Case("gigantic headers", [Rule(faults.gigantic_header(), **one)], "fails", (name,), seconds=LONG_SECONDS),
        Case("not HTTP", [Rule(faults.not_http())], "fails", ("trail",), seconds=LONG_SECONDS),
        Case("redirects in a circle", [Rule(faults.malformed_region("eu-north-1"))], "fails", ("trail",), max_requests=100),
        Case("301 to a region that redirects", [Rule(faults.permanent_redirect("eu-north-1"))], "fails", ("trail",), max_requests=100),
    ]


def stall_cases(keys, big):
    key = keys[5]
    name = os.path.basename(key)
    return [
        Case("stall before the answer", [Rule(faults.Stall(), kind="GET", key="logs/" + key, times=1)], seconds=STALL_SECONDS),
        Case("stall in the body", [Rule(faults.Stall(0.5), kind="GET", key="logs/" + key, times=1)], seconds=STALL_SECONDS),
        Case("stall in the body of a big object", [Rule(faults.Stall(0.5), kind="GET", key="logs/" + big, times=1)], seconds=STALL_SECONDS),
        Case("stall of a listing", [Rule(faults.Stall(), kind="LIST", times=1)], seconds=STALL_SECONDS),
        Case("stall in a listing", [Rule(faults.Stall(0.5), kind="LIST", times=1)], seconds=STALL_SECONDS),
        Case("stall for ever", [Rule(faults.Stall(0.5), kind="GET", key="logs/" + key)], "fails", (name,), seconds=STALL_SECONDS),
        Case("all stall for ever", [Rule(faults.Stall())], "fails", ("trail",), seconds=STALL_SECONDS),
    ]


class LockedChecks(Checks):
    """Checks that several threads fill."""

    def __init__(self):
        super().__init__()
        self._lock = threading.Lock()

    def equal(self, what, got, want):
        with self._lock:
            super().equal(what, got, want)


class FaultTest:
    def __init__(self, trailsql, folder, gateway):
        self.gateway, self.folder, self.checks = gateway, folder, LockedChecks()
        self.program = Program(trailsql, folder, self.checks).for_gateway(gateway)
        self.local = gateway.bucket("trail") + "/logs"
        self.keys = sample_trail.write_trail(self.local)
        self.big = sample_trail.write_big(self.local)

    def ask(self, location, program, case):
        return program.run(["query", "--format", "csv", "--logs", location, *case.options, QUESTION], timeout=case.seconds)

    def local_result(self, case):
        """Returns how the same question to local files ends: without those that the case takes away, with others corrupted."""
        folder = self.local
        if case.without or case.changed:
            folder = tempfile.mkdtemp(prefix="local_", dir=self.folder)
            shutil.copytree(self.local, folder, dirs_exist_ok=True)
        for key in case.without:
            os.remove(os.path.join(folder, key))
        for key in case.changed:
            with open(os.path.join(folder, key), "rb+") as file:
                body = faults.corrupted(file.read())
                file.seek(0)
                file.write(body)
        return self.ask(folder + "/", self.program, dataclasses.replace(case, options=()))

    def run(self, case):
        with FaultProxy(self.gateway.url, case.rules, seed=len(case.name)) as proxy:
            program = self.program.copy().for_gateway(self.gateway, proxy.url)
            result = self.ask(LOCATION, program, case)
            requests = proxy.asked()
        self.judge(case, result)
        played = sum(request.fault is not None for request in requests)
        self.checks.equal(f"{case.name}: the fault was met", played > 0 or not case.rules, True)
        self.checks.equal(f"{case.name}: too many requests", max(len(requests) - case.max_requests, 0), 0)
        print(f"{case.name}: exit {result.status} in {result.seconds:.1f} s, {len(requests)} requests, {played} of them faults", flush=True)

    def judge(self, case, result):
        if case.want == "fails" or case.want == "same_or_fails" and result.status != 0:
            self.checks.equal(f"{case.name}: fails\n{result}", (result.status, result.output), (1, ""))
            self.checks.equal(f"{case.name}: words missing in: {result.errors}",
                              [word for word in case.words if word.lower() not in result.errors.lower()], [])
            return
        local = self.local_result(case)
        self.checks.equal(f"{case.name}: answer\n{result}", (result.status, result.output), (local.status, local.output))
        if not case.changed:
            self.checks.equal(f"{case.name}: the local answer", (local.status, local.output.count("\n") > 20), (0, True))
        if case.without:
            named = [os.path.basename(key) in result.errors for key in case.without]
            self.checks.equal(f"{case.name}: what lacks is named in: {result.errors}", any(named), True)


def main():
    arguments = [argument for argument in sys.argv[1:] if argument != "--stalls"]
    pattern = arguments[1] if len(arguments) > 1 else ""
    with tempfile.TemporaryDirectory(prefix="trailsql_faults_") as folder, running_gateway() as gateway:
        test = FaultTest(arguments[0], folder, gateway)
        if "--stalls" in sys.argv:
            cases = stall_cases(test.keys, test.big)
        else:
            cases = passing_cases(test.keys, test.big) + lasting_cases(test.keys)
        chosen = [case for case in cases if pattern in case.name]
        with concurrent.futures.ThreadPoolExecutor(len(chosen) if "--stalls" in sys.argv else NUM_WORKERS) as pool:
            for done in [pool.submit(test.run, case) for case in chosen]:
                done.result()
        test.program.check_homes()
    test.checks.end()


if __name__ == "__main__":
    main()
