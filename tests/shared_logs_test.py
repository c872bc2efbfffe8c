#!/usr/bin/env python3
"""Asks the classic table, and that of CloudTrail's own SerDe, over the real logs of the shared folder, and compares with what Python
reads from the raw files.

  shared_logs_test.py TRAILSQL

1. The bucket: the DDL as published, both questions of the field with and without their LIMIT, counts, every scalar field.
2. Every odd file, alone in a folder: its documents, its records, every scalar field, and the note on documents of several lines.
3. The same fields of both, one row a record.
"""
import collections
import glob
import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

from shared_data import Checks, LOCATION, environment, run_batch, shared_folder, statement_of

# The fields of a record as the classic DDL has them; a list is an array of rows.
ISSUER = dict.fromkeys("arn principalid accountid type username".split())
RECORD = dict.fromkeys("""eventname eventtype eventsource sourceipaddress eventversion useragent eventid awsregion sharedeventid
  eventtime requestid recipientaccountid""".split())
RECORD["requestparameters"] = {"instancesset": {"items": [{"instanceid": None}]}, "volumeset": {"items": [{"volumeid": None}]}}
RECORD["useridentity"] = dict(dict.fromkeys("arn principalid accountid invokedby type".split()), sessioncontext={
    "sessionissuer": ISSUER, "attributes": {"creationdate": None, "mfaauthenticated": None}})
RECORD["responseelements"] = {"credentials": dict.fromkeys("accesskeyid expiration sessiontoken".split()),
                              "assumedroleuser": dict.fromkeys("arn assumedroleid".split())}
RECORD["resources"] = [dict.fromkeys("accountid type arn".split())]
ALIASED = "CROSS JOIN UNNEST(records) AS t (record)"
CLASSIC = "my_table_name " + ALIASED

# The same as CloudTrail's own SerDe has them, whose table has a row a record; what does not fit is NULL.
CLOUDTRAIL_RECORD = dict.fromkeys("""eventversion eventtime eventsource eventname awsregion sourceipaddress useragent errorcode errormessage
  requestparameters responseelements additionaleventdata requestid eventid eventtype apiversion readonly recipientaccountid
  serviceeventdetails sharedeventid vpcendpointid""".split())
CLOUDTRAIL_RECORD["useridentity"] = dict(dict.fromkeys("type principalid arn accountid invokedby accesskeyid username".split()), sessioncontext={
    "attributes": dict.fromkeys("mfaauthenticated creationdate".split()), "sessionissuer": ISSUER, "ec2roledelivery": None})
CLOUDTRAIL_RECORD["resources"] = [dict.fromkeys("arn accountid type".split())]
CLOUDTRAIL = "cloudtrail_logs AS record"


class Number(str):
    """A number as it is written."""


def load(text):
    """Reads JSON; objects are lists of pairs, so that order, case and repeated keys stay."""
    return json.loads(text, parse_int=Number, parse_float=Number, object_pairs_hook=lambda pairs: ("object", pairs))


def member(value, name):
    """Returns the field of an object: the last key that equals the name but for its case."""
    found = None
    for key, inner in value[1]:
        if key.lower() == name:
            found = inner
    return found


def text_of(value):
    """Returns what a STRING column shows of a value."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Number):
        if not re.fullmatch(r"-?[1-9]\d*|0|-?\d+\.\d+", value):
            raise ValueError("a number whose text this test does not know: " + value)
        return str(value)
    if value is None or isinstance(value, str):
        return value
    return json_text(value)


def json_text(value):
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, tuple):
        return "{" + ",".join(json.dumps(key, ensure_ascii=False) + ":" + json_text(inner) for key, inner in value[1]) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(json_text, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


class Misfit(Exception):
    """Something else stands where the table has a row: whoever reads it fails."""


MISFIT = object()


def shaped(value, shape, misfit=MISFIT):
    """Returns the value as the table's type has it: rows are dicts, arrays lists, texts str; `misfit` stands for what no row can be."""
    if shape is None:
        return text_of(value)
    if value is None or value == "":
        return None
    if isinstance(shape, list):
        elements = value if isinstance(value, list) else [value]
        return [shaped(element, shape[0], misfit) for element in elements]
    if isinstance(value, list):  # a list fills a row by position
        names = list(shape)
        return {name: shaped(value[i] if i < len(value) else None, shape[name], misfit) for i, name in enumerate(names)}
    if not isinstance(value, tuple):
        return misfit
    return {name: shaped(member(value, name), inner, misfit) for name, inner in shape.items()}


