"""Areas, weights and samples: exact quotients, intervals, and what is refused."""

from fractions import Fraction
from math import sqrt

import numpy as np
import pytest

import nrd
from nrd import Attainment, criteria_averages

COUNTS = [3, 7, 5, 9, 8]  # criteria met by five communes
T_4 = 2.7764451051977987  # R: qt(0.975, 4)
T_2 = 0.95 * sqrt(2 / 0.0975)  # the quantile of two degrees of freedom in closed form


def sample(counts=COUNTS, m=10):
    return Attainment.from_wide(np.array([[j < k for j in range(m)] for k in counts]))


def test_weights_are_taken_as_they_are_written():
    found = criteria_averages(sample(), weights=[0.1, 0.2, 0.3, 0.1, 0.3])
    exact = sum(k * w for k, w in zip(COUNTS, map(Fraction, "0.1 0.2 0.3 0.1 0.3".split())))
    assert found.weighted_low == found.weighted_high == float(exact)


def test_weights_and_areas_by_code_or_in_order():
    by_code = criteria_averages(
        sample(),
        by={"district": dict(zip("54321", "BBAAA"))},
        weights=dict(zip("54321", [5, 4, 3, 2, 1])),
    )
    in_order = criteria_averages(
        sample(), by={"district": list("AAABB")}, weights=range(1, 6)
    )
    assert by_code.to_dict()["by_area"] == in_order.to_dict()["by_area"]
    assert by_code.by_area["weight"] == [6, 9]
    assert by_code.by_area["weighted_low"] == [32 / 6, 76 / 9]


def test_several_levels_and_groups_of_criteria():
    codes = tuple("abcdefghij")
    groups = ("odd", "even") * 5
    official = nrd.CriteriaSet("toy", codes, codes, codes, groups, {})
    cells = np.array([[j < k for j in range(10)] for k in COUNTS])
    sheet = {
        "unit": list("12345"),
        **{c: cells[:, j].tolist() for j, c in enumerate(codes)},
    }
    table = Attainment.from_wide(sheet, criteria=official)
    found = criteria_averages(table, by={"district": list("AABBB"), "province": ["P"] * 5})
    assert found.by_area["level"] == ["district", "district", "province"]
    assert found.by_area["mean_low"] == [5.0, 22 / 3, 32 / 5]
    table = found.by_area_group
    whole = {}
    for area, low in zip(table["area"], table["mean_low"]):
        whole[area] = whole.get(area, 0) + low
    assert whole == pytest.approx({"A": 5.0, "B": 22 / 3, "P": 6.4}, rel=1e-15)
    assert table["group"] == ["odd", "even"] * 3


def test_areas_add_up_to_the_whole_exactly():
    rng = np.random.default_rng(7)
    counts = rng.integers(0, 20, 999)
    areas, weights = rng.integers(0, 12, 999), rng.integers(0, 10**6, 999)
    found = criteria_averages(sample(counts, 19), by={"district": areas}, weights=weights)
    table = found.by_area
    parts = [
        Fraction(int(counts[areas == int(area)] @ weights[areas == int(area)]))
        for area in table["area"]
    ]
    assert [float(p / w) for p, w in zip(parts, table["weight"])] == table["weighted_low"]
    assert float(sum(parts) / sum(table["weight"])) == found.weighted_low
    assert sum(table["units"]) == 999


def test_a_full_count_has_no_interval():
    found = criteria_averages(sample(), by={"district": list("AABBB")})
    assert (found.low, found.high) == (None, None)
    assert found.by_area["low"] == found.by_area["high"] == [None, None]
    assert "a full count has no sampling interval" in found.provenance.assumptions[0]


def test_a_sample_has_the_interval_of_a_finite_population():
    found = criteria_averages(sample(), population=40)
    mean, variance = 6.4, sum((k - 6.4) ** 2 for k in COUNTS) / 4
    half = T_4 * sqrt(variance / 5 * (1 - 5 / 40))
    assert found.low == pytest.approx(mean - half, rel=1e-13)
    assert found.high == pytest.approx(mean + half, rel=1e-13)
    assert "simple random sample of 40" in found.provenance.assumptions[0]
    assert found.provenance.options["population"] == 40
    whole = criteria_averages(sample(), population=5)
    assert (whole.low, whole.high) == (6.4, 6.4)


