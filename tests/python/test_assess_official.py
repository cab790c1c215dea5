"""The official sets: a table worked by hand, and each level read again in plain Python."""

import json
from decimal import Decimal

import pytest
from support import DATASETS

import nrd

FIRST, SECOND = "vn-491-2009-commune-standard", "vn-1980-2016-commune-standard"
THIRD, ADVANCED = "vn-318-2022-commune-standard", "vn-318-2022-commune-advanced"
MODEL, SPECIAL = "vn-319-2022-commune-model", "vn-211-2024-district-special"
DISTRICT, PROVINCE = "vn-320-2022-district-standard", "vn-321-2022-province-standard"
REGIONS = (
    "northern_midlands_mountains",
    "red_river_delta",
    "north_central",
    "south_central_coast",
    "central_highlands",
    "southeast",
    "mekong_delta",
)


def by_region(name, item, year, levels, step):
    """The level itself does, and a step short of it does not, in each region."""
    for region, level in zip(REGIONS, levels, strict=True):
        if level is None:
            yield name, item, region, year, 50, "unknown"
            continue
        yield name, item, region, year, level, "met"
        yield name, item, region, year, round(level + step, 2), "unmet"


# Read by hand in the files and typed here: set, item, region, year, value, state.
TABLE = [
    *by_region(SECOND, "10", 2020, (36, 50, 36, 41, 41, 59, 50), -0.01),
    *by_region(SECOND, "10", 2019, (None,) * 7, 0),
    *by_region(SECOND, "14.3", 2016, (25, 40, 40, 40, 25, 45, 25), -0.1),
    *by_region(SECOND, "14.2", 2018, (70, 90, 85, 85, 70, 90, 80), -0.1),
    *by_region(SECOND, "15.3", 2017, (26.7, 13.9, 24.2, 24.2, 31.4, 14.3, 20.5), 0.1),
    *by_region(SECOND, "17.1/hygienic", 2020, (90, 98, 98, None, 95, 98, 95), -0.1),
    *by_region(SECOND, "17.1/clean", 2020, (50, 65, 60, 60, 50, 65, 65), -0.1),
    *by_region(SECOND, "11", 2018, (None,) * 7, 0),
    *by_region(THIRD, "15.3", 2022, (24, 16.5, 25, 22, 26.5, 14.5, 19), 0.1),
    *by_region(THIRD, "15.4", 2025, (50, 70, None, None, None, None, None), -0.1),
    *by_region(THIRD, "6.3", 2021, (100,) * 7, -0.1),
    *by_region(FIRST, "2.village_axis", 2009, (50, 100, 70, 70, 70, 100, 50), -1),
    *by_region(FIRST, "10-2013", 2013, (14, None, 15, 19, None, None, None), -0.1),
    *by_region(FIRST, "10-2013", 2014, (16, None, 17, 21, None, None, None), -0.1),
    *by_region(FIRST, "10-2013", 2015, (None,) * 7, 0),
    # "Below 10, 3, 5, 5, 7, 3, 7": the level itself does not do.
    *by_region(FIRST, "11", 2012, (9.9, 2.9, 4.9, 4.9, 6.9, 2.9, 6.9), 0.1),
    (FIRST, "10", "southeast", 2013, 1, "not asked"),
    (FIRST, "10-2013", "general", 2012, 30, "not asked"),
    (FIRST, "10-2013", "general", 2013, 21, "met"),
    (FIRST, "8.1", "mekong_delta", 2010, True, "met"),
    (FIRST, "8.2", "mekong_delta", 2016, False, "unmet"),
    (SECOND, "10", "general", 2020, 45, "met"),
    (SECOND, "11", "general", 2016, 6, "met"),
    (SECOND, "11", "general", 2016, 6.1, "unmet"),
    (SECOND, "2.1", "general", 2016, 100, "unknown"),
    (SECOND, "2.4", "southeast", 2020, 100, "unknown"),
    (SECOND, "14.1", "southeast", 2020, False, "unmet"),
    (THIRD, "5/level_1", "southeast", 2021, 100, "met"),
    (THIRD, "5/level_1", "southeast", 2021, 99, "unmet"),
    (THIRD, "5/level_1", "mekong_delta", 2021, 0, "not asked"),
    (THIRD, "5/minimum_standard", "mekong_delta", 2021, 99, "unmet"),
    (THIRD, "5/level_1_if_more_than_3_schools", "north_central", 2023, 70, "met"),
    (THIRD, "5/level_1_if_3_or_fewer_schools", "north_central", 2023, 49.9, "unmet"),
    (THIRD, "14.1/illiteracy_eradication_level_min", "southeast", 2024, 2, "met"),
    (THIRD, "14.1/preschool_for_5_year_olds", "southeast", 2024, False, "unmet"),
    (THIRD, "10", "southeast", 2022, 99, "unknown"),
    (THIRD, "15.1", "general", 2022, 100, "unknown"),
    (THIRD, "15.3", "general", 2022, 0, "unknown"),
    (ADVANCED, "income", "southeast", 2025, 999, "unknown"),
    (MODEL, "2", "southeast", 2022, 1.1, "met"),
    (MODEL, "2", "southeast", 2022, 1.09, "unmet"),
    (MODEL, "3", "red_river_delta", 2023, 0, "unmet"),
    (MODEL, "4", "red_river_delta", 2023, 1, "met"),
    (DISTRICT, "2.1/communes_connected_pct", "southeast", 2023, 99.9, "unmet"),
    (DISTRICT, "2.4", "southeast", 2023, "n/a", "not asked"),
    (DISTRICT, "P4/each_commune_each_content", "southeast", 2023, 80, "met"),
    (DISTRICT, "P4/district", "southeast", 2023, 89.9, "unmet"),
    (SPECIAL, "1.2", "southeast", 2024, 1, "met"),
    (SPECIAL, "2.2", "southeast", 2024, 100, "unknown"),
    (SPECIAL, "2.3", "southeast", 2024, True, "unknown"),
    (PROVINCE, "6", "general", 2025, 70, "met"),
    (PROVINCE, "7", "general", 2025, 3.9, "unmet"),
    (PROVINCE, "8", "general", 2025, 90, "met"),
]


