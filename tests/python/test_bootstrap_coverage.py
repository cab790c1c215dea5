"""How often bootstrap intervals hold what they should: stored, and the same again."""

import json
import os
from pathlib import Path

import pytest

REFERENCE = Path(__file__).parents[1] / "reference"
STORED = json.loads((REFERENCE / "bootstrap_coverage.json").read_text())["cases"]


def share(population, method):
    return next(
        case["coverage"]
        for case in STORED
        if (case["population"], case["method"]) == (population, method)
    )


@pytest.mark.parametrize("population", ["normal_mean", "exponential_mean", "correlation"])
def test_studentised_intervals_hold_their_level_best(population):
    found = share(population, "studentized")
    assert 0.93 < found < 0.96
    for method in ("percentile", "basic", "BCa"):
        assert 0.89 < share(population, method) < found


def test_skewed_populations_need_more_than_the_basic_interval():
    for population in ("exponential_mean", "correlation", "slope", "median"):
        assert share(population, "basic") < share(population, "BCa")


def test_clusters_are_seen():
    """Rows drawn one by one would give 0.6; 40 clusters cost a little."""
    for method in ("percentile", "basic", "BCa", "studentized"):
        assert 0.905 < share("clusters", method) < 0.96


@pytest.mark.skipif(
    os.environ.get("NRD_SIMULATE") != "1", reason="a minute; NRD_SIMULATE=1 runs it"
)
def test_simulations_are_the_same_again(monkeypatch):
    monkeypatch.syspath_prepend(REFERENCE)
    import make_bootstrap_coverage as made

    for case in STORED:
        found = made.coverage(case["population"], case["method"], made.SAMPLES)
        # A bound near the parameter may fall on its other side with another logarithm.
        assert found == pytest.approx(case["coverage"], abs=2 / made.SAMPLES)
