"""Make the reference file of robust covariances of coefficients.

Everything is its definition at 50 digits: whole matrices of rows by rows, eigenvectors of
each cluster, sums over all pairs of rows. The fits are fractions. This script fails where
statsmodels does not agree. ``make_sandwich.R`` adds what R finds for the same rows. The
file is the same bits at every run::

    python3 make_sandwich.py [directory]
"""

import sys
import warnings
from fractions import Fraction
from math import isclose, nan
from pathlib import Path

import mpmath
import numpy as np
import statsmodels
import statsmodels.api as sm
from make_reference import lines_of
from mpmath import diag, eye, matrix, mpf, sqrt

DIGITS = 50
NONE, FREQUENCY, PROBABILITY, PRECISION = range(4)
KERNELS = ["Bartlett", "Parzen", "Quadratic Spectral", "Tukey-Hanning", "Truncated"]
SOURCE = f"mpmath at {DIGITS} digits, as statsmodels {statsmodels.__version__} to its "
SOURCE += "precision; tests/reference/make_sandwich.py"

YEARS = [2011, 2012, 2013, 2014, 2016, 2017, 2018, 2020, 2021, 2022]
RATES = [23.85, 21.4, 20.75, 17.1, 16.05, 12.8, 12.35, 7.19, 8.02, 5.6]
SCORES = [3.19, 7.0, 4.75, 6.1, 9.85, 2.385, 5.5, 8.25, 11.3, 7.7, 6.95, 10.1, 4.2, 9.3]
SCORES += [12.05, 3.6, 8.8, 10.75, 5.15, 7.35, 13.9, 6.4, 9.05, 11.8]
FUNDS = [0.5, 1.75, 0.25, 2.0, 3.1, 0.9, 1.4, 2.2, 4.05, 1.65, 1.1, 3.7, 0.35, 2.95, 3.3]
FUNDS += [0.8, 2.6, 3.45, 1.25, 1.95, 4.4, 1.55, 2.15, 3.85]
SIDE = [0, 1, 0, 0, 1, 0, 1, 0, 1, 1, 0, 1, 0, 0, 1, 0, 1, 1, 0, 1, 1, 0, 0, 1]
PROVINCE = [0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 3, 4, 4, 4, 4, 4, 4, 5, 5, 5]
WEIGHTS = [1.5, 2.0, 0.75, 1.0, 3.25, 0.5, 1.0, 2.5, 0.0, 1.25, 2.0, 0.5, 1.0, 3.0, 1.5]
WEIGHTS += [0.25, 1.75, 2.25, 1.0, 0.5, 1.25, 4.0, 1.0, 2.0]
TIMES = [1, 2, 1, 3, 1, 1, 2, 1, 0, 2, 1, 1, 4, 1, 2, 1, 1, 3, 2, 1, 1, 1, 2, 1]
ALONE = [float(p == 3) for p in PROVINCE]
ONES = [1.0] * 24
POSITIVE = [w or 0.125 for w in WEIGHTS]

CASES = {
    "years": ([ONES[:10], YEARS], RATES, None, NONE, [0, 0, 1, 1, 2, 2, 3, 3, 3, 4]),
    "panel": ([ONES, FUNDS, SIDE], SCORES, None, NONE, PROVINCE),
    "precision": ([ONES, FUNDS, SIDE], SCORES, POSITIVE, PRECISION, PROVINCE),
    "frequency": ([ONES, FUNDS], SCORES, TIMES, FREQUENCY, PROVINCE),
    "alone": ([ONES, FUNDS, ALONE], SCORES, None, NONE, PROVINCE),
    "origin": ([FUNDS], SCORES, WEIGHTS, PROBABILITY, PROVINCE),
}
HAC = [  # kernel, bandwidth, prewhitened, adjusted
    (0, 3.0, 0, 0),
    (0, 1.0, 0, 1),
    (1, 4.5, 0, 0),
    (2, 2.25, 0, 1),
    (3, 5.0, 0, 0),
    (4, 2.0, 0, 0),
    (0, 2.0, 1, 0),
    (2, 1.5, 1, 1),
    (0, None, 0, 0),
    (1, None, 0, 0),
    (2, None, 0, 0),
    (0, None, 1, 0),
    (2, None, 1, 0),
]


