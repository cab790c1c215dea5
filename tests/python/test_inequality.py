"""Inequality: against definitions in fractions, its parts, its rows, its bad input."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import columns_of

import nrd

amounts = st.lists(
    st.tuples(st.integers(0, 10**6), st.integers(1, 9000), st.sampled_from("ABC")),
    min_size=1,
    max_size=12,
).filter(lambda rows: any(x for x, _, _ in rows))


def gini(rows):
    """Half the mean distance of all pairs, in units of the mean."""
    weight, total = sum(w for _, w in rows), sum(w * x for x, w in rows)
    pairs = sum(v * w * abs(x - y) for x, v in rows for y, w in rows)
    return Fraction(pairs, 2 * weight * total)


@settings(max_examples=200, deadline=None)
@given(amounts)
def test_gini_is_the_mean_distance_of_pairs(rows):
    values, weights, groups = map(list, zip(*rows))
    table = {"value": values, "persons": weights, "group": groups}
    found = nrd.inequality(table, "value", weights="persons", by="group")
    pairs = [(x, w) for x, w, _ in rows]
    assert found.gini == pytest.approx(float(gini(pairs)), rel=5e-16, abs=1e-300)
    for group, held in zip(found.columns["group"], found.columns["gini"]):
        own = [(x, w) for x, w, name in rows if name == group]
        wanted = float(gini(own)) if any(x for x, _ in own) else None
        assert held == (wanted and pytest.approx(wanted, rel=5e-16))


@settings(max_examples=200, deadline=None)
@given(amounts)
def test_parts_add_up_to_the_whole(rows):
    values, weights, groups = map(list, zip(*rows))
    table = {"value": values, "persons": weights, "group": groups}
    found = nrd.inequality(table, "value", weights="persons", by="group")
    parts = zip(*(found.parts[name] for name in ("between", "within", "overlap", "whole")))
    for between, within, overlap, whole in parts:
        assert between + within + overlap == pytest.approx(whole, abs=1e-14)
        assert min(between, within, overlap) >= 0


def test_rows_in_any_order_and_in_any_frame_give_the_same_bits():
    import pandas as pd
    import polars as pl

    rng = np.random.default_rng(7)
    values, weights = rng.lognormal(0, 1, 999), rng.exponential(10, 999)
    group = rng.integers(0, 9, 999)
    table = {"x": values, "w": weights, "g": group}
    first = nrd.inequality(table, "x", by="g", weights="w")
    order = rng.permutation(999)
    turned = {name: column[order] for name, column in table.items()}
    for frame in (turned, pd.DataFrame(turned), pl.DataFrame(turned)):
        found = nrd.inequality(frame, "x", by="g", weights="w")
        assert found.to_dict()["table"] == first.to_dict()["table"]
        assert found.whole == first.whole
        np.testing.assert_array_equal(found.curve, first.curve)
        assert columns_of(found.table)["gini"] == list(first.columns["gini"])


def test_missing_rows_are_left_out_and_counted():
    rows = {
        "x": [1.0, None, 3.0, 5.0],
        "w": [2.0, 1.0, None, 1.0],
        "g": ["A", "A", "B", "B"],
    }
    found = nrd.inequality(rows, "x", weights="w", by="g")
    assert (found.provenance.used, found.provenance.dropped) == (2, 2)
    assert found.columns["n"] == [1, 1]
    assert nrd.inequality({"x": [1.0, None, 3.0]}, "x").whole["n"] == 2


def test_a_group_without_a_total_has_no_indices():
    found = nrd.inequality({"x": [0.0, 0.0, 2.0], "g": list("AAB")}, "x", by="g")
    assert found.columns["gini"] == [None, 0.0]
    assert found.columns["total"] == [0.0, 2.0]
    # All is between: the mean of B is that of one of three rows.
    assert found.parts["between"] == pytest.approx([np.log(3), 2 / 3])


@pytest.mark.parametrize(
    ("rows", "options", "words"),
    [
        ({"x": [1, -2]}, {}, "column 'x', row 1: found -2.0, expected a finite number"),
        ({"x": [1, np.inf]}, {}, "column 'x', row 1: found inf"),
        ({"x": [1, 2], "w": [1, -1]}, {"column": "x", "weights": "w"}, "weights, row 1"),
        ({"x": [0, 0]}, {}, "the total is 0"),
        ({"x": [None, None]}, {}, "the total is 0"),
        ({"x": [1], "y": [2]}, {}, "there are 2 columns, expected `column` to name one"),
        ({"x": [1e308, 1e308]}, {}, "too large for a double"),
        (
            {"x": [1], "gini": ["A"]},
            {"column": "x", "by": "gini"},
            "a column 'gini' of its",
        ),
    ],
)
def test_bad_input_is_one_sentence(rows, options, words):
    with pytest.raises(nrd.NrdValueError) as caught:
        nrd.inequality(rows, **options)
    assert words in str(caught.value)


def test_other_bad_input():
    with pytest.raises(nrd.NrdTypeError, match="expected a number"):
        nrd.inequality({"x": ["a"]})
    with pytest.raises(nrd.NrdKeyError, match="no column 'y'"):
        nrd.inequality({"x": [1]}, "y")
    with pytest.raises(nrd.NrdValueError, match="no groups"):
        _ = nrd.inequality([1, 2]).part_table


def test_provinces_of_viet_nam_between_and_within_regions():
    data = nrd.load_dataset("gso-provinces", backend="pandas")
    rows = data.table("provinces", numbers=True)
    units = data.table("units").set_index("code")
    wide = rows[rows["year"] == 2014].pivot(
        index="unit_code", columns="indicator", values="value"
    )
    wide = wide[[units.level[code] == "province" for code in wide.index]]
    wide["region"] = [units.parent_code[code] for code in wide.index]
    wide = wide.reset_index()[["region", "income_month_total", "population_total"]].dropna()
    found = nrd.inequality(
        wide, "income_month_total", by="region", weights="population_total"
    )
    assert found.provenance.used == 63
    assert 0.15 < found.gini < 0.35
    assert found.parts["between"][0] > found.parts["within"][0]
    text = found.summary(language="vi")
    assert "bất bình đẳng" in text


@pytest.mark.parametrize("language", ["en", "vi"])
def test_the_curve_is_drawn(language):
    pyplot = pytest.importorskip("matplotlib.pyplot")
    found = nrd.inequality([1.0, 1.0, 2.0, 4.0])
    ax = found.plot(language=language, source="GSO (2018)")
    assert "0.312" in " ".join(text.get_text() for text in ax.texts)
    assert ax.get_xlim() == (0, 100)
    pyplot.close(ax.figure)
