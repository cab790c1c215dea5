"""Make the reference file of the wild bootstrap of clusters.

Each replicate is its definition: the restricted regression, rows drawn from it with every
set of multipliers, a regression of each and its own covariance. Bounds of intervals are
where p, computed anew for each value tested, passes 1 - level. The file is the same bits at
every run::

    python3 make_wild.py [directory]
"""

import sys
from itertools import product
from math import inf, sqrt
from pathlib import Path

import numpy as np
from make_reference import lines_of
from make_sandwich import CASES

DRAWS = [[1.0, -1.0]]
DRAWS += [[sign * sqrt(v) for v in (1.0, 0.5, 1.5) for sign in (1, -1)]]
# Sizes of t that differ by less, relatively, are equal.
TIE = 2**-36


class Clusters:
    """A regression without weights, or with them as inverses of variances."""

    def __init__(self, case):
        x, y, weight, _, cluster = case
        root = np.sqrt(weight if weight else np.ones(len(y)))
        self.x = np.array(x, float).T * root[:, None]
        self.y = np.array(y) * root
        self.member = np.array([[c == g for c in cluster] for g in sorted(set(cluster))])
        self.groups = len(self.member)
        n, k = self.x.shape
        self.factor = self.groups / (self.groups - 1) * (n - 1) / (n - k)

    def tests(self, rows, j, null):
        """The statistic t of coefficient j, for each column of rows."""
        maker = np.linalg.pinv(self.x)
        fits = maker @ rows
        rest = rows - self.x @ fits
        variance = sum((maker[j, m] @ rest[m]) ** 2 for m in self.member)
        return (fits[j] - null) / np.sqrt(variance * self.factor)

    def share(self, j, null, draws, restricted):
        """p, over all sets of multipliers."""
        x, centre = self.x, null
        if restricted:
            others = np.delete(x, j, axis=1)
            offset = self.y - null * x[:, j]
            fitted = others @ (np.linalg.pinv(others) @ offset) + null * x[:, j]
        else:
            centre = (np.linalg.pinv(x) @ self.y)[j]
            fitted = x @ (np.linalg.pinv(x) @ self.y)
        rest = self.y - fitted
        sets = np.array(list(product(draws, repeat=self.groups))).T
        rows = fitted[:, None] + rest[:, None] * (self.member.T @ sets)
        t = self.tests(self.y[:, None], j, null)[0]
        found = self.tests(rows, j, centre)
        if restricted:  # the rows themselves, and their mirror image: t without rounding
            found[(sets == 1).all(axis=0) | (sets == -1).all(axis=0)] = t
        return t, np.count_nonzero(abs(found) >= abs(t) * (1 - TIE)) / sets.shape[1]

    def bound(self, j, side, draws, restricted, level):
        """How far from the estimate values are not rejected, on one side."""
        estimate = (np.linalg.pinv(self.x) @ self.y)[j]
        t = self.tests(self.y[:, None], j, 0.0)[0]
        kept, lost = 0.0, abs(estimate / t)

        def rejected(step):
            null = estimate + side * step
            return self.share(j, null, draws, restricted)[1] <= 1 - level

        while not rejected(lost):
            kept, lost = lost, 2 * lost
            if lost > 1e6 * abs(estimate / t):
                return side * inf
        for _ in range(40):
            middle = (kept + lost) / 2
            if rejected(middle):
                lost = middle
            else:
                kept = middle
        return estimate + side * kept


def case_of(name, draw, restricted, level, null):
    """All coefficients of one regression; intervals where there are few sets."""
    x, y, weight, kind, cluster = CASES[name]
    if name == "years":  # the intercept is left out: raw years cancel in doubles
        terms, x = [1], [x[0], [v - 2016 for v in x[1]]]
    else:
        terms = list(range(len(x)))
    rows = Clusters((x, y, weight, kind, cluster))
    out = {"name": name, "draw": [draw], "restricted": [int(restricted)]}
    out |= {"level": [level], "null": [null], "terms": terms}
    found = [rows.share(j, null, DRAWS[draw], restricted) for j in terms]
    out["t"] = [float(t) for t, _ in found]
    out["p"] = [float(p) for _, p in found]
    for key, side in (("low", -1), ("high", 1)):
        out[key] = [
            float(rows.bound(j, side, DRAWS[draw], restricted, level))
            for j in terms
            if draw == 0
        ]
    return out


def sandwich_wild():
    """All regressions."""
    cases = []
    for restricted in (True, False):
        cases.append(case_of("years", 0, restricted, 0.9, 0.0))
        cases.append(case_of("years", 0, restricted, 0.95, -2.25))
        cases.append(case_of("years", 1, restricted, 0.9, -2.0))
        cases.append(case_of("panel", 0, restricted, 0.95, 0.0))
        cases.append(case_of("panel", 0, restricted, 0.8, 1.75))
        cases.append(case_of("precision", 0, restricted, 0.9, 0.5))
    source = f"NumPy {np.__version__}, every set of multipliers; "
    return {"source": source + "tests/reference/make_wild.py", "cases": cases}


if __name__ == "__main__":
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent)
    text = "".join(lines_of(sandwich_wild()))
    (folder / "sandwich_wild.json").write_text(text, encoding="utf-8")