def halves(value):
    """The nearest double of a fraction, and that of what it leaves."""
    high = float(value)
    return high, float(value - Fraction(high))


def exact_fit(x, y, weight):
    """Coefficients, the factor L and the pivots D^-1 of (X' W X)^-1 = L' D L."""
    k, n = len(x), len(y)
    parts = [[Fraction(v) for v in column] for column in x]
    factor = [[Fraction(int(i == j)) for j in range(k)] for i in range(k)]
    for i in range(k):
        for j in range(i):
            share = sum(w * a * b for w, a, b in zip(weight, parts[i], parts[j]))
            share /= sum(w * b * b for w, b in zip(weight, parts[j]))
            parts[i] = [a - share * b for a, b in zip(parts[i], parts[j])]
            factor[i] = [a - share * b for a, b in zip(factor[i], factor[j])]
    pivots = [sum(w * a * a for w, a in zip(weight, p)) for p in parts]
    b = [Fraction(0)] * k
    for i in range(k):
        along = sum(weight[t] * parts[i][t] * Fraction(y[t]) for t in range(n)) / pivots[i]
        b = [c + along * f for c, f in zip(b, factor[i])]
    return b, [f for row in factor for f in row], pivots


def real(values):
    """A column of numbers of many digits."""
    return matrix([mpf(Fraction(v).numerator) / Fraction(v).denominator for v in values])


def columns(vectors):
    """A matrix from its columns."""
    out = matrix(len(vectors[0]), len(vectors))
    for j, column in enumerate(vectors):
        for i, value in enumerate(column):
            out[i, j] = value
    return out


def trace(m):
    """Sum of the diagonal."""
    return sum(m[i, i] for i in range(m.rows))


