"""Statements about rows, bands and totals: bounds, contradictions, by brute force."""

import re
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import attainment_of, completions, extremes, nearest, puzzles

import nrd
from nrd import Attainment, NrdContradictionError, Statement, criteria_averages


def spans(top):
    return st.tuples(st.integers(0, top), st.integers(0, top)).map(sorted).map(tuple)


@st.composite
def statements(draw, n, m):
    """A statement of any kind about n units and m criteria."""
    units = draw(st.none() | st.sets(st.integers(0, n - 1), min_size=1))
    among = None if units is None else [f"u{i}" for i in sorted(units)]
    size = n if among is None else len(among)
    least, most = draw(spans(m))
    count = draw(spans(size) | st.integers(0, size))
    kind = draw(st.sampled_from(["each", "band", "total"]))
    if kind == "each":
        return Statement.each(least, draw(st.sampled_from([most, None])), units=among)
    if kind == "band":
        return Statement.band(count, least, most, units=among)
    return Statement.total(f"c{draw(st.integers(0, m - 1))}", count, units=among)


@st.composite
def cases(draw):
    cells, totals = draw(puzzles())
    n, m = len(cells), len(totals)
    said = draw(st.lists(statements(n, m), min_size=1, max_size=4))
    weights = draw(st.lists(st.integers(0, 3), min_size=n, max_size=n))
    weights[0] += 1
    areas = draw(st.lists(st.sampled_from("AB"), min_size=n, max_size=n))
    return cells, totals, said, weights, areas


def holds(statement, matrix):
    """Whether a completed matrix satisfies a statement, by its words alone."""
    among = range(len(matrix))
    if statement.units is not None:
        among = [int(unit[1:]) for unit in statement.units]
    rows = [matrix[i] for i in among]
    if statement.kind == "total":
        counted = [row[int(statement.criteria[1:])] for row in rows]
    else:
        least, most = statement.criteria
        counted = [
            least <= sum(row) <= (len(row) if most is None else most) for row in rows
        ]
    if statement.kind == "each":
        return all(counted)
    return statement.count[0] <= sum(counted) <= statement.count[1]


def allowed(cells, totals, said):
    return [m for m in completions(cells, totals) if all(holds(s, m) for s in said)]


def possible_table(cells, totals):
    """The table of a case; None where cells and totals alone contradict each other."""
    return attainment_of(cells, totals) if completions(cells, totals) else None


@given(cases())
@settings(max_examples=300, deadline=None)
def test_bounds_are_those_of_all_completions(case):
    cells, totals, said, weights, areas = case
    table, possible = possible_table(cells, totals), allowed(cells, totals, said)
    if table is None:
        return
    options = {"statements": said, "classes": (3, 2), "weights": weights}
    if not possible:
        with pytest.raises(NrdContradictionError):
            criteria_averages(table, by={"district": areas}, **options)
        return
    found = criteria_averages(table, by={"district": areas}, **options)
    n, m = len(cells), len(totals)
    for i in range(n):
        ends = extremes(sum(matrix[i]) for matrix in possible)
        assert (found.communes["low"][i], found.communes["high"][i]) == ends
    for j in range(m):
        ends = extremes(sum(row[j] for row in matrix) for matrix in possible)
        assert (found.by_criterion["low"][j], found.by_criterion["high"][j]) == ends
    for k, (low, top) in enumerate(
        zip([*found.cuts, 0], [m, *(c - 1 for c in found.cuts)])
    ):
        ends = extremes(sum(low <= sum(row) <= top for row in x) for x in possible)
        assert (found.classes["low"][k], found.classes["high"][k]) == ends
    low, high = extremes(sum(map(sum, matrix)) for matrix in possible)
    assert (found.mean_low, found.mean_high) == (nearest(low, n), nearest(high, n))
    check_weighted(found, possible, weights, areas)


def check_weighted(found, possible, weights, areas):
    def ends(inside, weight):
        total = sum(w for w, i in zip(weight, inside) if i)
        if total == 0:
            return None, None
        low, high = extremes(
            sum(w * sum(row) for w, row, i in zip(weight, x, inside) if i) for x in possible
        )
        return nearest(low, total), nearest(high, total)

    whole = [True] * len(weights)
    assert (found.weighted_low, found.weighted_high) == ends(whole, weights)
    for k, area in enumerate(found.by_area["area"]):
        inside = [a == area for a in areas]
        table = found.by_area
        assert table["units"][k] == sum(inside)
        assert table["weight"][k] == sum(w for w, i in zip(weights, inside) if i)
        assert (table["mean_low"][k], table["mean_high"][k]) == ends(
            inside, [1] * len(areas)
        )
        assert (table["weighted_low"][k], table["weighted_high"][k]) == ends(
            inside, weights
        )


