"""What the feature judge's speed is compared with: TF-IDF of words and word pairs of the three texts (20,000 terms each way of counting as the judge's),
a truncated singular value decomposition to dense columns, and HistGradientBoosting of the judge's size over both orders.

Usage: judge_speed.py FILE STAGE
FILE: the competition's layout. STAGE: features (TF-IDF alone) or judge (everything).
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

frame = pandas.read_csv(sys.argv[1])
columns = [["\n".join(text or "" for text in json.loads(cell)) for cell in frame[name]] for name in ("prompt", "response_a", "response_b")]
start = time.perf_counter()
vectorizer = TfidfVectorizer(ngram_range=(1, 2), min_df=5, max_features=20000, sublinear_tf=True, dtype=numpy.float32)
vectorizer.fit([text for column in columns for text in column])
prompt, a, b = (vectorizer.transform(column) for column in columns)
if sys.argv[2] == "judge":
    svd = TruncatedSVD(n_components=32, n_iter=2, random_state=0).fit(a + b)
    lengths = numpy.array([[len(text) for text in column] for column in columns]).T
    difference, both, asked = svd.transform(a - b), svd.transform(a + b), svd.transform(prompt)
    given = numpy.hstack([difference, both, asked, lengths])
    swapped = numpy.hstack([-difference, both, asked, lengths[:, [0, 2, 1]]])
    labels = frame[["winner_model_a", "winner_model_b", "winner_tie"]].to_numpy().argmax(1)
    exchanged = numpy.array([1, 0, 2])[labels]
    folds = numpy.arange(len(labels)) % 5
    for fold in [*range(5), -1]:
        outside = folds != fold
        HistGradientBoostingClassifier(learning_rate=0.05, max_iter=int(sys.argv[3]), max_leaf_nodes=8, early_stopping=False, random_state=0).fit(
            numpy.concatenate([given[outside], swapped[outside]]), numpy.concatenate([labels[outside], exchanged[outside]]))

print(json.dumps({
    "seconds": [time.perf_counter() - start],
    "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    "rows": len(frame),
    "version": f"scikit-learn {sklearn.__version__}, Python {platform.python_version()}",
}))
