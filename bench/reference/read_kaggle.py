"""Reads the competition's train.csv as most people do: pandas, then json.loads on the three text columns.

Usage: read_kaggle.py FILE RUNS
Prints one JSON object: seconds of every run, peak resident memory in MiB, rows, versions.
"""
import json
import platform
import resource
import sys
import time

import pandas


def read(path):
    frame = pandas.read_csv(path)
    for column in ("prompt", "response_a", "response_b"):
        frame[column] = [json.loads(cell) for cell in frame[column]]
    return frame


seconds = []
for _ in range(int(sys.argv[2])):
    start = time.perf_counter()
    frame = read(sys.argv[1])
    seconds.append(time.perf_counter() - start)
    rows = len(frame)
    del frame

print(json.dumps({
    "seconds": seconds,
    "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    "rows": rows,
    "version": f"pandas {pandas.__version__}, Python {platform.python_version()}",
}))
