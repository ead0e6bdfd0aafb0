"""Reads a CSV log and describes the elapsed times per label; prints the seconds that took without the start."""
import resource
import sys
import time

import pandas

begin = time.perf_counter()
log = pandas.read_csv(sys.argv[1])
summary = log.groupby("label")["elapsed"].describe(percentiles=[0.5, 0.9, 0.95, 0.99])
seconds = time.perf_counter() - begin
print(int(summary["count"].sum()), seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
