"""Make correlation_peers.json: what SciPy, pingouin and exact fractions say.

xi and winsorized values are SciPy's, percentage bend correlations pingouin's; weighted rho
and tau-b follow from their definitions in the R package wdm, in exact fractions::

    python3 make_correlation.py [directory]
"""

import math
import sys
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import numpy as np
import pingouin
import scipy
from make_reference import lines_of
from scipy import stats

SHARE = 0.2


def weighted_ranks(values, weights):
    """Weight below, and pairs of weights of equal values over their sum."""
    out = []
    for value in values:
        below = sum(w for v, w in zip(values, weights, strict=True) if v < value)
        same = [w for v, w in zip(values, weights, strict=True) if v == value]
        pairs = sum(a * b for a, b in combinations(same, 2))
        out.append(below + pairs / sum(same))
    return out


def weighted_r(x, y, weights):
    """Pearson's r, of fractions, rounded at the end."""
    total = sum(weights)
    mx = sum(w * v for w, v in zip(weights, x, strict=True)) / total
    my = sum(w * v for w, v in zip(weights, y, strict=True)) / total
    rows = list(zip(weights, x, y, strict=True))
    xy = sum(w * (a - mx) * (b - my) for w, a, b in rows)
    xx = sum(w * (a - mx) ** 2 for w, a, b in rows)
    yy = sum(w * (b - my) ** 2 for w, a, b in rows)
    return math.copysign(math.sqrt(xy * xy / (xx * yy)), xy)


def weighted_tau(x, y, weights):
    """Weights of pairs in order less those in the wrong order, over untied ones."""
    score = x_pairs = y_pairs = Fraction(0)
    for (a, b, v), (c, d, w) in combinations(zip(x, y, weights, strict=True), 2):
        score += v * w * ((a > c) - (a < c)) * ((b > d) - (b < d))
        x_pairs += v * w * (a != c)
        y_pairs += v * w * (b != d)
    return math.copysign(math.sqrt(score * score / (x_pairs * y_pairs)), score)


def case(x, y, weights):
    """All of them, for one set of rows."""
    fx, fy, fw = ([Fraction(v) for v in values] for values in (x, y, weights))
    untied = len(set(y)) == len(y)
    xi = stats.chatterjeexi(x, y, y_continuous=untied)
    cut = (SHARE, SHARE)
    wins = [stats.mstats.winsorize(np.array(v), cut) for v in (x, y)]
    ranks = [weighted_ranks(v, fw) for v in (fx, fy)]
    return {
        "x": list(map(float, x)),
        "y": list(map(float, y)),
        "weights": list(map(float, weights)),
        "xi": [float(xi.statistic), float(xi.pvalue)],
        "winsorized": [float(np.corrcoef(*wins)[0, 1])],
        "percentage_bend": [float(bend(x, y))],
        "weighted": [
            weighted_r(fx, fy, fw),
            weighted_r(*ranks, fw),
            weighted_tau(fx, fy, fw),
        ],
        "effective_n": float(sum(fw) ** 2 / sum(w * w for w in fw)),
    }


def bend(x, y):
    """Pingouin's percentage bend correlation."""
    return pingouin.corr(np.array(x), np.array(y), method="percbend")["r"].iloc[0]


def main(directory):
    """Write the file."""
    rng = np.random.default_rng(2385)
    x = rng.permutation(40) + 0.5  # no ties: SciPy's xi has no rule for them
    y = 0.4 * x + rng.normal(size=40) * 8
    w = rng.integers(1, 9, 40) / 4
    cases = [
        case(x.tolist(), np.round(y, 2).tolist(), w.tolist()),
        case(x.tolist(), np.round(y / 6).tolist(), w.tolist()),
        case(x[:15].tolist(), np.round(y[:15], 1).tolist(), (w[:15] ** 3).tolist()),
    ]
    source = (
        f"SciPy {scipy.__version__}, pingouin {pingouin.__version__}, fractions; "
        "tests/reference/make_correlation.py"
    )
    out = {"source": source, "share": SHARE, "cases": cases}
    path = Path(directory, "correlation_peers.json")
    path.write_text("".join(lines_of(out)))


if __name__ == "__main__":
    main(*sys.argv[1:] or ["."])
