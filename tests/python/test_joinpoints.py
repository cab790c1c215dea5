"""Joints: found where they are, not across standards, and not with few years."""

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import nrd

REFERENCE = Path(__file__).resolve().parents[1] / "reference"
COLUMNS = {"unit": "area", "time": "year", "value": "rate"}
BENT = [30.2, 27.9, 26.1, 23.8, 22.0, 21.6, 20.9, 20.7, 19.9, 19.6]
RATES = {"area": ["A"] * 10, "year": list(range(2010, 2020)), "rate": BENT}


def joints(rates=RATES, **options):
    return nrd.poverty_joints(rates, **{**COLUMNS, "seed": 1, **options})


def test_lines_by_hand():
    found = joints(most=1)
    after = np.maximum(np.arange(10) - 4, 0)
    columns = np.column_stack([np.ones(10), np.arange(10), after])
    (level, first, change), rss, *_ = np.linalg.lstsq(columns, np.array(BENT), rcond=None)
    row = found.row("A")
    assert (row["joints"], row["joint_1"], row["df"]) == (1, 2014, 6)
    assert row["sigma"] == pytest.approx(math.sqrt(rss[0] / 6), rel=1e-10)
    lines = found.columns_of_lines
    assert lines["change"] == pytest.approx([first, first + change], rel=1e-10)
    assert (lines["begin"], lines["end"]) == ([2010, 2014], [2014, 2019])
    assert level == pytest.approx(found.found["start"][0], rel=1e-12)
    for low, slope, high in zip(lines["low"], lines["change"], lines["high"], strict=True):
        assert low < slope < high


def test_percent_a_year_on_the_log_scale():
    rates = {**RATES, "rate": [40 * 0.9**k * (1 + 0.001 * (k % 3)) for k in range(10)]}
    found = joints(rates, scale="log", joints=0)
    assert found.columns_of_lines["change"] == pytest.approx([-10], abs=0.05)
    assert found.fitted(0)[1][0] == pytest.approx(40, rel=0.01)


def test_few_years_say_so():
    data = nrd.load_dataset("poverty-provinces", backend="pandas")
    rates = data.table("rates", numbers=True)
    rates = rates[(rates["series"] == "gso") & (rates["scope"] == "total")]
    found = nrd.poverty_joints(rates, unit="unit_code", time="year", value="value", seed=1)
    row = found.row("14", "income-2011-2015")
    assert (row["state"], row["joints"], row["p"]) == ("few", None, None)
    assert row["reason"] == "too few figures to tell: 6 < 7"
    row = found.row("14", "income-2006-2010")
    assert (
        row["reason"] == "too few figures for a line with scatter: 2, expected at least 3"
    )
    lines = found.lines
    one = lines[(lines["unit_code"] == "14")]
    assert list(one["standard"]) == ["income-2011-2015"]
    with pytest.raises(nrd.NrdKeyError, match="2 series, of standards"):
        found.row("14")
    assert "điểm %" in found.summary(language="vi")
    given = nrd.poverty_joints(
        rates, unit="unit_code", time="year", value="value", joints=1, places="between"
    )
    assert given.row("14", "income-2011-2015")["joints"] == 1


def test_weights_and_standards():
    rates = {**RATES, "weight": [1.0] * 10, "standard": ["x"] * 5 + ["y"] * 5}
    assert joints(rates, weights="weight", standard=None, joints=1).row("A")["joints"] == 1
    found = joints(rates, joints=1)
    assert found.columns["standard"] == ["x", "y"]
    assert found.columns["n"] == [5, 5]
    heavy = {**rates, "weight": [1.0] * 9 + [1000.0]}
    one, other = (
        joints(r, weights="weight", standard=None, joints=1).found["slope"][0, 1]
        for r in (rates, heavy)
    )
    assert one != other


def test_the_rules():
    assert joints(joints="bic", most=1).row("A")["joints"] == 1
    assert joints(joints=0).row("A")["joints"] == 0
    straight = {**RATES, "rate": [30 - 2 * k + 0.3 * (-1) ** k for k in range(10)]}
    assert joints(straight).row("A")["joints"] == 0
    assert joints(straight).row("A")["p"] > 0.05
    assert joints(joints="bic").provenance.seed is None


def test_the_same_bits_on_any_number_of_threads():
    rng = np.random.default_rng(4)
    rates = {
        "area": np.repeat(np.arange(60), 12),
        "year": np.tile(np.arange(2010, 2022), 60),
        "rate": 40 + rng.normal(size=720) - np.tile(np.arange(12), 60),
    }
    one = joints(rates, threads=1)
    for threads in (2, 8):
        assert joints(rates, threads=threads).found.tobytes() == one.found.tobytes()
    assert joints(rates, seed=2).found.tobytes() != one.found.tobytes()


def test_sizes_are_what_the_reference_says():
    """Its first rows, made again; tests reject 5 % of lines, the criterion many more."""
    import sys

    sys.path.insert(0, str(REFERENCE))
    import make_joinpoint_size as made

    stored = json.loads((REFERENCE / "joinpoint_size.json").read_text())["cases"]
    assert made.size(7, 1, 0) == stored[0]
    for case in stored:
        if case["kind"] == "size":
            assert 0.038 < case["tested"][0] < 0.056
            for level, share in zip((0.01, 0.05, 0.1, 0.2), case["rejected"], strict=True):
                assert abs(share - level) < 4 * math.sqrt(level * (1 - level) / 10_000)
            assert case["bic"][0] > 0.15
        else:
            assert all(0.93 < share < 0.98 for share in case["joint"] + case["slope"])


def test_tables_and_json():
    found = joints(pd.DataFrame(RATES), most=1)
    assert list(found.table["state"]) == ["told"]
    assert list(found.lines["line"]) == [1, 2]
    as_json = json.loads(found.to_json())
    assert as_json["series"][0]["joint_1"] == 2014
    assert as_json["scale"] == "linear"
    assert "2014 (" in found.summary()
    assert found.area("A").columns == found.columns


def test_rows_with_reasons():
    rates = {
        "area": list("AAABBBBBBBCCC"),
        "year": [2010, 2011, 2012, *range(2010, 2017), 2010, 2010, 2011],
        "rate": [9.0, float("inf"), 8.0, 9, 8, 7, 6, 5, 4, 3, 5.0, 4.0, 3.0],
    }
    found = joints(rates)
    assert found.columns["state"] == ["infinite", "exact", "twice"]
    assert found.columns["joints"] == [None, 0, None]
    zero = {**RATES, "rate": [*BENT[:-1], 0.0]}
    row = joints(zero, scale="log").row("A")
    assert (row["state"], row["reason"]) == (
        "outside",
        "a value has no place on the scale: 0 (2019)",
    )


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"joints": "aic"}, "joints is 'aic', expected permutation, bic"),
        ({"joints": 4}, "joints is 4"),
        ({"most": -1}, "most is -1"),
        ({"places": "months"}, "places is 'months', expected years, between"),
        ({"least_years": 1}, "least_years is 1"),
        ({"scale": "logit"}, "scale is 'logit', expected linear, log"),
        ({"alpha": 5}, "alpha is 5, expected a number in"),
        ({"level": 0}, "level is 0"),
        ({"n_resamples": 0}, "n_resamples is 0"),
    ],
)
def test_options_that_cannot_be(options, words):
    with pytest.raises(nrd.NrdValueError, match=words):
        joints(**options)
