"""What is no regression is refused in one sentence that names the column or the row."""

import _thread
import threading

import numpy as np
import pytest
from test_bad_input import refused

import nrd

ROWS = {
    "y": [1.0, 2.0, 4.0, 3.0, 5.5],
    "x": [2.0, 3.0, 5.0, 7.0, 11.0],
    "z": [1.0, 0.0, 2.0, 0.5, 1.0],
    "g": ["a", "a", "b", "b", "b"],
}
MANY = {**ROWS, **{f"x{i}": [float(i == k) for k in range(5)] for i in range(6)}}


def with_column(**columns):
    return {**ROWS, **columns}


DEPENDENT = {
    "the same, named twice": (
        with_column(x2=ROWS["x"]),
        ["x", "x2"],
        "column 'x2' is a combination of 'x': leave one of them out",
    ),
    "a sum": (
        with_column(s=[a + b for a, b in zip(ROWS["x"], ROWS["z"])]),
        ["x", "z", "s"],
        "column 's' is a combination of 'x', 'z': leave one of them out",
    ),
    "a line": (
        with_column(s=[3.0 - 2.0 * a for a in ROWS["x"]]),
        ["z", "x", "s"],
        "column 's' is a combination of '(intercept)', 'x': leave one of them out",
    ),
    "constant": (
        with_column(c=[0.3] * 5),
        ["x", "c"],
        "column 'c' is the same in every row, as the intercept is",
    ),
    "zero": (with_column(c=[0.0] * 5), ["x", "c"], "column 'c' is 0 in every row"),
    "rounded": (
        with_column(s=[0.1 * a + 0.7 * b for a, b in zip(ROWS["x"], ROWS["z"])]),
        ["x", "z", "s"],
        "column 's' is a combination of '(intercept)', 'x', 'z', but for the rounding of "
        "doubles: leave one of them out",
    ),
    "powers of two values": (
        with_column(b=[0.0, 1.0, 1.0, 0.0, 1.0]),
        nrd.poly("b", 2),
        "column 'b^2' is a combination of 'b': leave one of them out",
    ),
}


@pytest.mark.parametrize("case", DEPENDENT)
def test_columns_that_depend_are_named(case):
    table, x, words = DEPENDENT[case]
    refused(nrd.NrdValueError, f"regress: {words}", nrd.regress, table, "y", x)


def test_rounding_is_no_matter_of_decimals():
    tenths = with_column(
        u=[0.1, 0.2, 0.3, 0.4, 0.6],
        v=[0.7, 0.1, 0.2, 0.9, 0.3],
        s=[0.8, 0.3, 0.5, 1.3, 0.9],
    )
    words = "column 's' is a combination of 'u', 'v': leave one of them out"
    x = ["u", "v", "s"]
    refused(nrd.NrdValueError, words, nrd.regress, tenths, "y", x, decimal="auto")


