#!/usr/bin/env python3
"""Replays a week of card transactions to Prometheus, and tells on which day the alert about drift fires.

The week is the first seven days of data/held-out.csv.gz, which no model was trained on. From the fifth day on a client sends
its amounts in another currency. What the pods would have counted is written with timestamps in OpenMetrics and loaded by
promtool; the expressions of the PrometheusRule that the operator makes of modeldeployment.yaml are then evaluated by a real
Prometheus, every ten minutes of that week.

    ./build.sh tools && dotnet build operator/Operator && samples/fraud-detection/replay.py

It ends with 0 when the alert fires on the fifth day and on none before it.
"""

import argparse
import csv
import datetime
import gzip
import json
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
DAY = 24 * 3600
STEP = 600  # seconds between two readings of the counters, and two looks at the expressions
DAYS = 7
SHIFT_ON = 5  # the first day is 1
RATE = 3.0  # units of the other currency for one euro
SHIFTED = ("amount", "amount_ratio")
MODEL = {"namespace": "default", "model": "fraud-detector", "version": "1", "pod": "replayed"}
PATIENCE = 60  # seconds for Prometheus to start


def transactions():
    """Each of the week as (seconds since its start, feature by name), in order."""
    day, before = 0, 0.0
    with gzip.open(HERE / "data" / "held-out.csv.gz", "rt", newline="") as file:
        for row in csv.DictReader(file):
            hour = float(row["hour"])
            day += hour < before - 12
            before = hour
            if day >= DAYS:
                return
            values = {name: float(value) for name, value in row.items() if name != "label"}
            if day + 1 >= SHIFT_ON:
                for name in SHIFTED:
                    values[name] *= RATE
            yield day * DAY + hour * 3600, values


def bin_of(edges, value):
    """As docs/monitoring.md has it: low, one from each edge to the next with the upper one, high, missing."""
    if value < edges[0]:
        return 0
    if value > edges[-1]:
        return max(1, len(edges) - 1) + 1
    return max(1, sum(edge < value for edge in edges))