def test_a_sample_by_area():
    options = {"by": {"district": list("AAABC")}}
    found = criteria_averages(sample(), population={"A": 30, "B": 1, "C": 4}, **options)
    table = found.by_area
    half = T_2 * sqrt(4 / 3 * (1 - 3 / 30))
    assert table["low"][0] == pytest.approx(5 - half, rel=1e-13)
    assert table["high"][0] == pytest.approx(5 + half, rel=1e-13)
    assert (table["low"][1:], table["high"][1:]) == ([9.0, None], [9.0, None])
    assert table["population"] == [30, 1, 4]
    assert (found.low, found.high) == (None, None)


def test_no_interval_where_a_count_is_not_certain():
    cells = np.array([[1, 1], [1, np.nan], [0, 1], [1, 0]], float)
    table = Attainment.from_wide(cells)
    found = criteria_averages(table, population={"A": 9, "B": 9}, by={"d": list("AABB")})
    assert found.by_area["low"][0] is None
    assert found.by_area["low"][1] is not None
    assert criteria_averages(table, population=9).low is None


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"weights": [1, 2]}, nrd.NrdValueError,
         "weights: there are 2 values, expected one for each of the 5 units"),
        ({"weights": [1, 2, 3, None, 5]}, nrd.NrdValueError, "unit '4' has no weight"),
        ({"weights": [1, 2, 3, np.nan, 5]}, nrd.NrdValueError, "unit '4' has no weight"),
        ({"weights": [1, 2, -3, 4, 5]}, nrd.NrdValueError,
         "unit '3' has -3, expected a number, 0 or more"),
        ({"weights": [1, 2, float("inf"), 4, 5]}, nrd.NrdTypeError, "unit '3' has inf"),
        ({"weights": [1, 2, "3 000", 4, 5]}, nrd.NrdTypeError, "unit '3' has '3 000'"),
        ({"weights": [1, 2, True, 4, 5]}, nrd.NrdTypeError, "unit '3' has True"),
        ({"weights": [0] * 5}, nrd.NrdValueError, "all weights are 0"),
        ({"weights": [10**16] * 5}, nrd.NrdValueError, "beyond 2.53, expected fewer"),
        ({"weights": {"1": 1, "9": 2}}, nrd.NrdKeyError, "weights: there is no unit '9'"),
        ({"weights": 5}, nrd.NrdTypeError, "weights: found 5, expected a mapping by unit"),
        ({"by": ["A"] * 5}, nrd.NrdTypeError, "by is list, expected a mapping from"),
        ({"by": {"d": ["A", "B", "", "A", "B"]}}, nrd.NrdValueError,
         "by 'd': unit '3' has no area"),
        ({"by": {"d": {"1": "A"}}}, nrd.NrdValueError, "unit '2' has no area"),
        ({"by": {"d": "AAABB"}}, nrd.NrdTypeError, "found 'AAABB', expected a mapping"),
        ({"population": 4}, nrd.NrdValueError,
         "population: all areas has 4, expected at least the 5 units sampled"),
        ({"population": 7.5}, nrd.NrdTypeError, "all areas has 7.5, expected a "),
        ({"population": {"A": 9}}, nrd.NrdTypeError, "expected one level of areas in by"),
        ({"population": {"A": 9}, "by": {"d": list("AABBB")}}, nrd.NrdValueError,
         "population: area 'B' has none"),
        ({"population": {"A": 9, "B": 2}, "by": {"d": list("AABBB")}}, nrd.NrdValueError,
         "area 'B' has 2, expected at least the 3 units sampled"),
        ({"population": {"A": 9, "C": 9}, "by": {"d": list("AABBB")}}, nrd.NrdKeyError,
         "population: there is no area 'C'"),
        ({"population": 9, "level": 1.0}, nrd.NrdValueError, "level is 1, expected"),
    ],
)  # fmt: skip
def test_bad_input_is_one_sentence(options, error, words):
    with pytest.raises(error, match=f"^criteria_averages: .*{words}"):
        criteria_averages(sample(), **options)