class Rows:
    """One regression, and all that is defined by its matrices."""

    def __init__(self, x, y, weight, kind, cluster):
        w = [Fraction(v) for v in weight] if weight else [Fraction(1)] * len(y)
        self.kind, self.cluster = kind, cluster
        self.fit = exact_fit(x, y, w)
        self.x = columns([real(c) for c in x])
        self.w = real(w)
        self.bread = (self.x.T * diag(self.w) * self.x) ** -1
        self.e = real(y) - self.x * real(self.fit[0])
        self.n, self.k = self.x.rows, self.x.cols
        self.ones = [j for j, c in enumerate(x) if all(v == 1 for v in c)]
        self.count = sum(w) if kind == FREQUENCY else sum(v > 0 for v in w)
        self.count = int(self.count)
        # Errors of variance 1 / weight are of variance 1 in these.
        self.root = diag([sqrt(v) for v in self.w])
        self.q = self.root * self.x
        self.maker = eye(self.n) - self.q * self.bread * self.q.T

    def sandwich(self, meat):
        """Bread on both sides."""
        return self.bread * meat * self.bread

    def hc(self, kind):
        """Squared residuals on the diagonal."""
        meat = matrix(self.k, self.k)
        for i in range(self.n):
            row = self.x[i, :]
            h = (row * self.bread * row.T)[0]
            weight, power = self.w[i], 2
            if self.kind == FREQUENCY:
                power = 1
            else:
                h *= weight
            if weight == 0:
                continue
            square = self.e[i] ** 2 * weight**power
            square /= (1 - h) ** max(kind - 1, 0)
            meat += row.T * row * square
        factor = mpf(self.count) / (self.count - self.k) if kind == 1 else 1
        return self.sandwich(meat) * factor

    def expanded(self):
        """Frequencies as rows: what they mean."""
        take = [i for i in range(self.n) for _ in range(int(self.w[i]))]
        return take if self.kind == FREQUENCY else list(range(self.n))

    def cr(self, kind):
        """Residuals of each cluster, and Satterthwaite's degrees of freedom."""
        take = self.expanded()
        root = eye(len(take)) if self.kind == FREQUENCY else self.root
        x = columns([[self.x[i, j] for i in take] for j in range(self.k)])
        q = root * x
        maker = eye(len(take)) - q * self.bread * q.T
        e = root * matrix([self.e[i] for i in take])
        names = sorted(set(self.cluster))
        meat, lines = matrix(self.k, self.k), [[] for _ in range(self.k)]
        for name in names:
            own = [r for r, i in enumerate(take) if self.cluster[i] == name]
            part = matrix(len(own), len(take))
            for r, i in enumerate(own):
                part[r, i] = 1
            adjust = power_of(part * maker * part.T, kind)
            score = self.bread * (part * q).T * adjust
            meat += (score * part * e) * (score * part * e).T
            for j in range(self.k):
                lines[j].append((score[j, :] * part * maker).T)
        groups = mpf(len(names))
        more = (mpf(self.count) - 1) / (self.count - self.k) if kind == 2 else 1
        factor = groups / (groups - 1) * more if kind in (1, 2) else 1
        df = []
        for line in lines:
            p = columns(line)
            gram = p.T * p
            df.append(trace(gram) ** 2 / trace(gram * gram))
        return meat * factor, df

    def lags(self, kernel, bandwidth, n):
        """Weights of the lags 0 .. n - 1."""
        return [weight_of(kernel, mpf(lag) / bandwidth) for lag in range(n)]

    def hac(self, kernel, bandwidth, prewhiten, adjust):
        """Covariance, bandwidth, and the degrees of freedom without prewhitening."""
        scores = diag(self.w) * diag(self.e) * self.x
        inner = eye(self.k)
        if prewhiten:
            after, before = scores[1:, :], scores[: self.n - 1, :]
            a = (after.T * before) * (before.T * before) ** -1
            scores = after - before * a.T
            inner = (eye(self.k) - a) ** -1
        if bandwidth is None:
            bandwidth = self.rule(kernel, scores, prewhiten)
        n = scores.rows
        lag = self.lags(kernel, bandwidth, n)
        meat = matrix(self.k, self.k)
        for s in range(n):
            for t in range(n):
                meat += lag[abs(s - t)] * scores[s, :].T * scores[t, :]
        meat = inner * meat * inner.T
        factor = mpf(self.count) / (self.count - self.k) if adjust else 1
        return self.sandwich(meat) * factor, bandwidth

    def hac_small(self, kernel, bandwidth):
        """Satterthwaite: a variance is a quadratic form of independent errors."""
        lag = self.lags(kernel, bandwidth, self.n)
        df, factors = [], []
        for j in range(self.k):
            z = self.root * self.x * self.bread[:, j]
            form = matrix(self.n, self.n)
            for s in range(self.n):
                for t in range(self.n):
                    form[s, t] = lag[abs(s - t)] * z[s] * z[t]
            form = self.maker * form * self.maker
            df.append(trace(form) ** 2 / trace(form * form))
            factors.append(self.bread[j, j] / trace(form))
        scale = diag([sqrt(f) for f in factors])
        return df, scale * self.hac(kernel, bandwidth, 0, 0)[0] * scale

    def rule(self, kernel, scores, prewhiten):
        """Newey and West (1994)."""
        take = [j for j in range(self.k) if j not in self.ones] or range(self.k)
        h = [sum(scores[t, j] for j in take) for t in range(scores.rows)]
        rate = [mpf(2) / 9, mpf(4) / 25, mpf(2) / 25][kernel]
        most = int((3 if prewhiten else 4) * (mpf(self.n) / 100) ** rate)
        sums = [
            sum(h[t] * h[t - lag] for t in range(lag, len(h))) for lag in range(most + 1)
        ]
        q = 1 if kernel == 0 else 2
        level = sums[0] + 2 * sum(sums[1:])
        slope = 2 * sum(mpf(lag) ** q * v for lag, v in enumerate(sums))
        factor = [mpf("1.1447"), mpf("2.6614"), mpf("1.3221")][kernel]
        found = factor * ((slope / level) ** 2 * self.n) ** (mpf(1) / (2 * q + 1))
        return mpmath.floor(found) + 1 if kernel == 0 else found


def power_of(m, kind):
    """(I - H)^0, ^(-1/2) or ^-1, without what cannot be inverted."""
    if kind < 3:
        return eye(m.rows)
    values, vectors = mpmath.eigsy(m)
    exponent = mpf(-1) / 2 if kind == 3 else mpf(-1)
    scale = [v**exponent if v > mpf("1e-20") else mpf(0) for v in values]
    return vectors * diag(scale) * vectors.T


