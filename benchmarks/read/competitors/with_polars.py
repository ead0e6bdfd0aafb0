"""Figures of the elapsed times per label with polars, lazily, so that only the columns used are read."""
import sys

import polars

elapsed = polars.col("elapsed")
figures = (
    polars.scan_csv(sys.argv[1])
    .group_by("label")
    .agg(
        elapsed.count().alias("count"),
        elapsed.mean().alias("mean"),
        *(elapsed.quantile(p, "linear").alias(f"p{p}") for p in (0.5, 0.9, 0.95, 0.99)),
        elapsed.min().alias("min"),
        elapsed.max().alias("max"),
        elapsed.std().alias("stdev"),
    )
    .collect()
)
print(figures["count"].sum())
