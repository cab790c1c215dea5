"""What cannot be projected: refused in a sentence, or a row with its reason."""

import pytest
from test_projections import COLUMNS, RATES, projected

import nrd

LINE = [20.0, 18.4, 17.1, 14.8]


def states(*series, first=2015, **options):
    """States and reasons of areas with these rates in years one after another."""
    rates = {
        "area": [i for i, values in enumerate(series) for _ in values],
        "year": [first + k for values in series for k in range(len(values))],
        "rate": [value for values in series for value in values],
    }
    found = projected(rates, **options)
    return list(zip(found.columns["state"], found.columns["reason"], strict=True))


def test_one_area_does_not_fail_the_others():
    inf = float("inf")
    found = states(
        LINE, [4.1, 3.9, 3.0], [7.0, 6.0], [7.0] * 4, [8.0, 7.0, 6.0, 5.0],
        [3.0, 0.0, 2.0, 1.5], [9.0, inf, 7.5], [9.1, 8.8, 103.0], scale="logit",
    )  # fmt: skip
    assert found == [
        ("made", ""),
        ("met", "the last figure is at the target already"),
        ("few", "too few figures to tell: 2"),
        ("flat", "all figures are equal: there is neither trend nor scatter"),
        ("met", "the last figure is at the target already"),
        ("outside", "a value has no place on the scale: 0 (2016)"),
        ("infinite", "a value is infinite: inf (2016)"),
        ("outside", "a value has no place on the scale: 103 (2017)"),
    ]
    found = states([8.0, 7.0, 6.0], LINE, scale="linear")
    assert [state for state, _ in found] == ["exact", "made"]
    assert "without scatter" in found[0][1]


def test_what_is_not_told_is_missing():
    rates = {"area": [1, 1], "year": [2015, 2016], "rate": [9.0, 8.0]}
    row = projected(rates).row(1)
    for name in ("slope", "reach", "reach_low", "past", "probability", "sigma"):
        assert row[name] is None
    assert (row["n"], row["last"]) == (2, 8.0)
    assert projected(rates).figures["low"] == [None] * 10


def test_a_target_in_the_past():
    row = projected(target_year=2016).row("A")
    assert row["state"] == "past"
    assert row["reason"] == "the target year is not after the last figure"
    assert row["needed"] is None
    assert row["reach"] > 2016


def test_a_year_twice():
    rates = {**RATES, "year": [2010, 2010, *RATES["year"][2:]]}
    found = projected(rates)
    assert found.row("A")["state"] == "twice"
    assert found.row("A")["reason"] == "a year is there twice: 2010"
    assert found.row("B")["state"] == "made"


def test_an_old_standard_with_a_fault_does_not_count():
    """The line is that of the last standard; a shift takes both, and tells the fault."""
    rates = {**RATES, "standard": ["old", *["new"] * 10]}
    rates["rate"] = [float("inf"), *RATES["rate"][1:]]
    assert projected(rates).row("A")["state"] == "made"
    assert projected(rates, shift=True).row("A")["state"] == "infinite"
    assert projected(rates, standard=None).row("A")["state"] == "infinite"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"target": 0}, "target is 0, expected a number above 0 and below 100"),
        ({"target": 100}, "scale='linear' allows 0 and 100"),
        (
            {"target": -1, "scale": "linear"},
            "target is -1, expected a number from 0 to 100",
        ),
        ({"target": 101, "scale": "linear"}, "target is 101"),
        ({"target": 0, "scale": "log"}, "target is 0, expected a number above 0"),
        ({"target": float("inf")}, "target is inf, expected a finite number"),
        ({"target": [1, 2, 3]}, "there are 3 targets, expected one or 2"),
        ({"target_year": float("inf")}, "target_year is inf"),
        ({"target_year": 20255}, "target_year is 20255, expected one at most 500 years"),
        ({"scale": "probit"}, "scale is 'probit', expected linear, log, logit"),
        ({"method": "jackknife"}, "method is 'jackknife', expected t, bootstrap"),
        ({"target_at": "mean"}, "target_at is 'mean', expected most, least"),
        ({"level": 95}, "level is 95, expected a number in"),
        ({"method": "bootstrap", "n_resamples": 0}, "n_resamples is 0"),
        ({"method": "bootstrap", "seed": -1}, "seed is -1"),
        ({"rate": "number"}, "scale is 'logit', expected 'log' or 'linear'"),
        ({"years": [float("nan")]}, "years is nan"),
        ({"rate": "ratio"}, "rate is 'ratio'"),
    ],
)
def test_options_that_cannot_be(options, words):
    with pytest.raises(nrd.NrdValueError, match=words.replace("(", r"\(")):
        projected(**options)


def test_columns_that_cannot_be():
    with pytest.raises(nrd.NrdKeyError, match="rates"):
        nrd.project_poverty(RATES, **{**COLUMNS, "value": "rates"})
    with pytest.raises(nrd.NrdTypeError, match="'area'"):
        nrd.project_poverty(RATES, **{**COLUMNS, "value": "area"})
    with pytest.raises(nrd.NrdTypeError, match="target is 'low'"):
        projected(target="low")
    with pytest.raises(nrd.NrdKeyError, match="line"):
        projected(standard="line")


def test_targets_of_areas():
    found = projected(target=[5, 4.5])
    assert found.columns["target"] == [5, 4.5]
    assert found.row("A")["reach"] == projected().row("A")["reach"]