def raw_documents_of(data):
    """Returns the documents of a file as JSON, and whether it is one document of several lines."""
    text = data.decode("utf-8")
    lines = [line for line in text.splitlines() if line.strip()]
    try:
        return [load(line) for line in lines], False
    except ValueError:
        return [load(text)], True


def raw_records_of(data):
    """Returns the records of a file as JSON: the elements of `Records`."""
    lists = [member(document, "records") for document in raw_documents_of(data)[0]]
    return [record for found in lists if found is not None for record in (found if isinstance(found, list) else [found])]


def cloudtrail_row(record):
    """Returns the row of a record; there is also the text of its whole user identity."""
    row = shaped(record, CLOUDTRAIL_RECORD, None)
    if row is None:
        row = dict.fromkeys(CLOUDTRAIL_RECORD)
    row["useridentity_as_string"] = text_of(member(record, "useridentity")) if isinstance(record, tuple) else None
    return row


def documents_of(data):
    """Returns the documents of a file, each the list of its records or None, and whether it is one document of several lines."""
    documents, several = raw_documents_of(data)
    found = []
    for document in documents:
        records = member(document, "records")
        found.append(None if records is None else [shaped(record, RECORD) for record in records])
    return found, several


def scalar_paths(shape, path=()):
    """Yields (path of the array or None, path) of every text."""
    for name, inner in shape.items():
        if inner is None:
            yield None, path + (name,)
        elif isinstance(inner, list):
            for field in inner[0]:
                yield path + (name,), (field,)
        else:
            yield from scalar_paths(inner, path + (name,))


def at(value, path):
    for name in path:
        if value is MISFIT:
            raise Misfit
        value = None if value is None else value[name]
    return value


def has_misfit(value):
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return value is MISFIT or any(map(has_misfit, inner))


def aggregates(texts):
    """Returns count, count distinct, min and max, as the table has them."""
    texts = [text for text in texts if text is not None]
    return [len(texts), len(set(texts)), min(texts, default=None), max(texts, default=None)]


def aggregate_sql(expression):
    return f"count({expression}), count(DISTINCT {expression}), min({expression}), max({expression})"


def field_questions(source, shape, each_alone):
    """Yields (statement, function from records to the row expected): all plain paths at once, those of arrays, then each path alone."""
    paths = list(scalar_paths(shape))
    plain = [path for array, path in paths if array is None]
    everything = ", ".join(aggregate_sql("record." + ".".join(path)) for path in plain)
    yield (f"SELECT {everything} FROM {source}",
           lambda records: [value for path in plain for value in aggregates(at(record, path) for record in records)])
    for array, path in paths:
        if array is None and each_alone:
            yield (f"SELECT {aggregate_sql('record.' + '.'.join(path))} FROM {source}",
                   lambda records, path=path: aggregates(at(record, path) for record in records))
        elif array is not None:
            sql = f"SELECT count(*), {aggregate_sql('e.' + path[0])} FROM {source} CROSS JOIN UNNEST(record.{'.'.join(array)}) AS u (e)"
            yield sql, lambda records, array=array, path=path: array_aggregates(records, array, path)


def array_aggregates(records, array, path):
    elements = [element for record in records for element in at(record, array) or []]
    return [len(elements)] + aggregates(at(element, path) for element in elements)


