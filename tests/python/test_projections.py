"""Projections: what they are of, what they hold, and what they say of it."""

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import nrd

REFERENCE = Path(__file__).resolve().parents[1] / "reference"
RATES = {
    "area": ["A"] * 6 + ["B"] * 5,
    "year": [2010, 2012, 2013, 2014, 2015, 2016, 2012, 2013, 2014, 2015, 2016],
    "rate": [27.5, 21.0, 19.1, 16.5, 15.4, 12.6, 9.4, 9.9, 8.7, 9.8, 9.2],
}
COLUMNS = {"unit": "area", "time": "year", "value": "rate"}


def projected(rates=RATES, **options):
    return nrd.project_poverty(rates, **{**COLUMNS, "target": 5, **options})


def gso():
    """Rates of the provinces from tables of GSO, two standards in each."""
    data = nrd.load_dataset("poverty-provinces", backend="pandas")
    rates = data.table("rates", numbers=True)
    return rates[(rates["series"] == "gso") & (rates["scope"] == "total")]


def of_gso(**options):
    return nrd.project_poverty(
        gso(), unit="unit_code", time="year", value="value", **options
    )


def test_a_line_on_the_logit_scale_by_hand():
    row = projected(target_year=2025).row("A")
    years, rates = np.array(RATES["year"][:6]), np.array(RATES["rate"][:6])
    logit = np.log(rates / (100 - rates))
    slope, level = np.polyfit(years - 2016, logit, 1)
    assert row["slope"] == pytest.approx(slope, rel=1e-12)
    reach = 2016 + (math.log(5 / 95) - level) / slope
    assert row["reach"] == pytest.approx(reach, rel=1e-12)
    fitted = 100 / (1 + np.exp(-(level + slope * np.array([-6, 0]))))
    assert row["past"] == pytest.approx((fitted[1] - fitted[0]) / 6, rel=1e-12)
    assert row["needed"] == pytest.approx((5 - 12.6) / 9)
    assert row["pace"] == pytest.approx(row["past"] / row["needed"])
    assert (row["n"], row["df"], row["last_year"], row["last"]) == (6, 4, 2016, 12.6)
    assert row["state"] == "made"


def test_the_times_of_a_target_are_those_of_its_probability():
    """A figure of the year `reach_low` is at the target with probability 2.5 %."""
    row = projected().row("A")
    times = [row["reach_low"], row["reach"], row["reach_high"]]
    found = projected(years=times).points["probability"][0]
    assert list(found) == pytest.approx([0.025, 0.5, 0.975], abs=1e-10)


def test_an_interval_may_have_no_end():
    row = projected(target=3).row("B")
    assert row["reach"] > 2100
    assert row["reach_high"] == math.inf
    text = projected(target=3).summary()
    assert "not before" in text
    as_json = json.loads(projected(target=3).to_json())
    assert as_json["areas"][1]["reach_high"] is None


def test_rates_stay_between_0_and_100():
    points = projected(years=[2100, 2500], method="bootstrap", seed=3).points
    for name in ("estimate", "low", "high"):
        assert ((points[name] >= 0) & (points[name] <= 100)).all()
    straight = projected(years=[2100], scale="linear").figures
    assert straight["estimate"][0] < 0


def test_other_scales():
    assert projected(scale="log").row("A")["reach"] < projected().row("A")["reach"] + 1
    linear = projected(scale="linear", target=0).row("A")
    assert linear["reach"] == pytest.approx(2021, abs=1)


def test_at_least():
    up = {**RATES, "rate": [100 - rate for rate in RATES["rate"]]}
    down = projected(target=5).row("A")
    found = projected(up, target=95, target_at="least").row("A")
    for name in ("reach", "reach_low", "reach_high"):
        assert found[name] == pytest.approx(down[name], rel=1e-12)


def test_shares_are_percentages():
    shares = {**RATES, "rate": [rate / 100 for rate in RATES["rate"]]}
    assert projected(shares, rate="share").row("A")["reach"] == pytest.approx(
        projected().row("A")["reach"], rel=1e-12
    )
    with pytest.raises(nrd.NrdValueError, match="between 0 and 1"):
        projected(shares)


@pytest.mark.parametrize("make", [dict, pd.DataFrame, pl.DataFrame])
def test_tables_go_back_in_the_kind_they_came(make):
    found = projected(make(RATES), target_year=2020)
    assert isinstance(found.table, make)
    assert isinstance(found.figures, make)
    assert list(found.figures["year"])[:4] == [2017, 2018, 2019, 2020]


def test_the_last_standard_is_projected():
    """Lines do not cross standards: 2006 and 2008 change nothing."""
    every = of_gso(target=3)
    late = gso()
    late = late[late["standard"] == "income-2011-2015"]
    alone = nrd.project_poverty(
        late, unit="unit_code", time="year", value="value", target=3, standard=None
    )
    assert every.row("ha-tay")["standard"] == "income-2006-2010"
    for code in ("14", "11", "20", "42", "vn"):
        one, other = every.row(code), alone.row(code)
        assert (one.pop("standard"), other.pop("standard")) == ("income-2011-2015", None)
        assert one == other
    assert "names the poverty standard" in every.provenance.assumptions[1]
    assert every.row("14")["n"] == 6


