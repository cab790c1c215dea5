"""Poverty rates of the data set: whole, the same as where else they stand, as printed."""

import csv
from collections import Counter
from itertools import combinations
from pathlib import Path
from statistics import median

import pytest

DATASETS = Path(__file__).resolve().parents[2] / "datasets"
GSO = "income-2006-2010 income-2011-2015 not-stated".split()


def rows(table):
    with (DATASETS / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


RATES = rows("poverty-provinces/rates")
UNITS = {row["code"]: row for row in rows("poverty-provinces/units")}


def values(**wanted):
    """Values of rows with these cells, by year."""
    return {int(r["year"]): r["value"] for r in RATES if wanted.items() <= r.items()}


def test_the_tables_are_whole():
    assert Counter(row["series"] for row in RATES) == {
        "gso": 612,
        "printed": 120,
        "world-bank": 45,
    }
    printed = [row["unit_code"] for row in RATES if row["series"] == "printed"]
    levels = Counter(UNITS[code]["level"] for code in printed)
    assert levels == {"country": 14, "region": 22, "province": 84}
    assert len({c for c in printed if UNITS[c]["level"] == "province"}) == 23
    table = 'GSO, table "Poverty rate by province"'
    provinces = [r for r in RATES if r["source"] == table and r["unit_code"].isdigit()]
    assert len(provinces) == 503
    assert len({row["unit_code"] for row in provinces}) == 63


def test_rows_of_one_standard_have_one_value_a_year():
    columns = ("unit_code", "year", "series", "scope", "measure", "standard")
    found = Counter(tuple(row[c] for c in columns) for row in RATES)
    assert set(found.values()) == {1}


@pytest.mark.parametrize("name", ["gso-provinces", "nrd-progress"])
def test_units_are_those_of_the_other_data_sets(name):
    for row in rows(f"{name}/units"):
        if row["code"] in UNITS:
            assert UNITS[row["code"]] == row


def test_rates_of_gso_are_those_of_the_other_data_set():
    """They stand there, too: all of them, with the same line."""
    lines = {"income-2006-2010": "line 2006-2010", "income-2011-2015": "line 2011-2015"}
    own = {
        (r["unit_code"], r["scope"], r["year"]): (r["value"], r["standard"], r["flag"])
        for r in RATES
        if r["series"] == "gso"
    }
    found = 0
    for table in ("provinces", "regions"):
        for row in rows(f"gso-provinces/{table}"):
            if row["indicator"] not in ("poverty_rate", "general_poverty_rate"):
                continue
            unit, scope = row["unit_code"], "total"
            if unit in ("urban", "rural"):
                unit, scope = "vn", unit
            value, standard, flag = own[unit, scope, row["year"]]
            assert float(value) == float(row["value"]), row
            assert lines.get(standard, "line not stated") == row["basis"], row
            assert flag == row["flag"], row
            found += 1
    assert found == 612 + 56  # the regions of the two tables


def test_printed_rates_are_those_of_the_pages_read_before():
    """Of the rates in nrd-progress from the same page, all but one are here."""
    own = {(r["unit_code"], r["as_of"], r["source"], r["value"]) for r in RATES}
    before = [row for row in rows("nrd-progress/progress") if row["poverty_pct"]]
    keys = [(r["unit_code"], r["as_of"], r["source"], r["poverty_pct"]) for r in before]
    assert sum(key in own for key in keys) == 31
    (other,) = (key for key in keys if key not in own)
    # Quang Ngai, 2011, rural: here from the yearbook that the other page cites.
    assert other[0] == "51"
    assert values(unit_code="51", scope="rural", series="printed")[2011] == other[3]


def test_a_new_standard_raises_the_rate_at_once():
    """Quang Ngai prints both for 2015."""
    wanted = {"unit_code": "51", "scope": "total", "measure": "poor-households"}
    assert values(**wanted, standard="income-2011-2015")[2015] == "9.22"
    assert values(**wanted, standard="multidimensional-2016-2020")[2015] == "15.19"
    before, after = (values(unit_code="11", standard=s, series="gso") for s in GSO[:2])
    assert (before[2008], after[2010]) == ("39.3", "50.8")


def test_printed_parts_and_totals():
    """Two contradictions of the print that the notes tell of, and a share of households."""
    kinds = ("poor-households", "near-poor-households", "poor-and-near-poor-households")
    by_year = {
        year: [
            float(values(unit_code="11", measure=kind, scope="total")[year])
            for kind in kinds
        ]
        for year in (2023, 2024)
    }
    assert by_year == {2023: [25.6, 11.29, 36.97], 2024: [21.29, 11.96, 33.24]}
    (row,) = (
        r
        for r in RATES
        if (r["unit_code"], r["year"], r["measure"]) == ("vn", "2018", kinds[0])
    )
    assert (row["value"], row["households"]) == ("5.23", "1304001")
    assert round(100 * 1304001 / 24945432, 2) == 5.23


def test_rates_of_the_world_bank():
    found = values(series="world-bank", standard="national-line-world-bank")
    assert found == {
        2016: "9.2", 2017: "7.9", 2018: "6.8", 2019: "5.7", 2020: "4.8", 2022: "4.3",
    }  # fmt: skip
    for line, first in (("3.00", "57.5"), ("4.20", "75.5"), ("8.30", "94.8")):
        found = values(series="world-bank", standard=f"dollars-{line}-ppp-2021")
        assert len(found) == 13
        assert found[1992] == first


def test_values_of_2006_are_printed_on_another_page_too():
    own = {"unit_code": "42", "standard": "income-2006-2010", "scope": "total"}
    assert values(**own, series="gso")[2006] == values(**own, series="printed")[2006]
    assert {
        unit: values(unit_code=unit, series="printed", standard="income-2006-2010")[2006]
        for unit in ("12", "42", "17", "38")
    } == {"12": "58.2", "42": "31.5", "17": "32.5", "38": "27.5"}


@pytest.mark.parametrize(
    ("unit", "score", "slope"),
    [("14", -26, -2.6), ("20", -18, -1.725), ("42", -28, -2.3), ("11", -22, -3.225)],
)
def test_trends_agree_with_r(unit, score, slope):
    """Mann-Kendall S and Sen's slope of all eight years, found with R."""
    series = values(unit_code=unit, series="gso", scope="total")
    pairs = list(combinations([(y, float(v)) for y, v in sorted(series.items())], 2))
    assert sum((b > a) - (b < a) for (_, a), (_, b) in pairs) == score
    assert median((b - a) / (y - x) for (x, a), (y, b) in pairs) == pytest.approx(slope)


def test_standards_name_their_years():
    for row in rows("poverty-provinces/standards"):
        years = [int(r["year"]) for r in RATES if r["standard"] == row["id"]]
        assert [min(years), max(years)] == [int(row["first_year"]), int(row["last_year"])]
