"""Measured values held against criteria sets."""

import json
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import DATASETS

import nrd

REFERENCE = Path(__file__).resolve().parents[1] / "reference"
CASES = json.loads((REFERENCE / "assess_cases.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    path = tmp_path_factory.mktemp("sets") / "cases.json"
    path.write_text(json.dumps(CASES["set"]), encoding="utf-8")
    return nrd.read_criteria_set(path)


@pytest.fixture(scope="module")
def standard():
    return nrd.criteria_set("vn-318-2022-commune-standard")


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda c: f"{c['item']}: {c['why']}")
def test_cases_worked_by_hand(cases, case):
    found = nrd.assess(
        {"unit": ["A"], case["item"]: [case["value"]]},
        cases,
        year=int(case["day"][:4]),
        as_of=case["day"],
        region=case["region"],
        tolerance={case["item"]: case["tolerance"]} if case["tolerance"] else None,
    )
    decision = found.decision("A", case["item"])
    assert decision.state == case["state"], case["why"]
    assert decision.year == int(case["day"][:4])


@pytest.mark.parametrize("row", CASES["rows"], ids=lambda r: r["why"])
def test_rows_worked_by_hand(cases, row):
    sheet = {"unit": ["A"], **{code: [value] for code, value in row["values"].items()}}
    year = int(row["day"][:4])
    found = nrd.assess(sheet, cases, year=year, region=row["region"])
    assert [found.criterion("A", str(c + 1)) for c in range(6)] == row["criteria"]
    assert found.state("A") == row["set"]


def test_a_decision_keeps_all_it_rests_on(cases):
    sheet = {"unit": ["A"], "1.1": [59.9], "4.3": [48.5]}
    found = nrd.assess(sheet, cases, year=2023, region="general")
    decision = found.decision("A", "4.3")
    assert (decision.value, decision.level, decision.rule) == (48.5, 48.5, "at least")
    assert decision.decision == "9/QD"
    assert decision.measure == "million VND/person/year"
    assert decision.source == ("page 4.3",)
    assert found.decision("A", "3.2").rule == "below"
    assert found.decision("A", "2.1").level == "met"
    assert found.decision("A", "4.1").level == "provincial"
    assert found.decision("A", "4.1").value is None


decimals = st.integers(0, 1000).map(lambda n: Decimal(n) / 10)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["north", "delta", "general"]),
            st.none() | decimals,
            st.none() | st.booleans(),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_criterion_one_and_two_against_brute_force(rows):
    """Three-valued logic in plain Python, levels as decimals."""
    content = {**CASES["set"], "amended_by": []}
    found = nrd.criteria._from_text(json.dumps(content).encode(), "cases")
    levels = {"north": Decimal("60.3"), "delta": Decimal(50), "general": Decimal(50)}
    sheet = {
        "unit": list(range(len(rows))),
        "region": [region for region, _, _ in rows],
        "1.1": [np.nan if v is None else float(v) for _, v, _ in rows],
        "1.2": [5.0] * len(rows),
        "2.1": [None if s is None else bool(s) for _, _, s in rows],
    }
    result = nrd.assess(sheet, found, year=2021, region="region")
    for i, (region, value, state) in enumerate(rows):
        first = None if value is None else value >= levels[region]
        second = None if region == "delta" else True
        third = None if region == "north" else state
        assert result.decision(str(i), "1.1").state == name(first)
        assert result.decision(str(i), "2.1").state == name(third)
        assert result.criterion(str(i), "1") == name(all_of([first, second]))
        assert result.criterion(str(i), "2") == name(all_of([third, None]))


def all_of(states):
    return False if False in states else None if None in states else True


def name(state):
    return {None: "unknown", True: "met", False: "unmet"}[state]


LONG = {
    "unit": ["A", "A", "B", "B", "A"],
    "year": [2021, 2021, 2021, 2022, 2022],
    "indicator": ["1.1", "2.1", "1.1", "3.1", "2.1"],
    "value": ["60.3", "Đạt", "60.2", "n/a", "Chưa đạt"],
    "measure": ["%", "met/not met", "%", "count", "met/not met"],
}
WIDE = {
    "unit": ["A", "B", "B", "A"],
    "year": [2021, 2021, 2022, 2022],
    "1.1": [60.3, 60.2, None, None],
    "2.1": ["met", None, None, "unmet"],
    "3.1": [None, None, "n/a", None],
}


@pytest.mark.parametrize("kind", [dict, pd.DataFrame, pl.DataFrame])
def test_long_and_wide_tables_say_the_same(cases, kind):
    long = nrd.assess(kind(LONG), cases, region="north", measure="measure")
    wide = nrd.assess(
        kind(WIDE) if kind is not pl.DataFrame else pl.DataFrame(WIDE, strict=False),
        cases,
        region="north",
    )
    for unit in "AB":
        for year in (2021, 2022):
            for item in ("1.1", "2.1", "3.1", "4.2"):
                assert (
                    long.decision(unit, item, year).state
                    == wide.decision(unit, item, year).state
                )
            assert long.state(unit, year) == wide.state(unit, year)
    assert long.provenance.used == wide.provenance.used == 5
    assert type(long.table) is kind
    assert long.decision("B", "1.1", 2021).state == "unmet"
    assert long.decision("B", "3.1", 2022).state == "not asked"