def open_metrics(features, start):
    """The counters of all bins at every step, as a pod would have told them."""
    counts = {feature["name"]: [0] * len(feature["ratios"]) for feature in features}
    series = {name: [[] for _ in bins] for name, bins in counts.items()}
    rows, total = transactions(), 0
    row = next(rows, None)
    for step in range(DAYS * DAY // STEP + 1):
        while row is not None and row[0] <= step * STEP:
            for feature in features:
                counts[feature["name"]][bin_of(feature["edges"], row[1][feature["name"]])] += 1
            total += 1
            row = next(rows, None)
        for name, bins in counts.items():
            for place, count in enumerate(bins):
                series[name][place].append(count)
    times = [start + step * STEP for step in range(DAYS * DAY // STEP + 1)]
    lines = ["# TYPE slipway_drift_observations counter"]
    for name, bins in series.items():
        for place, told in enumerate(bins):
            lines += (f"slipway_drift_observations_total{labels(name, place)} {count} {at}" for count, at in zip(told, times))
    lines.append("# TYPE slipway_drift_expected_ratio gauge")
    for feature in features:
        for place, ratio in enumerate(feature["ratios"]):
            lines += (f"slipway_drift_expected_ratio{labels(feature['name'], place)} {ratio} {at}" for at in times)
    lines.append("# TYPE slipway_drift_seasonality_seconds gauge")
    for feature in features:
        if "seasonality" in feature:
            lines += (f"slipway_drift_seasonality_seconds{labels(feature['name'])} {seconds(feature['seasonality'])} {at}" for at in times)
    return "\n".join([*lines, "# EOF", ""]), total


def labels(feature, place=None):
    told = {**MODEL, "feature": feature} if place is None else {**MODEL, "feature": feature, "bin": str(place)}
    return "{" + ",".join(f'{name}="{value}"' for name, value in told.items()) + "}"


def shipped(operator):
    """The rules about drift that the operator makes of the sample, in their order."""
    made = subprocess.run([operator, "render", "--output", "json", "-f", HERE / "modeldeployment.yaml"], check=True, capture_output=True, text=True)
    rule = next(child for child in json.loads(made.stdout)["items"] if child["kind"] == "PrometheusRule")
    return next(group for group in rule["spec"]["groups"] if group["name"] == "drift")["rules"]


def whole(rules):
    """The alert's expression over raw series. The records that it stands on do not reach back: each is put in place of its name."""
    records = {}
    for rule in rules:
        expression = rule["expr"]
        for name, record in records.items():
            expression = re.sub(re.escape(name) + r"\{[^}]*\}", lambda _: f"({record})", expression)
        if rule.get("alert") == "SlipwayFeatureDrift":
            return expression, seconds(rule["for"])
        records[rule["record"]] = expression
    raise SystemExit("replay: the PrometheusRule has no alert SlipwayFeatureDrift.")


def seconds(duration):
    units = {"h": 3600, "m": 60, "s": 1}
    return sum(int(number) * units[unit] for number, unit in re.findall(r"(\d+)([hms])", duration))


def evaluate(prometheus, folder, expression, start):
    """Values above the threshold by feature, each as {step: value}."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (folder / "prometheus.yml").write_text("global: {}\n")
    with open(folder / "prometheus.log", "w", encoding="utf-8") as log:
        # A reading counts until the next. Otherwise it would for five minutes, and the version be away half of the time.
        server = subprocess.Popen(
            [prometheus, f"--query.lookback-delta={STEP}s", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data", "--storage.tsdb.retention.time=1y", f"--web.listen-address=127.0.0.1:{port}"],
            stdout=log, stderr=subprocess.STDOUT)
    try:
        query = {"query": expression, "start": start, "end": start + DAYS * DAY, "step": STEP}
        for _ in range(PATIENCE):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/query_range", urllib.parse.urlencode(query).encode(), timeout=PATIENCE) as answer:
                    found = json.load(answer)["data"]["result"]
                return {one["metric"]["feature"]: {(int(at) - start) // STEP: float(value) for at, value in one["values"]} for one in found}
            except urllib.error.HTTPError as error:
                if error.code != 503:  # it says so while it starts
                    raise SystemExit(f"replay: Prometheus refuses the expression: {error.read().decode()}") from error
            except urllib.error.URLError:
                if server.poll() is not None:
                    break
            time.sleep(1)
        raise SystemExit("replay: Prometheus did not start:\n" + (folder / "prometheus.log").read_text())
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()


def fired(values, wait):
    """The first step at which one feature has been above the threshold for so long; None when none was."""
    since = {}
    for step in range(DAYS * DAY // STEP + 1):
        for feature, told in values.items():
            since[feature] = since.get(feature, step) if step in told else step + 1
            if step in told and (step - since[feature]) * STEP >= wait:
                return step, feature, told[step]
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--operator", default=ROOT / "artifacts/bin/Slipway.Operator/debug/slipway-operator")
    parser.add_argument("--prometheus", default=ROOT / ".tools/bin/prometheus")
    parser.add_argument("--promtool", default=ROOT / ".tools/bin/promtool")
    options = parser.parse_args()
    features = json.loads((HERE / "models/fraud-detector/1/baseline.json").read_text())["inputs"]
    expression, wait = whole(shipped(options.operator))
    today = datetime.datetime.now(datetime.timezone.utc).replace(hour=0, minute=0, second=0, microsecond=0)
    start = int((today - datetime.timedelta(days=DAYS + 1)).timestamp())
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        text, total = open_metrics(features, start)
        (folder / "week.txt").write_text(text)
        subprocess.run([options.promtool, "tsdb", "create-blocks-from", "openmetrics", folder / "week.txt", folder / "data"], check=True, stdout=subprocess.DEVNULL)
        values = evaluate(options.prometheus, folder, expression, start)
    print(f"{total} transactions in {DAYS} days; from day {SHIFT_ON} on {' and '.join(SHIFTED)} are {RATE:g} times what they were.")
    alert = fired(values, wait)
    for day in range(1, DAYS + 1):
        steps = range((day - 1) * DAY // STEP, day * DAY // STEP)
        above = sorted({feature for feature, told in values.items() if any(step in told for step in steps)})
        fires = alert is not None and alert[0] in steps
        hour, minute = divmod((alert[0] * STEP % DAY) // 60, 60) if fires else (0, 0)
        print(f"day {day}: {'SlipwayFeatureDrift fires at ' + f'{hour:02}:{minute:02} for {alert[1]}, index {alert[2]:.2f}' if fires else ('above the threshold: ' + ', '.join(above) if above else 'quiet')}")
    return 0 if alert is not None and alert[0] * STEP // DAY + 1 == SHIFT_ON else 1


if __name__ == "__main__":
    sys.exit(main())
