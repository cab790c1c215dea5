"""Regressions of the reference sandwich_cases, and what R finds of them."""

import json
from pathlib import Path

import numpy as np

import nrd

REFERENCE = Path(__file__).parents[1] / "reference"
KINDS = ("HC0", "HC1", "HC2", "HC3")
CLUSTERS = ("CR0", "CR1", "CR1S", "CR2", "CR3")
WEIGHTS = (None, "frequency", "probability", "precision")
KERNELS = ("bartlett", "parzen", "quadratic spectral", "tukey-hanning", "truncated")


def read(name):
    cases = json.loads((REFERENCE / f"{name}.json").read_text())["cases"]
    return {case["name"]: case for case in cases}


CASES, R = read("sandwich_cases"), read("sandwich_r")


def frame_of(case):
    """Columns of a case, and the arguments of its regression."""
    k, n = case["k"][0], len(case["y"])
    x = np.array(case["x"]).reshape(k, n)
    frame = {"y": case["y"], "cluster": case["cluster"], "time": np.arange(n)}
    frame |= {f"x{j}": x[j] for j in range(k)}
    frame["other"] = (np.arange(n) + 1) % 4
    options = {"x": [f"x{j}" for j in range(k > 1, k)], "intercept": k > 1}
    if case["weight"]:
        frame["weight"] = case["weight"]
        options |= {"weights": "weight", "weight_kind": WEIGHTS[case["weights"][0]]}
    return frame, options


def regress(name, cov, **changes):
    frame, options = frame_of(CASES[name])
    return nrd.regress(frame, "y", cov=cov, **options | changes)


def assert_covariance(found, expected, tolerance=1e-9):
    """R keeps nine digits where years are not centred; the C tests hold all of them."""
    k = found.shape[-1]
    expected = np.reshape(expected, (k, k))
    size = np.sqrt(np.outer(np.diag(expected), np.diag(expected)))
    assert (abs(found[0] - expected) <= tolerance * size).all()
