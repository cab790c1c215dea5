"""How often intervals hold what they should: stored simulations, and the same again."""

import json
import os
from pathlib import Path

import pytest

REFERENCE = Path(__file__).parents[1] / "reference"
STORED = json.loads((REFERENCE / "covariance_coverage.json").read_text())["cases"]


def share(case, name):
    (found,) = next(c[name] for c in STORED if c["name"] == case)
    return found


@pytest.mark.parametrize("clusters", [6, 12, 30])
def test_intervals_of_few_clusters_hold_what_they_should(clusters):
    case = f"{clusters} clusters"
    assert 0.94 < share(case, "CR2, Satterthwaite") < 0.965
    assert 0.94 < share(case, "wild, Rademacher") < 0.965
    assert share(case, "CR1S") < share(case, "CR2, Satterthwaite")


@pytest.mark.parametrize("correlation", [0.0, 0.3, 0.6])
def test_short_series_need_both_corrections(correlation):
    case = f"10 years, correlation {correlation}"
    both = share(case, "lags 2, unbiased, Satterthwaite")
    assert both > share(case, "lags 2, unbiased") > share(case, "lags 2, adjusted")
    assert share(case, "lags 2") + 0.16 < both < 0.97
    assert correlation > 0.3 or both > 0.92


@pytest.mark.skipif(
    os.environ.get("NRD_SIMULATE") != "1", reason="a minute; NRD_SIMULATE=1 runs it"
)
def test_simulations_are_the_same_again(monkeypatch):
    monkeypatch.syspath_prepend(REFERENCE)
    import make_coverage

    assert json.loads(json.dumps(make_coverage.coverage()["cases"])) == STORED