REFUSED = {
    "more columns than rows": (
        {"data": MANY, "x": ["x", "z", "x0", "x1", "x2"]},
        "there are 5 rows for 6 coefficients, expected as many",
    ),
    "one row": (
        {"data": {"y": [1.0], "x": [2.0]}, "x": "x"},
        "there are 1 rows for 2 coefficients",
    ),
    "all missing": (
        {"data": {"y": [None, 1.0], "x": [2.0, None]}, "x": "x"},
        "there is no complete row with a weight above 0",
    ),
    "no rows": ({"data": {"y": [], "x": []}, "x": "x"}, "there is no complete row"),
    "all weights zero": (
        {"x": "x", "weights": [0.0] * 5, "weight_kind": "precision"},
        "there is no complete row with a weight above 0",
    ),
    "effects": (
        {"x": "x", "effects": "y"},
        "there are 5 rows for 1 coefficients and 5 units, expected as many",
    ),
    "effects that take all": (
        {"data": with_column(c=[1.0, 1.0, 2.0, 2.0, 2.0]), "x": ["x", "c"], "effects": "g"},
        "column 'c' does not vary within any unit, so that effects take it all",
    ),
    "weights of another length": (
        {"x": "x", "weights": [1.0], "weight_kind": "precision"},
        "there are 1 weights, expected 5",
    ),
    "weights of no kind": ({"x": "x", "weights": [1.0] * 5}, "weights and weight_kind"),
    "lengths": ({"data": {"y": [1.0, 2.0], "x": [1.0]}, "x": "x"}, "expected one length"),
    "twice": ({"x": ["x", "x"]}, "column 'x' occurs twice, expected each column once"),
    "twice, a power": ({"x": ["x", nrd.poly("x", 2)]}, "column 'x' occurs twice"),
    "itself": ({"x": ["x", "y"]}, "column 'y' is y, expected each column once"),
    "nothing": ({"x": [], "intercept": False}, "there is no term and no intercept"),
    "cov": ({"x": "x", "cov": "HC9"}, "cov is 'HC9'"),
    "level": ({"x": "x", "level": 95}, "level is 95, expected a number in (0, 1)"),
    "level 1": ({"x": "x", "level": 1.0}, "level is 1.0"),
    "threads": ({"x": "x", "threads": -1}, "threads is -1"),
    "a name of a result": (
        {"data": with_column(term=ROWS["g"]), "x": "x", "by": "term"},
        "the result has a column 'term' of its own",
    ),
    "powers out of range": (
        {"data": with_column(f=[1e300, 1.0, 2.0, 3.0, 4.0]), "x": nrd.poly("f", 5)},
        "column 'f' to the power 4 is out of range: its sizes are from 2^0 to 2^997",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_is_refused(case):
    options, words = REFUSED[case]
    options = {"data": ROWS, **options}
    refused(nrd.NrdValueError, words, nrd.regress, y="y", **options)


def test_rows_that_cannot_be_are_named():
    kinds = {"weight_kind": "precision"}
    words = "row 1: the weight is -1, expected a number, 0 or more"
    weights = [1.0, -1.0, 1.0, 1.0, 1.0]
    regress = nrd.regress
    refused(
        nrd.NrdValueError, words, regress, ROWS, "y", "x", weights=weights, row=1, **kinds
    )
    infinite = with_column(x=[2.0, 3.0, float("inf"), 7.0, 11.0])
    words = "row 2: column 'x' is inf"
    refused(nrd.NrdValueError, words, regress, infinite, "y", "x", row=2)
    words = "column 'g', row 0: found 'a', expected a number"
    refused(nrd.NrdTypeError, words, regress, ROWS, "y", "g", row=0)
    refused(nrd.NrdKeyError, "there is no column 'w'", regress, ROWS, "y", "w")
    refused(nrd.NrdKeyError, "there is no column 'w'", regress, ROWS, "w", "x")
    refused(nrd.NrdKeyError, "there is no column 'w'", regress, ROWS, "y", "x", by="w")
    refused(nrd.NrdTypeError, "x holds 1, expected names", regress, ROWS, "y", [1])
    refused(nrd.NrdTypeError, "y is 1, expected the name", regress, ROWS, 1, "x")
    words = "effects is ['g', 'z'], expected one column"
    refused(nrd.NrdTypeError, words, regress, ROWS, "y", "x", effects=["g", "z"])
    refused(nrd.NrdValueError, "degree is 0, expected a whole", nrd.poly, "x", 0)
    refused(nrd.NrdValueError, "degree is 2.5, expected a whole", nrd.poly, "x", 2.5)
    refused(nrd.NrdTypeError, "column is 1, expected the name", nrd.poly, 1, 2)


def test_states_of_other_regressions_are_refused():
    state = nrd.Regression("y", "x")
    for other in (
        nrd.Regression("y", "z"),
        nrd.Regression("y", "x", intercept=False),
        nrd.Regression("y", nrd.poly("x", 2)),
        nrd.Regression("y", "x", effects="g"),
        nrd.Regression("y", "x", by="g"),
        nrd.Regression("y", "x", decimal=1),
    ):
        with pytest.raises(nrd.NrdValueError, match="merge: found a "):
            state.merge(other)
    with pytest.raises(nrd.NrdTypeError, match="found Moments, expected Regression"):
        state.merge(nrd.Moments(["y", "x"]))


def test_damaged_bytes_are_refused():
    state = nrd.Regression("y", [nrd.poly("x", 2), "z"], by="g", decimal={"y": 1})
    state.update(ROWS)
    data = state.to_bytes()
    assert nrd.Regression.from_bytes(data).to_bytes() == data
    for spoilt in (b"", data[:-1], data[1:], data.replace(b'"x"', b'"q"'), data + b"0"):
        with pytest.raises(nrd.NrdValueError, match="damaged, or no state of Regression"):
            nrd.Regression.from_bytes(spoilt)
    for place in range(0, len(data), 7):
        spoilt = bytearray(data)
        spoilt[place] ^= 1
        with pytest.raises(nrd.NrdValueError, match="damaged, or no state of Regression"):
            nrd.Regression.from_bytes(spoilt)
    with pytest.raises(nrd.NrdTypeError, match="found str, expected bytes"):
        nrd.Regression.from_bytes("state")


def test_a_failure_leaves_a_state_as_it_was():
    state = nrd.Regression("y", nrd.poly("x", 2), by="g")
    state.update(ROWS)
    before = state.to_bytes()
    for spoilt in (with_column(x=[2.0, 3.0, float("inf"), 7.0, 11.0]), {"y": [1.0]}):
        with pytest.raises(nrd.NrdError):
            state.update(spoilt)
        assert state.to_bytes() == before


def test_ctrl_c_stops_the_equations():
    rng = np.random.default_rng(1)
    columns = {f"x{i}": values for i, values in enumerate(rng.normal(size=(120, 300)))}
    state = nrd.Regression("x0", list(columns)[1:])
    state.update(columns)
    threading.Timer(0.3, _thread.interrupt_main).start()
    with pytest.raises(KeyboardInterrupt):
        state.finalize()
    assert float(nrd.regress(ROWS, "y", "x").n[0]) == 5
