"""Long calls of correlations: how far they are, and that they can be stopped."""

import sys

import numpy as np
import pytest
from support import assert_stops

import nrd

STEPS = {
    "max-t": {"adjust": "max-t"},
    "one by one": {"test": "permutation"},
    "residuals": {"test": "permutation", "covariates": ["z0"]},
    "bootstrap": {"interval": "bootstrap"},
    "influence": {"influence": True, "method": ["pearson", "kendall"]},
    "own functions": {"interval": "bootstrap", "method": "winsorized"},
}


@pytest.mark.parametrize("name", STEPS)
def test_progress_comes_to_its_end_and_changes_nothing(name):
    rng = np.random.default_rng(5)
    columns = {f"c{k}": rng.normal(size=60) for k in range(6)} | {"z0": rng.normal(size=60)}
    options = {"seed": 1, "n_resamples": 2999, **STEPS[name]}
    seen = []
    found = nrd.correlation_matrix(
        columns, progress=lambda *step: seen.append(step), **options
    )
    assert seen[-1][0] == seen[-1][1] > 0
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert len({total for _, total in seen}) == 1
    quiet = nrd.correlation_matrix(columns, **options)
    assert quiet.columns == found.columns


def test_progress_goes_on_within_one_call():
    rng = np.random.default_rng(5)
    columns = {f"c{k}": rng.normal(size=400) for k in range(30)}
    seen = []
    nrd.correlation_matrix(
        columns, method="spearman", adjust="max-t", seed=1, n_resamples=4000,
        progress=lambda *step: seen.append(step),
    )  # fmt: skip
    assert len(seen) > 2
    one = []
    nrd.correlate(
        *rng.normal(size=(2, 3000)), "kendall", test="permutation", seed=1, influence=False,
        n_resamples=3000, progress=lambda *step: one.append(step),
    )  # fmt: skip
    assert len(one) > 2


def test_a_progress_that_raises_ends_the_call():
    rng = np.random.default_rng(5)

    def stop(done, total):
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        nrd.correlation_matrix(
            rng.normal(size=(300, 40)), adjust="max-t", n_resamples=10**6, progress=stop
        )


def test_progress_is_a_flag_or_a_function(capfd):
    with pytest.raises(nrd.NrdTypeError, match="progress is 3"):
        nrd.correlate([1.0, 2, 4], [2.0, 1, 3], progress=3)
    given = {"unit": list("ABCD"), "state": [1.0, 3, 2, 5]}
    reached = {"unit": list("ABCD"), "criteria": [5, 7, 6, 9]}
    found = nrd.resource_correlations(given, reached, progress=True)
    assert found.columns["n"] == [4]
    assert capfd.readouterr().out == ""


LONG = """
import numpy as np, nrd
rng = np.random.default_rng(1)
x, y, z = rng.normal(size=(3, 200_000))
few = rng.normal(size=(63, 40))
many = {"n_resamples": 10**7, "influence": False}
calls = [
    lambda: nrd.correlation_matrix(few, adjust="max-t", progress=print_none, **many),
    lambda: nrd.correlate(x, y, covariates={"z": z}, test="permutation", **many),
    lambda: nrd.correlate(x, y, "kendall", weights=abs(z), test="permutation", **many),
    lambda: nrd.correlate(x, y, interval="bootstrap", progress=print_none, **many),
]
def print_none(done, total):
    pass
for call in calls:
    print("ready", flush=True)
    try:
        call()
    except KeyboardInterrupt:
        print("stopped", flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no signals as here")
def test_a_long_call_can_be_stopped():
    assert_stops(LONG, [0.7] * 4)
