"""How often bootstrap intervals cover what they are for, counted by simulation.

    python make_bootstrap_coverage.py [directory]

Unlike the other references this one is made with nrd itself: it is what the intervals do,
not what they must be. Samples are drawn by NumPy with fixed seeds; two minutes.
"""

import json
import sys
from pathlib import Path

import numpy as np

import nrd

LEVEL, REPLICATES, SAMPLES = 0.95, 999, 2000
METHODS = ("percentile", "basic", "BCa", "studentized")


def normal_mean(rng):
    """30 normal values."""
    return rng.normal(size=30), {"statistic": "mean"}, 0.0


def exponential_mean(rng):
    """30 exponential values, which are skewed."""
    return rng.exponential(size=30), {"statistic": "mean"}, 1.0


def difference(rng):
    """Two samples of different size and spread."""
    values = np.append(rng.normal(size=20), 2.0 + 3.0 * rng.normal(size=40))
    return values, {"statistic": "mean_difference", "group": [0] * 20 + [1] * 40}, -2.0


def correlation(rng):
    """63 pairs with r = 0.5 in the population."""
    x = rng.normal(size=63)
    y = 0.5 * x + np.sqrt(0.75) * rng.normal(size=63)
    return {"x": x, "y": y}, {"statistic": "pearson"}, 0.5


def slope(rng):
    """63 pairs whose spread grows."""
    x = rng.exponential(size=63)
    return {"x": x, "y": 2.0 * x + x * rng.normal(size=63)}, {"statistic": "slope"}, 2.0


def median(rng):
    """63 exponential values; no standard error."""
    return rng.exponential(size=63), {"statistic": "quantile"}, np.log(2.0)


def clusters(rng):
    """40 villages of 5 households that are alike."""
    values = np.repeat(rng.normal(size=40), 5) + rng.normal(size=200)
    return values, {"statistic": "mean", "cluster": np.repeat(np.arange(40), 5)}, 0.0


def poisson(rng):
    """200 values drawn by Poisson numbers."""
    return rng.exponential(size=200), {"statistic": "mean", "scheme": "poisson"}, 1.0


POPULATIONS = {
    f.__name__: f
    for f in (
        normal_mean,
        exponential_mean,
        difference,
        correlation,
        slope,
        median,
        clusters,
        poisson,
    )
}


def coverage(name, method, samples):
    """Share of samples whose interval holds the parameter."""
    rng = np.random.default_rng([7, list(POPULATIONS).index(name)])
    held = 0
    for seed in range(samples):
        data, options, truth = POPULATIONS[name](rng)
        found = nrd.bootstrap(
            data,
            method=method,
            level=LEVEL,
            n_resamples=REPLICATES,
            seed=seed,
            threads=1,
            **options,
        )
        held += found.low <= truth <= found.high
    return held / samples


def main(directory):
    """Count all and write the file."""
    cases = [
        {"population": name, "method": method, "coverage": coverage(name, method, SAMPLES)}
        for name in POPULATIONS
        for method in METHODS
        if not (name == "median" and method == "studentized")
    ]
    source = f"{SAMPLES} samples, {REPLICATES} replicates, level {LEVEL}; "
    lines = ",\n  ".join(map(json.dumps, cases))
    text = f'{{"source": {json.dumps(source)},\n "cases": [\n  {lines}\n]}}\n'
    Path(directory, "bootstrap_coverage.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent)