def test_a_shift_keeps_one_slope():
    """One slope for both standards: the mean of both, weighted by their spread of years."""
    row = of_gso(shift=True, scale="linear").row("11")
    assert (row["n"], row["df"]) == (8, 5)
    one = gso()
    one = one[one["unit_code"] == "11"]
    parts = one.groupby("standard")[["year", "value"]].cov().unstack()
    counts = one.groupby("standard").size() - 1
    x, xy = parts["year"]["year"] * counts, parts["year"]["value"] * counts
    assert row["slope"] == pytest.approx(xy.sum() / x.sum(), rel=1e-12)


def test_columns_of_a_basis_are_recognised():
    data = nrd.load_dataset("gso-provinces", backend="pandas")
    rates = data.table("provinces", numbers=True)
    rates = rates[rates["indicator"] == "poverty_rate"]
    found = nrd.project_poverty(rates, unit="unit_code", time="year", value="value")
    assert found.row("14")["standard"] == "line 2011-2015"
    assert found.row("14")["reach"] is None


def test_one_seed_gives_the_same_bits_on_any_number_of_threads():
    def drawn(threads, progress=False):
        return of_gso(
            target=3, method="bootstrap", seed=6, threads=threads, progress=progress
        )

    one = drawn(1)
    for threads in (2, 5, 8):
        assert drawn(threads).points.tobytes() == one.points.tobytes()
        assert drawn(threads).found.tobytes() == one.found.tobytes()
    seen = []
    assert (
        drawn(2, lambda *done: seen.append(done)).points.tobytes() == one.points.tobytes()
    )
    assert seen[-1] == (71, 71)
    assert one.provenance.seed == 6
    other = of_gso(target=3, method="bootstrap", seed=7)
    assert other.points.tobytes() != one.points.tobytes()
    assert of_gso(method="bootstrap").provenance.seed is not None


def test_a_bootstrap_is_near_student():
    """With normal errors both hold the same; here within a fifth of the width."""
    by_t, drawn = (of_gso(target=3, **o) for o in ({}, {"method": "bootstrap", "seed": 1}))
    for code in ("14", "11", "20", "42"):
        i = by_t.place(code)
        a, b = by_t.points[i], drawn.points[i]
        width = a["high"] - a["low"]
        assert (abs(a["low"] - b["low"]) < 0.5 * width).all()
        assert (abs(a["high"] - b["high"]) < 0.5 * width).all()


def test_coverage_is_what_the_reference_says():
    """Its first rows, made again; and 95 % intervals hold about 95 %."""
    import sys

    sys.path.insert(0, str(REFERENCE))
    import make_projection_coverage as made

    stored = json.loads((REFERENCE / "projection_coverage.json").read_text())
    assert made.covered(4) == stored["cases"][0]
    for case in stored["cases"]:
        for share in case["t"] + case["bootstrap"]:
            assert 0.93 < share < 0.965
        assert abs(case["t_told"][0] - case["reached"][0]) < 0.02


def test_one_area_and_its_row():
    found = of_gso(target=3)
    one = found.area("42")
    assert len(one.columns["state"]) == 1
    assert one.row("42") == found.row("42")
    with pytest.raises(nrd.NrdKeyError, match="no area 'x'"):
        found.row("x")


def test_groups_name_areas():
    rates = {**RATES, "province": list("PPPPPPQQQQQ"), "area": ["A"] * 11}
    found = projected(rates, by="province")
    assert found.row("P", "A")["n"] == 6
    with pytest.raises(nrd.NrdKeyError, match="2 groups"):
        found.row("A")


def test_trends_project_their_series():
    trends = nrd.poverty_trends(RATES, **COLUMNS)
    assert trends.project(target=5).row("A") == projected().row("A")
    assert len(trends.joints(joints=0).found) == 2


def test_words():
    found = of_gso(target=3, target_year=2025)
    assert "2030 (2028.3–2032)" in found.area("14").summary()
    text = " ".join(found.area("01").summary().split())
    assert "2016 (by now–2016)" in text
    text = found.area("01").summary(language="vi")
    assert "Năm đạt mục tiêu" in text
    assert "nay đã đạt" in text
    assert "(+ 31)" in found.summary()
    assert repr(found).startswith("<Projection: line on the logit scale")


@pytest.mark.parametrize("make", [dict, pd.DataFrame, pl.DataFrame, pa.table])
def test_a_standard_is_recognised_in_any_frame(make):
    """Trends, projections and joints keep the standards of the data sets apart."""
    rates = make({**RATES, "standard": ["old"] * 3 + ["new"] * 8})
    trends = nrd.poverty_trends(rates, **COLUMNS)
    assert trends.series.standards == ["old", "new"]
    assert "names the poverty standard" in trends.provenance.assumptions[-1]
    assert nrd.poverty_joints(rates, **COLUMNS, seed=1).series.standards == ["old", "new"]
    assert projected(rates).standards == ("new", "new")
    assert nrd.poverty_trends(rates, **COLUMNS, standard=None).series.standards == [None]
