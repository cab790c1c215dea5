"""The administrative units of 2025: codes, names, and which unit went into which."""

import csv
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "datasets" / "admin-2025"


def rows(table):
    with (FOLDER / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


PROVINCES, DISTRICTS = rows("provinces"), rows("districts")
BEFORE, AFTER, CROSSWALK = (
    rows("communes_before"),
    rows("communes_after"),
    rows("crosswalk"),
)


def test_the_reform_in_numbers():
    assert len(PROVINCES) == 63
    assert len({row["code_2025"] for row in PROVINCES}) == 34
    assert len(DISTRICTS) == 696
    kinds = Counter(row["type_vi"] for row in BEFORE)
    assert kinds == {"Xã": 7695, "Phường": 1724, "Thị trấn": 616}
    kinds = Counter(row["type_vi"] for row in AFTER)
    assert kinds == {"Xã": 2621, "Phường": 687, "Đặc khu": 13}


@pytest.mark.parametrize(
    ("table", "digits"),
    [("provinces", 2), ("districts", 3), ("communes_before", 5), ("communes_after", 5)],
)
def test_codes_and_names_are_in_one_form(table, digits):
    for row in rows(table):
        assert len(row["code"]) == digits, row
        assert row["code"].isdecimal(), row
        name = row["name_vi"]
        assert unicodedata.is_normalized("NFC", name), row
        assert name == " ".join(name.split()), row
        doubled = name.lower().startswith(f"{row.get('type_vi', '-').lower()} ")
        assert doubled == (name == "Phường Đúc"), row  # the ward of this name in Hue
        assert row["name_ascii"].isascii(), row


def test_the_crosswalk_loses_no_unit_and_adds_none():
    old = Counter(row["old_code"] for row in CROSSWALK)
    new = Counter(row["new_code"] for row in CROSSWALK)
    assert old.keys() - {""} == {row["code"] for row in BEFORE}
    assert new.keys() == {row["code"] for row in AFTER}
    assert old[""] == 5
    assert sum(count > 1 for code, count in old.items() if code) == 471


def test_flags_say_what_the_rows_show():
    old = Counter(row["old_code"] for row in CROSSWALK)
    new = Counter(row["new_code"] for row in CROSSWALK)
    for row in CROSSWALK:
        divided = bool(row["old_code"]) and old[row["old_code"]] > 1
        merged = new[row["new_code"]] > 1
        assert (row["divided"], row["merged"]) == (str(int(divided)), str(int(merged)))


def test_communes_stay_within_the_province_that_took_theirs_in():
    after = {row["code"]: row["province_code"] for row in AFTER}
    province = {row["code"]: row["code_2025"] for row in PROVINCES}
    district = {row["code"]: row["province_code"] for row in DISTRICTS}
    for row in BEFORE:
        assert district[row["district_code"]] == row["province_code"], row
    for row in CROSSWALK:
        old = district[row["old_district_code"]]
        assert province[old] == after[row["new_code"]], row


def test_what_is_known_of_the_units_after():
    people = [int(row["population"]) for row in AFTER if row["population"]]
    assert len(AFTER) - len(people) == 82
    assert round(sum(people) / 1e6, 1) == 107.3
    for row in AFTER:
        assert 8 < float(row["lat"]) < 24, row
        assert 102 < float(row["lon"]) < 117, row
