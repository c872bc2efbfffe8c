#!/usr/bin/env python3
"""Shows that make_logs is deterministic and that its truth is true.

Usage: make_logs_test.py PROGRAM

The truth is recounted here from the files alone, with Python's JSON.
"""

import collections
import filecmp
import gzip
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

PROGRAM = None


def make(folder, *options):
    truth = folder / "truth.json"
    subprocess.run([PROGRAM, "--out", folder / "bucket", "--truth", truth, *options], check=True, stderr=subprocess.PIPE)
    return json.loads(truth.read_text())


def files(folder):
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())


def recount(folder):
    """Returns the truth of all files below a folder, by the field names of the program's truth."""
    found = collections.Counter()
    names, errors, first, second = (collections.Counter() for _ in range(4))
    for path in files(folder):
        text = gzip.decompress((folder / path).read_bytes())
        found["files"] += 1
        found["raw_bytes"] += len(text)
        document = json.loads(text)
        found["files_without_records"] += "Records" not in document
        for record in document.get("Records", []):
            identity = record.get("userIdentity") or {}
            found["records"] += 1
            names[record.get("eventName")] += 1
            errors[record.get("errorCode")] += 1
            arn = identity.get("arn")
            first[(record.get("eventName"), arn, record.get("sourceIPAddress"))] += 1
            accounts = (record.get("recipientAccountId"), identity.get("accountId"))
            if None not in accounts and accounts[0] != accounts[1]:
                found["cross_account_records"] += 1
                second[(record.get("eventName"), record.get("eventSource"), arn)] += 1
            found["insight_records"] += record.get("eventType") == "AwsCloudTrailInsight"
    return found, names, errors, first, second


class MakeLogsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def check_truth(self, folder, truth):
        found, names, errors, first, second = recount(folder / "bucket")
        for field, count in found.items():
            self.assertEqual(truth[field], count, field)
        del names[None], errors[None]
        self.assertEqual(truth["event_names"], dict(names))
        self.assertEqual(truth["error_codes"], dict(errors))
        for question, counts in (("question_1", first), ("question_2", second)):
            self.assertEqual(truth[question]["groups"], len(counts))
            expected = sorted(counts.values(), reverse=True)[:50]
            self.assertEqual([row[-1] for row in truth[question]["rows"]], expected)
            for *key, count in truth[question]["rows"]:
                self.assertEqual(counts[tuple(key)], count)

    def test_the_truth_of_a_small_bucket(self):
        truth = make(self.folder, "--accounts", "3", "--days", "2", "--insights", "--neighbours", "--odd", "all")
        self.check_truth(self.folder, truth)
        self.assertEqual(truth["story_records"], 19)
        self.assertGreater(truth["insight_records"], 0)
        self.assertGreater(truth["odd_records"], 0)
        self.assertGreater(truth["repeated_records"], 0)
        self.assertGreater(truth["cross_account_records"], 0)
        self.assertGreater(truth["event_names"]["ConsoleLogin"], 0)

    def test_every_odd_record_is_json(self):
        truth = make(self.folder, "--records", "400", "--odd", "all", "--days", "3", "--repeats", "1000")
        self.check_truth(self.folder, truth)

    def test_the_scale_is_kept(self):
        truth = make(self.folder, "--scale", "3MB", "--file-size", "100KB", "--organization")
        self.check_truth(self.folder, truth)
        self.assertAlmostEqual(truth["raw_bytes"] / 3e6, 1, delta=0.1)
        path = str(files(self.folder / "bucket")[0])
        self.assertRegex(path, r"^my-cross-account-prefix/AWSLogs/o-exampleorgid/\d{12}/CloudTrail/[a-z0-9-]+/"
                               r"\d{4}/\d\d/\d\d/\d{12}_CloudTrail_[a-z0-9-]+_\d{8}T\d{4}Z_[A-Za-z0-9]{16}\.json\.gz$")

    def test_the_same_seed_gives_the_same_bytes(self):
        sides = [self.folder / "a", self.folder / "b", self.folder / "c"]
        for side in sides:
            side.mkdir()
        make(sides[0], "--threads", "1")
        make(sides[1], "--threads", "4")
        make(sides[2], "--seed", "2")
        names = files(sides[0] / "bucket")
        self.assertEqual(names, files(sides[1] / "bucket"))
        _, different, missing = filecmp.cmpfiles(sides[0] / "bucket", sides[1] / "bucket", names, shallow=False)
        self.assertEqual((different, missing), ([], []))
        self.assertNotEqual(names, files(sides[2] / "bucket"))

    def test_wrong_usage(self):
        done = subprocess.run([PROGRAM, "--out", self.folder / "x", "--accounts", "0"], capture_output=True)
        self.assertEqual(done.returncode, 2)
        self.assertFalse((self.folder / "x").exists())


if __name__ == "__main__":
    PROGRAM = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main()
