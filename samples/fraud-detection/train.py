#!/usr/bin/env python3
"""Trains both versions of the fraud detector and writes everything that this folder holds of them.

    ./build.sh tools samples && .tools/bin/python3 samples/fraud-detection/train.py [--output DIRECTORY] [--server slipway-server]

With the pinned tools the models are the same to the last byte on every machine; what a baseline says of outputs may differ in the last
digits from processor to processor. Without --server the model server is built first.
"""

import argparse
import gzip
import hashlib
import os
import pathlib
import subprocess
import tempfile

# One thread and no processor-dependent loops: sums are taken in one order. Must be said before numpy is imported.
os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", NPY_DISABLE_CPU_FEATURES="AVX2 FMA3")

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score

import graphs
import transactions

SAMPLE = pathlib.Path(__file__).parent


def main():
    parser = argparse.ArgumentParser(description="Train the fraud detector and write its two versions.")
    parser.add_argument("--output", type=pathlib.Path, default=SAMPLE)
    parser.add_argument("--server", type=pathlib.Path, help="a slipway-server that writes the baselines")
    arguments = parser.parse_args()
    output = arguments.output
    server = [arguments.server] if arguments.server else ["dotnet", "run", "--project", SAMPLE.parent.parent / "model-server", "--"]

    training, held_out = transactions.training_and_held_out()
    features, labels = arrays(training)
    unseen, truth = arrays(held_out)
    print(f"training on {len(labels)} transactions ({labels.mean():.2%} fraud), judging on {len(truth)} ({truth.mean():.2%})")

    scores = {}
    graphs_of = {}
    graphs_of["1"], scores["1"] = train_linear(features, labels, unseen)
    graphs_of["2"], scores["2"] = train_trees(features, labels, unseen)
    with tempfile.TemporaryDirectory() as folder:
        data = pathlib.Path(folder) / "training.csv"
        data.write_text(transactions.csv(training))
        for version, graph in graphs_of.items():
            write_version(output / "models/fraud-detector" / version, graph, data, server)

    write_packed(output / "data/held-out.csv.gz", transactions.csv(held_out))
    columns = (f"{first:.6f},{second:.6f}\n" for first, second in zip(scores["1"], scores["2"]))
    write_packed(output / "data/scores.csv.gz", "1,2\n" + "".join(columns))

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


def write_version(directory, graph, data, server):
    """A version's folder: the model, its baseline, and the manifest that names their checksums, as sha256sum writes it."""
    directory.mkdir(parents=True, exist_ok=True)
    model, baseline = directory / "model.onnx", directory / "baseline.json"
    model.write_bytes(graph)
    command = ["baseline", "--model", model, "--data", data, "--labels", "label", "--seasonality", "hour=24h", "--output", baseline]
    subprocess.run([*server, *command], check=True)
    lines = (f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in (baseline, model))
    (directory / "SHA256SUMS").write_text("".join(lines))


def write_packed(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text.encode(), mtime=0))


if __name__ == "__main__":
    main()
