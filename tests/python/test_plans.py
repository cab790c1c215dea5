"""The cheapest criteria to close: against enumeration."""

import sys
from fractions import Fraction
from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nrd
from nrd import Attainment, cheapest_plan, plans

CODES = "abcde"
costs_of = st.integers(0, 30).map(lambda n: n / 10)


@st.composite
def problems(draw):
    n, width = draw(st.integers(1, 6)), draw(st.integers(1, 5))
    states = draw(
        st.lists(
            st.lists(st.sampled_from([1, 0, 0, -1]), min_size=width, max_size=width),
            min_size=n,
            max_size=n,
        )
    )
    return np.array(states), draw(st.integers(0, n))


def attainment(states):
    n, width = states.shape
    sheet = {"unit": [f"u{i}" for i in range(n)]}
    for j in range(width):
        sheet[CODES[j]] = [{1: 1, 0: 0, -1: None}[s] for s in states[:, j].tolist()]
    return Attainment.from_wide(sheet)


def subsets(width):
    return chain.from_iterable(combinations(range(width), k) for k in range(width + 1))


def least(missing, target, once, each):
    """Least cost over all sets of criteria, with the cheapest units of each."""
    best = None
    for chosen in subsets(missing.shape[1]):
        able = [
            sum((each[i][j] for j in np.flatnonzero(row)), Fraction(0))
            for i, row in enumerate(missing)
            if set(np.flatnonzero(row)) <= set(chosen)
        ]
        if len(able) >= target:
            cost = sum((once[j] for j in chosen), Fraction(0)) + sum(sorted(able)[:target])
            best = cost if best is None else min(best, cost)
    return best


def cases(states):
    return {"best": states == 0, "worst": states != 1}


@settings(max_examples=60, deadline=None)
@given(problems(), st.lists(costs_of, min_size=5, max_size=5) | st.none())
def test_costs_paid_once_are_least(problem, costs):
    states, target = problem
    width = states.shape[1]
    given_costs = None if costs is None else dict(zip(CODES[:width], costs))
    plan = cheapest_plan(attainment(states), units=target, costs=given_costs)
    once = [Fraction(1 if costs is None else str(costs[j])) for j in range(width)]
    nothing = [[Fraction(0)] * width] * len(states)
    for case, missing in cases(states).items():
        assert plan.cost[case] == least(missing, target, once, nothing)
        chosen = {CODES.index(code) for code in plan.criteria[case]}
        assert plan.cost[case] == sum((once[j] for j in chosen), Fraction(0))
        got = [set(np.flatnonzero(row)) <= chosen for row in missing]
        assert plan.reached[case] == sum(got) >= target
        named = [f"u{i}" for i, row in enumerate(missing) if got[i] and row.any()]
        assert list(plan.closed[case]) == named
    assert plan.cost["best"] <= plan.cost["worst"]


@settings(max_examples=60, deadline=None)
@given(problems(), st.data())
def test_costs_of_units_are_least(problem, data):
    states, target = problem
    n, width = states.shape
    each = [[data.draw(costs_of) for _ in range(width)] for _ in range(n)]
    once = [data.draw(costs_of) for _ in range(width)]
    plan = cheapest_plan(
        attainment(states),
        units=target,
        costs=dict(zip(CODES, once[:width])),
        unit_costs={
            CODES[j]: {f"u{i}": each[i][j] for i in range(n)} for j in range(width)
        },
    )
    exact = [[Fraction(str(v)) for v in row] for row in each]
    for case, missing in cases(states).items():
        first = [Fraction(str(v)) for v in once]
        assert plan.cost[case] == least(missing, target, first, exact)
        paid = sum(
            (
                exact[int(unit[1:])][j]
                for unit in plan.closed[case]
                for j in np.flatnonzero(missing[int(unit[1:])])
            ),
            Fraction(0),
        ) + sum((first[CODES.index(c)] for c in plan.criteria[case]), Fraction(0))
        assert plan.cost[case] == paid
        assert plan.reached[case] >= target


def test_a_case_worked_by_hand():
    """Roads alone bring two communes, water alone none; power is dear."""
    sheet = {
        "unit": ["A", "B", "C", "D"],
        "roads": [0, 0, 0, 0],
        "water": [1, 1, 0, 0],
        "power": [1, 1, 1, 0],
    }
    cells = Attainment.from_wide(sheet)
    assert cheapest_plan(cells, units=2).criteria["best"] == ("roads",)
    plan = cheapest_plan(cells, share=0.75, costs={"roads": 2, "water": 1.5, "power": 9})
    assert plan.criteria["best"] == ("roads", "water")
    assert (plan.cost["best"], plan.closed["best"]) == (Fraction(7, 2), ("A", "B", "C"))