def test_the_order_of_rows_changes_nothing(cases):
    order = [4, 2, 0, 3, 1]
    turned = {k: [v[i] for i in order] for k, v in LONG.items()}
    a = nrd.assess(LONG, cases, region="north")
    b = nrd.assess(turned, cases, region="north")
    for unit, year in zip("AABB", (2021, 2022) * 2):
        assert a.state(unit, year) == b.state(unit, year)
        for code in cases.codes:
            assert a.criterion(unit, code, year) == b.criterion(unit, code, year)


def test_regions_by_column_and_by_unit(cases):
    sheet = {"unit": ["A", "B"], "area": ["north", "delta"], "1.1": [55.0, 55.0]}
    wanted = ["unmet", "met"]
    for region in ("area", {"A": "north", "B": "delta", "C": "north"}):
        one = dict(sheet) if region == "area" else {k: sheet[k] for k in ("unit", "1.1")}
        found = nrd.assess(one, cases, year=2021, region=region)
        assert [found.decision(u, "1.1").state for u in "AB"] == wanted
        assert found.by_unit["region"].tolist() == ["north", "delta"]


def test_groups_of_communes():
    """The set of 2026 has groups and no indicators yet: a province may add some."""
    own = nrd.criteria_set("vn-51-2025-commune-standard").override(
        {
            "6.1": {
                "criterion": "6",
                "description_en": "Poor households",
                "unit": "%",
                "rule": "le",
                "by_group": {"group_1": 1, "group_2": 2.5, "group_3": 8},
            }
        },
        decision="7/QD-UBND",
        complete=["6"],
    )
    sheet = {"unit": ["A", "B", "C"], "6.1": [2.5, 2.5, 2.5]}
    groups = {"A": "group_1", "B": "group_2", "C": "group_3"}
    found = nrd.assess(sheet, own, year=2026, region=groups)
    assert [found.criterion(u, "6") for u in "ABC"] == ["unmet", "met", "met"]
    assert found.state("B") == "unknown"
    assert found.unlisted == tuple(c for c in own.codes if c != "6")
    assert found.provenance.references == ("51/2025/QD-TTg of 2025-12-29", "7/QD-UBND")


def test_especially_difficult_communes_are_judged_as_the_mountains(standard):
    sheet = {"unit": ["A", "B"], "15.3": [20.0, 20.0]}
    found = nrd.assess(
        sheet, standard, year=2023, region="red_river_delta", especially_difficult=["B"]
    )
    assert [found.decision(u, "15.3").state for u in "AB"] == ["unmet", "met"]
    assert found.decision("B", "15.3").level == 24
    assert "especially difficult" in found.provenance.assumptions[0]
    with pytest.raises(nrd.NrdKeyError, match="no unit 'C'"):
        nrd.assess(
            sheet, standard, year=2023, region="southeast", especially_difficult=["C"]
        )
    model = nrd.criteria_set("vn-319-2022-commune-model")
    with pytest.raises(nrd.NrdValueError, match="no rule for such units"):
        nrd.assess(
            {"unit": ["A"]}, model, year=2023, region="general", especially_difficult=["A"]
        )


def test_what_an_amendment_changed_unseen_is_said(standard):
    sheet = {"unit": ["A"], "15.3": [20.0]}
    before = nrd.assess(sheet, standard, year=2023, region="southeast")
    after = nrd.assess(sheet, standard, year=2024, region="southeast")
    early = nrd.assess(sheet, standard, year=2024, region="southeast", as_of="2024-02-29")
    assert before.provenance.assumptions == early.provenance.assumptions == ()
    assert "211/QD-TTg" in after.provenance.assumptions[0]


def test_unknown_levels_are_listed_once(standard):
    sheet = {"unit": list("ABC") * 2, "year": [2022] * 3 + [2023] * 3, "15.1": [99.0] * 6}
    found = nrd.assess(sheet, standard, region="southeast")
    listed = found.unknown_levels
    at = listed["indicator"].index("15.1")
    assert listed["indicator"].count("15.1") == 1
    assert listed["region"][at] == "southeast"
    assert listed["years"][at] == [2022, 2023]
    assert listed["rows"][at] == 6
    assert listed["kind"][at] == "unknown"
    assert "6.1" not in listed["indicator"]
    assert found.decision("A", "15.1", 2022).state == "unknown"


def test_near_misses_are_marked_and_never_met(standard):
    sheet = {"unit": list("ABCD"), "15.3": [14.5, 14.6, 15.0, 15.1]}
    found = nrd.assess(sheet, standard, year=2023, region="southeast", tolerance=0.5)
    states = [found.decision(u, "15.3").state for u in "ABCD"]
    assert states == ["met", "near", "near", "unmet"]
    assert found.near_misses["unit"] == ["B", "C"]
    assert found.by_unit["near"].tolist() == [0, 1, 1, 0]
    assert found.criterion("B", "15") == "unmet"
    by_code = nrd.assess(
        sheet, standard, year=2023, region="southeast", tolerance={"15.3": 0.1}
    )
    assert by_code.near_misses["unit"] == ["B"]


