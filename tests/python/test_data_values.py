"""The figures of the data sets: codes, flags, and values read from the print again."""

import csv
import math
import re
from decimal import Decimal
from itertools import combinations
from pathlib import Path
from statistics import median

import pandas as pd
import pytest

DATASETS = Path(__file__).resolve().parents[2] / "datasets"
# The official list before July 2025.
PROVINCES = """
01 02 04 06 08 10 11 12 14 15 17 19 20 22 24 25 26 27 30 31 33 34 35 36 37 38 40 42 44 45 46
48 49 51 52 54 56 58 60 62 64 66 67 68 70 72 74 75 77 79 80 82 83 84 86 87 89 91 92 93 94 95
96
""".split()
NEW = ("15-2025", "68-2025")
CAPITAL = "central local integrated credit enterprise people other".split()


def rows(table):
    with (DATASETS / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


PROGRESS, SHARES = rows("nrd-progress/progress"), rows("nrd-progress/capital_shares")
GSO, REGIONS = rows("gso-provinces/provinces"), rows("gso-provinces/regions")
UNITS = {name: rows(f"{name}/units") for name in ("nrd-progress", "gso-provinces")}

each_data_set = pytest.mark.parametrize("name", UNITS)


def values(indicator, table=GSO, **wanted):
    """Printed values of an indicator by unit and year."""
    return {
        (row["unit_code"], int(row["year"])): row["value"]
        for row in table
        if row["indicator"] == indicator and wanted.items() <= row.items()
    }


@each_data_set
def test_provinces_have_the_official_codes(name):
    official = [row for row in UNITS[name] if row["code_list"] == "gso-2024"]
    assert [row["code"] for row in official] == PROVINCES
    regions = {row["code"] for row in UNITS[name] if row["level"] == "region"}
    assert {row["parent_code"] for row in official} <= regions
    for row in UNITS[name]:
        kind = {"gso-2024": r"\d\d", "gso-2025": r"\d\d-2025", "none": r"[a-z]+(-[a-z]+)*"}
        assert re.fullmatch(kind[row["code_list"]], row["code"]), row
        assert row["name_ascii"].isascii()


def test_both_data_sets_name_a_province_alike():
    first, second = (
        {row["code"]: row for row in units if row["code_list"] == "gso-2024"}
        for units in UNITS.values()
    )
    assert first == second
    assert first["46"]["name_vi"] == "Thừa Thiên Huế"


@each_data_set
def test_regions_have_as_many_provinces_as_gso_counts(name):
    inside = [row["parent_code"] for row in UNITS[name] if row["code_list"] == "gso-2024"]
    found = [inside.count(region) for region in dict.fromkeys(inside)]
    assert sorted(found) == [5, 6, 11, 13, 14, 14]


def test_the_progress_table_is_whole():
    assert len(PROGRESS) == 201
    levels = {row["code"]: row["level"] for row in UNITS["nrd-progress"]}
    found = [levels[row["unit_code"]] for row in PROGRESS]
    assert (found.count("country"), found.count("region")) == (31, 13)
    assert len({row["unit_code"] for row in PROGRESS} & {*PROVINCES, *NEW}) == 50
    filled = {column: sum(row[column] != "" for row in PROGRESS) for column in PROGRESS[0]}
    assert (filled["communes_met"], filled["avg_criteria"]) == (137, 64)
    assert (filled["capital_total_bn"], filled["poverty_pct"]) == (60, 32)
    assert filled["source"] == 201


def test_dates_are_of_their_year():
    for row in PROGRESS:
        assert re.fullmatch(r"\d{4}(-\d\d){0,2}|\d{4}-\d{4}", row["as_of"]), row
        assert row["year"] in row["as_of"].split("-"), row


def test_what_is_doubtful_is_flagged_and_said():
    for row in PROGRESS + SHARES:
        assert not row["flags"] or row["note"] or row["capital_period"], row
    for row in PROGRESS:
        derived = row["derived"].split()
        assert all(row[column] for column in derived), row
        assert "derived" in row["flags"].split() or not derived, row


def test_derived_numbers_follow_from_the_note():
    """Notes such as "derived: 17.7-12.7" give the difference that was taken."""
    seen = []
    for row in PROGRESS:
        match = re.fullmatch(r"derived: ([\d.]+)-([\d.]+)", row["note"])
        if match and len(row["derived"].split()) == 1:
            seen.append(row)
            found = Decimal(row[row["derived"]])
            assert found == Decimal(match[1]) - Decimal(match[2]), row
    assert len(seen) == 11


@pytest.mark.parametrize(
    ("unit", "as_of", "parts"),
    [
        ("34", "2020-12", "22235.79"),
        ("01", "2022-09", "40648"),
        ("42", "2017-12", "100223"),
        ("vn", "2022-12", "621453.8"),
        ("vn", "2023-12", "2545954"),
        ("vn", "2016-12", "204646.4"),
        ("52", "2019-10", "90070.7"),
    ],
)
def test_parts_of_the_capital(unit, as_of, parts):
    (row,) = (
        row
        for row in PROGRESS
        if (row["unit_code"], row["as_of"]) == (unit, as_of)
        and row["capital_total_bn"]
        and row["capital_people_bn"]
    )
    named = ["state", *CAPITAL[2:]] if row["capital_state_bn"] else CAPITAL
    found = [row[f"capital_{part}_bn"] for part in named]
    assert sum(Decimal(amount) for amount in found if amount) == Decimal(parts)


def test_the_national_line():
    found = [(row["as_of"], row["avg_criteria"]) for row in PROGRESS]
    country = [row["unit_code"] == "vn" and bool(row["avg_criteria"]) for row in PROGRESS]
    assert [pair for pair, wanted in zip(found, country) if wanted] == [
        ("2010", "4.7"), ("2011", "5.28"), ("2014-12", "10"), ("2015-09-30", "11.64"),
        ("2015-12", "12.9"), ("2016-12", "13.47"), ("2019-06", "15.26"), ("2022-06", "17"),
        ("2023-12", "17.1"), ("2025-06", "17.5"),
    ]  # fmt: skip


def test_planned_and_reached_shares_of_the_capital():
    kinds = ("state", "integrated", "credit", "enterprise", "people")
    found = {
        row["basis"]: [row[kind] for kind in kinds]
        for row in SHARES
        if (row["unit_code"], row["period"], row["unit"]) == ("vn", "2010-2020", "percent")
    }
    assert found == {
        "plan": ["40", "", "30", "20", "10"],
        "actual": ["22", "8", "57", "5", "8"],
    }


@pytest.mark.parametrize(
    ("indicator", "unit", "year", "printed"),
    [
        ("poverty_rate", "11", 2010, "50.8"),
        ("poverty_rate", "77", 2016, "0.8"),
        ("poverty_rate", "northern-midlands-mountains", 2008, "25.1"),
        ("poverty_rate", "ha-tay", 2006, "12.4"),
        # These four are printed alike on a page that is independent of the tables.
        ("poverty_rate", "12", 2006, "58.2"),
        ("poverty_rate", "42", 2006, "31.5"),
        ("poverty_rate", "17", 2006, "32.5"),
        ("poverty_rate", "38", 2006, "27.5"),
        ("income_month_total", "14", 2016, "1290.0"),
        ("income_month_wage", "79", 2010, "1613.0"),
        ("income_month_agriculture", "67", 2016, "1386.0"),
        ("income_month_nonagriculture", "77", 2016, "2453.0"),
        ("income_month_other", "48", 2014, "431.0"),
        ("income_month_q1", "12", 2010, "216"),
        ("income_month_q5", "79", 2016, "13635"),
        ("population_total", "01", 2008, "6381.8"),
        ("population_urban", "vn", 2016, "31986.0"),
        ("population_rural", "ha-tay", 2007, "2482.2"),
        ("electricity_households", "11", 2002, "22.7"),
        ("house_simple", "91", 2014, "24.6"),
        ("house_permanent", "34", 2014, "98.4"),
        ("trained_workers", "01", 2016, "42.7"),
        ("literacy", "12", 2011, "61.7"),
        ("infant_mortality", "62", 2005, "62.6"),
        ("full_immunisation", "89", 2010, "64.0"),
        ("communes_count", "vn", 2009, "9121"),
    ],
)
def test_values_read_from_the_tables_again(indicator, unit, year, printed):
    assert values(indicator)[unit, year] == printed


@pytest.mark.parametrize(
    ("indicator", "unit", "year", "printed"),
    [
        ("general_poverty_rate", "northern-midlands-mountains", 1998, "64.5"),
        ("general_poverty_rate", "rural", 2016, "7.5"),
        ("income_month_total", "urban", 1999, "517"),
        ("hygienic_water_households", "northern-midlands-mountains", 2012, "67.0"),
        ("hygienic_water_households", "vn", 2014, "93.0"),
        ("toilet_households", "mekong-river-delta", 2008, "35.2"),
        ("electricity_households", "rural", 2002, "82.7"),
        ("gini", "vn", 2002, "0.420"),
    ],
)
def test_values_of_regions_read_from_the_tables_again(indicator, unit, year, printed):
    assert values(indicator, REGIONS)[unit, year] == printed


def test_the_tables_of_gso_are_whole():
    assert (len(GSO), len(REGIONS)) == (11914, 396)
    rates = [key for key in values("poverty_rate") if key[0] in PROVINCES]
    assert len(rates) == 503
    assert {("79", 2016)} == {(p, y) for p in PROVINCES for y in (2015, 2016)} - set(rates)


def test_sources_of_an_indicator_are_those_of_its_values():
    wanted = {
        row["id"]: set(row["source"].split()) for row in rows("gso-provinces/indicators")
    }
    found = {}
    for row in GSO + REGIONS:
        found.setdefault(row["indicator"], set()).add(row["source"])
    assert found == wanted


def test_poverty_rates_name_their_line():
    for row in GSO + REGIONS:
        year = int(row["year"])
        line = "2006-2010" if year >= 2006 else "not stated"
        line = "2011-2015" if year >= 2010 else line
        is_rate = row["indicator"] in ("poverty_rate", "general_poverty_rate")
        assert row["basis"] == (f"line {line}" if is_rate else ""), row


def test_preliminary_and_repeated_values_are_flagged():
    for row in GSO:
        counts = row["indicator"] == "communes_count"
        flag = "repeated" if counts and row["year"] in ("2014", "2016") else ""
        assert row["flag"] == (flag if counts or row["year"] != "2016" else "preliminary")
    flagged = {(row["indicator"], row["year"]) for row in REGIONS if row["flag"]}
    poverty = (
        "general_poverty_rate",
        "toilet_households",
        "electricity_households",
        "gini",
    )
    assert flagged == {(indicator, "2016") for indicator in poverty}


def test_repeated_counts_are_those_of_the_year_before():
    found = values("communes_count")
    for (unit, year), count in found.items():
        if year in (2014, 2016):
            assert count == found[unit, year - 1]
    assert any(count != found[unit, 2013] for (unit, year), count in found.items())


@pytest.mark.parametrize(
    ("unit", "score", "slope"),
    [("14", -26, -2.6), ("20", -18, -1.725), ("42", -28, -2.3), ("11", -22, -3.225)],
)
def test_trends_agree_with_r(unit, score, slope):
    """Mann-Kendall S and Sen's slope of all eight years, found with R."""
    series = [(y, float(v)) for (u, y), v in values("poverty_rate").items() if u == unit]
    pairs = list(combinations(sorted(series), 2))
    assert sum((b > a) - (b < a) for (_, a), (_, b) in pairs) == score
    assert median((b - a) / (y - x) for (x, a), (y, b) in pairs) == pytest.approx(slope)


def test_income_and_poverty_agree_with_r():
    """Spearman's coefficient of 63 provinces in 2014, found with R."""
    income, rate = values("income_month_total"), values("poverty_rate")
    pairs = [(math.log(float(income[p, 2014])), float(rate[p, 2014])) for p in PROVINCES]
    found = pd.DataFrame(pairs).rank().corr().iloc[0, 1]
    assert found == pytest.approx(-0.94449, abs=5e-6)
