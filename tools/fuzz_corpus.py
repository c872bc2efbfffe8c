#!/usr/bin/env python3
"""Collects seeds for the fuzz targets from the tests: statements in FOLDER/sql, JSON in
FOLDER/json, and in FOLDER/text lines of text behind a format and its property (fuzz/text_scan_fuzz.cpp).

Usage: tools/fuzz_corpus.py FOLDER

A seed's name is the checksum of its contents, so the same seed is written once.
"""

import hashlib
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
MAX_SEED_BYTES = 16_384
# Forms that JSON readers trip over; each is a whole input.
JSON_SEEDS = [
    '{"Records":[]}', '{"Records":null}', '{"Records":[null,{}]}', "{}", "[]", "null", '"text"', "", "\ufeff{}",
    '{"Records":[{"eventName":"A","userIdentity":{"arn":"x","sessionContext":{"sessionIssuer":{}}}}]}',
    '{"records":[{"EVENTNAME":"A","eventname":"B","eventName":null}]}',
    "{'Records'=>[{eventName:A;}]}", '{"Records":[{"eventName":"\\ud83d\\ude80\\u0000\\ud800"}]}',
    '{"Records":[{"requestParameters":"text","resources":{"ARN":"x"}}]}', '{"Records":[{"eventName":1e3,"a":-0}',
    '{\n  "Records": [\n    {"eventName": "A"}\n  ]\n}\n', '{"a":1}{"b":2}\n\n{"Records":[{"eventVersion":1.50}]}',
    '{"Events":[{"CloudTrailEvent":"{\\"eventVersion\\":\\"1\\"}"}]}', '{"logEvents":[{"message":"[{\\"eventVersion\\":1}]"}]}',
    '2023-07-10T19:00:00Z {"detail-type":"x","detail":{"eventVersion":"1"}}', '{Records:[5,{eventName:A}]}{"Records":[{"eventVersion":"1"},',
]
# Formats of text by the first byte, each with its property: delimited, CSV, regular expression, Grok.
TEXT_PROPERTIES = ["\0,\n", "\0 \\\\N\n", "\1,\"\\\n", "\1;\n", '\2([^ ]*) ([^ ]*) "([^"]*)"(.*)\n', "\3%{IP:c0} %{GREEDYDATA:c1}\n"]


def statements(text):
    """Yields the statements of a .test or .sql file: the parts between its separators."""
    yield text
    for part in re.split(r"\n(?:-{2,}|={2,}|\s*)\n|;\s*\n", text):
        if part.strip():
            yield part.strip()


def write(folder, contents):
    data = contents.encode("utf-8", errors="surrogatepass") if isinstance(contents, str) else contents
    if len(data) <= MAX_SEED_BYTES:
        (folder / hashlib.sha1(data).hexdigest()).write_bytes(data)


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    folder = pathlib.Path(sys.argv[1])
    for kind in ("sql", "json", "text"):
        (folder / kind).mkdir(parents=True, exist_ok=True)
    for path in sorted((ROOT / "tests").rglob("*")):
        if path.suffix in (".sql", ".test"):
            for statement in statements(path.read_text(encoding="utf-8")):
                write(folder / "sql", statement)
        elif path.suffix in (".json", ".jsonl"):
            write(folder / "json", path.read_bytes())
        elif path.suffix in (".csv", ".log", ".txt"):
            for properties in TEXT_PROPERTIES:
                write(folder / "text", properties.encode() + path.read_bytes())
    for seed in JSON_SEEDS:
        write(folder / "json", seed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
