"""Writes the two models as ONNX graphs, node by node: both take the raw features and give the same two outputs."""

import math

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper

from transactions import CATEGORIES, FEATURES

OPSET = 17
THRESHOLD = 0.5

# Columns whose logarithm a linear model can use, the one that is a code, and the rest.
SKEWED = [FEATURES.index(name) for name in ("amount", "distance_km", "minutes_since_last", "amount_ratio")]
CODE = FEATURES.index("merchant_category")
PLAIN = [index for index in range(len(FEATURES)) if index not in (*SKEWED, CODE)]


def linear_inputs(features):
    """What the linear model sees of the features; the graph of linear_model computes the same."""
    codes = np.eye(len(CATEGORIES))[features[:, CODE].astype(int)]
    return np.hstack([np.log1p(features[:, SKEWED].astype(np.float64)), features[:, PLAIN], codes])


def constant(name, values, dtype):
    return numpy_helper.from_array(np.asarray(values, dtype=dtype), name)


def linear_model(mean, deviation, weights, intercept):
    """Logarithms and one-hot category, standardised, then one weighted sum."""
    nodes = [
        helper.make_node("Gather", ["features", "skewed_columns"], ["skewed"], axis=1),
        helper.make_node("Add", ["skewed", "one"], ["skewed_plus_one"]),
        helper.make_node("Log", ["skewed_plus_one"], ["logarithms"]),
        helper.make_node("Gather", ["features", "plain_columns"], ["plain"], axis=1),
        helper.make_node("Gather", ["features", "code_column"], ["code"], axis=1),
        helper.make_node("Cast", ["code"], ["category"], to=TensorProto.INT64),
        helper.make_node("OneHot", ["category", "categories", "off_on"], ["categories_off_on"], axis=-1),
        helper.make_node("Concat", ["logarithms", "plain", "categories_off_on"], ["inputs"], axis=1),
        helper.make_node("Sub", ["inputs", "mean"], ["centred"]),
        helper.make_node("Div", ["centred", "deviation"], ["standardised"]),
        helper.make_node("Gemm", ["standardised", "weights", "intercept"], ["score"]),
    ]
    constants = [
        constant("skewed_columns", SKEWED, np.int64),
        constant("plain_columns", PLAIN, np.int64),
        constant("code_column", CODE, np.int64),
        constant("categories", len(CATEGORIES), np.int64),
        constant("off_on", [0, 1], np.float32),
        constant("mean", mean, np.float32),
        constant("deviation", deviation, np.float32),
        constant("weights", np.reshape(weights, (-1, 1)), np.float32),
        constant("intercept", [intercept], np.float32),
    ]
    return finish("fraud-detector: logistic regression", nodes, constants)


def tree_model(trees, baseline):
    """A sum of trees. Each of trees is an array of scikit-learn's own node records."""
    columns = {name: [] for name in ("tree", "node", "feature", "threshold", "mode", "true", "false", "missing")}
    leaves = {name: [] for name in ("tree", "node", "weight")}
    for tree, nodes in enumerate(trees):
        for node, record in enumerate(nodes):
            leaf = bool(record["is_leaf"])
            row = (
                tree,
                node,
                0 if leaf else int(record["feature_idx"]),
                0.0 if leaf else below(float(record["num_threshold"])),
                "LEAF" if leaf else "BRANCH_LEQ",
                0 if leaf else int(record["left"]),
                0 if leaf else int(record["right"]),
                0 if leaf else int(record["missing_go_to_left"]),
            )
            for column, value in zip(columns.values(), row):
                column.append(value)
            if leaf:
                for column, value in zip(leaves.values(), (tree, node, round(float(record["value"]), 6))):
                    column.append(value)
    ensemble = helper.make_node(
        "TreeEnsembleRegressor",
        ["features"],
        ["score"],
        domain="ai.onnx.ml",
        n_targets=1,
        aggregate_function="SUM",
        post_transform="NONE",
        base_values=[round(baseline, 6)],
        nodes_treeids=columns["tree"],
        nodes_nodeids=columns["node"],
        nodes_featureids=columns["feature"],
        nodes_values=columns["threshold"],
        nodes_modes=columns["mode"],
        nodes_truenodeids=columns["true"],
        nodes_falsenodeids=columns["false"],
        nodes_missing_value_tracks_true=columns["missing"],
        target_treeids=leaves["tree"],
        target_nodeids=leaves["node"],
        target_ids=[0] * len(leaves["tree"]),
        target_weights=leaves["weight"],
    )
    return finish("fraud-detector: gradient-boosted trees", [ensemble], [])


def below(threshold):
    """The largest FP32 number that is not above the threshold: an FP32 feature falls on the same side of both."""
    rounded = np.float32(threshold)
    return float(rounded if float(rounded) <= threshold else np.nextafter(rounded, np.float32(-math.inf)))


def finish(description, nodes, constants):
    """From the score (log-odds of fraud) on, both models are alike."""
    nodes = nodes + [
        helper.make_node("Sigmoid", ["score"], ["fraud"]),
        helper.make_node("Sub", ["one", "fraud"], ["ordinary"]),
        helper.make_node("Concat", ["ordinary", "fraud"], ["probabilities"], axis=1),
        helper.make_node("GreaterOrEqual", ["fraud", "threshold"], ["is_fraud"]),
        helper.make_node("Cast", ["is_fraud"], ["labels"], to=TensorProto.INT64),
        helper.make_node("Squeeze", ["labels", "last_axis"], ["label"]),
    ]
    constants = constants + [
        constant("one", 1, np.float32),
        constant("threshold", THRESHOLD, np.float32),
        constant("last_axis", [1], np.int64),
    ]
    graph = helper.make_graph(
        nodes,
        "fraud-detector",
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["rows", len(FEATURES)])],
        [
            helper.make_tensor_value_info("label", TensorProto.INT64, ["rows"]),
            helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["rows", 2]),
        ],
        constants,
        doc_string=description,
    )
    model = helper.make_model(
        graph,
        producer_name="samples/fraud-detection",
        ir_version=8,
        opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid("ai.onnx.ml", 3)],
    )
    helper.set_model_props(model, {"features": ",".join(FEATURES)})
    checker.check_model(model, full_check=True)
    return model.SerializeToString()
