"""The same seed gives the same bits on 1 to 8 threads, where there is work for all 8.

Small work is left to fewer threads, whatever was asked for: there is enough here.
"""

import numpy as np
import pytest

import nrd

RNG = np.random.default_rng(2385)
LONG = {"x": RNG.normal(size=4000)}
LONG["y"] = LONG["x"] + RNG.normal(size=4000)
LONG["village"] = np.arange(4000) % 63
SERIES = {
    "commune": np.repeat(np.arange(7000), 10),
    "year": np.tile(np.arange(2015.0, 2025.0), 7000),
    "rate": RNG.normal(size=70_000).round(2),
    "half": np.tile(np.arange(10) // 2, 7000),
}
PAIR = {"x": LONG["x"][:1000], "y": LONG["y"][:1000]}


def bootstrap(statistic, data=LONG, columns=("x", "y"), **options):
    options = {"n_resamples": 999, "method": "percentile", "seed": 7} | options
    return lambda threads: nrd.bootstrap(
        data, statistic, list(columns), threads=threads, **options
    ).to_json()


def permutation(statistic, **options):
    return lambda threads: nrd.permutation_test(
        PAIR, statistic, x="x", seed=7, n_resamples=9999, threads=threads, **options
    ).to_json()


def regression(cov, by="commune"):
    data, y, x = (SERIES, "rate", "year") if by else (LONG, "y", "x")

    def fit(threads):
        found = nrd.regress(data, y, x, by=by, cov=cov, threads=threads)
        parts = (found.estimate, found.covariance, found.test_df, found.p, found.low)
        return b"".join(part.tobytes() for part in parts)

    return fit


def stream(threads):
    state = nrd.PoissonBootstrap(
        ["x", "y"], key="village", n_resamples=999, seed=7, threads=threads
    )
    state.update(LONG)
    return state.finalize("pearson").to_json()


WORK = {
    "bootstrap of the mean": bootstrap("mean", columns=["x"]),
    "bootstrap of a quantile": bootstrap("quantile", columns=["x"]),
    "bootstrap of r": bootstrap("pearson", method="BCa"),
    "bootstrap of rho": bootstrap("spearman", method="BCa"),
    "bootstrap of tau": bootstrap("kendall", PAIR, method="BCa"),
    "bootstrap of clusters": bootstrap("slope", cluster="village", method="BCa"),
    "bootstrap of strata": bootstrap("pearson", strata="village"),
    "bootstrap of blocks": bootstrap("pearson", block=9),
    "Poisson bootstrap": bootstrap("pearson", scheme="poisson"),
    "Poisson bootstrap in parts": stream,
    "permutation of r": permutation("pearson"),
    "permutation of rho": permutation("spearman"),
    "permutation of tau": permutation("kendall", stop_after=500),
    "regressions": regression("classical"),
    "HC3": regression("HC3"),
    "lags": regression(nrd.hac("year", lags=2)),
    "rule": regression(nrd.hac("year")),
    "clusters": regression(nrd.cluster("half")),
    "wild bootstrap": regression(nrd.wild_cluster("village", seed=7), by=None),
}


@pytest.mark.parametrize("work", WORK)
def test_threads_change_no_bit(work):
    one = WORK[work](1)
    for threads in range(2, 9):
        assert WORK[work](threads) == one
