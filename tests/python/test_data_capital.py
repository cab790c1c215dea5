"""Budgets, cases of districts and communes, and boundaries: values read once more."""

import csv
import itertools
import json
import math
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

DATASETS = Path(__file__).resolve().parents[2] / "datasets"
PARTS = "state central province district commune integrated credit enterprise people other"


def rows(table):
    with (DATASETS / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


BUDGETS, GSO = rows("budget-provinces/budgets"), rows("gso-provinces/provinces")
DISTRICTS, COMMUNES = rows("nrd-capital/districts"), rows("nrd-capital/communes")


def gso(indicator, year):
    return {
        row["unit_code"]: float(row["value"])
        for row in GSO
        if (row["indicator"], row["year"]) == (indicator, str(year))
    }


def coefficients(pairs):
    frame = pd.DataFrame(pairs, dtype=float)
    return [
        round(frame.corr(method).iloc[0, 1], 5)
        for method in ("spearman", "kendall", "pearson")
    ]


def net_transfers_per_person():
    people = gso("population_total", 2014)
    return {
        row["unit_code"]: float(row["transfer_net"]) / people[row["unit_code"]]
        for row in BUDGETS
        if (row["basis"], row["year"]) == ("final", "2014")
    }


def test_the_budgets_are_whole():
    assert len(BUDGETS) == 1324
    units = {row["unit_code"] for row in BUDGETS}
    assert len(units - {"ha-tay"}) == 63
    assert {row["year"] for row in BUDGETS if row["basis"] == "plan"} == {
        str(year) for year in range(2006, 2018)
    }
    for row in BUDGETS:
        repeats = row["transfer_national_target_programmes"] == row["transfer_targeted"]
        assert (row["flag"] == "repeated") == (repeats and row["year"] == "2017"), row


def test_transfers_and_poverty_agree_with_r():
    """Spearman, Kendall and Pearson of 63 provinces in 2014, found with R."""
    net, rate = net_transfers_per_person(), gso("poverty_rate", 2014)
    assert coefficients([(net[p], rate[p]) for p in net]) == [0.83205, 0.67403, 0.47956]
    before = gso("poverty_rate", 2010)
    assert coefficients([(net[p], rate[p] - before[p]) for p in net])[0] == -0.73514


@pytest.mark.parametrize(
    ("column", "count", "spearman"),
    [("income_m", 27, -0.68540), ("capital_total_bn", 11, -0.56364)],
)
def test_cases_of_communes_agree_with_r(column, count, spearman):
    pairs = [
        (row["poverty_pct"], row[column])
        for row in COMMUNES
        if row["poverty_pct"] and row[column]
    ]
    assert len(pairs) == count
    assert coefficients(pairs)[0] == spearman


@pytest.mark.parametrize(
    ("unit", "period", "total", "parts"),
    [("loc-ha", "2018", "159.818", "159.818"), ("722", "2018", "383.7", "383.5")],
)
def test_parts_of_the_capital_of_districts(unit, period, total, parts):
    (row,) = (
        row
        for row in DISTRICTS
        if (row["unit_code"], row["capital_period"]) == (unit, period)
    )
    found = [row.get(f"capital_{part}_bn") for part in PARTS.split()]
    assert row["capital_total_bn"] == total
    assert sum(Decimal(amount) for amount in found if amount) == Decimal(parts)


def test_cases_are_whole_and_never_more_than_there_can_be():
    assert (len(DISTRICTS), len(COMMUNES)) == (26, 57)
    assert len({row["unit_code"] for row in COMMUNES}) == 37
    for row in COMMUNES:
        assert 0 <= int(row["criteria_met"] or 0) <= 19, row
    for row in DISTRICTS + COMMUNES:
        assert row["derived"] == "0" or row["note"] or not row["source"].startswith("http")


def test_the_area_within_the_boundaries():
    """About 331,000 square kilometres, by the formula of Chamberlain and Duquette."""
    text = (DATASETS / "boundaries-provinces/provinces.geojson").read_text(encoding="utf-8")
    features = json.loads(text)["features"]
    known = {row["code"]: row["name_vi"] for row in rows("boundaries-provinces/units")}
    total = 0.0
    for feature in features:
        assert known[feature["properties"]["code"]] == feature["properties"]["name_vi"]
        for polygon in feature["geometry"]["coordinates"]:
            outer, *holes = map(spherical_area, polygon)
            total += abs(outer) - sum(map(abs, holes))
    assert len(features) == 63
    assert total == pytest.approx(331_732, rel=1e-3)


def spherical_area(ring):
    points = [(math.radians(lon), math.radians(lat)) for lon, lat in ring]
    sides = itertools.pairwise(points)
    found = sum((b[0] - a[0]) * (2 + math.sin(a[1]) + math.sin(b[1])) for a, b in sides)
    return found * 6371.0088**2 / 2


def test_neighbours_are_those_of_the_map():
    pairs = {
        (row["unit_code"], row["neighbour_code"])
        for row in rows("boundaries-provinces/neighbours")
    }
    assert len(pairs) == 135
    assert all(a < b for a, b in pairs)
    around = {b if a == "01" else a for a, b in pairs if "01" in (a, b)}
    assert around == {"17", "19", "24", "25", "26", "27", "33", "35"}  # Ha Noi
    assert {p for pair in pairs for p in pair} == {
        row["code"]
        for row in rows("boundaries-provinces/units")
        if row["level"] == "province"
    }
