#!/usr/bin/env python3
"""Asks random questions of a partitioned table and of a plain one with the same rows: pruning must never change an answer.

  partition_pruning_test.py TRAILSQL [NUM_QUESTIONS [SEED]]
"""
import itertools
import json
import os
import random
import subprocess
import sys
import tempfile

REGIONS = ["eu-west-1", "us-east-1", "us-west-2", None]
DAYS = ["2023-07-09", "2023-07-10", "2024-02-29"]
NUMBERS = [1, 7, 12]
OPENX = "ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'"


def write_tables(folder):
    """Writes the same rows twice; returns the statements that make the two tables."""
    rows = []
    partitions = []
    for region, day, number in itertools.product(REGIONS, DAYS, NUMBERS):
        name = f"region={region or '__HIVE_DEFAULT_PARTITION__'}/day={day}/n={number}"
        os.makedirs(f"{folder}/parts/{name}")
        with open(f"{folder}/parts/{name}/x.json", "w", encoding="utf-8") as file:
            for v in range(2):
                file.write(json.dumps({"v": v}) + "\n")
                rows.append({"v": v, "region": region, "day": day, "n": number, "path": f"{folder}/parts/{name}/x.json"})
        partitions.append(name)
    os.makedirs(f"{folder}/plain")
    with open(f"{folder}/plain/x.json", "w", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    return [
        f"CREATE EXTERNAL TABLE parted (v bigint) PARTITIONED BY (region string, `day` date, n bigint) {OPENX} LOCATION '{folder}/parts/'",
        f"CREATE EXTERNAL TABLE plain (v bigint, region string, `day` date, n bigint, path string) {OPENX} LOCATION '{folder}/plain/'",
        "MSCK REPAIR TABLE parted",
    ]


def value_of(rng, column):
    if column == "region":
        return rng.choice(["'eu-west-1'", "'us-east-1'", "'mars'", "lower('US-WEST-2')", "NULL"])
    if column == "day":
        return rng.choice(["DATE '2023-07-09'", "DATE '2023-07-10'", "DATE '2024-03-01' - INTERVAL '1' DAY", "CAST('2023-07-10' AS date)"])
    return rng.choice(["1", "7", "12", "8 - 1", "-3", "CAST('12' AS bigint)"])


def simple_condition(rng):
    column = rng.choice(["region", "day", "n", "v"])
    if column == "v":
        return rng.choice(["v = 0", "v > 0", "v IN (1, 5)"])
    value = value_of(rng, column)
    forms = [
        f"{column} {rng.choice(['=', '<>', '<', '<=', '>', '>='])} {value}",
        f"{value} {rng.choice(['=', '<', '>='])} {column}",
        f"{column} {rng.choice(['IN', 'NOT IN'])} ({value}, {value_of(rng, column)})",
        f"{column} BETWEEN {value} AND {value_of(rng, column)}",
        f"{column} IS {rng.choice(['NULL', 'NOT NULL'])}",
        f"{column} IS DISTINCT FROM {value}",
        f"coalesce({column}, {value}) = {value_of(rng, column)}",
        f"CASE WHEN {column} = {value} THEN v = 1 ELSE n > 5 END",
    ]
    extra = {
        "region": ["region LIKE 'us-%'", "region NOT LIKE '%west%'", "upper(region) = 'EU-WEST-1'", "length(region) + n > 15",
                   "regexp_like(region, '^us')", "TRY(CAST(region AS integer)) IS NULL", "\"$path\" LIKE '%'"],
        "day": ["month(day) = 7", "date_format(day, '%Y') = '2023'", "day > DATE '2023-01-01' + INTERVAL '6' MONTH", "day(day) = 10"],
        "n": ["n % 2 = 1", "n * 2 IN (2, 24)", "CAST(n AS varchar) LIKE '1%'", "n + v = 8"],
    }
    return rng.choice(forms + extra[column])


def path_condition(rng, folder, path):
    """A condition on `path`, which stands for "$path" or the plain table's own column."""
    whole = f"{folder}/parts/region={rng.choice(REGIONS[:3])}/day={rng.choice(DAYS)}/n={rng.choice(NUMBERS)}/x.json"
    other = f"{folder}/parts/region={rng.choice(REGIONS[:3])}/day={rng.choice(DAYS)}/n={rng.choice(NUMBERS)}/x.json"
    cut = rng.randrange(len(folder), len(whole) + 1)
    text = whole[:cut]
    escaped = text.replace("!", "!!").replace("_", "!_")
    return rng.choice([
        f"{path} {rng.choice(['=', '<>', '<', '<=', '>', '>='])} '{text}'",
        f"'{text}' {rng.choice(['=', '<', '>='])} {path}",
        f"{path} LIKE '{text}%'",
        f"{path} NOT LIKE '{text}%'",
        f"{path} LIKE '{escaped}%' ESCAPE '!'",
        f"{path} LIKE '%{whole[cut:]}'",
        f"{path} IN ('{whole}', '{other}', NULL)",
        f"{path} BETWEEN '{min(text, other)}' AND '{max(text, other)}'",
        f"{path} >= '{text}' AND {path} < '{other}'",
        f"starts_with({path}, '{text}')",
        f"substr({path}, 1, {cut}) {rng.choice(['=', '>', '<', '>='])} '{text}'",
        f"substr({path}, {cut}) = '{whole[cut - 1:]}'",
        f"concat({path}, '') = '{whole}'",
        f"NOT ({path} > '{text}')",
    ])


def path_question(rng, folder):
    p, q, c = path_condition(rng, folder, "{path}"), path_condition(rng, folder, "{path}"), condition(rng, 1)
    of_subquery = path_condition(rng, folder, "p")
    return rng.choice([
        f"SELECT count(*), sum(n) FROM {{t}} WHERE {p}",
        f"SELECT count(*), sum(n) FROM {{t}} WHERE {p} AND {c}",
        f"SELECT count(*), sum(n) FROM {{t}} WHERE ({p}) OR ({q} AND {c})",
        f"SELECT count(*), sum(n) FROM {{t}} WHERE ({p}) AND ({q} OR {c})",
        f"SELECT count(*), max(p) IS NULL FROM (SELECT n, {{path}} AS p FROM {{t}}) x WHERE {of_subquery}",
        f"SELECT count(*) FROM (SELECT n, upper({{path}}) AS p FROM {{t}}) x WHERE {of_subquery}",
        f"SELECT count(*), count(t.v) FROM (VALUES 1, 7, 99) k (kn) LEFT JOIN {{t}} t ON t.n = k.kn AND {p}",
        f"SELECT count(*) FROM (SELECT {{path}} AS p, n FROM {{t}} UNION ALL SELECT 'x', n FROM {{t}}) x WHERE {of_subquery}",
    ])


def condition(rng, depth=2):
    if depth == 0 or rng.random() < 0.3:
        return simple_condition(rng)
    if rng.random() < 0.15:
        return f"NOT ({condition(rng, depth - 1)})"
    word = rng.choice([" AND ", " OR "])
    return "(" + word.join(condition(rng, depth - 1) for _ in range(rng.choice([2, 2, 3]))) + ")"


def question(rng):
    c, d = condition(rng), condition(rng, 1)
    return rng.choice([
        f"SELECT count(*), sum(n), min(region) FROM {{t}} WHERE {c}",
        f"SELECT region, day, count(*) FROM {{t}} WHERE {c} GROUP BY 1, 2",
        f"SELECT region, count(*) FROM {{t}} WHERE {c} GROUP BY region HAVING region > 'f' AND count(*) > 1",
        f"SELECT count(*) FROM (SELECT v, region, day, n FROM {{t}} WHERE {d}) x WHERE {c}",
        f"WITH w AS (SELECT * FROM {{t}}) SELECT count(*), max(day) FROM w WHERE {c}",
        f"WITH w AS (SELECT * FROM {{t}} WHERE {d}) SELECT count(*) FROM w a JOIN w b ON a.region = b.region AND a.v = b.v WHERE a.n = 1",
        f"SELECT count(*) FROM (SELECT v, region, day, n FROM {{t}} WHERE {d} UNION ALL SELECT v, region, day, n FROM {{t}}) x WHERE {c}",
        f"SELECT count(*) FROM (SELECT v, region, day, n FROM {{t}} EXCEPT SELECT v, region, day, n FROM {{t}} WHERE {d}) x WHERE {c}",
        f"SELECT count(*), sum(k) FROM (SELECT v, region, day, n, row_number() OVER (ORDER BY day, n, region, v) AS k FROM {{t}}) x WHERE {c}",
        f"SELECT count(*) FROM (SELECT v, region, day, n FROM {{t}} ORDER BY n, day, region, v LIMIT 17) x WHERE {c}",
        f"SELECT count(*), count(t.v) FROM (VALUES 1, 7, 99) k (kn) LEFT JOIN {{t}} t ON t.n = k.kn AND {c.replace('v ', 't.v ')}",
        f"SELECT count(*), count(t.v) FROM (VALUES 1, 7, 99) k (kn) LEFT JOIN {{t}} t ON t.n = k.kn WHERE {c}",
        f"SELECT count(*), count(k.kn) FROM {{t}} t LEFT JOIN (VALUES 1, 7, 99) k (kn) ON t.n = k.kn AND day > DATE '2023-07-09' WHERE {c}",
        f"SELECT count(*) FROM (VALUES 1, 7) k (kn) FULL JOIN {{t}} t ON t.n = k.kn WHERE {c}",
        f"SELECT count(*) FROM {{t}} WHERE {d} AND n IN (SELECT n FROM {{t}} WHERE {c})",
        f"SELECT count(*) FROM {{t}} t WHERE EXISTS (SELECT 1 FROM {{t}} u WHERE u.n = t.n + 5 AND u.region = t.region) AND {c}",
        f"SELECT count(*) FROM {{t}} a JOIN {{t}} b USING (region, day, n, v) WHERE {c}",
        f"SELECT DISTINCT region, upper(region) AS u FROM {{t}} WHERE {c}",
        f"SELECT r, count(*) FROM (SELECT coalesce(region, 'none') AS r, v, n, day, region FROM {{t}}) x WHERE r <> 'none' AND {c} GROUP BY r",
        f"SELECT count(*) FILTER (WHERE {c}) FROM {{t}}",
        f"SELECT max(s) FROM (SELECT region, sum(n) AS s FROM {{t}} WHERE {c} GROUP BY GROUPING SETS ((region), ())) x WHERE region = 'us-east-1'",
    ])


def ask(trailsql, home, statements):
    requests = "".join(json.dumps({"id": i, "sql": sql}) + "\n" for i, sql in enumerate(statements))
    done = subprocess.run([trailsql, "batch", "--home", home], input=requests, stdout=subprocess.PIPE, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def main():
    trailsql = os.path.abspath(sys.argv[1])
    num_questions = int(sys.argv[2]) if len(sys.argv) > 2 else 150
    rng = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 20231107)
    with tempfile.TemporaryDirectory(prefix="trailsql_test_") as folder:
        home = folder + "/home"
        for answer in ask(trailsql, home, write_tables(folder)):
            assert "error" not in answer, answer
        questions = [path_question(rng, folder) if i % 4 == 3 else question(rng) for i in range(num_questions)]
        parted = ask(trailsql, home, [sql.replace("{t}", "parted").replace("{path}", '"$path"') for sql in questions])
        plain = ask(trailsql, home, [sql.replace("{t}", "plain").replace("{path}", "path") for sql in questions])
    num_wrong = num_errors = 0
    for sql, left, right in zip(questions, parted, plain):
        num_errors += "error" in right
        same = left.get("error") == right.get("error") and sorted(map(str, left.get("rows", []))) == sorted(map(str, right.get("rows", [])))
        if not same:
            num_wrong += 1
            print(f"DIFFERENT: {sql}\n  partitioned: {left}\n  plain:       {right}")
    print(f"{num_questions - num_wrong} of {num_questions} questions have the same answer, {num_errors} of them an error")
    sys.exit(1 if num_wrong or num_errors > num_questions // 4 else 0)


if __name__ == "__main__":
    main()