@given(cases())
@settings(max_examples=200, deadline=None)
def test_areas_and_weights_without_statements(case):
    cells, totals, _, weights, areas = case
    possible = completions(cells, totals)
    if possible:
        table = attainment_of(cells, totals)
        found = criteria_averages(table, weights=weights, by={"district": areas})
        check_weighted(found, possible, weights, areas)


CELL = re.compile(r"u(\d) (meets|does not meet) criteri(?:on|a) (.*)")


def atoms(cells, totals, said):
    """What can be left out of a contradiction, each as a test of a completed matrix."""
    found = {}
    for j, span in enumerate(totals):
        if span is not None:
            statement = Statement.total(f"c{j}", span)
            found[str(statement)] = lambda x, s=statement: holds(s, x)
    for statement in said:
        found[str(statement)] = lambda x, s=statement: holds(s, x)
    for i, row in enumerate(cells):
        if any(cell is not None for cell in row):
            found[f"u{i}"] = lambda x, i=i, row=row: all(
                cell is None or cell == value for cell, value in zip(row, x[i])
            )
    return found


def satisfiable(tests, n, m):
    rows = list(product((False, True), repeat=m))
    return any(all(test(x) for test in tests) for x in product(rows, repeat=n))


@given(cases())
@settings(max_examples=300, deadline=None)
def test_a_contradiction_is_the_smallest_set_that_contradicts(case):
    cells, totals, said, *_ = case
    n, m = len(cells), len(totals)
    table = possible_table(cells, totals)
    if table is None or allowed(cells, totals, said) or n * m > 9:
        return
    with pytest.raises(NrdContradictionError) as caught:
        criteria_averages(table, statements=said)
    error = caught.value
    assert error.smallest or len(error.statements) > 8
    every = atoms(cells, totals, said)
    # The cells of one unit are one member of the set, cut to those needed.
    chosen, cut = set(), []
    for text in error.statements:
        words = CELL.fullmatch(text)
        if not words:
            chosen.add(text)
            cut.append(every[text])
            continue
        unit, met = int(words[1]), words[2] == "meets"
        chosen.add(f"u{unit}")
        for code in words[3].split(", "):
            assert cells[unit][int(code[1:])] is met
            cut.append(lambda x, u=unit, c=int(code[1:]), met=met: x[u][c] is met)
    assert not satisfiable(cut, n, m)
    for test in cut:
        assert satisfiable([other for other in cut if other is not test], n, m)
    for fewer in combinations(every.values(), len(chosen) - 1 if error.smallest else 0):
        assert satisfiable(fewer, n, m)


def test_no_commune_below_five():
    cells = Attainment.from_totals({str(c): 10 for c in range(19)}, units=20)
    free = criteria_averages(cells)
    assert set(free.communes["low"]) == {0}
    stated = criteria_averages(cells, statements=Statement.each(5))
    assert set(stated.communes["low"]) == {5}
    # 190 cells are met; 19 others hold at least 5 each, so no more than 95 are left.
    assert set(stated.communes["high"]) == {19}


def test_recognised_communes_meet_all():
    cells = Attainment.from_totals(
        {str(c): 9 for c in range(19)}, units=list("ABCDEFGHIJKL")
    )
    found = criteria_averages(
        cells, statements=[Statement.each(19, units=list("ABCDEFGHI"))]
    )
    assert found.communes["met"] == [19] * 9 + [0] * 3


def test_bands_alone_bound_the_mean():
    cells = Attainment.from_totals({}, units=10, criteria=[str(c) for c in range(19)])
    bands = [Statement.band(4, 19), Statement.band(6, 15, 18)]
    found = criteria_averages(cells, statements=bands)
    assert (found.mean_low, found.mean_high) == (
        (4 * 19 + 6 * 15) / 10,
        (4 * 19 + 6 * 18) / 10,
    )
    assert found.classes["low"] == found.classes["high"] == [4, 6, 0, 0, 0]
    assert found.statements == (
        "4 units meet 19 or more criteria",
        "6 units meet 15–18 criteria",
    )


