#!/usr/bin/env python3
"""Asks the ready-made table `cloudtrail` over the real logs of the shared folder, and compares with what Python reads from the raw files.

  shared_trails_test.py TRAILSQL

Over the bucket and the odd files, in whatever form they are: the number of records, "$raw" of every record byte for byte, the partition
columns, and aggregates of every scalar field.
"""
import collections
import gzip
import json
import os
import re
import subprocess
import sys
import tempfile

from shared_data import Checks, environment, shared_folder
from shared_logs_test import CLOUDTRAIL_RECORD, aggregate_sql, aggregates, at, load, scalar_paths, shaped

DECODER = json.JSONDecoder()
BLANK = re.compile(r"\s*")


def skip_blanks(text, place):
    return BLANK.match(text, place).end()


def elements_of(text, place):
    """Yields the texts of the elements of the array at `place`."""
    place = skip_blanks(text, place + 1)
    while text[place] != "]":
        end = DECODER.raw_decode(text, place)[1]
        yield text[place:end]
        place = skip_blanks(text, end)
        if text[place] == ",":
            place = skip_blanks(text, place + 1)


def records_of(text):
    """Yields the texts of the records of a file: elements of Records, of a list, or documents by themselves."""
    place = skip_blanks(text, 0)
    while place < len(text):
        value, end = DECODER.raw_decode(text, place)
        document = text[place:end]
        if isinstance(value, list):
            yield from elements_of(document, 0)
        elif list(value) and list(value)[0] == "Records":
            yield from elements_of(document, document.index("["))
        elif "Records" in value:
            raise ValueError("Records is not the first key: this test does not know where it begins")
        else:
            yield document
        place = skip_blanks(text, end)


def read_all(folder):
    """Returns the texts of the records by the file's path."""
    found = {}
    for path, _, names in os.walk(folder):
        for name in names:
            if not re.search(r"\.json(l|\.gz)?$", name):
                continue
            file = os.path.join(path, name)
            with (gzip.open(file) if name.endswith(".gz") else open(file, "rb")) as data:
                found[file] = list(records_of(data.read().decode("utf-8")))
    return found


def ask(trailsql, home, folder, statements):
    """Returns the answers to statements over the table, in order."""
    requests = "".join(json.dumps({"id": i, "sql": sql}) + "\n" for i, sql in enumerate(statements))
    done = subprocess.run([trailsql, "batch", "--logs", folder], input=requests, capture_output=True, text=True, env=environment(home), check=False)
    return [json.loads(line) for line in done.stdout.split("\n")[:-1]]


def check_folder(checks, what, trailsql, folder, home):
    files = read_all(folder)
    texts = [text for records in files.values() for text in records]
    plain = [path for array, path in scalar_paths(CLOUDTRAIL_RECORD) if array is None]
    fields = ", ".join(aggregate_sql(".".join(path)) for path in plain)
    answers = ask(trailsql, home, folder, [
        "SELECT count(*) FROM cloudtrail", 'SELECT "$path", "$raw" FROM cloudtrail', f"SELECT {fields} FROM cloudtrail",
        "SELECT organization, account, region, \"date\", count(*) FROM cloudtrail GROUP BY 1, 2, 3, 4 ORDER BY 5 DESC"])
    checks.equal(f"{what}: records", answers[0].get("rows"), [[len(texts)]])
    found = collections.defaultdict(list)
    for path, raw in answers[1].get("rows", []):
        found[path].append(raw)
    for path, records in files.items():
        checks.equal(f"{what}: $raw of {path}", found[path], records)
    checks.equal(f"{what}: files", len(found), sum(1 for records in files.values() if records))
    rows = [shaped(load(text), CLOUDTRAIL_RECORD, None) for text in texts]
    want = [value for path in plain for value in aggregates(at(row, path) for row in rows)]
    checks.equal(f"{what}: fields", answers[2].get("rows", answers[2]), [want])
    print(f"{what}: {len(files)} files, {len(texts)} records, {answers[3].get('rows')}")
    return answers[3].get("rows", [])


def main():
    trailsql = os.path.abspath(sys.argv[1])
    logs = os.path.join(shared_folder("data/cloudtrail/bucket", "data/cloudtrail/oddities"), "data", "cloudtrail")
    checks = Checks()
    with tempfile.TemporaryDirectory(prefix="trailsql_test_") as home:
        parts = check_folder(checks, "bucket", trailsql, os.path.join(logs, "bucket"), home)
        checks.equal("bucket: partitions", [row[:4] for row in parts if row[1]], [[None, "218007301253", "us-east-1", "2023-07-10"]])
        check_folder(checks, "oddities", trailsql, os.path.join(logs, "oddities"), home)
    checks.end()


if __name__ == "__main__":
    main()