@pytest.mark.parametrize("case", TABLE, ids=lambda case: " ".join(map(str, case)))
def test_table_worked_by_hand(case):
    name, item, region, year, value, state = case
    found = nrd.assess(
        {"unit": ["A"], item: [value]}, nrd.criteria_set(name), region=region, year=year
    )
    decision = found.decision("A", item)
    assert decision.state == state
    if state in ("met", "unmet"):
        assert decision.value == value
        assert decision.level is not None
        assert decision.source


def test_the_table_has_every_kind():
    """Every set with levels, rule, region and state is in the table."""
    assert {name for name, *_ in TABLE} == {
        name for name in nrd.criteria_sets() if nrd.criteria_set(name).items
    }
    rules = {(nrd.criteria_set(case[0]).item(case[1]).rule, case[5]) for case in TABLE}
    assert {rule for rule, _ in rules} == {"ge", "le", "met", "provincial"}
    assert {("ge", s) for s in ("met", "unmet", "unknown", "not asked")} <= rules
    assert {region for _, _, region, *_ in TABLE} == {*REGIONS, "general"}


def plain_level(content, indicator, part, region, year):
    """What a file asks at the end of a year: None, "not asked", a word or a decimal."""
    until, since = indicator.get("until", "9999"), indicator.get("from", "0000")
    if not since <= f"{year}-12-31" <= until:
        return "not asked"
    table = indicator["thresholds"]
    if table.get("by_year"):
        table = table["by_year"].get(str(year)) or {"general": None}
    by_place = table.get("by_group" if content.get("commune_groups") else "by_region") or {}
    cell = by_place.get(region)
    verified = indicator["status"] == "verified"
    if not by_place or cell == "as general" or (cell is None and verified):
        cell = table["general"]
    if region == "general":
        cell = table["general"]
    if part is not None and isinstance(cell, dict):
        return cell.get(part, "not asked")
    return cell


def plain_state(rule, strict, level, value):
    if level == "not asked":
        return "not asked"
    if level in (None, "provincial"):
        return "unknown"
    if level == "met":
        return "met" if value else "unmet"
    less = value < level if strict else value <= level
    return "met" if (less if rule == "le" else value >= level) else "unmet"


def items_of(content):
    """Code, indicator and part of all that is measured."""
    lists = [c["indicators"] for c in content["criteria"]]
    for indicator in sum(lists, content.get("preconditions", [])):
        if indicator.get("refers_to"):
            continue
        for part in indicator.get("parts") or [None]:
            id = part and part["id"]
            code = f"{indicator['id']}/{id}" if part else indicator["id"]
            yield code, indicator, id, (part or indicator)["rule"]


def values_to_try(level, unit, rule):
    if rule == "met":
        return [0, 1]
    if not isinstance(level, Decimal | int):
        return [50]
    steps = (0, 1, -1) if unit.startswith(("count", "level")) else (0, "0.1", "-0.1")
    most = Decimal(100 if unit.startswith("%") else 10**9)
    return [min(max(level + Decimal(step), Decimal(0)), most) for step in steps]


@pytest.mark.parametrize("name", nrd.criteria_sets())
def test_each_level_of_each_set_decides(name):
    """All items, regions and years at the level and beside it, in one call."""
    path = DATASETS / "criteria" / f"{name}.json"
    content = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    found = nrd.criteria_set(name)
    columns = ("unit", "year", "region", "indicator", "value")
    rows, expected = [], []
    for code, indicator, part, rule in items_of(content):
        strict = indicator.get("strict_as_reported", False)
        for region in (*found.places, "general"):
            for year in found.years:
                level = plain_level(content, indicator, part, region, year)
                tried = values_to_try(level, found.item(code).unit, rule)
                for k, value in enumerate(tried):
                    rows.append((f"{region} {k}", year, region, code, float(value)))
                    expected.append(plain_state(rule, strict, level, value))
    if not rows:
        assert name == "vn-51-2025-commune-standard"
        return
    if name == THIRD:
        # Of the parts for many and for few schools one applies, so each has a table.
        kept = [row[3] != "5/level_1_if_3_or_fewer_schools" for row in rows]
        check(found, columns, rows, expected, kept)
        kept = [row[3] != "5/level_1_if_more_than_3_schools" for row in rows]
    else:
        kept = [True] * len(rows)
    check(found, columns, rows, expected, kept)


def check(found, columns, rows, expected, kept):
    rows = [row for row, keep in zip(rows, kept) if keep]
    expected = [state for state, keep in zip(expected, kept) if keep]
    table = dict(zip(columns, map(list, zip(*rows))))
    result = nrd.assess(table, found, region="region")
    for (unit, year, _, code, _), state in zip(rows, expected):
        assert result.decision(unit, code, year).state == state, (unit, year, code)
