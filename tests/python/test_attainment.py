"""Reading cells and totals: words, blanks, duplicates, contradictions."""

import unicodedata

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from support import STANDARD, attainment_of, completions, puzzles

import nrd
from nrd import Attainment

MET = [
    "met", "MET", " met ", "true", "True", True, "1", 1, 1.0, "yes", "x", "X",
    "Đạt", "đạt", "ĐẠT", "  Đạt\t", "dat", np.True_, np.int8(1), np.float32(1),
]  # fmt: skip
UNMET = [
    "unmet", "not met", "Not  Met", "false", False, "0", 0, 0.0, "no", "Chưa đạt",
    "CHƯA ĐẠT", "chưa  đạt", "chua dat", "không đạt", np.False_, np.int64(0),
]  # fmt: skip
UNKNOWN = ["unknown", "Unknown", "?", "chưa rõ", "Không rõ", "", "  ", None, float("nan")]


def rows(*statuses):
    """One criterion, a unit for each status."""
    units = [f"u{i}" for i in range(len(statuses))]
    return {"unit": units, "criterion": ["c"] * len(units), "status": list(statuses)}


def states(*statuses, **options):
    return Attainment.from_long(rows(*statuses), **options).states().ravel().tolist()


@pytest.mark.parametrize(
    ("word", "state"),
    [(w, 1) for w in MET] + [(w, 0) for w in UNMET] + [(w, -1) for w in UNKNOWN],
    ids=repr,
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_words(form, word, state):
    if isinstance(word, str):
        word = unicodedata.normalize(form, word)
    # Beside a word, so that a lone x does not make a tick list.
    assert states("unmet", word) == [0, state]
    assert (
        Attainment.from_wide({"unit": ["A"], "c": [word]}).state("A", "c")
        == ({1: "met", 0: "unmet", -1: "unknown"}[state])
    )


@pytest.mark.parametrize(
    "word", ["maybe", "2", 2, -1, 0.5, "đat", "x?", "true false", "nan"]
)
def test_a_word_that_is_not_understood(word):
    with pytest.raises(nrd.NrdValueError) as caught:
        states("met", "unmet", word)
    message = str(caught.value)
    assert repr(word) in message
    assert "'status', row 2" in message
    for accepted in (
        "met",
        "true",
        "1",
        "Đạt".casefold(),
        "unmet",
        "false",
        "0",
        "unknown",
    ):
        assert accepted in message.split("expected", 1)[1]
    assert caught.value.row == 2


def test_a_word_that_is_not_understood_in_a_wide_table():
    sheet = {"unit": ["A", "B"], "roads": ["met", "met"], "water": ["met", "perhaps"]}
    with pytest.raises(nrd.NrdValueError, match="'water', row 1: status 'perhaps'"):
        Attainment.from_wide(sheet)


@pytest.mark.parametrize("blank", ["", " ", None, float("nan")])
def test_a_blank_is_unmet_in_a_tick_list_only(blank):
    assert states("x", blank, "X") == [1, 0, 1]
    assert states("x", blank, "unmet") == [1, -1, 0]
    assert states("met", blank) == [1, -1]
    assert states(blank, blank) == [-1, -1]


@pytest.mark.parametrize("blank", ["", None])
def test_blank_says_what_a_blank_means(blank):
    assert states("x", blank, blank="unknown") == [1, -1]
    assert states("met", blank, blank="unmet") == [1, 0]
    assert states("unknown", blank, blank="unmet") == [-1, 0]


def test_a_wide_tick_list_is_one_whole():
    sheet = {"unit": ["A", "B"], "roads": ["x", ""], "water": ["", ""]}
    assert Attainment.from_wide(sheet).states().tolist() == [[1, 0], [0, 0]]
    assert Attainment.from_wide(sheet, blank="unknown").dropped == 3


@pytest.mark.parametrize("read", [Attainment.from_long, Attainment.from_wide])
def test_blank_must_be_a_state(read):
    with pytest.raises(nrd.NrdValueError, match="'unmet' or 'unknown'"):
        read(rows("met"), blank="met")


def test_a_cell_given_twice_names_both_rows():
    cells = {
        "unit": ["B", "A", "B", "A"],
        "criterion": [1, 1, 2, 1],
        "status": [1, 1, 0, 1],
    }
    with pytest.raises(
        nrd.NrdValueError, match=r"row 3: unit 'A' and criterion '1'.*row 1"
    ):
        Attainment.from_long(cells)


def test_a_unit_given_twice_names_both_rows():
    with pytest.raises(nrd.NrdValueError, match=r"row 2: unit 'A' occurs twice.*row 0"):
        Attainment.from_wide({"unit": ["A", "B", "A"], "c": [1, 1, 1]})


@pytest.mark.parametrize(
    "make",
    [
        lambda: Attainment.from_long(rows(1), units=["u0", "u1", "u0"]),
        lambda: Attainment.from_long(rows(1), criteria=["c", "c"]),
        lambda: Attainment.from_totals({"c": 1}, units=["A", "A"]),
        lambda: Attainment.from_totals({"c": 1}, units=2, criteria=["c", "c"]),
        lambda: Attainment.from_wide(np.eye(2), units=["A", "A"]),
    ],
)
def test_a_name_listed_twice(make):
    with pytest.raises(nrd.NrdValueError, match="twice"):
        make()


def test_a_code_as_text_and_as_number_is_ambiguous():
    frame = pd.DataFrame({"unit": ["1", 1], "criterion": ["c", "c"], "status": [1, 1]})
    with pytest.raises(nrd.NrdValueError, match="'1' occurs twice"):
        Attainment.from_long(frame)


@pytest.mark.parametrize("unit", [None, "", "  "])
@pytest.mark.parametrize("read", [Attainment.from_long, Attainment.from_wide])
def test_a_unit_must_have_a_name(read, unit):
    table = {"unit": ["A", unit], "criterion": ["1", "1"], "status": [1, 1]}
    with pytest.raises(nrd.NrdValueError, match="row 1: the unit is missing"):
        read(table)


def test_listed_units_without_a_row_are_unknown():
    attainment = Attainment.from_long(
        rows(1), units={"u1": "Tân Văn", "u0": "Minh Khai"}, criteria=["c", "d"]
    )
    assert attainment.states().tolist() == [[-1, -1], [1, -1]]
    assert attainment.name("u1") == "Tân Văn"


def test_a_unit_that_is_not_listed():
    with pytest.raises(nrd.NrdKeyError, match=r"row 1: unit 'u1' is not in the set"):
        Attainment.from_long(rows(1, 1), units=["u0"])


@pytest.mark.parametrize("criterion", ["20", "water"])
def test_a_criterion_that_is_not_in_the_set(criterion):
    official = nrd.criteria_set(STANDARD)
    long = {"unit": ["A", "A"], "criterion": ["1", criterion], "status": [1, 1]}
    with pytest.raises(
        nrd.NrdKeyError, match=f"row 1: criterion '{criterion}'.*{STANDARD}"
    ):
        Attainment.from_long(long, criteria=official)
    with pytest.raises(nrd.NrdKeyError, match=f"'{criterion}'.*{STANDARD}"):
        Attainment.from_wide({"unit": ["A"], "1": [1], criterion: [1]}, criteria=official)
    with pytest.raises(nrd.NrdKeyError, match=f"'{criterion}'.*{STANDARD}"):
        Attainment.from_totals({criterion: 1}, units=2, criteria=official)
    with pytest.raises(nrd.NrdKeyError, match=f"'{criterion}'"):
        Attainment.from_totals({"1": 1}, units=2).state("1", criterion)


def test_official_criteria_stand_in_their_order():
    official = nrd.criteria_set(STANDARD)
    attainment = Attainment.from_wide(
        {"unit": ["A"], "15": [1], "2": [0]}, criteria=official
    )
    assert attainment.criteria == [str(i) for i in range(1, 20)]
    assert attainment.criterion_name("15", "vi") == "Y tế"
    assert (attainment.state("A", "2"), attainment.state("A", "3")) == ("unmet", "unknown")


def test_a_unit_that_is_not_there():
    with pytest.raises(nrd.NrdKeyError, match="'B'"):
        Attainment.from_totals({"c": 1}, units=["A"]).state("B", "c")


def test_counts_alone():
    attainment = Attainment.from_totals({"roads": 10, "health": 18, "water": 0}, units=18)
    assert attainment.units == [str(i) for i in range(1, 19)]
    assert attainment.states().T.tolist() == [[-1] * 18, [1] * 18, [0] * 18]


@pytest.mark.parametrize("number", [np.int64(2), np.uint8(2)])
def test_numbers_of_numpy_are_numbers(number):
    assert len(Attainment.from_totals({"c": number}, units=number).units) == 2


@pytest.mark.parametrize(
    "total",
    [-1, 1.5, "1", None, (2, 1), (-1, 1), (0, 1, 2), 2**70, float("nan"), 4, (0, 4)],
)
def test_totals_that_cannot_be(total):
    with pytest.raises(nrd.NrdValueError, match="c"):
        Attainment.from_totals({"b": 1, "c": total}, units=3)


def test_more_than_there_are_units():
    with pytest.raises(
        nrd.NrdValueError, match=r"criterion c: the total is 4.*the 3 units"
    ):
        Attainment.from_totals({"b": 1, "c": 4}, units=3)


@pytest.mark.parametrize("units", [-1, 1.5, None])
def test_a_number_of_units_that_cannot_be(units):
    with pytest.raises(nrd.NrdError):
        Attainment.from_totals({"c": 0}, units=units)


@pytest.mark.parametrize(
    ("total", "told"), [(1, "2 units are known to meet"), (4, "at most 3")]
)
def test_totals_that_contradict_cells(total, told):
    cells = Attainment.from_long(rows("met", "met", "unmet", None))
    with pytest.raises(nrd.NrdValueError, match="criterion c") as caught:
        cells.with_totals({"c": total})
    assert str(total) in str(caught.value)
    assert caught.value.status == "NRD_E_CONFLICT"
    assert cells.with_totals({"c": 3}).state("u3", "c") == "met"


def test_totals_make_a_new_matrix():
    cells = Attainment.from_long(rows("met", None))
    closed = cells.with_totals({"c": 1})
    assert closed is not cells
    assert (cells.state("u1", "c"), closed.state("u1", "c")) == ("unknown", "unmet")
    assert (cells.used, cells.dropped) == (closed.used, closed.dropped) == (1, 1)


def test_totals_given_again_are_replaced_and_others_stay():
    first = Attainment.from_totals({"a": 0, "b": 2}, units=2)
    second = first.with_totals({"a": 2})
    assert second.states().tolist() == [[1, 1], [1, 1]]
    assert first.with_totals({}).states().tolist() == [[0, 1], [0, 1]]
    third = second.with_totals({"b": (0, 2)})
    assert third.states().tolist() == [[1, -1], [1, -1]]
    assert nrd.criteria_averages(third).without_count == ("b",)


def test_what_is_handed_out_does_not_lead_back():
    attainment = Attainment.from_long(rows("met", "unmet"))
    attainment.states()[:] = 0
    attainment.table()["status"][:] = ["unmet", "unmet"]
    assert attainment.states().ravel().tolist() == [1, 0]


@given(puzzles())
def test_cells_after_totals_are_those_of_every_completion(puzzle):
    possible = completions(*puzzle)
    if not possible:
        with pytest.raises(nrd.NrdValueError):
            attainment_of(*puzzle)
        return
    found = attainment_of(*puzzle).states()
    for (i, j), state in np.ndenumerate(found):
        values = {matrix[i][j] for matrix in possible}
        assert state == (-1 if len(values) == 2 else int(values.pop()))


def test_repr_says_how_much_is_known():
    assert "2 units x 1 criteria, 1 of 2 cells" in repr(Attainment.from_long(rows(1, None)))
