"""The integer solver: against every whole number there is, and what it refuses."""

import builtins
import itertools
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nrd import NrdError, NrdTypeError, NrdValueError
from nrd._solver import FREE, Program, Rows


@st.composite
def programs(draw):
    n = draw(st.integers(1, 4))
    ends = st.tuples(st.integers(-3, 3), st.integers(0, 3))
    bounds = [
        (low, low + width) for low, width in draw(st.lists(ends, min_size=n, max_size=n))
    ]
    row = st.tuples(
        st.lists(st.integers(-4, 4), min_size=n, max_size=n),
        st.integers(-6, 6) | st.just(-FREE),
        st.integers(0, 4) | st.just(FREE),
    )
    rows = []
    for values, low, width in draw(st.lists(row, max_size=4)):
        rows.append((values, low, FREE if FREE in (width, -low) else low + width))
    return bounds, rows, draw(st.lists(st.integers(-5, 5), min_size=n, max_size=n))


def listed(bounds, rows):
    for x in itertools.product(*(range(low, high + 1) for low, high in bounds)):
        sums = [sum(a * v for a, v in zip(values, x)) for values, *_ in rows]
        if all(low <= s <= high for s, (_, low, high) in zip(sums, rows)):
            yield x


def program(bounds, rows):
    n = len(bounds)
    return Program(
        [low for low, _ in bounds],
        [high for _, high in bounds],
        Rows.of((range(n), values, low, high) for values, low, high in rows),
        who="test",
    )


@given(programs())
@settings(max_examples=150, deadline=None)
def test_finds_the_least_cost_of_all_whole_numbers(case):
    bounds, rows, cost = case
    costs = {x: sum(c * v for c, v in zip(cost, x)) for x in listed(bounds, rows)}
    one = program(bounds, rows)
    for found, best in ((one.minimise(cost), min), (one.maximise(cost), max)):
        if not costs:
            assert found is None
            continue
        assert found.objective == best(costs.values())
        assert costs[tuple(found.x.tolist())] == found.objective


def test_a_program_where_real_numbers_do_better():
    # Each pair of three may be 1 together: 3/2 in reals, 1 in whole numbers.
    odd = Rows.of([((0, 1), 1, -FREE, 1), ((1, 2), 1, -FREE, 1), ((0, 2), 1, -FREE, 1)])
    found = Program([0] * 3, [1] * 3, odd, who="test").maximise([1, 1, 1])
    assert found.objective == 1


def test_nothing_to_choose():
    assert Program([], [], Rows.of([((), 1, 0, 3)]), who="test").minimise([]).objective == 0
    assert Program([], [], Rows.of([((), 1, 1, 3)]), who="test").minimise([]) is None


INTERRUPTED = """
import os, signal, threading
import numpy as np
from nrd._solver import Program, Rows

rng = np.random.default_rng(0)
n = 60
values = [rng.integers(10**3, 10**4, n) for _ in range(6)]  # as good as no solution
rows = Rows.of((range(n), v, int(v.sum() // 2), int(v.sum() // 2)) for v in values)
hard = Program(np.zeros(n, int), np.ones(n, int), rows, who="test")
threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
try:
    hard.minimise(rng.integers(1, 100, n))
except KeyboardInterrupt:
    odd = Rows.of((pair, 1, 0, 1) for pair in ((0, 1), (1, 2), (0, 2)))
    print(Program([0] * 3, [1] * 3, odd, who="test").maximise([1, 1, 1]).objective)
"""


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_ctrl_c_stops_a_search_and_another_can_begin():
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "1\n", "")


def test_prints_nothing(capfd):
    Program([0], [2], Rows.of([((0,), 1, 1, 2)]), who="test").minimise([1])
    assert capfd.readouterr() == ("", "")


def test_refuses_what_it_cannot_tell_apart():
    with pytest.raises(
        NrdValueError, match=r"^test: numbers add up to .*, expected at most"
    ):
        Program([0], [2**30], Rows.of([((0,), 2**30, 0, 1)]), who="test")
    one = Program([0], [2**30], Rows.of([]), who="test")
    with pytest.raises(NrdValueError, match=r"^test: numbers add up"):
        one.minimise([2**30])
    with pytest.raises(
        NrdTypeError, match=r"^test: a cost has type float64, expected whole"
    ):
        one.minimise([0.5])


def test_an_answer_that_does_not_hold_is_refused(monkeypatch):
    one = Program([0], [2], Rows.of([((0,), 1, 1, 2)]), who="test")
    monkeypatch.setattr(Program, "_proved", lambda *_: False)
    with pytest.raises(NrdError, match=r"^test: the solver's answer does not hold"):
        one.minimise([1])


def test_the_check_sees_a_wrong_answer():
    one = Program([0], [2], Rows.of([((0,), 2, 1, 3)]), who="test")
    cost = np.array([1])
    assert one._proved(np.array([1]), cost, 0.6)
    assert not one._proved(np.array([2]), cost, 2.0)  # the row
    assert not one._proved(np.array([3]), cost, 3.0)  # the bound
    assert not one._proved(np.array([1]), cost, 0.0)  # something cheaper may be left


def test_a_cost_without_an_end_is_refused():
    with pytest.raises(
        NrdError, match=r"^test: the solver stopped without an answer: Unbou"
    ):
        Program([0], [FREE], Rows.of([]), who="test").maximise([1])


def test_says_what_to_install(monkeypatch):
    find = builtins.__import__

    def without(name, *rest):
        if name == "highspy":
            raise ImportError(name)
        return find(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(NrdError, match=r"^test needs .*pip install 'nrd\[solver\]'"):
        Program([0], [1], Rows.of([]), who="test")