def test_a_unit_cost_may_be_one_for_all():
    cells = Attainment.from_wide({"unit": ["A", "B"], "a": [0, 1], "b": [0, 0]})
    plan = cheapest_plan(cells, units=1, unit_costs={"a": 1, "b": 2})
    assert (plan.closed["best"], plan.cost["best"]) == (("B",), 2)


def test_a_target_that_is_reached_costs_nothing():
    cells = Attainment.from_wide({"unit": ["A", "B"], "a": [1, 0]})
    plan = cheapest_plan(cells, units=1)
    assert (plan.criteria["worst"], plan.closed["worst"], plan.cost["worst"]) == ((), (), 0)
    assert plan.reached["worst"] == 1


def test_totals_alone_bound_the_plan():
    counts = Attainment.from_totals({"a": 3, "b": 8}, units=8)
    plan = cheapest_plan(counts, units=5)
    assert (plan.cost["best"], plan.cost["worst"]) == (0, 1)
    assert plan.criteria["worst"] == ("a",)


CELLS = Attainment.from_wide({"unit": ["A", "B"], "a": [0, 1], "b": [0, 0]})


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"units": 3}, nrd.NrdValueError, "units is 3, expected a whole number up to the"),
        ({"share": 1.1}, nrd.NrdValueError, "share is 1.1"),
        ({}, nrd.NrdValueError, "found none, expected one target"),
        (
            {"units": 1, "costs": {"a": -2, "b": 1}},
            nrd.NrdValueError,
            "cost of the criterion 'a': found -2, expected a number of 0 or more",
        ),
        ({"units": 1, "costs": {"a": 1}}, nrd.NrdKeyError, "nothing for the criterion 'b'"),
        ({"units": 1, "costs": {"a": 1, "c": 1}}, nrd.NrdKeyError, "'c' is not in the set"),
        (
            {"units": 1, "costs": [1, 2]},
            nrd.NrdTypeError,
            "costs is [1, 2], expected a mapping",
        ),
        (
            {"units": 1, "unit_costs": {"a": {"A": 1}, "b": 1}},
            nrd.NrdKeyError,
            "unit cost of the criterion 'a': there is nothing for the unit 'B'",
        ),
        (
            {"units": 1, "unit_costs": {"a": {"A": 1, "B": -1}, "b": 1}},
            nrd.NrdValueError,
            "unit cost of the criterion 'a' in the unit 'B': found -1",
        ),
        (
            {"units": 1, "costs": {"a": 1e20, "b": 1}},
            nrd.NrdValueError,
            "too many digits",
        ),
    ],
)
def test_bad_input(options, error, words):
    with pytest.raises(error) as raised:
        cheapest_plan(CELLS, **options)
    assert words in str(raised.value)


def test_table_summary_and_json():
    plan = cheapest_plan(CELLS, units=2)
    assert plan.table["criteria"] == ["a b", "a b"]
    assert "Cheapest criteria" in plan.summary()
    assert "ít tốn nhất" in plan.summary(language="vi")
    assert '"exact_cost"' in plan.to_json()


@settings(max_examples=60, deadline=None)
@given(problems(), st.lists(st.integers(0, 30), min_size=5, max_size=5))
def test_going_through_all_sets_and_the_solver_agree(problem, once):
    states, target = problem
    once = once[: states.shape[1]]
    patterns, count = np.unique(states != 1, axis=0, return_counts=True)
    nothing = np.zeros(len(patterns), np.int64)
    listed, units = plans._cheapest_set(patterns, count, target, once)
    solved, closed = plans._cover(patterns, nothing, count, target, once)
    assert listed @ once == solved @ once
    assert units.sum() >= target <= closed.sum()


def test_more_criteria_than_are_gone_through():
    """30 criteria, unit i misses criteria 0 to i: the first five bring five units."""
    sheet = {"unit": [f"u{i}" for i in range(30)]}
    for j in range(30):
        sheet[f"c{j}"] = [int(i < j) for i in range(30)]
    plan = cheapest_plan(Attainment.from_wide(sheet), units=5)
    assert plan.criteria["best"] == tuple(f"c{j}" for j in range(5))
    assert plan.closed["worst"] == tuple(f"u{i}" for i in range(5))


def test_official_sets_need_no_solver(monkeypatch):
    monkeypatch.setitem(sys.modules, "highspy", None)
    assert cheapest_plan(CELLS, units=1).cost["best"] == 1
    with pytest.raises(nrd.NrdError, match=r"pip install 'nrd\[solver\]'"):
        cheapest_plan(CELLS, units=1, unit_costs={"a": 1, "b": 1})


def test_conditions_that_are_left_out_are_named():
    district = nrd.criteria_set("vn-320-2022-district-standard")
    cells = Attainment.from_wide({"unit": ["A"], "1": [0]}, criteria=district)
    (assumption,) = cheapest_plan(cells, units=1).provenance.assumptions
    assert "left out: P1, P2, P3" in assumption
    assert cheapest_plan(CELLS, units=1).provenance.assumptions == ()
