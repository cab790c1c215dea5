"""Make permutation_size.json: how often true hypotheses are rejected.

Data are drawn under the hypothesis: ties, strata with means of their own, clusters that
share an effect. Unlike most references this one is made with nrd itself: it is what the
tests do. Rejections may be as many as the level says; the first p-values are kept, which a
test computes again. Two minutes::

    python3 make_permutation_size.py [directory]
"""

import math
import sys
from pathlib import Path

import numpy as np
from make_reference import lines_of

import nrd

ROUNDS, RESAMPLES, OUTCOMES, FIRST = 10_000, 199, 5, 5
LEVELS = (0.05, 0.2)
SIDES = ("two-sided", "greater", "absolute")


def plain(rng):
    """Counts with many ties: r."""
    return {"x": rng.poisson(2, 20), "y": rng.poisson(1, 20)}, {"statistic": "pearson"}


def skewed(rng):
    """Two samples of unequal size from one skewed distribution."""
    rows = {"y": np.round(rng.exponential(size=24), 1), "g": np.repeat([0, 1], [6, 18])}
    return rows, {"statistic": "mean_difference", "group": "g"}


def medians(rng):
    """The same, by medians."""
    rows, options = skewed(rng)
    return rows, options | {"statistic": "quantile"}


def signs(rng):
    """Differences that are symmetric about 0, of different spread."""
    spread = np.repeat([1.0, 5.0], 9)
    return {"y": rng.normal(size=18) * spread}, {"statistic": "mean"}


def strata(rng):
    """Strata whose means of x and y go together, which is no relation within."""
    s = np.repeat([0, 1, 2], [5, 8, 9])
    rows = {"x": s + rng.normal(size=22), "y": s + rng.normal(size=22), "s": s}
    options = {"statistic": "spearman", "strata": "s", "columns": ["x", "y"]}
    return rows, options


def clusters(rng):
    """Clusters that share an effect, in x and in y."""
    c = np.repeat(np.arange(9), 4)
    x, y = (np.repeat(rng.normal(size=9), 4) + rng.normal(size=36) for _ in range(2))
    return {"x": x, "y": y, "c": c}, {
        "statistic": "slope", "cluster": "c", "columns": ["x", "y"],
    }  # fmt: skip


def stopped(rng):
    """Drawn until five are as extreme: tau."""
    rows, _ = plain(rng)
    return rows, {"statistic": "kendall", "stop_after": 5}


def joint(rng):
    """Outcomes that go together; any rejection counts."""
    common = rng.normal(size=20)
    rows = {"x": rng.normal(size=20)}
    rows |= {str(j): common + rng.normal(size=20) for j in range(OUTCOMES)}
    return rows, {"statistic": "pearson", "adjust": "westfall-young"}


DESIGNS = (plain, skewed, medians, signs, strata, clusters, stopped, joint)


def p_of(design, number, alternative):
    """The p-value, or the least adjusted one, of data with a number."""
    rows, options = design(np.random.default_rng(number))
    found = nrd.permutation_test(
        rows,
        seed=number,
        n_resamples=RESAMPLES,
        alternative=alternative,
        threads=1,
        **options,
    )
    return min(found.columns.get("adjusted", found.columns["p"]))


def case_of(design, alternative):
    """How often p is at most each level."""
    p = np.array([p_of(design, number, alternative) for number in range(ROUNDS)])
    return {
        "design": design.__name__,
        "alternative": alternative,
        "rejections": [int(np.count_nonzero(p <= level)) for level in LEVELS],
        "first": p[:FIRST].tolist(),
    }


def main(directory):
    """Write the reference file into a directory."""
    cases = [case_of(design, side) for design in DESIGNS for side in SIDES]
    for case in cases:
        for level, count in zip(LEVELS, case["rejections"]):
            # Four standard errors, since 48 numbers are looked at.
            if count > ROUNDS * level + 4 * math.sqrt(ROUNDS * level * (1 - level)):
                raise SystemExit(f"{case}: {count} rejections at {level}")
    source = f"{ROUNDS} rounds, levels {LEVELS}; tests/reference/make_permutation_size.py"
    text = "".join(lines_of({"source": source, "cases": cases}))
    (Path(directory) / "permutation_size.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent)
