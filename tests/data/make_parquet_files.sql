-- Writes the Parquet files of tests/data/parquet. Run in a DuckDB shell, in the folder tests/data.
-- The columns of the files differ on purpose: in case, order, type, and in being there at all.
COPY (SELECT 1::BIGINT AS id, 'alice' AS name, 12.50::DECIMAL(10, 2) AS balance, DATE '2020-02-29' AS born,
             TIMESTAMP '2021-03-04 05:06:07.123456' AS seen, {'City': 'Rome', 'zip': 184} AS home,
             ['a', 'b'] AS tags, MAP {'y': 2, 'x': 1} AS counts, true AS active
      UNION ALL
      SELECT 2, 'bob', NULL, NULL, NULL, NULL, [], NULL, false)
  TO 'parquet/people/a.parquet' (FORMAT parquet);
COPY (SELECT 'carola-with-a-long-name' AS NAME, 3::INTEGER AS ID, 7::INTEGER AS balance,
             TIMESTAMPTZ '2021-03-04 05:06:07.999999+00' AS seen, {'zip': 1, 'extra': 2} AS home)
  TO 'parquet/people/b.parquet' (FORMAT parquet);
COPY (SELECT 300::BIGINT AS n, 'x' AS word) TO 'parquet/wide/part.parquet' (FORMAT parquet);
COPY (SELECT [{'eventname': 'A', 'resources': [{'arn': 'r1'}, {'arn': 'r2'}]}, {'eventname': 'B', 'resources': NULL}] AS records)
  TO 'parquet/logs/1.parquet' (FORMAT parquet);
