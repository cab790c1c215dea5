"""Robust covariances: what is refused, in which words, and calls that are stopped."""

import os
import signal
import subprocess
import sys
import time

import pytest
from sandwich_cases import CASES, frame_of, regress

import nrd

REFUSED = [
    (lambda f: "HC4", "cov is 'HC4', expected 'classical', 'HC0'"),
    (lambda f: None, "cov is None"),
    (lambda f: nrd.hac("time", lags=-1), "lags is -1"),
    (lambda f: nrd.hac("time", lags=1.5), "lags is 1.5"),
    (lambda f: nrd.hac("time", lags=24), "the bandwidth is 25, expected at most the 24"),
    (lambda f: nrd.hac("time", bandwidth=-2.0), "bandwidth is -2.0"),
    (lambda f: nrd.hac("time", bandwidth=float("nan")), "bandwidth is nan"),
    (lambda f: nrd.hac("time", bandwidth="b"), "bandwidth is 'b'"),
    (lambda f: nrd.hac("time", lags=1, bandwidth=2), "lags alone or bandwidth"),
    (lambda f: nrd.hac("time", lags=1, kernel="parzen"), "lags alone or bandwidth"),
    (lambda f: nrd.hac("time", kernel="box"), "kernel is 'box', expected 'bartlett'"),
    (lambda f: nrd.hac("time", kernel="truncated"), "has no rule"),
    (lambda f: nrd.hac("time", df="satterthwaite"), "expected a bandwidth with them"),
    (lambda f: nrd.hac("time", adjust="unbiased"), "expected a bandwidth with them"),
    (lambda f: nrd.hac("time", adjust="no"), "adjust is 'no'"),
    (lambda f: nrd.hac("time", lags=1, df="n"), "df is 'n'"),
    (lambda f: nrd.hac("time", prewhiten=1), "prewhiten is 1"),
    (lambda f: nrd.hac(3), "found 3, expected the name of a column"),
    (lambda f: nrd.hac("day"), "no column 'day'"),
    (
        lambda f: nrd.hac("cluster", lags=1),
        "column 'cluster', row 1: the time is there twice",
    ),
    (lambda f: f.update(time=[None, *range(23)]) or nrd.hac("time"), "row 0 is missing"),
    (lambda f: nrd.cluster("where"), "no column 'where'"),
    (lambda f: nrd.cluster("cluster", kind="CR4"), "kind is 'CR4'"),
    (lambda f: nrd.cluster("cluster", df="z"), "df is 'z'"),
    (lambda f: nrd.cluster(["a", "b", "c"]), "expected one column or two"),
    (lambda f: nrd.cluster(["a", "a"]), "expected one column or two"),
    (lambda f: nrd.cluster(["a", "b"], kind="CR2"), "for two columns"),
    (lambda f: f.update(other=[1] * 24) or nrd.cluster("other"), "in one cluster"),
    (
        lambda f: f.update(other=[*range(23), None]) or nrd.cluster("other"),
        "row 23 is miss",
    ),
    (lambda f: nrd.wild_cluster("other", multipliers="mammen"), "multipliers is 'mammen'"),
    (lambda f: nrd.wild_cluster("other", n_resamples=0), "n_resamples is 0"),
    (lambda f: nrd.wild_cluster("other", impose_null=None), "impose_null is None"),
    (lambda f: nrd.wild_cluster("other", null="0"), "null is '0'"),
    (lambda f: nrd.wild_cluster("other", seed=2**64), "seed is 18446744073709551616"),
    (lambda f: f.update(other=[1] * 24) or nrd.wild_cluster("other"), "in one cluster"),
]


@pytest.mark.parametrize(("make", "said"), REFUSED, ids=[said for _, said in REFUSED])
def test_what_cannot_be_is_one_clear_sentence(make, said):
    frame, options = frame_of(CASES["panel"])
    with pytest.raises(nrd.NrdError) as caught:
        nrd.regress(frame, "y", cov=make(frame), **options)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_rows_are_named_as_the_caller_counts_them():
    frame, options = frame_of(CASES["alone"])
    turned = {key: list(values)[::-1] for key, values in frame.items()}
    with pytest.raises(nrd.NrdValueError, match="regress, row 9: the leverage") as caught:
        nrd.regress(turned, "y", cov="HC3", **options)
    assert caught.value.row == 9
    assert caught.value.status == "NRD_E_DOMAIN"
    for cov in ("HC3", nrd.hac("time", lags=1), nrd.cluster("other")):
        with pytest.raises(nrd.NrdValueError, match="beside effects"):
            nrd.regress(frame, "y", "x1", effects="cluster", cov=cov)
    with pytest.raises(nrd.NrdValueError, match="units in several of other"):
        nrd.regress(frame, "y", "x1", effects="cluster", cov=nrd.wild_cluster("other"))
    with pytest.raises(nrd.NrdValueError, match=r"beside nrd.poly"):
        nrd.regress(frame, "y", nrd.poly("x1", 2), effects="cluster", cov="HC0")
    frame["clusters"] = frame.pop("other")
    with pytest.raises(nrd.NrdValueError, match="'clusters'"):
        nrd.regress(frame, "y", "x1", by="clusters", cov=nrd.cluster("cluster"))
    with pytest.raises(nrd.NrdValueError, match="frequencies"):
        regress("frequency", nrd.hac("time", lags=1))


# Of each what takes long, and what does not.
STOPPED = """
import numpy as np, nrd, time
n = {n}
rows = {{"x": np.arange(n) * 1.0, "y": np.arange(n) % 7, "g": np.arange(n) % 500}}
print("begun", flush=True)
try:
    nrd.regress(rows, "y", "x", cov={long})
except KeyboardInterrupt:
    print(nrd.regress(rows, "y", "x", cov={short}).p.shape, flush=True)
"""
LONG = [
    (
        4000,
        "nrd.wild_cluster('g', n_resamples=10**6, seed=1)",
        "nrd.wild_cluster('g', n_resamples=9, seed=1)",
    ),
    (400_000, "nrd.hac('x', lags=20_000)", "nrd.hac('x', lags=2)"),
]


@pytest.mark.skipif(os.name != "posix", reason="signals are sent")
@pytest.mark.parametrize(("n", "long", "short"), LONG)
def test_long_calls_can_be_stopped(n, long, short):
    command = [sys.executable, "-c", STOPPED.format(n=n, long=long, short=short)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "begun\n"
        time.sleep(0.5)
        sent = time.perf_counter()
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=60)[0] == "(1, 2)\n"
        # The second would take longer; a busy machine answers late.
        assert time.perf_counter() - sent < 5
    assert process.returncode == 0
