"""Bad input and folders that cannot be written: one line on stderr, nothing else."""

import os

import pytest
from support import STUDIES, change, describe, fail, files, files_of, resource

import nrd

FORMATS = ("text", "json", "csv")
COUNTS, CELLS, MONEY = "criteria_counts.csv", "attainment.csv", "capital.csv"


def overwrite(file, data):
    def spoil(folder):
        (folder / file).write_bytes(data)

    return spoil


def without_enum(descriptor):
    """Leave it to nrd, not to the descriptor, to say which words are understood."""
    fields = resource(descriptor, "attainment")["schema"]["fields"]
    del next(f for f in fields if f["name"] == "status")["constraints"]["enum"]


def both(*edits):
    def spoil(folder):
        for edit in edits:
            edit(folder)

    return spoil


HOA_THAM = "standard,13,06073,Hoa Tham,unmet"
# What is wrong, the built-in exception that fits, and what the message must say.
BAD = {
    "json": (
        change("datapackage.json", '"profile": ', '"profile" '),
        ValueError,
        ["datapackage.json, line 2"],
    ),
    "json-no-object": (
        overwrite("datapackage.json", b"[]"),
        ValueError,
        ["datapackage.json"],
    ),
    "json-no-utf8": (
        overwrite("datapackage.json", b'{\n"name": "B\xecnh"}'),
        ValueError,
        ["datapackage.json, line 2", "UTF-8"],
    ),
    "no-descriptor": (
        lambda folder: (folder / "datapackage.json").unlink(),
        OSError,
        ["datapackage.json", "my-study"],
    ),
    "no-csv": (lambda folder: (folder / MONEY).unlink(), OSError, [MONEY]),
    "too-few-fields": (
        change("units.csv", "06070,Vĩnh Yên,Vinh Yen", "06070,Vĩnh Yên"),
        ValueError,
        ["units.csv, line 6", "6", "7"],
    ),
    "too-many-fields": (
        change(MONEY, '"83,544.18"', "83,544.18"),
        ValueError,
        ["capital.csv, line 10", "7", "6"],
    ),
    "quotes": (
        change("units.csv", "06070,Vĩnh Yên", '06070,"Vĩnh" Yên'),
        ValueError,
        ["units.csv, line 6"],
    ),
    "open-quotes": (
        change("relations.csv", "base-3-2-8,", '"base-3-2-8,'),
        ValueError,
        ["relations.csv, line 17"],
    ),
    "no-utf8": (
        overwrite("units.csv", b"code\n20\n06112,B\xecnh Gia\n"),
        ValueError,
        ["units.csv, line 3", "UTF-8"],
    ),
    "other-columns": (
        change(COUNTS, "as_of,set,criterion,met", "as_of,set,criterion,reached"),
        ValueError,
        ["criteria_counts.csv, line 1", "reached", "met"],
    ),
    "duplicate-unit": (
        change("units.csv", "06070,Vĩnh Yên", "06067,Vĩnh Yên"),
        ValueError,
        ["units.csv, line 6", "'06067'", "line 5"],
    ),
    "duplicate-count": (
        change(COUNTS, "standard,2,10,18,55.56", "standard,3,10,18,55.56"),
        ValueError,
        ["criteria_counts.csv, line 6", "'3'", "line 5"],
    ),
    "status": (
        change(CELLS, HOA_THAM, HOA_THAM.replace("unmet", "maybe")),
        ValueError,
        ["attainment.csv, line 15", "'maybe'", "met, unmet"],
    ),
    "status-without-enum": (
        both(
            describe(without_enum),
            change(CELLS, HOA_THAM, HOA_THAM.replace("unmet", "maybe")),
        ),
        ValueError,
        ["attainment.csv, line 15", "'maybe'", "true", "đạt", "chưa đạt", "unknown"],
    ),
    "contradicting-cells": (
        change(CELLS, '9,06121,Tan Van,met,"3.2.4, 1st list"', "9,06100,Again,unmet,x"),
        ValueError,
        ["attainment.csv, line 18", "'06100'", "'9'", "line 17"],
    ),
    "criterion-of-count": (
        change(COUNTS, "standard,1,16,18", "standard,20,16,18"),
        KeyError,
        ["criteria_counts.csv, line 4", "'20'", "vn-318-2022-commune-standard"],
    ),
    "criterion-of-cell": (
        change(CELLS, HOA_THAM, HOA_THAM.replace("13", "water", 1)),
        KeyError,
        ["attainment.csv, line 15", "'water'", "vn-318-2022-commune-standard"],
    ),
    "unit-of-cell": (
        change(CELLS, HOA_THAM, HOA_THAM.replace("06073", "99999")),
        KeyError,
        ["attainment.csv, line 15", "'99999'", "units.csv"],
    ),
    "count-above-its-base": (
        change(COUNTS, "standard,1,16,18", "standard,1,19,18"),
        ValueError,
        ["criteria_counts.csv, line 4", "19", "18"],
    ),
    "count-above-the-communes": (
        change(COUNTS, "standard,1,16,18", "standard,1,19,"),
        ValueError,
        ["criteria_counts.csv, line 4", "19", "18"],
    ),
    "count-below-the-list": (
        change(COUNTS, "standard,19,16,18", "standard,19,15,18"),
        ValueError,
        ["criteria_counts.csv, line 36", "15", "16"],
    ),
    "count-that-is-no-whole-number": (
        change(COUNTS, "standard,1,16,18", "standard,1,1.6,18"),
        ValueError,
        ["criteria_counts.csv, line 4", "1.6"],
    ),
    "count-below-nothing": (
        change(COUNTS, "advanced,13,2,8", "advanced,13,-2,8"),
        ValueError,
        ["criteria_counts.csv, line 17", "-2"],
    ),
    "amount-that-is-no-number": (
        change(MONEY, '"83,544.18"', "many"),
        ValueError,
        ["capital.csv, line 10", "many", "'.'"],
    ),
    "amount-with-a-decimal-comma": (
        change(MONEY, '"83,544.18"', '"83.544,18"'),
        ValueError,
        ["capital.csv, line 10", "83.544,18", "'.'", "','"],
    ),
    "amount-that-is-blank": (
        change(MONEY, '"83,544.18"', ""),
        ValueError,
        ["capital.csv, line 10", "amount"],
    ),
    "units-of-money": (
        change(MONEY, "01,central,550,million VND", "01,central,550,billion VND"),
        ValueError,
        ["capital.csv, line 11", "'billion VND'", "'million VND'"],
    ),
    "figure-of-a-relation": (
        change("relations.csv", "towns communes", "towns villages"),
        KeyError,
        ["relations.csv, line 2", "'villages'"],
    ),
    "parts-of-a-relation": (
        change("relations.csv", "base-3-2-8,same", "base-3-2-8,share"),
        ValueError,
        ["relations.csv, line 17", "share", "1", "2"],
    ),
}
# Descriptors that are JSON but no description of a study.
ODD = {
    "nrd-null": lambda d: d.update(nrd=None),
    "nrd-list": lambda d: d.update(nrd=[]),
    "format-of-later": lambda d: d["nrd"].update(format=2),
    "dates-null": lambda d: d["nrd"].update(as_of=None),
    "set-unknown": lambda d: d["nrd"].update(criteria_set="vn-0"),
    "set-number": lambda d: d["nrd"].update(criteria_set=318),
    "figure-unknown": lambda d: d["nrd"].update(units_figure="none"),
    "figure-not-whole": lambda d: d["nrd"].update(units_figure="area"),
    "path-outside": lambda d: d["resources"][0].update(path="../units.csv"),
    "path-absolute": lambda d: d["resources"][0].update(path="/etc/passwd"),
    "path-folder": lambda d: d["resources"][0].update(path="."),
    "resource-twice": lambda d: d["resources"].append(d["resources"][0]),
    "no-schema": lambda d: d["resources"][0].pop("schema"),
    "key-of-no-column": lambda d: d["resources"][0]["schema"].update(primaryKey=["id"]),
    "reference-to-nothing": lambda d: resource(d, "attainment")["schema"].update(
        foreignKeys=[
            {"fields": "unit_code", "reference": {"resource": "x", "fields": "code"}}
        ]
    ),
    "reference-of-nothing": lambda d: resource(d, "attainment")["schema"].update(
        foreignKeys=[{"fields": "x", "reference": {"resource": "units", "fields": "code"}}]
    ),
    "mark-that-is-no-text": lambda d: resource(d, "capital")["schema"]["fields"][3].update(
        decimalChar=5
    ),
    "name-outside": lambda d: d.update(name="../elsewhere"),
}


