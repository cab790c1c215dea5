"""Criteria met per unit: bounds against brute force, classes, groups, exactness."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import STANDARD, attainment_of, completions, extremes, nearest, puzzles

import nrd
from nrd import Attainment, criteria_averages


@given(puzzles())
def test_bounds_are_those_of_all_completions(puzzle):
    possible = completions(*puzzle)
    if not possible:
        return
    found = criteria_averages(attainment_of(*puzzle))
    n, m = found.units, found.criteria
    for i in range(n):
        low, high = extremes(sum(matrix[i]) for matrix in possible)
        assert (found.communes["low"][i], found.communes["high"][i]) == (low, high)
        assert found.communes["met"][i] == (low if low == high else None)
    for j in range(m):
        low, high = extremes(sum(row[j] for row in matrix) for matrix in possible)
        counts = found.by_criterion
        assert (counts["low"][j], counts["high"][j]) == (low, high)
        assert counts["share_low"][j] == nearest(low, n)
        assert counts["share_high"][j] == nearest(high, n)
    low, high = extremes(sum(map(sum, matrix)) for matrix in possible)
    assert (found.mean_low, found.mean_high) == (nearest(low, n), nearest(high, n))


def most_at_once(spans, sums, low, high):
    """Most units with `low` to `high` criteria that their ranges and the sum allow."""
    best = 0
    for chosen in product((True, False), repeat=len(spans)):
        ends = [
            (max(a, low), min(b, high)) if c else (a, b) for c, (a, b) in zip(chosen, spans)
        ]
        if all(a <= b for a, b in ends):
            least, most = map(sum, zip(*ends))
            if least <= sums[1] and most >= sums[0]:
                best = max(best, sum(chosen))
    return best


@given(puzzles(), st.sets(st.integers(1, 3), min_size=1))
def test_classes_hold_certain_and_possible_units(puzzle, wanted):
    cells, totals = puzzle
    possible = completions(cells, totals)
    if not possible:
        return
    m = len(totals)
    cuts = sorted({min(cut, m) for cut in wanted}, reverse=True)
    found = criteria_averages(attainment_of(cells, totals), classes=cuts).classes
    spans = [extremes(sum(matrix[i]) for matrix in possible) for i in range(len(cells))]
    sums = extremes(sum(map(sum, matrix)) for matrix in possible)
    for place, (low, top) in enumerate(zip([*cuts, 0], [m + 1, *cuts])):
        within = [[low <= sum(row) < top for row in matrix] for matrix in possible]
        assert found["low"][place] == sum(map(all, zip(*within)))
        assert found["high"][place] == most_at_once(spans, sums, low, top - 1)
        for matrix in within:
            assert found["low"][place] <= sum(matrix) <= found["high"][place]


@given(puzzles())
def test_groups_are_those_of_all_completions(puzzle):
    cells, totals = puzzle
    possible = completions(cells, totals)
    if not possible:
        return
    codes, groups = tuple("abc"[: len(totals)]), ("odd", "even", "odd")[: len(totals)]
    official = nrd.CriteriaSet("toy", codes, codes, codes, groups, {})
    found = criteria_averages(attainment_of(cells, totals, official)).by_group
    assert found["group"] == list(dict.fromkeys(groups))
    for place, group in enumerate(found["group"]):
        inside = [j for j, g in enumerate(groups) if g == group]
        low, high = extremes(sum(row[j] for row in m for j in inside) for m in possible)
        assert found["criteria"][place] == len(inside)
        assert found["mean_low"][place] == nearest(low, len(cells))
        assert found["mean_high"][place] == nearest(high, len(cells))


@pytest.mark.parametrize("n", [3, 7, 18, 49, 9973])
def test_the_mean_is_the_nearest_double(n):
    rng = np.random.default_rng(n)
    totals = {str(j): int(k) for j, k in enumerate(rng.integers(0, n + 1, 19))}
    exact = Fraction(sum(totals.values()), n)
    found = criteria_averages(Attainment.from_totals(totals, units=n))
    assert found.mean == found.mean_low == found.mean_high == float(exact)


def test_a_stated_mean_needs_a_count_for_every_criterion():
    cells = Attainment.from_wide(
        {"unit": ["A", "B", "C"], "a": [1, None, None], "b": [None] * 3}
    )
    half = criteria_averages(cells.with_totals({"a": 2}))
    assert (half.mean, half.without_count) == (None, ("b",))
    assert (half.mean_low, half.mean_high) == (nearest(2, 3), nearest(5, 3))
    whole = criteria_averages(cells.with_totals({"a": 2, "b": 2}))
    assert (whole.mean, whole.without_count) == (nearest(4, 3), ())


def test_a_range_is_not_a_count():
    found = criteria_averages(Attainment.from_totals({"a": (1, 2)}, units=3))
    assert (found.mean, found.without_count) == (None, ("a",))


def test_known_cells_need_no_count():
    assert criteria_averages(Attainment.from_wide(np.eye(3))).mean == 1.0


def test_more_criteria_than_a_word_has_bits():
    rng = np.random.default_rng(75)
    cells = rng.integers(0, 2, (18, 75))
    known = rng.random((18, 75)) < 0.8
    found = criteria_averages(Attainment.from_wide(np.where(known, cells, np.nan)))
    assert found.communes["low"] == (cells * known).sum(axis=1).tolist()
    assert found.communes["high"] == (cells + (1 - cells) * ~known).sum(axis=1).tolist()
    assert found.by_criterion["low"] == (cells * known).sum(axis=0).tolist()
    assert found.classes["class"][:2] == ["19–75", "15–18"]


def test_ten_thousand_units():
    rng = np.random.default_rng(10_000)
    cells = rng.integers(0, 2, (10_000, 19))
    totals = {str(j + 1): int(k) for j, k in enumerate(cells.sum(axis=0))}
    found = criteria_averages(Attainment.from_wide(cells).with_totals(totals))
    counts = cells.sum(axis=1)
    assert found.communes["met"] == counts.tolist()
    assert found.mean == nearest(int(counts.sum()), 10_000)
    wanted = [(counts >= low) & (counts < high) for low, high in
              [(19, 20), (15, 19), (10, 15), (5, 10), (0, 5)]]  # fmt: skip
    assert found.classes["low"] == [int(w.sum()) for w in wanted] == found.classes["high"]


@pytest.mark.parametrize(
    ("criteria", "classes", "names"),
    [
        (19, (19, 15, 10, 5), ["19", "15–18", "10–14", "5–9", "below 5"]),
        (10, (19, 15, 10, 5), ["10", "5–9", "below 5"]),
        (3, (19, 15, 10, 5), ["3", "below 3"]),
        (19, (16,), ["16–19", "below 16"]),
    ],
)
def test_names_of_classes(criteria, classes, names):
    totals = {str(j): 1 for j in range(criteria)}
    found = criteria_averages(Attainment.from_totals(totals, units=1), classes=classes)
    assert found.classes["class"] == names
    assert found.classes["high"] == [1] + [0] * (len(names) - 1)


@pytest.mark.parametrize("classes", [(5, 10), (10, 10), (15, 19, 10), (), (-1,), (7.5,)])
def test_classes_must_decrease(classes):
    attainment = Attainment.from_totals({str(j): 1 for j in range(19)}, units=2)
    with pytest.raises(nrd.NrdError):
        criteria_averages(attainment, classes=classes)


@pytest.mark.parametrize(
    ("criteria", "classes"), [(2, (19, 15, 10, 5)), (19, (19, 16, 11, 6))]
)
def test_classes_in_vietnamese_are_the_same_classes(criteria, classes):
    attainment = Attainment.from_totals({str(j): 1 for j in range(criteria)}, units=2)
    found = criteria_averages(attainment, classes=classes)
    shown = found.summary(language="vi")
    assert "below" not in shown
    for name in found.classes["class"]:
        assert name.replace("below", "dưới") in shown


def test_there_must_be_units():
    with pytest.raises(nrd.NrdValueError, match="no units"):
        criteria_averages(Attainment.from_totals({"a": 0}, units=0))


def test_official_groups_cover_the_set():
    official = nrd.criteria_set(STANDARD)
    totals = dict.fromkeys(official.codes, 1)
    found = criteria_averages(Attainment.from_totals(totals, units=2, criteria=official))
    assert sum(found.by_group["criteria"]) == 19
    assert sum(map(Fraction, found.by_group["mean_low"])) == Fraction(19, 2)
    assert found.by_criterion["name"] == list(official.names_en)
