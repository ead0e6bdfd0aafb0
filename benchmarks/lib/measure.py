"""Runs a command to its end: python measure.py RESULT COMMAND [ARGUMENT ...]

RESULT becomes a JSON file with its wall seconds, its processor seconds and the peak memory of the largest process
among those that it waited for.
"""
import json
import os
import sys
import time

result, command = sys.argv[1], sys.argv[2:]
begin = time.perf_counter()
child = os.spawnvp(os.P_NOWAIT, command[0], command)
_, status, used = os.wait4(child, 0)
wall = time.perf_counter() - begin
with open(result, "w") as file:
    # ru_maxrss is in KiB on Linux, in bytes on macOS.
    unit = 1 if sys.platform == "darwin" else 1024
    json.dump(
        {"wallSeconds": wall, "cpuSeconds": used.ru_utime + used.ru_stime, "peakMB": used.ru_maxrss * unit / 1e6}, file
    )
sys.exit(os.waitstatus_to_exitcode(status))
