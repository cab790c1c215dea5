"""The picture of an assessment: each cell as the result says it, in both languages."""

import json
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest

mpl.use("Agg")
from matplotlib import pyplot
from test_plot import drawn_cells, legend, names, written

import nrd

REFERENCE = Path(__file__).resolve().parents[1] / "reference"
CASES = json.loads((REFERENCE / "assess_cases.json").read_text(encoding="utf-8"))
# Rows differ in what is near, what is near and unmet at once, what does not apply and what
# nobody knows; the one that meets most is not the first.
SHEET = {
    "unit": ["z", "x", "w", "y"],
    "1.1": [12.0, 60.1, 60.1, 60.3],
    "1.2": [np.nan, 8.2, 12.0, 8.3],
    "2.1": ["met"] * 4,
    "2.2/clean": [12, 50, 50, 49.9],
    "3.1": [None, "n/a", 1, 2],
    "4.3": [36.0, 36.0, 36.0, 35.9],
}
LOOKS = {
    ("", "#1f4e79"): "met",
    ("", "#f4a261"): "unmet",
    ("....", "#f4a261"): "near",
    ("////", "#ffffff"): "unknown",
    ("", "#e6e6e6"): "not asked",
}


@pytest.fixture(autouse=True)
def _close():
    yield
    pyplot.close("all")


@pytest.fixture(scope="module")
def result():
    cases = nrd.criteria._from_text(json.dumps(CASES["set"]).encode(), "cases")
    return nrd.assess(SHEET, cases, year=2023, region="north", tolerance=0.5)


def shown(ax):
    """State of each square, by row and column."""
    return {
        place: LOOKS[look[0], look[1]]
        for *look, places in drawn_cells(ax)
        for place in places
    }


@pytest.mark.parametrize("language", ["en", "vi"])
def test_indicators(result, language):
    ax = result.plot(
        language=language, columns="indicators", labels=lambda kind, id: id * 2
    )
    cells, units = shown(ax), names(ax)
    items = names(ax, "x")
    assert items == [item.code for item in result.criteria_set.items]
    assert sorted(units) == ["ww", "xx", "yy", "zz"]
    assert len(cells) == len(items) * len(units)
    for (row, column), state in cells.items():
        assert state == result.decision(units[row][0], items[column]).state
    assert {"met", "unmet", "near", "unknown", "not asked"} == set(cells.values())
    words = ["Met", "Not met", "Near, not met", "Unknown", "Not asked"]
    if language == "vi":
        words = ["Đạt", "Chưa đạt", "Sát mức, chưa đạt", "Chưa rõ", "Không yêu cầu"]
    assert legend(ax) == words
    assert ax.get_title(loc="left").endswith(": cases, 2023")


def test_criteria_are_near_where_all_that_is_missing_is_near(result):
    ax = result.plot()
    units, cells = names(ax), shown(ax)
    for (row, column), state in cells.items():
        code = result.criteria_set.codes[column]
        own = [
            result.decision(units[row], item.code).state
            for item in result.criteria_set.items
            if item.criterion == code
        ]
        near = "near" in own and "unmet" not in own
        said = result.criterion(units[row], code)
        assert state == ("near" if near and said == "unmet" else said)
    assert "near" in cells.values()
    assert "unmet" in cells.values()


def test_margins_count_what_is_met_surely_and_possibly(result):
    ax = result.plot()
    units, table = names(ax), result.by_unit
    counts = {
        unit: (met, met + unknown)
        for unit, met, unknown in zip(table["unit"], table["met"], table["unknown"])
    }
    assert units == sorted(units, key=lambda unit: [-n for n in counts[unit]])
    texts = written(ax)
    assert texts[:4] == [
        f"{low}–{high}" if low < high else str(low) for low, high in map(counts.get, units)
    ]
    columns = [list(row) for row in zip(*(np.array(result.criteria).T))]
    ends = [(c.count(1), c.count(1) + c.count(-1)) for c in columns]
    assert texts[5 : 5 + len(ends)] == [
        f"{low}–{high}" if low < high else str(low) for low, high in ends
    ]


def test_the_63_provinces_have_names():
    own = nrd.criteria_set("vn-318-2022-commune-standard")
    sheet = {"unit": [f"tỉnh {i}" for i in range(63)], "15.3": list(range(63))}
    ax = nrd.assess(sheet, own, year=2023, region="southeast").plot()
    assert set(names(ax)) == set(sheet["unit"])
    assert len(written(ax)) == 63 + 1 + 19 + 1


def test_many_units_have_ranks():
    own = nrd.criteria_set("vn-318-2022-commune-standard")
    sheet = {"unit": range(200), "15.3": [i / 10 for i in range(200)]}
    ax = nrd.assess(sheet, own, year=2023, region="southeast").plot(columns="indicators")
    assert [t.get_text() for t in ax.get_yticklabels()] == [
        "1",
        *map(str, range(20, 201, 20)),
    ]
    assert ax.get_ylabel() == "Units, from most met to least"
    assert len(shown(ax)) == 200 * len(own.items)
    ax.figure.canvas.draw()


def test_what_cannot_be_drawn(result):
    with pytest.raises(nrd.NrdValueError, match="columns is 'units', expected one of crit"):
        result.plot(columns="units")
    with pytest.raises(nrd.NrdValueError, match="no measurements of 2024"):
        result.plot(year=2024)
    with pytest.raises(nrd.NrdValueError, match="language is 'de'"):
        result.plot(language="de")
    assert pyplot.get_fignums() == []
    none = nrd.assess({"unit": []}, result.criteria_set, year=2023, region="north")
    with pytest.raises(nrd.NrdValueError, match="there are no measurements"):
        none.plot()


def test_a_caller_may_give_the_axes(result):
    figure, ax = pyplot.subplots()
    assert result.plot(ax, title="", source="a page") is ax
    assert ax.get_title(loc="left") == ""
    assert any("a page" in text for text in written(ax))
    assert pyplot.get_fignums() == [figure.number]
