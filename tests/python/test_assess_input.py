"""Measurements that cannot be assessed: one sentence that names row and rule."""

import json
import unicodedata
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

import nrd

REFERENCE = Path(__file__).resolve().parents[1] / "reference"
CASES = json.loads((REFERENCE / "assess_cases.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    path = tmp_path_factory.mktemp("sets") / "cases.json"
    path.write_text(json.dumps(CASES["set"]), encoding="utf-8")
    return nrd.read_criteria_set(path)


LONG = {
    "unit": ["A", "A", "B", "B", "A"],
    "year": [2021, 2021, 2021, 2022, 2022],
    "indicator": ["1.1", "2.1", "1.1", "3.1", "2.1"],
    "value": ["60.3", "Đạt", "60.2", "n/a", "Chưa đạt"],
    "measure": ["%", "met/not met", "%", "count", "met/not met"],
}


@pytest.mark.parametrize("word", ["n/a", " NA ", "Không áp dụng", "không  áp dụng"])
def test_words_for_what_does_not_apply(cases, word):
    word = unicodedata.normalize("NFD", word)
    found = nrd.assess({"unit": ["A"], "3.1": [word]}, cases, year=2021, region="north")
    assert found.decision("A", "3.1")[3:5] == ("not asked", None)


SHEET = {"unit": ["A", "B"], "1.1": [50.0, 60.0]}


@pytest.mark.parametrize(
    ("sheet", "options", "told"),
    [
        ({"unit": ["A"], "1.1": [120.0]}, {}, r"row 0, unit 'A': indicator 1\.1 is 120 %"),
        ({"unit": ["A", "B"], "2.1": [1.0, 0.5]}, {}, "row 1, unit 'B'.*1 or 0"),
        ({"unit": ["A"], "9.9": [1.0]}, {}, "column '9.9': there is no indicator '9.9'"),
        ({"unit": ["A"], "2.2": [1.0]}, {}, "its parts 2.2/clean, 2.2/safe"),
        ({"unit": ["A"], "P2": [1.0]}, {}, "P2 follows from the criteria"),
        (
            {"unit": ["B", "A"], "3.5/small": [60, 60], "3.5/large": ["n/a", 70]},
            {},
            r"^unit 'A', year 2021: more than one of the parts of indicator 3\.5 ",
        ),
        ({"unit": ["A"], "1.1": ["high"]}, {}, "row 0: found 'high', expected a number"),
        (
            {"unit": ["A"], "3.1": [float("inf")]},
            {},
            "'3.1', row 0: found inf, expected a ",
        ),
        ({"unit": ["A"], "3.1": ["1e999"]}, {}, "row 0: found '1e999', expected a number"),
        ({"unit": ["A"], "1.1": ["60,3"]}, {}, "row 0: found '60,3', expected a number"),
        ({"unit": ["A"], "1.1": ["met"]}, {}, "row 0: found 'met', expected a number"),
        ({"unit": ["A"], "1.1": ["n/a"]}, {}, "1.1 is said not to apply"),
        (
            {"unit": ["A", "A"], "1.1": [1.0, 2.0]},
            {},
            "row 1: unit 'A', year 2021 is given ",
        ),
        ({"unit": ["A", None], "1.1": [1.0, 2.0]}, {}, "row 1: the unit is missing"),
        ({"units": ["A"]}, {}, "there is no column 'unit'"),
        (SHEET, {"measure": {"1.1": "km"}}, "1.1 is in 'km', expected '%'"),
        (SHEET, {"measure": {"7.7": "km"}}, r"no indicator '7\.7'"),
        (SHEET, {"year": 2030}, "the year is 2030, expected one of 2021-2025"),
        (SHEET, {"year": "year"}, "there is no column 'year'"),
        (SHEET, {"year": 2.5}, "expected a year or the name of a column"),
        (SHEET, {"region": "south"}, "no region 'south' .* north, delta, general"),
        (SHEET, {"region": None}, "no region is given, .* north, delta, general"),
        (SHEET, {"region": {"A": "north"}}, "unit 'B' has none"),
        (SHEET, {"tolerance": -1}, "tolerance of %: found -1"),
        (SHEET, {"tolerance": {"km": 1}}, "'km' is neither an indicator nor a unit"),
        (SHEET, {"as_of": "2022-05-01"}, "expected a day of 2021"),
        (SHEET, {"as_of": "2021"}, "expected a day of 2021"),
        (SHEET, {"as_of": "2021-02-29"}, "as_of is '2021-02-29', expected a day of 2021"),
        (SHEET, {"as_of": 20210501}, "as_of is 20210501, expected a day of 2021"),
        (SHEET, {"tolerance": float("inf")}, "tolerance of %: found inf"),
        (SHEET, {"measure": 3}, "measure is 3, expected a column, or units by"),
        (SHEET, {"region": ["north"]}, r"region is \['north'\], expected a region, a col"),
        (SHEET, {"especially_difficult": "AB"}, "is 'AB', expected a list of units"),
        (SHEET, {"results": 3}, "results: found int, expected an Assessment"),
        (SHEET, {"results": [{"A": True}]}, "results: found dict, expected an Assessment"),
        (
            {"unit": ["A"], "1.1": [date(2021, 1, 1)]},
            {},
            "row 0: found datetime.date.* a n",
        ),
        ({"unit": ["A"], "1.1": [1j]}, {}, "row 0: found 1j, expected a number"),
        ({"unit": ["A"], "1.1": [True]}, {}, "row 0: found True, expected a number"),
        ({**SHEET, "y": [2021, 2019]}, {"year": "y"}, "row 1: the year is 2019"),
        ({**SHEET, "y": [2021, None]}, {"year": "y"}, "row 1: the year is missing"),
        ({**SHEET, "y": [2021, "x"]}, {"year": "y"}, "row 1: found 'x', expected a year"),
        (
            {**SHEET, "r": ["north", "x"]},
            {"region": "r"},
            "row 1: found 'x', expected one ",
        ),
    ],
)
def test_bad_input_is_one_clear_sentence(cases, sheet, options, told):
    with pytest.raises(nrd.NrdError, match=told):
        nrd.assess(sheet, cases, **{"year": 2021, "region": "north", **options})


@pytest.mark.parametrize(
    ("column", "row", "value", "told"),
    [
        (
            "measure",
            2,
            "km",
            r"row 2: found 'km', expected '%', the unit of indicator 1\.1",
        ),
        ("indicator", 1, "1.9", "row 1: there is no indicator '1.9'"),
        ("indicator", 1, None, "row 1: the indicator is missing"),
        (
            "unit",
            2,
            "A",
            r"row 2: unit 'A', year 2021, indicator 1\.1 is given twice, first",
        ),
        ("value", 2, "160", r"row 2, unit 'B': indicator 1\.1 is 160 %"),
        ("value", 2, "đạt", "row 2: found 'đạt', expected a number"),
        ("region", 1, "delta", "row 1: unit 'A' is in another region than in row 0"),
    ],
)
def test_bad_rows_are_named(cases, column, row, value, told):
    sheet = {k: list(v) for k, v in LONG.items()} | {"region": ["north"] * 5}
    sheet["measure"] = ["%"] * 5 if column == "indicator" else sheet["measure"]
    sheet[column][row] = value
    measure = None if column == "indicator" else "measure"
    with pytest.raises(nrd.NrdError, match=told) as caught:
        nrd.assess(sheet, cases, region="region", measure=measure)
    assert caught.value.row == row


def test_a_set_is_no_name_and_names_of_columns_occur_once(cases):
    with pytest.raises(nrd.NrdTypeError, match="criteria_set is 'cases', expected a Crit"):
        nrd.assess(SHEET, "cases", year=2021)
    twice = pd.DataFrame([["A", 1, 2]], columns=["unit", "1.1", "1.1"])
    with pytest.raises(nrd.NrdValueError, match=r"two columns have one name: .*'1\.1'"):
        nrd.assess(twice, cases, year=2021, region="north")


def test_a_long_table_without_rows(cases):
    sheet = {"unit": [], "indicator": [], "value": []}
    found = nrd.assess(sheet, cases, year=2024, region="north")
    assert found.table == {name: [] for name in found.by_unit}
    official = nrd.criteria_set("vn-318-2022-commune-standard")
    assert nrd.assess(sheet, official, year=2024, region="general").table["unit"] == []
