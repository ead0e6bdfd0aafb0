"""Figures of the elapsed times per label with DuckDB."""
import sys

import duckdb

rows = duckdb.execute(
    """
    SELECT label, count(*), avg(elapsed), quantile_cont(elapsed, [0.5, 0.9, 0.95, 0.99]),
           min(elapsed), max(elapsed), stddev_samp(elapsed)
    FROM read_csv(?, header = true) GROUP BY label
    """,
    [sys.argv[1]],
).fetchall()
print(sum(row[1] for row in rows))
