"""Make joinpoint_size.json: how often a joint is found where there is none, and intervals
hold the truth where there is one.

Lines with normal errors: the share of series whose permutation test of no joint rejects at
levels, and in which tests and the Bayesian criterion find a joint. Lines with a joint: the
share of 95 % intervals that hold it, and the two slopes. Unlike most references this one is
made with nrd itself: it is what the tests do. A test makes the first rows again. Three
minutes::

    python3 make_joinpoint_size.py [directory]
"""

import sys
from pathlib import Path

import numpy as np
from make_reference import lines_of

from nrd._core.joinpoint import joints

SEED, SERIES, PERMUTATIONS = 2385, 10_000, 499
LEVELS = (0.01, 0.05, 0.1, 0.2)
PLACES = ("years", "between")


def found(values, **options):
    """What libnrd finds of series, one row each."""
    series, n = values.shape
    usual = {"alpha": 0.05, "level": 0.95, "permutations": PERMUTATIONS, "least": 3}
    return joints(
        np.tile(2000.0 + np.arange(n), series),
        values.ravel(),
        np.arange(series + 1) * n,
        seed=SEED,
        **usual,
        **options,
    )


def size(n, most, between, series=SERIES):
    """Shares of series without a joint."""
    values = np.random.default_rng((SEED, n)).normal(size=(series, n))
    options = {"most": most, "between": bool(between)}
    tested = found(values, rule="permutation", **options)
    by_criterion = found(values, rule="bic", **options)
    return {
        "kind": "size", "n": [n], "most": [most], "between": [between],
        "rejected": [float((tested["p"][:, 0] <= level).mean()) for level in LEVELS],
        "tested": [float((tested["joints"] > 0).mean())],
        "bic": [float((by_criterion["joints"] > 0).mean())],
    }  # fmt: skip


def cover(n, between, series=SERIES):
    """Shares of intervals that hold the joint and the slopes, of series with one joint."""
    rng = np.random.default_rng((SEED, n, 1))
    after = np.maximum(np.arange(n) - n // 2, 0)
    values = 20 - 2 * np.arange(n) + 1.5 * after + rng.normal(size=(series, n)) * 0.7
    one = found(values, rule="given", most=1, between=bool(between))

    def held(name, place, truth):
        low, high = one[f"{name}_low"][:, place], one[f"{name}_high"][:, place]
        return float(((low <= truth) & (truth <= high)).mean())

    return {
        "kind": "cover", "n": [n], "between": [between],
        "joint": [held("joint", 0, 2000 + n // 2)],
        "slope": [held("slope", 0, -2.0), held("slope", 1, -0.5)],
    }  # fmt: skip


def joinpoint_size():
    cases = [
        *(size(n, 1, between) for n in (7, 8, 10, 12, 15) for between in (0, 1)),
        *(size(n, 2, 0) for n in (12, 15)),
        *(cover(n, between) for n in (7, 10, 15, 20) for between in (0, 1)),
    ]
    return {"source": "nrd", "series": [SERIES], "levels": list(LEVELS), "cases": cases}


if __name__ == "__main__":
    directory = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    text = "".join(lines_of(joinpoint_size()))
    (directory / "joinpoint_size.json").write_text(text, encoding="utf-8")