@pytest.mark.parametrize("case", BAD)
@pytest.mark.parametrize("form", FORMATS)
def test_bad_input(study_copy, tmp_path, case, form):
    spoil, _, told = BAD[case]
    spoil(study_copy)
    before = files(tmp_path)
    for arguments in ([], ["--out", tmp_path / "out"]):
        line = fail("reproduce", study_copy, "--format", form, *arguments)
        assert all(words in line for words in told), line
        assert files(tmp_path) == before


@pytest.mark.parametrize("case", BAD)
def test_bad_input_in_python(study_copy, case):
    spoil, fits, told = BAD[case]
    spoil(study_copy)
    with pytest.raises(nrd.NrdError) as caught:
        nrd.reproduce(study_copy)
    assert isinstance(caught.value, fits)
    assert all(words in str(caught.value) for words in told)


@pytest.mark.parametrize("case", ODD)
def test_a_descriptor_that_describes_no_study(study_copy, tmp_path, case):
    describe(ODD[case])(study_copy)
    before = files(tmp_path)
    fail("reproduce", study_copy, "--format", "json", "--out", tmp_path / "out")
    assert files(tmp_path) == before


def test_a_descriptor_without_the_columns_that_are_needed(study_copy):
    change(COUNTS, "criterion,met,of", "criterion,reached,of")(study_copy)
    change("datapackage.json", '"name": "met"', '"name": "reached"')(study_copy)
    assert "met" in fail("reproduce", study_copy)


