"""The plain baseline that the feature judge has to beat: 26 hand features and scikit-learn's HistGradientBoosting, trained with both orders of every
battle, predictions averaged over both orders.

Usage: judge_baseline.py FILE
FILE: JSON lines with prompt, response_a, response_b (lists of strings and nulls), target (three probabilities), fold.
Prints one JSON object: out-of-fold predictions in the order of the rows, seconds, versions.
"""
import json
import platform
import re
import sys
import time

import numpy
import sklearn
from sklearn.ensemble import HistGradientBoostingClassifier


def texts(row, key):
    return "\n".join(text or "" for text in row[key])


def side(text, prompt):
    words = text.lower().split()
    asked = set(prompt.lower().split())
    unique = set(words)
    return [
        numpy.log1p(len(text)),
        numpy.log1p(len(words)),
        numpy.log1p(text.count("\n")),
        numpy.log1p(len(re.findall(r"[.!?](?:\s|$)", text))),
        numpy.log1p(text.count("```")),
        numpy.log1p(len(re.findall(r"^\s*(?:[-*+]|\d+[.)])\s", text, re.M))),
        numpy.log1p(text.count("**")),
        numpy.log1p(len(re.findall(r"^#+\s", text, re.M))),
        numpy.log1p(sum(c.isdigit() for c in text)),
        len(unique) / max(1, len(words)),
        len(unique & asked) / max(1, len(asked)),
        float(bool(re.search(r"sorry|as an ai|i can(?:no|')t", text.lower()))),
    ]


def features(a, b, battle):
    return [x - y for x, y in zip(a, b)] + battle


def rows(data):
    """26 features: 12 differences, 12 sums, the prompt's length, the number of turns; and the same with A and B exchanged."""
    given, swapped = [], []
    for row in data:
        prompt = texts(row, "prompt")
        a, b = side(texts(row, "response_a"), prompt), side(texts(row, "response_b"), prompt)
        battle = [x + y for x, y in zip(a, b)] + [numpy.log1p(len(prompt)), len(row["prompt"])]
        given.append(features(a, b, battle))
        swapped.append(features(b, a, battle))
    return numpy.array(given), numpy.array(swapped)


with open(sys.argv[1], encoding="utf-8") as file:
    data = [json.loads(line) for line in file]
start = time.perf_counter()
given, swapped = rows(data)
labels = numpy.array([int(numpy.argmax(row["target"])) for row in data])
exchanged = numpy.array([1, 0, 2])[labels]
folds = numpy.array([row["fold"] for row in data])
predictions = numpy.zeros((len(data), 3))
for fold in range(folds.max() + 1):
    outside, inside = folds != fold, folds == fold
    model = HistGradientBoostingClassifier(
        learning_rate=0.05, max_iter=100, max_leaf_nodes=8, min_samples_leaf=40, l2_regularization=10, random_state=0)
    model.fit(numpy.concatenate([given[outside], swapped[outside]]), numpy.concatenate([labels[outside], exchanged[outside]]))
    predictions[inside] = (model.predict_proba(given[inside]) + model.predict_proba(swapped[inside])[:, [1, 0, 2]]) / 2

print(json.dumps({
    "predictions": predictions.tolist(),
    "seconds": time.perf_counter() - start,
    "version": f"scikit-learn {sklearn.__version__}, Python {platform.python_version()}",
}))
