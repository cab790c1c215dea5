"""What tests for a trend reject and what intervals hold: stored simulations."""

import json
import os
from pathlib import Path

import pytest

REFERENCE = Path(__file__).parents[1] / "reference"
STORED = json.loads((REFERENCE / "trend_coverage.json").read_text())["cases"]
# Three standard deviations of a share of 0.05 in 20,000.
ROOM = 0.005
INDEPENDENT = [case for case in STORED if case["errors"] != "correlated"]
CORRELATED = [case for case in STORED if case["errors"] == "correlated"]


def shares(cases, name):
    return [case[name][0] for case in cases]


def test_all_lengths_are_there():
    assert len(STORED) == 5 * 12
    assert {case["years"][0] for case in STORED} == set(range(4, 16))


def test_the_exact_test_keeps_its_size_with_and_without_ties():
    assert max(shares(INDEPENDENT, "mann-kendall")) < 0.05 + ROOM
    exact, normal = (
        shares(INDEPENDENT, name) for name in ("mann-kendall", "normal approximation")
    )
    assert all(a >= b for a, b in zip(exact, normal))
    assert set(shares([c for c in STORED if c["years"] == [4]], "mann-kendall")) == {0.0}


def test_intervals_hold_the_slope():
    assert min(shares(INDEPENDENT, "held by theil-sen")) > 0.95 - ROOM
    assert min(shares(INDEPENDENT, "held by hac")) > 0.95 - ROOM
    plain = [case for case in INDEPENDENT if case["errors"] == "normal"]
    assert min(shares(plain, "held by ols")) > 0.95 - ROOM
    assert max(shares(plain, "ols")) < 0.05 + ROOM


def test_correlated_errors_need_more_than_these_tests_give():
    assert max(shares(CORRELATED, "mann-kendall")) > 0.13
    assert max(shares(CORRELATED, "pre-whitening")) < 0.055
    assert min(shares(CORRELATED, "held by hac")) > 0.88
    assert min(shares(STORED, "yue-wang")) > 0.2


@pytest.mark.skipif(
    os.environ.get("NRD_SIMULATE") != "1", reason="minutes; NRD_SIMULATE=1 runs it"
)
def test_simulations_are_the_same_again(monkeypatch):
    monkeypatch.syspath_prepend(REFERENCE)
    import make_trend_coverage

    assert json.loads(json.dumps(make_trend_coverage.coverage()["cases"])) == STORED