def weight_of(kernel, z):
    """The five kernels."""
    if kernel == 0:
        return max(1 - z, mpf(0))
    if kernel == 1:
        if z > 1:
            return mpf(0)
        return 1 - 6 * z**2 + 6 * z**3 if z <= 0.5 else 2 * (1 - z) ** 3
    if kernel == 2:
        a = 6 * mpmath.pi * z / 5
        return 3 / a**2 * (mpmath.sin(a) / a - mpmath.cos(a)) if a else mpf(1)
    if kernel == 3:
        return (1 + mpmath.cos(mpmath.pi * z)) / 2 if z <= 1 else mpf(0)
    return mpf(z <= 1)


def flat(m):
    """The numbers of a matrix by rows, as doubles."""
    return [float(m[i, j]) for i in range(m.rows) for j in range(m.cols)]


def agree(name, ours, theirs):
    """Fail where a covariance is not the one of statsmodels."""
    for a, b in zip(flat(ours), np.asarray(theirs).ravel()):
        if not isclose(a, b, rel_tol=1e-6, abs_tol=1e-12):
            raise SystemExit(f"{name}: {a!r} is not {b!r}")


def check(name, rows, case):
    """Compare with statsmodels; it knows no frequencies."""
    x, y, weight, kind, cluster = case
    if kind == FREQUENCY or (weight and min(weight) == 0):
        return
    model = sm.WLS(y, np.array(x, float).T, weights=weight or 1.0)
    for i in range(2 if name == "alone" else 4):
        agree(f"{name} HC{i}", rows.hc(i), model.fit(cov_type=f"HC{i}").cov_params())
    found = model.fit(cov_type="HAC", cov_kwds={"maxlags": 2}).cov_params()
    agree(f"{name} HAC", rows.hac(0, 3, 0, 0)[0], found)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = model.fit(cov_type="cluster", cov_kwds={"groups": np.array(cluster)})
    agree(f"{name} cluster", rows.cr(2)[0], found.cov_params())


def case_of(name, case):
    """Inputs and results of one regression."""
    x, y, weight, kind, cluster = case
    rows = Rows(*case)
    check(name, rows, case)
    b, factor, pivots = rows.fit
    out = {
        "name": name,
        "k": [len(x)],
        "x": [float(v) for column in x for v in column],
        "y": y,
        "weight": weight or [],
        "weights": [kind],
        "cluster": cluster,
        "coefficient": [halves(v)[0] for v in b],
        "coefficient_low": [halves(v)[1] for v in b],
        "factor": [halves(v)[0] for v in factor],
        "factor_low": [halves(v)[1] for v in factor],
        "pivot": [float(v) for v in pivots],
    }
    for i in range(4):
        bad = name == "alone" and i > 1
        out[f"HC{i}"] = [] if bad else flat(rows.hc(i))
    for i, label in enumerate(["CR0", "CR1", "CR1S", "CR2", "CR3"]):
        covariance, df = rows.cr(i)
        out[label] = flat(covariance)
        out[f"{label}_df"] = [float(v) for v in df]
    out["hac"] = []
    for kernel, bandwidth, prewhiten, adjust in HAC if kind != FREQUENCY else []:
        if prewhiten and name == "alone":
            continue
        covariance, found = rows.hac(kernel, bandwidth, prewhiten, adjust)
        df, unbiased = rows.hac_small(kernel, found)
        out["hac"].append(
            {
                "kernel": [kernel],
                "bandwidth": [nan if bandwidth is None else bandwidth],
                "prewhiten": [prewhiten],
                "adjust": [adjust],
                "covariance": flat(covariance),
                "found": [float(found)],
                "df": [float(v) for v in df],
                "unbiased": flat(unbiased),
            }
        )
    return out


def sandwich_cases():
    """All regressions."""
    with mpmath.workdps(DIGITS):
        cases = [case_of(name, case) for name, case in CASES.items()]
    return {"source": SOURCE, "cases": cases}


if __name__ == "__main__":
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent)
    text = "".join(lines_of(sandwich_cases()))
    (folder / "sandwich_cases.json").write_text(text, encoding="utf-8")
