"""Bradley-Terry with bootstrap rounds the way the Arena's published method does it: votes collapsed to unique (a, b, outcome) rows with counts, a multinomial
draw of the counts per round, and scipy's L-BFGS with the analytic gradient on each draw, one process per core. Gradients are summed with numpy.add.at as
published, and in a second pass of all rounds with numpy.bincount, which is faster.

Usage: bradley_terry_scipy.py FILE ROUNDS
Prints one JSON object: seconds to read, to fit once, for all rounds with either sum; the ratings; versions.
"""
import json
import math
import multiprocessing
import os
import platform
import sys
import time

import numpy
import pandas
import scipy
from scipy.optimize import minimize
from scipy.special import expit

SCALE = math.log(10)


def sum_as_published(first, second, slope, models):
    gradient = numpy.zeros(models)
    numpy.add.at(gradient, numpy.stack([first, second], 1), slope[:, None] * numpy.array([1.0, -1.0]))
    return gradient


def sum_faster(first, second, slope, models):
    return numpy.bincount(first, slope, models) - numpy.bincount(second, slope, models)


def loss_and_gradient(ratings, first, second, outcome, weight, total):
    expected = expit(SCALE * (ratings[first] - ratings[second]))
    loss = -(weight * (outcome * numpy.log(expected) + (1 - outcome) * numpy.log1p(-expected))).sum()
    return loss, total(first, second, SCALE * weight * (expected - outcome), len(ratings))


def fit(first, second, outcome, counts, models, total=sum_faster):
    weight = counts / counts.sum()
    found = minimize(loss_and_gradient, numpy.zeros(models), args=(first, second, outcome, weight, total), jac=True, method="L-BFGS-B",
                     options={"maxiter": 100, "gtol": 1e-6, "disp": False})
    return 400 * found.x + 1000


def one_round(seed, total):
    random = numpy.random.default_rng(seed)
    return fit(*COLUMNS[:3], random.multinomial(TOTAL, COLUMNS[3] / TOTAL), MODELS, total)


def all_rounds(rounds, total):
    start = time.perf_counter()
    with multiprocessing.Pool(os.cpu_count()) as pool:
        pool.starmap(one_round, [(seed, total) for seed in range(rounds)])
    return time.perf_counter() - start


start = time.perf_counter()
frame = pandas.read_csv(sys.argv[1], usecols=["model_a", "model_b", "winner"])
read = time.perf_counter() - start

start = time.perf_counter()
names = sorted(set(frame.model_a) | set(frame.model_b))
places = {name: place for place, name in enumerate(names)}
score = frame.winner.map({"model_a": 1.0, "model_b": 0.0}).fillna(0.5)
rows = pandas.DataFrame({"a": frame.model_a.map(places), "b": frame.model_b.map(places), "o": score})
unique = rows.groupby(["a", "b", "o"]).size().reset_index(name="n")
COLUMNS = (unique.a.to_numpy(), unique.b.to_numpy(), unique.o.to_numpy(), unique.n.to_numpy(dtype=float))
TOTAL, MODELS = int(unique.n.sum()), len(names)
aggregate = time.perf_counter() - start

start = time.perf_counter()
ratings = fit(*COLUMNS, MODELS)
single = time.perf_counter() - start

rounds = int(sys.argv[2])
print(json.dumps({
    "read": read, "aggregate": aggregate, "fit": single, "rounds": rounds,
    "bootstrap": all_rounds(rounds, sum_as_published), "bootstrap_bincount": all_rounds(rounds, sum_faster),
    "ratings": dict(zip(names, ratings)),
    "version": f"scipy {scipy.__version__}, numpy {numpy.__version__}, Python {platform.python_version()}",
}))