def check_fields(checks, what, records, trailsql, home, maps=(), each_alone=False, source=CLASSIC, shape=RECORD):
    questions = list(field_questions(source, shape, each_alone))
    for (sql, expected), answer in zip(questions, run_batch(trailsql, home, [sql for sql, _ in questions], maps)):
        check_rows(checks, f"{what}: {sql}", answer, lambda expected=expected: [expected(records)])


def check_rows(checks, what, answer, expected):
    """Compares with what `expected` returns; when that meets a misfit, the query must have failed as the SerDe does."""
    try:
        rows = expected()
    except Misfit:
        checks.equal(what, (answer.get("error"), answer.get("message", "").partition(": ")[2]),
                     ("HIVE_CURSOR_ERROR", "Invalid JSON: Primitive can not be coerced to a ROW"))
        return
    checks.equal(what, answer.get("rows", answer), rows)


def grouped(records, paths, keep):
    """Returns the counts of the records by the texts of the paths."""
    return collections.Counter(tuple(at(record, path) for path in paths) for record in records if keep(record))


def check_question(checks, name, sql, want, answers):
    """Compares the whole answer, and the first twenty, which may differ among equal counts only."""
    limited, whole = ([tuple(row) for row in answer.get("rows", [])] for answer in answers)
    checks.equal(f"{name}: errors", [answer.get("error") for answer in answers], [None, None])
    checks.equal(f"{name}: all groups", dict((row[:-1], row[-1]) for row in whole), dict(want))
    checks.equal(f"{name}: number of groups", len(whole), len(want))
    counts = sorted(want.values(), reverse=True)
    checks.equal(f"{name}: order", [row[-1] for row in whole], counts)
    checks.equal(f"{name}: order of the first 20", [row[-1] for row in limited], counts[:20])
    checks.equal(f"{name}: the first 20 are groups", [row for row in limited if want[row[:-1]] != row[-1]], [])


def differs(record):
    recipient, caller = record["recipientaccountid"], at(record, ("useridentity", "accountid"))
    return recipient is not None and caller is not None and recipient != caller


def check_bucket(checks, trailsql, bucket, folder):
    files = sorted(glob.glob(os.path.join(bucket, "my-cross-account-prefix", "**", "*.json.gz"), recursive=True))
    documents = []
    for path in files:
        with gzip.open(path) as file:
            documents += documents_of(file.read())[0]
    records = [record for document in documents for record in document or []]
    home, maps = os.path.join(folder, "bucket_home"), [f"{LOCATION}={bucket}"]
    questions = [statement_of("question_1.sql"), statement_of("question_2.sql")]
    statements = [statement_of("classic_table.sql")]
    for question in questions:
        statements += [question, re.sub(r"\s+LIMIT 20;?\s*$", "", question)]
    statements += ["SELECT count(*), count(records), sum(cardinality(records)) FROM my_table_name", f"SELECT count(*) FROM my_table_name {ALIASED}",
                   'SELECT "$file_size" FROM my_table_name']
    answers = run_batch(trailsql, home, statements, maps)
    checks.equal("the bucket has files", len(files) > 50, True)
    checks.equal("the DDL", answers[0].get("error"), None)
    who = [("eventname",), ("useridentity", "arn"), ("sourceipaddress",)]
    across = [("eventname",), ("eventsource",), ("useridentity", "arn")]
    check_question(checks, "question 1", questions[0], grouped(records, who, lambda record: True), answers[1:3])
    check_question(checks, "question 2", questions[1], grouped(records, across, differs), answers[3:5])
    checks.equal("documents and records", answers[5].get("rows"), [[len(files), len(documents), len(records)]])
    checks.equal("records", answers[6].get("rows"), [[len(records)]])
    checks.equal("sizes", sorted(row[0] for row in answers[7].get("rows", [])), sorted(map(os.path.getsize, files)))
    check_fields(checks, "bucket", records, trailsql, home, maps, each_alone=True)
    contents = [gzip.open(path).read() for path in files]
    check_cloudtrail_table(checks, "bucket", contents, trailsql, home, None, maps, each_alone=True)
    print(f"bucket: {len(files)} files, {len(records)} records")


