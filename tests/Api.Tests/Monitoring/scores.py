#!/usr/bin/env python3
"""Prints the table in DriftScoresTests.cs, computed with SciPy (python3-scipy 1.10 and later)."""
import numpy
from scipy import special, stats
from scipy.spatial import distance

# name, counts that the expected ratios are made of, counts that were seen
CASES = [
    ("the same", [100, 200, 300, 400], [10, 20, 30, 40]),
    ("a little off", [100] * 10, [93, 104, 110, 99, 88, 101, 107, 95, 98, 105]),
    ("shifted", [50, 150, 300, 300, 150, 50], [5, 40, 120, 310, 330, 195]),
    ("an empty bin", [400, 300, 200, 100], [350, 0, 420, 230]),
    ("a bin that was not expected", [500, 500, 0], [450, 470, 80]),
    ("nothing in common", [700, 300, 0, 0], [0, 0, 400, 600]),
    ("a bin that neither has", [250, 0, 750], [300, 0, 700]),
    ("one bin", [10], [3]),
    ("many samples", [1, 2, 3, 4, 5, 6], [100_100, 199_850, 300_090, 400_200, 499_800, 599_960]),
    ("twenty-four bins", list(range(1, 25)), list(range(24, 0, -1))),
    ("two bins", [9, 1], [880, 120]),
]
FLOOR = 1e-4


def row(name, baseline, seen):
    baseline, seen = numpy.array(baseline), numpy.array(seen)
    expected = baseline / baseline.sum()
    actual = seen / seen.sum()
    a, e = numpy.maximum(actual, FLOOR), numpy.maximum(expected, FLOOR)
    psi = (special.rel_entr(a, e) + special.rel_entr(e, a)).sum()
    jensen_shannon = distance.jensenshannon(actual, expected, base=2)
    steps = numpy.arange(len(seen))
    kolmogorov = stats.ks_2samp(numpy.repeat(steps, seen), numpy.repeat(steps, baseline)).statistic
    there = (expected > 0) | (seen > 0)
    degrees = int(there.sum()) - 1
    if (expected[there] == 0).any():
        chi, p = numpy.inf, 0.0
    else:
        chi, p = stats.chisquare(seen[there], expected[there] * seen.sum()) if degrees > 0 else (0.0, 1.0)
    variation = distance.cityblock(actual, expected) / 2
    numbers = ", ".join(number(value) for value in (psi, jensen_shannon, kolmogorov, variation, chi))
    return f'        new("{name}", {bins(baseline)}, {bins(seen)}, {numbers}, {degrees}, {number(p)}),'


def bins(counts):
    return "[" + ", ".join(str(count) for count in counts) + "]"


def number(value):
    return "double.PositiveInfinity" if value == numpy.inf else repr(float(value))


for case in CASES:
    print(row(*case))
print()
for a, x in [(0.5, 0.01), (0.5, 0.5), (0.5, 30), (1, 1), (1.5, 2.4), (2.5, 3.6), (11.5, 5), (11.5, 12.4), (11.5, 12.6), (11.5, 90),
             (12, 200), (0.5, 650), (50, 45), (50, 51), (500, 480), (500, 620), (5000, 5200), (3, 1e-8)]:
    print(f"    [TestCase({a}, {x!r}, {float(special.gammaincc(a, x))!r})]")