def test_a_total_of_some_units():
    cells = Attainment.from_totals({"roads": 10}, units=[f"u{i}" for i in range(18)])
    some = [f"u{i}" for i in range(12)]
    found = criteria_averages(
        cells,
        statements=Statement.total("roads", 10, units=some),
        by={"district": ["North"] * 12 + ["South"] * 6},
    )
    assert found.by_area["mean_low"] == [10 / 12, 0.0] == found.by_area["mean_high"]
    assert found.communes["met"] == [None] * 12 + [0] * 6


def test_a_large_table_that_only_branching_can_tell():
    # Each of 6 units needs 3 of the columns that only it and others share, one unit each:
    # two disjoint triples cover six columns, and no third unit is left a column.
    triples = [(0, 1, 2), (3, 4, 5), (0, 3, 4), (1, 2, 5), (0, 1, 5), (2, 3, 4)]
    cells = np.zeros((6, 6))
    for row, triple in enumerate(triples):
        cells[row, list(triple)] = np.nan
    table = Attainment.from_wide(cells).with_totals({str(c + 1): (0, 1) for c in range(6)})
    found = criteria_averages(table, statements=Statement.band((0, 6), 3), classes=(3,))
    assert found.classes["high"][0] == 2
    with pytest.raises(NrdContradictionError) as caught:
        criteria_averages(table, statements=Statement.band(3, 3))
    assert "3 units meet 3 or more criteria" in caught.value.statements


def test_a_contradiction_in_words():
    sheet = {"commune": ["Tan Van", "Minh Khai"], "roads": [0, 1], "water": [1, None]}
    cells = Attainment.from_wide(sheet)
    said = [
        Statement.each(2, units=["Tan Van"], source="decision 12"),
        Statement.each(1, source="report"),
    ]
    with pytest.raises(NrdContradictionError) as caught:
        criteria_averages(cells, statements=said)
    assert str(caught.value) == (
        "criteria_averages: the statements contradict each other; the smallest set: "
        "(1) each of the units Tan Van meets 2 or more criteria (decision 12); "
        "(2) Tan Van does not meet criterion roads"
    )


def test_a_long_contradiction_is_one_that_nothing_can_be_left_out_of():
    totals = {str(c): 10 for c in range(12)}
    cells = Attainment.from_totals(totals, units=20)
    said = Statement.each(7)  # 140 of 120 cells
    with pytest.raises(
        NrdContradictionError, match="the set that none can be left"
    ) as caught:
        criteria_averages(cells, statements=said)
    named = caught.value.statements
    # With one total left out 130 cells can be met, with two the 140 that are needed.
    assert (caught.value.smallest, len(named)) == (False, 12)
    assert named[-1] == "each unit meets 7 or more criteria"


@pytest.mark.parametrize(
    ("statement", "error", "words"),
    [
        (Statement.each(3), nrd.NrdValueError, "each unit meets 3 or more criteria': there "
         "are only 2 criteria"),
        (Statement.band(3, 1), nrd.NrdValueError, "there are only 2 units"),
        (Statement.each(1, units=["X"]), nrd.NrdKeyError, "there is no unit 'X'"),
        (Statement.total("X", 1), nrd.NrdKeyError, "there is no criterion 'X', expected "
         "one of 1, 2"),
        ("no statement", nrd.NrdTypeError, "statement 0 is 'n', expected nrd.Statement"),
    ],
)  # fmt: skip
def test_a_statement_that_fits_no_table(statement, error, words):
    cells = Attainment.from_wide(np.array([[1, np.nan], [np.nan, 0]]))
    with pytest.raises(error, match=re.escape(words)):
        criteria_averages(cells, statements=statement)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Statement.each(-1), "number of criteria is -1"),
        (lambda: Statement.each(1.5), "number of criteria is 1.5"),
        (lambda: Statement.each(5, 4), "5 to 4 criteria are none"),
        (lambda: Statement.band(-1, 2), "number of units is -1"),
        (lambda: Statement.band((3, 2), 2), r"number of units is \(3, 2\)"),
        (lambda: Statement.total("a", 2.5), "number of units is 2.5"),
        (lambda: Statement.each(1, units=[]), "there are no units"),
        (lambda: Statement.each(1, units="A"), "units is 'A', expected a list of codes"),
        (lambda: Statement.each(1, units=["A", "A"]), "unit 'A' is listed twice"),
    ],
)
def test_a_statement_that_says_nothing(make, words):
    with pytest.raises((nrd.NrdValueError, nrd.NrdTypeError), match=words):
        make()
