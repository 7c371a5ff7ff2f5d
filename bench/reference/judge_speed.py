"""What the feature judge's speed is compared with: TF-IDF of words and word pairs of the three texts (20,000 terms, the judge's way of weighing them),
a truncated singular value decomposition to dense columns, and HistGradientBoosting of the judge's size over both orders.

Usage: judge_speed.py FILE features
       judge_speed.py FILE judge ROWS ROUNDS OUT
FILE: the competition's layout. features: TF-IDF alone. judge: everything on the first ROWS rows, 5 folds and the final fit, ROUNDS rounds each; OUT receives
the out-of-fold log loss as JSON.
Prints one JSON object: seconds of every run (one), peak resident memory in MiB, rows, versions.
"""
import json
import platform
import resource
import sys
import time

import numpy
import pandas
import sklearn
from sklearn.decomposition import TruncatedSVD
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_extraction.text import TfidfVectorizer

COMPONENTS = 49  # difference, sum and prompt together with three lengths: 150 dense columns, as many as the recipe `feature` has


def features(columns):
    vectorizer = TfidfVectorizer(ngram_range=(1, 2), min_df=5, max_features=20000, sublinear_tf=True, dtype=numpy.float32)
    vectorizer.fit([text for column in columns for text in column])
    return [vectorizer.transform(column) for column in columns]


def boosting(rounds):
    return HistGradientBoostingClassifier(
        learning_rate=0.05, max_iter=rounds, max_leaf_nodes=8, min_samples_leaf=40, l2_regularization=10, max_bins=127, early_stopping=False, random_state=0)


def judge(columns, labels, rounds):
    """Trains on folds and on everything; the log loss out of fold, averaged over both orders."""
    prompt, a, b = features(columns)
    svd = TruncatedSVD(n_components=COMPONENTS, n_iter=2, random_state=0).fit(a + b)
    lengths = numpy.log1p(numpy.array([[len(text) for text in column] for column in columns]).T)
    difference, both, asked = svd.transform(a - b), svd.transform(a + b), svd.transform(prompt)
    given = numpy.hstack([difference, both, asked, lengths])
    swapped = numpy.hstack([-difference, both, asked, lengths[:, [0, 2, 1]]])
    exchanged = numpy.array([1, 0, 2])[labels]
    folds = numpy.arange(len(labels)) % 5
    predicted = numpy.zeros((len(labels), 3))
    for fold in [*range(5), -1]:
        outside, inside = folds != fold, folds == fold
        model = boosting(rounds).fit(numpy.concatenate([given[outside], swapped[outside]]), numpy.concatenate([labels[outside], exchanged[outside]]))
        if fold >= 0:
            predicted[inside] = (model.predict_proba(given[inside]) + model.predict_proba(swapped[inside])[:, [1, 0, 2]]) / 2
    return -numpy.log(predicted[numpy.arange(len(labels)), labels]).mean()


frame = pandas.read_csv(sys.argv[1])
if sys.argv[2] == "judge":
    frame = frame.head(int(sys.argv[3]))
columns = [["\n".join(text or "" for text in json.loads(cell)) for cell in frame[name]] for name in ("prompt", "response_a", "response_b")]
labels = frame[["winner_model_a", "winner_model_b", "winner_tie"]].to_numpy().argmax(1)
start = time.perf_counter()
if sys.argv[2] == "judge":
    loss = judge(columns, labels, int(sys.argv[4]))
else:
    features(columns)
seconds = time.perf_counter() - start
if sys.argv[2] == "judge":
    with open(sys.argv[5], "w", encoding="utf-8") as file:
        json.dump({"log_loss": loss}, file)

print(json.dumps({
    "seconds": [seconds],
    "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    "rows": len(frame),
    "version": f"scikit-learn {sklearn.__version__}, Python {platform.python_version()}",
}))
