"""Estimates that differ by more than their errors: the spread of what they estimate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

ESTIMATORS = {
    "paule-mandel": (
        "R. C. Paule, J. Mandel, Consensus values and weighting factors, J. Res. Natl. "
        "Bur. Stand. 87 (1982) 377-385"
    ),
    "dersimonian-laird": (
        "R. DerSimonian, N. Laird, Meta-analysis in clinical trials, Controlled Clin. "
        "Trials 7 (1986) 177-188"
    ),
}
# Steps of Newton's method; a convex falling function needs far fewer.
_STEPS = 200


@dataclass(frozen=True)
class Spread:
    """Mean and spread of what estimates are of.

    Attributes
    ----------
    mean, se : float
        Weighted mean of the estimates, and its standard error.
    tau2 : float
        Variance of what they estimate, 0 where errors alone explain all.
    q : float
        Cochran's sum of squares over the variances of the errors.
    reliability : ndarray
        Share of the variance of each estimate that is not error, from 0 to 1.
    shrunken, shrunken_se : ndarray
        Estimates drawn to the mean by what is error in them.
    """

    mean: float
    se: float
    tau2: float
    q: float
    reliability: np.ndarray
    shrunken: np.ndarray
    shrunken_se: np.ndarray


def spread_of(estimate: np.ndarray, variance: np.ndarray, estimator: str) -> Spread:
    """Empirical Bayes estimates, from estimates and the variances of their errors.

    Both arrays have shape (k,), k at least 2, and variances are above 0. The variance of a
    shrunken estimate allows for the mean, not for tau2, being estimated.
    """
    # Where all values are of one size nothing under- or overflows.
    unit = float(np.sqrt(np.median(variance)))
    y, v = estimate / unit, variance / unit**2
    q = _q(y, v)
    tau2 = _laird(y, v, q) if estimator == "dersimonian-laird" else _mandel(y, v)
    total = tau2 + v
    mean, se2 = float(np.average(y, weights=1 / total)), float(1 / np.sum(1 / total))
    kept, error = tau2 / total, v / total
    return Spread(
        mean=mean * unit,
        se=float(np.sqrt(se2)) * unit,
        tau2=tau2 * unit**2,
        q=q,
        reliability=kept,
        shrunken=(mean + kept * (y - mean)) * unit,
        shrunken_se=np.sqrt(kept * v + error**2 * se2) * unit,
    )


def _q(y: np.ndarray, total: np.ndarray) -> float:
    mean = np.average(y, weights=1 / total)
    return float(np.sum((y - mean) ** 2 / total))


def _laird(y: np.ndarray, v: np.ndarray, q: float) -> float:
    w = 1 / v
    scale = w.sum() - np.sum(w**2) / w.sum()
    return max(0.0, float((q - (len(y) - 1)) / scale))


def _mandel(y: np.ndarray, v: np.ndarray) -> float:
    """The tau2 at which Q is k - 1; Newton's method from 0 never passes it."""
    tau2 = 0.0
    for _ in range(_STEPS):
        total = tau2 + v
        mean = np.average(y, weights=1 / total)
        squares = (y - mean) ** 2 / total
        above = float(squares.sum()) - (len(y) - 1)
        if above <= 0:
            break
        step = above / float(np.sum(squares / total))
        if tau2 + step == tau2:
            break
        tau2 += step
    return tau2
