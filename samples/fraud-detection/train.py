#!/usr/bin/env python3
"""Trains both versions of the fraud detector and writes everything that this folder holds of them.

    ./build.sh tools samples && .tools/bin/python3 samples/fraud-detection/train.py [--output DIRECTORY]

With the pinned tools the result is the same to the last byte on every machine.
"""

import argparse
import gzip
import hashlib
import os
import pathlib

# One thread and no processor-dependent loops: sums are taken in one order. Must be said before numpy is imported.
os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", NPY_DISABLE_CPU_FEATURES="AVX2 FMA3")

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score

import graphs
import transactions

SEED = 20260
CARDS = 1500
DAYS = 92
FIRST_DAY = 7  # before it the counts of the last day and week are still filling
HELD_OUT_FROM = 83  # the model is judged on days that come after all that it was trained on


def main():
    parser = argparse.ArgumentParser(description="Train the fraud detector and write its two versions.")
    parser.add_argument("--output", type=pathlib.Path, default=pathlib.Path(__file__).parent)
    output = parser.parse_args().output

    rows = transactions.generate(SEED, CARDS, DAYS)
    training = [row for row in rows if FIRST_DAY <= row[0] < HELD_OUT_FROM]
    held_out = [row for row in rows if HELD_OUT_FROM <= row[0] < DAYS]
    features, labels = arrays(training)
    unseen, truth = arrays(held_out)
    print(f"training on {len(labels)} transactions ({labels.mean():.2%} fraud), judging on {len(truth)} ({truth.mean():.2%})")

    scores = {}
    graph, scores["1"] = train_linear(features, labels, unseen)
    write_version(output / "models/fraud-detector/1", graph)
    graph, scores["2"] = train_trees(features, labels, unseen)
    write_version(output / "models/fraud-detector/2", graph)

    write_csv(output / "data/held-out.csv.gz", (*transactions.FEATURES, "label"), [(*row[2], row[1]) for row in held_out])
    write_csv(output / "data/scores.csv.gz", ("1", "2"), zip(*([f"{score:.6f}" for score in scores[version]] for version in "12")))

    print("| version | ROC AUC | average precision | recall | precision |")
    for version, score in scores.items():
        print(f"| {version} | " + " | ".join(f"{figure:.4f}" for figure in figures(truth, score)) + " |")


def arrays(rows):
    return np.array([row[2] for row in rows], dtype=np.float32), np.array([row[1] for row in rows])


def train_linear(features, labels, unseen):
    """Version 1: logistic regression on logarithms and one-hot categories."""
    inputs = graphs.linear_inputs(features)
    mean, deviation = inputs.mean(axis=0).round(6), inputs.std(axis=0).round(6)
    model = LogisticRegression(C=1.0, solver="newton-cholesky", tol=1e-10, max_iter=200)
    model.fit((inputs - mean) / deviation, labels)
    # Six digits are more than the data support and hide the last bits of the solver.
    weights, intercept = model.coef_[0].round(6), round(float(model.intercept_[0]), 6)
    log_odds = (graphs.linear_inputs(unseen) - mean) / deviation @ weights + intercept
    return graphs.linear_model(mean, deviation, weights, intercept), 1 / (1 + np.exp(-log_odds))


def train_trees(features, labels, unseen):
    """Version 2: gradient-boosted trees on the features as they are."""
    model = HistGradientBoostingClassifier(
        max_iter=150,
        learning_rate=0.08,
        max_leaf_nodes=12,
        min_samples_leaf=30,
        l2_regularization=5.0,
        early_stopping=False,
        random_state=0,
    )
    model.fit(features, labels)
    trees = [predictor.nodes for (predictor,) in model._predictors]
    return graphs.tree_model(trees, float(model._baseline_prediction.item())), model.predict_proba(unseen)[:, 1]


def figures(truth, score):
    flagged = score >= graphs.THRESHOLD
    return (
        roc_auc_score(truth, score),
        average_precision_score(truth, score),
        flagged[truth == 1].mean(),
        truth[flagged].mean(),
    )


def write_version(directory, graph):
    """A version's folder: the model and the manifest that names its checksum, as sha256sum writes it."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "model.onnx").write_bytes(graph)
    (directory / "SHA256SUMS").write_text(f"{hashlib.sha256(graph).hexdigest()}  model.onnx\n")


def write_csv(path, header, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(",".join(map(str, row)) + "\n" for row in (header, *rows))
    path.write_bytes(gzip.compress(text.encode(), mtime=0))


if __name__ == "__main__":
    main()
