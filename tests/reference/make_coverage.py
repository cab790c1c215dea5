"""Make the reference file of how often intervals hold the coefficient, by simulation.

Each table has thousands of regressions, which are one call. It takes about a minute, and
is the same bits at every run::

    python3 make_coverage.py [directory]
"""

import sys
from pathlib import Path

import numpy as np
from make_reference import lines_of

import nrd

LEVEL = 0.95
SLOPE = -1.5
SHORT = {
    "classical": "classical",
    "HC3": "HC3",
    "lags 2": nrd.hac("year", lags=2),
    "lags 2, adjusted": nrd.hac("year", lags=2, adjust=True),
    "lags 2, unbiased": nrd.hac("year", lags=2, adjust="unbiased"),
    "lags 2, unbiased, Satterthwaite": nrd.hac(
        "year", lags=2, adjust="unbiased", df="satterthwaite"
    ),
    "lags 4, unbiased, Satterthwaite": nrd.hac(
        "year", lags=4, adjust="unbiased", df="satterthwaite"
    ),
    "rule of Newey and West": nrd.hac("year"),
    "rule, prewhitened": nrd.hac("year", prewhiten=True),
}
CLUSTERS = {
    "classical": "classical",
    "CR0": nrd.cluster("cluster", kind="CR0"),
    "CR1S": nrd.cluster("cluster", kind="CR1S"),
    "CR2, clusters - 1": nrd.cluster("cluster", kind="CR2", df="residual"),
    "CR2, Satterthwaite": nrd.cluster("cluster"),
    "wild, Rademacher": nrd.wild_cluster("cluster", n_resamples=511, seed=1),
    "wild, Webb": nrd.wild_cluster("cluster", multipliers="webb", n_resamples=511, seed=1),
    "wild, not restricted": nrd.wild_cluster(
        "cluster", n_resamples=511, impose_null=False, seed=1
    ),
}


def short_series(runs, correlation, rng):
    """Ten years with a trend; errors are correlated from year to year."""
    errors = rng.normal(size=(runs, 40))
    for t in range(1, errors.shape[1]):
        errors[:, t] += correlation * errors[:, t - 1]
    year = np.arange(2013, 2023)
    return {
        "run": np.repeat(np.arange(runs), len(year)),
        "year": np.tile(year, runs),
        "y": (20 + SLOPE * (year - 2013) + errors[:, -len(year) :]).ravel(),
    }


def clustered(runs, clusters, rng):
    """Clusters of 2 to 12 rows, that share an error; half of x is the same in a cluster."""
    cluster = np.repeat(np.arange(clusters), 2 + np.arange(clusters) * 5 % 11)
    rows = (runs, len(cluster))
    x = rng.exponential(size=(runs, clusters))[:, cluster] + rng.normal(size=rows)
    errors = rng.normal(size=(runs, clusters))[:, cluster] + rng.normal(size=rows)
    return {
        "run": np.repeat(np.arange(runs), len(cluster)),
        "cluster": np.tile(cluster, runs),
        "x": x.ravel(),
        "y": (3 + SLOPE * x + errors).ravel(),
    }


def shares(table, x, covs):
    """How often the interval of the slope holds it, and its usual length."""
    out = {}
    for name, cov in covs.items():
        found = nrd.regress(table, "y", x, by="run", cov=cov, level=LEVEL)
        low, high = found.low[:, 1], found.high[:, 1]
        out[name] = [float(np.mean((low <= SLOPE) & (high >= SLOPE)))]
        out[f"{name}: length"] = [round(float(np.median(high - low)), 4)]
    return out


def coverage(runs=20000, few=2000):
    """All tables; `few` runs where each is a bootstrap."""
    rng = np.random.default_rng(20260101)
    cases = []
    for correlation in (0.0, 0.3, 0.6):
        table = short_series(runs, correlation, rng)
        cases.append({"name": f"10 years, correlation {correlation}", "runs": [runs]})
        cases[-1] |= shares(table, "year", SHORT)
    for clusters in (6, 12, 30):
        table = clustered(few, clusters, rng)
        cases.append({"name": f"{clusters} clusters", "runs": [few]})
        cases[-1] |= shares(table, "x", CLUSTERS)
    source = f"simulated, level {LEVEL}; NumPy {np.__version__}; "
    return {"source": source + "tests/reference/make_coverage.py", "cases": cases}


if __name__ == "__main__":
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent)
    text = "".join(lines_of(coverage()))
    (folder / "covariance_coverage.json").write_text(text, encoding="utf-8")