def test_json_without_end(study_copy):
    overwrite("datapackage.json", b"[" * 100_000)(study_copy)
    fail("show", study_copy)


@pytest.mark.parametrize("command", ["show", "reproduce"])
@pytest.mark.parametrize("name", ["binh-gia", "no\nsuch", "Hà Tĩnh"])
def test_an_unknown_study(command, name):
    line = fail(command, name)
    assert all(study in line for study in STUDIES)
    with pytest.raises(KeyError, match="there is no study") as caught:
        nrd.load_study(name)
    assert isinstance(caught.value, nrd.NrdError)


@pytest.mark.parametrize("command", ["show", "reproduce"])
def test_a_folder_that_is_no_study(command, tmp_path):
    assert "datapackage.json" in fail(command, tmp_path)
    with pytest.raises(OSError, match=r"datapackage\.json") as caught:
        nrd.load_study(tmp_path)
    assert isinstance(caught.value, nrd.NrdError)


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_in_the_way_of_the_folder(tmp_path, form):
    way = tmp_path / "out"
    way.write_text("mine")
    for out in (way, way / "below"):
        assert str(out) in fail("reproduce", "son-la-2024", "--format", form, "--out", out)
    assert files(tmp_path) == {way}
    assert way.read_text() == "mine"


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="there is no /proc")
@pytest.mark.parametrize("form", FORMATS)
def test_a_folder_that_cannot_be_made(form):
    line = fail("reproduce", "son-la-2024", "--format", form, "--out", "/proc/nrd-x")
    assert "/proc/nrd-x" in line


@pytest.mark.parametrize("form", FORMATS)
def test_all_files_or_none(tmp_path, form):
    """A folder stands where the last file has to go."""
    names = [path.name for path in files_of("son-la-2024", form, tmp_path / "first")]
    out = tmp_path / "second"
    (out / sorted(names)[-1]).mkdir(parents=True)
    fail("reproduce", "son-la-2024", "--format", form, "--out", out)
    assert files(out) == set()