def test_a_result_is_whole(cases):
    found = nrd.assess(WIDE, cases, region="north", tolerance=0.1)
    held = json.loads(found.to_json())
    assert held["by_unit"][0]["unit"] == "A"
    assert held["provenance"]["options"]["criteria_set"] == "cases"
    assert len(held["decisions"]) == 4 * len(cases.items)
    assert found.near_misses["unit"] == ["B"]
    for language, title in (("en", "Assessment: cases"), ("vi", "Đánh giá: cases")):
        assert title in found.summary(language=language)
    assert "<table>" in found._repr_html_()
    assert found.decisions(unit="A")["year"] == [2021] * 17 + [2022] * 17
    with pytest.raises(nrd.NrdValueError, match="state is 'good'"):
        found.decisions("good")
    with pytest.raises(nrd.NrdKeyError, match="no unit 'Z'"):
        found.state("Z", 2021)
    with pytest.raises(nrd.NrdValueError, match="2 years, expected year"):
        found.state("A")
    with pytest.raises(nrd.NrdKeyError, match="no criterion '9'"):
        found.criterion("A", "9", 2021)


def test_criteria_have_a_table(cases):
    found = nrd.assess(WIDE, cases, region="north")
    table = found.criteria_table
    assert list(table) == ["unit", "year", *cases.codes, "set"]
    for i, (unit, year) in enumerate(zip(table["unit"], table["year"])):
        for code in cases.codes:
            assert table[code][i] == found.criterion(unit, code, year)
        assert table["set"][i] == found.state(unit, year)


def test_levels_are_written_as_they_are_printed(cases):
    sheet = {"unit": ["A"], "1.1": [60], "1.2": [9], "3.1": [1]}
    found = nrd.assess(sheet, cases, year=2023, region="north")
    levels = dict(zip(found.decisions()["indicator"], found.decisions()["level"]))
    assert [levels[code] for code in ("1.1", "1.2", "3.1")] == ["60.3", "8.2", "2"]


def test_an_assessment_goes_on_to_averages(cases):
    found = nrd.assess(WIDE, cases, region="north")
    with pytest.raises(nrd.NrdValueError, match="2 years"):
        found.attainment()
    cells = found.attainment(2021)
    assert cells.units == ["A", "B"]
    assert cells.state("B", "1") == "unmet"
    assert cells.state("A", "5") == "met"  # not yet in force
    assert nrd.criteria_averages(cells).units == 2
    assert found.plot(year=2021, title="a year").get_xlim() == (-0.5, 5.5)


def test_no_rows(cases):
    found = nrd.assess({"unit": [], "1.1": []}, cases, year=2021, region="north")
    assert len(found.states) == 0
    assert found.table["unit"] == []


def test_a_set_without_levels_is_refused():
    bare = nrd.CriteriaSet("toy", ("1",), ("One",), ("Một",), (None,), {"period": ""})
    with pytest.raises(nrd.NrdValueError, match="no levels"):
        nrd.assess({"unit": ["A"]}, bare, year=2021)


def test_every_set_that_ships_can_be_assessed():
    for id in nrd.criteria_sets():
        found = nrd.criteria_set(id)
        region = (found.places or ("general",))[0]
        result = nrd.assess({"unit": ["A"]}, found, year=found.years[-1], region=region)
        assert result.state("A") == "unknown", id
    assert (DATASETS / "criteria").is_dir()


@settings(max_examples=200, deadline=None)
@given(
    st.decimals(0, 99, places=6, allow_nan=False),
    st.integers(-3, 3),
    st.integers(-12, 12),
    st.sampled_from(["ge", "le"]),
)
def test_values_are_compared_as_decimals_of_15_digits(level, step, ulps, rule):
    """The level, some millionths off, then some doubles off: exact decimals decide."""
    found = nrd.criteria._from_text(
        json.dumps(
            {
                **{k: v for k, v in CASES["set"].items() if k in KEPT},
                "criteria": [
                    {"number": 1, "name_en": "a", "indicators": [one(level, rule)]}
                ],
            }
        ).encode(),
        "one",
    )
    value = max(float(level + step * Decimal("0.000001")), 0.0)
    for _ in range(abs(ulps)):
        value = float(np.nextafter(value, np.inf if ulps > 0 else -np.inf))
    value = max(value, 0.0)
    said = Decimal(f"{value:.15g}")
    result = nrd.assess({"unit": ["A"], "1": [value]}, found, year=2021)
    wanted = said >= level if rule == "ge" else said <= level
    assert result.decision("A", "1").state == name(wanted)


KEPT = ("id", "decision", "date", "level", "tier", "period")


def one(level, rule):
    return {
        "id": "1",
        "description_en": "",
        "unit": "%",
        "rule": rule,
        "thresholds": {"general": float(level)},
        "source": [],
        "status": "verified",
    }
