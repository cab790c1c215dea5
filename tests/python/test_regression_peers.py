"""Regressions beside those of R (lm) and statsmodels, as stored with the scripts."""

import json
from pathlib import Path

import numpy as np
import pytest

import nrd

FOLDER = Path(__file__).parent.parent / "reference"


def reference(name):
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


LM = reference("regression_lm")
PEERS = {"lm": LM, "statsmodels": reference("regression_statsmodels")}
LINEAR = {"x": ["roads", "year"]}
OPTIONS = {
    "plain": LINEAR,
    "through_zero": {"x": "roads", "intercept": False},
    "precision": {**LINEAR, "weights": "weight", "weight_kind": "precision"},
    "frequency": {**LINEAR, "weights": "times", "weight_kind": "frequency"},
    "quadratic": {"x": nrd.poly("roads", 2)},
    "effects": {**LINEAR, "effects": "unit"},
}
CASES = [(peer, name) for peer, held in PEERS.items() for name in held["cases"]]
# What the peers keep of their digits where a column of years stands beside ones.
CLOSE = 1e-9


def fit_of(name):
    return nrd.regress(LM["data"], "income", level=LM["level"], **OPTIONS[name])


@pytest.mark.parametrize(("peer", "name"), CASES)
def test_results_are_those_of_the_peer(peer, name):
    expected = PEERS[peer]["cases"][name]
    found = fit_of(name)
    for key in "estimate se t p low high covariance".split():
        values = np.ravel(getattr(found, key))
        assert values == pytest.approx(np.ravel(expected[key]), rel=CLOSE), key
    for key in "sigma r_squared adjusted f df rss".split():
        if key in expected:
            assert float(getattr(found, key)[0]) == pytest.approx(expected[key], rel=CLOSE)


@pytest.mark.parametrize("interval", ["confidence", "prediction"])
@pytest.mark.parametrize(("peer", "name"), CASES)
def test_predictions_are_those_of_the_peer(peer, name, interval):
    expected = PEERS[peer]["cases"][name].get(interval)
    kind = "mean" if interval == "confidence" else "prediction"
    if expected is None:
        with pytest.raises(nrd.NrdValueError, match="effects of units are not estimated"):
            fit_of(name).predict(LM["at"], interval=kind)
        return
    found = fit_of(name).predict(LM["at"], interval=kind).columns
    values = [*found["fitted"], *found["low"], *found["high"]]
    assert values == pytest.approx(expected, rel=CLOSE)
