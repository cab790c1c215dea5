"""Criteria missing alone and together: against all completions."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import attainment_of, completions, puzzles

import nrd


def missing_in(possible, i):
    """Sets of criteria that unit i misses, one for each completion."""
    return [{j for j, met in enumerate(matrix[i]) if not met} for matrix in possible]


@given(puzzles(), st.integers(1, 3))
def test_sets_are_those_of_all_completions(puzzle, size):
    possible = completions(*puzzle)
    attainment = attainment_of(*puzzle) if possible else None
    if not possible or size > len(attainment.criteria):
        return
    found = nrd.binding_criteria(attainment, size=size).together
    counts = dict(zip(map(tuple, found["criteria"]), zip(found["low"], found["high"])))
    units = range(len(attainment.units))
    codes = attainment.criteria
    for members in combinations(range(len(codes)), size):
        each = [
            [all(j in missing for j in members) for missing in missing_in(possible, i)]
            for i in units
        ]
        low = sum(all(found) for found in each)
        # Possible of each member in some completion, as columns are independent.
        high = sum(
            all(any(j in m for m in missing_in(possible, i)) for j in members)
            for i in units
        )
        key = tuple(codes[j] for j in members)
        assert counts.pop(key, (0, 0)) == (low, high)
    assert not counts


@given(puzzles())
def test_criteria_alone_are_those_of_all_completions(puzzle):
    possible = completions(*puzzle)
    if not possible:
        return
    attainment = attainment_of(*puzzle)
    found = nrd.binding_criteria(attainment, size=1).only
    for j, code in enumerate(attainment.criteria):
        each = [
            [missing == {j} for missing in missing_in(possible, i)]
            for i in range(len(attainment.units))
        ]
        place = found["criterion"].index(code)
        assert found["low"][place] == sum(all(one) for one in each)
        assert found["high"][place] == sum(any(one) for one in each)


@given(puzzles())
def test_patterns_are_all_that_known_units_miss(puzzle):
    if not completions(*puzzle):
        return
    attainment = attainment_of(*puzzle)
    found = nrd.binding_criteria(attainment, size=1)
    states = attainment.states()
    whole = [tuple(row) for row in states.tolist() if -1 not in row]
    assert found.open_units == len(states) - len(whole)
    expected = {
        tuple(c for c, s in zip(attainment.criteria, row) if s == 0): whole.count(row)
        for row in set(whole)
    }
    columns = found.patterns
    assert dict(zip(map(tuple, columns["criteria"]), columns["units"])) == expected
    assert columns["missing"] == sorted(columns["missing"])


def test_more_criteria_than_a_word_and_more_units_than_one():
    """100 criteria, 130 units; unit i misses criterion i % 100 and the last."""
    sheet = {"unit": [f"u{i}" for i in range(130)]}
    for j in range(100):
        sheet[f"c{j}"] = [int(i % 100 != j and j != 99) for i in range(130)]
    found = nrd.binding_criteria(nrd.Attainment.from_wide(sheet))
    assert dict(zip(found.only["criterion"], found.only["low"]))["c99"] == 1
    pairs = dict(zip(map(tuple, found.together["criteria"]), found.together["low"]))
    assert pairs == {("c" + str(j), "c99"): 1 + (j < 30) for j in range(99)}


COUNTS = nrd.Attainment.from_totals({"a": 1, "b": 1}, units=2)


@pytest.mark.parametrize("size", [0, 3, 1.5, True, "2"])
def test_a_size_that_cannot_be(size):
    with pytest.raises(nrd.NrdValueError, match=r"size is .* from 1 to 2"):
        nrd.binding_criteria(COUNTS, size=size)


def test_too_many_sets():
    counts = nrd.Attainment.from_totals({str(i): 1 for i in range(60)}, units=2)
    with pytest.raises(nrd.NrdValueError, match="60 criteria have 5461512 such sets"):
        nrd.binding_criteria(counts, size=5)


def test_there_must_be_units():
    with pytest.raises(nrd.NrdValueError, match="no units"):
        nrd.binding_criteria(nrd.Attainment.from_totals({"a": 0}, units=0), size=1)


def test_tables_summary_and_json():
    sheet = {"unit": ["A", "B"], "a": [0, 0], "b": [0, 0], "c": [1, 0], "d": [1, 1]}
    found = nrd.binding_criteria(nrd.Attainment.from_wide(sheet))
    assert found.together_table["criteria"] == ["a b", "a c", "b c"]
    assert found.pattern_table["criteria"] == ["a b", "a b c"]
    assert found.table["criterion"] == ["a", "b", "c", "d"]
    assert "missing together" in found.summary()
    assert "thiếu cùng nhau" in found.summary(language="vi")
    assert '"open_units": 0' in found.to_json()
