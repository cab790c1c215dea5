"""Change between two dates against every pair of completions."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import attainment_of, columns_of, completions, extremes, nearest, puzzles

import nrd
from nrd import Attainment, criteria_change


@st.composite
def pairs(draw):
    """Two small tables of the same units and criteria, areas and weights."""
    first, totals = draw(puzzles())
    n, m = min(len(first), 3), min(len(totals), 2)
    cell = st.sampled_from([None, True, False])
    second = [[draw(cell) for _ in range(m)] for _ in range(n)]
    count = st.integers(0, n).map(lambda k: (k, k))
    after = [draw(st.none() | count) for _ in range(m)]
    before = [None if t is None else (min(t[0], n), min(t[1], n)) for t in totals[:m]]
    areas = draw(st.lists(st.sampled_from("AB"), min_size=n, max_size=n))
    weights = draw(st.lists(st.integers(0, 3), min_size=n, max_size=n))
    weights[0] += 1
    return ([row[:m] for row in first[:n]], before), (second, after), areas, weights


@given(pairs(), st.randoms())
@settings(max_examples=150, deadline=None)
def test_bounds_are_those_of_all_pairs_of_completions(case, random):
    first, second, areas, weights = case
    both = list(product(completions(*first), completions(*second)))
    if not both:
        return
    after = attainment_of(*second)
    places = list(range(len(after.units)))
    random.shuffle(places)
    shuffled = Attainment(
        [after.units[i] for i in places], after.criteria,
        ([places.index(u) for u in after._cells[0].tolist()], *after._cells[1:]),
        bounds=after.bounds,
    ) if places else after  # fmt: skip
    found = criteria_change(
        attainment_of(*first), shuffled, by={"district": areas}, weights=weights
    )
    n, m = len(first[0]), len(first[1])
    for i in range(n):
        ends = extremes(sum(b[i]) - sum(a[i]) for a, b in both)
        assert (found.communes["low"][i], found.communes["high"][i]) == ends
        for j in range(m):
            code = f"c{j}"
            gains = [not a[i][j] and b[i][j] for a, b in both]
            losses = [a[i][j] and not b[i][j] for a, b in both]
            table = found.communes
            assert (code in table["gained"][i]) is all(gains)
            assert (code in table["possibly_gained"][i]) is (any(gains) and not all(gains))
            assert (code in table["lost"][i]) is all(losses)
            assert (code in table["possibly_lost"][i]) is (any(losses) and not all(losses))
    for j in range(m):
        ends = extremes(sum(r[j] for r in b) - sum(r[j] for r in a) for a, b in both)
        assert (found.by_criterion["low"][j], found.by_criterion["high"][j]) == ends
    for k, area in enumerate(found.by_area["area"]):
        inside = [i for i in range(n) if areas[i] == area]
        for name, weight in (("mean", [1] * n), ("weighted", weights)):
            total = sum(weight[i] for i in inside)
            ends = (None, None)
            if total:
                low, high = extremes(
                    sum(weight[i] * (sum(b[i]) - sum(a[i])) for i in inside)
                    for a, b in both
                )
                ends = nearest(low, total), nearest(high, total)
            table = found.by_area
            assert (table[f"{name}_low"][k], table[f"{name}_high"][k]) == ends
    low, high = extremes(sum(map(sum, b)) - sum(map(sum, a)) for a, b in both)
    assert (found.mean_low, found.mean_high) == (nearest(low, n), nearest(high, n))


def table(units, criteria=("roads",)):
    return Attainment.from_totals({}, units=units, criteria=criteria)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (table(["A", "B"]), table(["A"]), "the unit 'B' is only in the table before"),
        (table(["A"]), table(["A", "C"]), "the unit 'C' is only in the table after"),
        (
            table(["A"]),
            table(["A"], ["water"]),
            "the criterion 'roads' is only in the table",
        ),
        (table([]), table([]), "criteria_change: there are no units"),
    ],
)
def test_dates_that_cannot_be_compared(before, after, words):
    with pytest.raises(nrd.NrdValueError, match=words):
        criteria_change(before, after)


def test_the_summary_and_the_tables():
    sheet = {"commune": ["Tân Văn", "Minh Khai"], "roads": [1, 0], "water": [1, None]}
    first = Attainment.from_wide(sheet)
    second = Attainment.from_wide({**sheet, "roads": [1, 1], "water": [0, 1]})
    found = criteria_change(first, second, by={"district": ["Bình Gia"] * 2})
    text = found.summary(language="vi")
    assert "Xã đạt thêm hoặc không còn đạt tiêu chí" in text
    assert "Bình Gia" in text
    assert found.communes["gained"] == [[], ["roads"]]
    assert found.communes["lost"] == [["water"], []]
    assert found.communes["possibly_gained"] == [[], ["water"]]
    assert found.to_dict()["by_area"][0]["mean_high"] == 0.5
    assert list(found.table["gained"]) == ["", "roads"]
    assert found.by_criterion["low"] == [1, -1]
    assert columns_of(found.area_table)["area"] == ["Bình Gia"]
