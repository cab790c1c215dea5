"""Intervals of SciPy's bootstrap from SciPy's own replicates."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from nrd._core.bootstrap import SIDES, Design, acceleration, interval

REFERENCE = Path(__file__).parents[1] / "reference" / "bootstrap_scipy.json"
CASES = json.loads(REFERENCE.read_text())["cases"]


def design_of(case):
    """The design of a case, and the units before each of its strata."""
    data, options = case["data"], {}
    if case["statistic"] == "mean_difference":
        sizes = [len(sample) for sample in data]
        strata = np.cumsum([0, *sizes])
        options = {"sample": np.repeat([0, 1], sizes), "strata": strata}
        data = [data[0] + data[1]]
    columns = [np.array(column) for column in data]
    n = len(columns[0])
    design = Design(case["statistic"], "multinomial", columns, n, **options)
    return design, options.get("strata", np.array([0, n]))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["statistic"])
def test_intervals_are_those_of_scipy(case):
    design, strata = design_of(case)
    estimate = float(design.estimate()[0][0])
    grown = acceleration(design.jackknife()[:, 0], strata)
    replicates = np.array(case["replicates"])
    # SciPy's replicates are rounded at each step: those equal in theory are made equal.
    replicates[np.abs(replicates - estimate) < 1e-13] = estimate
    for made in case["intervals"]:
        found = interval(
            made["method"],
            0.9,
            SIDES[made["alternative"]],
            replicates,
            None,
            (estimate, 0.0, grown),
        )
        low = -math.inf if made["low"] is None else made["low"]
        high = math.inf if made["high"] is None else made["high"]
        assert found.low == pytest.approx(low, rel=1e-9)
        assert found.high == pytest.approx(high, rel=1e-9)
