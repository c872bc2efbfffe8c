#!/usr/bin/env python3
"""Asks the oracle (a real Trino, if one answers on this machine) and trailsql the same statements over the real logs.

  shared_oracle_test.py TRAILSQL [STATEMENTS.sql]

Statements are separated by `;;`. Names and types of columns, rows, and errors (name, place, text) must agree. Rows must
have the order of ORDER BY as far as its plain keys fix it. UNNEST of rows is asked the way that keeps rows in Trino.
"""
import json
import os
import re
import sys
import tempfile

from shared_data import Checks, LOCATION, run_batch, shared_folder, skip, statement_of

HERE = os.path.dirname(os.path.abspath(__file__))
UNNEST_OF_ROWS = re.compile(r"\bunnest\s*\(\s*((?:\w+\.)*(?:records|resources|items))\s*\)(?=\s*(?:with\s+ordinality\s*)?(?:as\s+)?\w+\s*\()", re.IGNORECASE)


class Rewriting:
    """A statement with UNNEST(rows) AS t (r) turned into what keeps rows whole in Trino; leads places back to the original."""

    def __init__(self, sql):
        self.original, self.text, self.edits = sql, "", []  # edits: (begin and end in the text, begin in the original)
        position = 0
        for match in UNNEST_OF_ROWS.finditer(sql):
            self.text += sql[position:match.start(1)]
            new = f"transform({match[1]}, r_ -> ROW(r_))"
            self.edits.append((len(self.text), len(self.text) + len(new), match.start(1), len(match[1])))
            self.text += new
            position = match.end(1)
        self.text += sql[position:]

    def original_place(self, line, column):
        offset = sum(len(text) + 1 for text in self.text.split("\n")[:line - 1]) + column - 1
        shift = 0
        for begin, end, original, length in self.edits:
            if begin <= offset < end:
                offset, shift = original, 0
                break
            if offset >= end:
                shift = end - (original + length)
        before = self.original[:offset - shift]
        return before.count("\n") + 1, len(before) - before.rfind("\n")


def expected_answer(ask, sql):
    """Returns the oracle's answer, in trailsql's words where they differ by name only."""
    rewriting = Rewriting(sql)
    answer = ask(rewriting.text)
    if "error" not in answer:
        return answer
    line, column = answer["line"], answer["column"]
    if line is not None:
        line, column = rewriting.original_place(line, column)
    message = re.sub(r"^line \d+:\d+: ", "", answer["message"]).replace("hive.", "awsdatacatalog.")
    return {"error": answer["error"], "message": message, "line": line, "column": column}


def compare(checks, replay, sql, got, want):
    if "error" in want or "error" in got:
        checks.equal(sql, {key: got.get(key) for key in want}, want)
        return
    checks.equal(f"columns: {sql}", got["columns"], want["columns"])
    keys = replay.order_keys(sql, want["columns"]) or []
    order = [[row[key] for key in keys] for row in got["rows"]], [[row[key] for key in keys] for row in want["rows"]]
    checks.equal(f"order: {sql}", *(order if not replay.equal(*order) else (0, 0)))
    rows = [sorted(answer["rows"], key=lambda row: json.dumps(row, sort_keys=True)) for answer in (got, want)]
    checks.equal(f"rows: {sql}", *(rows if not replay.equal(*rows) else (0, 0)))


def main():
    trailsql = os.path.abspath(sys.argv[1])
    path = sys.argv[2] if len(sys.argv) > 2 else os.path.join(HERE, "oracle", "statements.sql")
    shared = shared_folder("oracle/ask.py", "oracle/replay.py", "data/cloudtrail/bucket")
    sys.path.insert(0, os.path.join(shared, "oracle"))
    sys.dont_write_bytecode = True
    from ask import BASE, ask
    import replay
    try:
        known = ask("SELECT count(*) FROM my_table_name")
    except OSError as error:
        skip(f"no oracle at {BASE}: {error}")
    if "error" in known:
        skip(f"the oracle has no my_table_name: {known['message']}")
    with open(path, encoding="utf-8") as file:
        text = "\n".join(line for line in file.read().split("\n") if not line.startswith("--"))
    statements = [statement.strip() for statement in text.split(";;") if statement.strip()]
    checks = Checks()
    with tempfile.TemporaryDirectory(prefix="trailsql_test_") as folder:
        maps = [f"{LOCATION}={shared}/data/cloudtrail/bucket"]
        setup = [statement_of(name) for name in ("classic_table.sql", "text_table.sql", "logs_view.sql")]
        answers = run_batch(trailsql, os.path.join(folder, "home"), setup + statements, maps)
    for number, statement in enumerate(setup):
        checks.equal(statement, answers[number].get("error"), None)
    for sql, got in zip(statements, answers[len(setup):]):
        compare(checks, replay, sql, got, expected_answer(ask, sql))
    print(len(statements), "statements")
    checks.end()


if __name__ == "__main__":
    main()