def check_cloudtrail_table(checks, what, data, trailsql, home, location=None, maps=(), each_alone=False):
    """Checks the table with a row a record over files of these contents."""
    records = [cloudtrail_row(record) for content in data for record in raw_records_of(content)]
    ddl = statement_of("cloudtrail_table.sql")
    if location:
        ddl = re.sub(r"LOCATION '[^']*'", f"LOCATION '{location}'", ddl)
    answers = run_batch(trailsql, home, [ddl, "SELECT count(*) FROM cloudtrail_logs"], maps)
    checks.equal(f"{what}: cloudtrail_logs", (answers[0].get("error"), answers[1].get("rows", answers[1])), (None, [[len(records)]]))
    shape = dict(CLOUDTRAIL_RECORD, useridentity_as_string=None)
    check_fields(checks, f"{what}, cloudtrail_logs", records, trailsql, home, maps, each_alone, CLOUDTRAIL, shape)


def check_odd_file(checks, trailsql, path, folder):
    """Checks one file alone; returns its number of records."""
    alone, home = os.path.join(folder, "alone"), os.path.join(folder, "home")
    for old in (alone, home):
        shutil.rmtree(old, ignore_errors=True)
    os.makedirs(alone)
    shutil.copy(path, alone)
    name = os.path.basename(path)
    with open(path, "rb") as file:
        documents, several = documents_of(file.read())
    records = [record for document in documents for record in document or []]
    ddl = re.sub(r"LOCATION '[^']*'", f"LOCATION '{alone}/'", statement_of("classic_table.sql"))
    sql = "SELECT count(*), count(records), sum(cardinality(records)) FROM my_table_name"
    answers = run_batch(trailsql, home, [ddl, sql])
    good = [document for document in documents if document is not None]

    def counts():
        if has_misfit(documents):
            raise Misfit
        return [[len(documents), len(good), len(records) if good else None]]
    check_rows(checks, f"{name}: documents", answers[1], counts)
    done = subprocess.run([trailsql, "query", "--format", "csv", f"SELECT count(*) FROM my_table_name {ALIASED}"],
                          capture_output=True, text=True, env=environment(home), check=False)
    checks.equal(f"{name}: records", (done.returncode, done.stdout), (0, f'"_col0"\n"{len(records)}"\n'))
    notes = [line.strip() for line in done.stderr.splitlines()[1:]]
    want = []
    if several:
        want = ["1 × document over several lines", f"{alone}/{name}:1: read as one document"]
    elif len(good) < len(documents):  # JSON lines are no log files: said once a file
        want = ["1 × document without records", f"{alone}/{name}:1: no 'records' in the document"]
    checks.equal(f"{name}: notes", notes, want)
    check_fields(checks, name, records, trailsql, home)
    with open(path, "rb") as file:
        check_cloudtrail_table(checks, name, [file.read()], trailsql, home, alone + "/")
    return len(records)


def main():
    trailsql = os.path.abspath(sys.argv[1])
    logs = os.path.join(shared_folder("data/cloudtrail/bucket", "data/cloudtrail/oddities"), "data", "cloudtrail")
    checks = Checks()
    with tempfile.TemporaryDirectory(prefix="trailsql_test_") as folder:
        check_bucket(checks, trailsql, os.path.join(logs, "bucket"), folder)
        paths = sorted(path for path in glob.glob(os.path.join(logs, "oddities", "**"), recursive=True) if os.path.isfile(path))
        checks.equal("there are odd files", len(paths) > 100, True)
        num_records = sum(check_odd_file(checks, trailsql, path, folder) for path in paths)
        print(f"oddities: {len(paths)} files, {num_records} records")
    checks.end()


if __name__ == "__main__":
    main()
