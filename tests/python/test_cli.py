"""The command line: what it prints, what it writes, and one line for each bad input."""

import csv
import io
import json
import os
import stat
import subprocess
import sysconfig
from pathlib import Path

import pytest
from click.testing import CliRunner
from support import DATASETS, STUDIES, change, columns_of, describe, resource

import nrd
from nrd.cli import main

NRD = Path(sysconfig.get_path("scripts")) / "nrd"
FORMATS = ("text", "json", "csv")
COUNTS, CELLS, MONEY = "criteria_counts.csv", "attainment.csv", "capital.csv"


def run(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def succeed(*arguments):
    done = run(*arguments)
    assert (done.exit_code, done.stderr) == (0, ""), done.exception
    return done.stdout


def fail(*arguments):
    """The one line on stderr; nothing else is printed."""
    done = run(*arguments)
    assert done.exit_code == 2, done.exception
    assert done.stdout == ""
    assert done.stderr.startswith("nrd: ")
    assert done.stderr.count("\n") == 1
    assert done.stderr.endswith("\n")
    return done.stderr


def files(folder):
    """Everything below a folder, hidden files too."""
    return {path for path in folder.rglob("*") if not path.is_dir()}


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


def files_of(study, form, out, *arguments):
    """Files that are written, as the command names them."""
    shown = succeed("reproduce", study, "--format", form, "--out", out, *arguments)
    written = [Path(line) for line in shown.splitlines()]
    assert set(written) == files(out)
    return written


@pytest.mark.parametrize("name", STUDIES)
@pytest.mark.parametrize("as_of", ["now", "planned"])
def test_json(tmp_path, name, as_of):
    wanted = nrd.reproduce(name, as_of=as_of).to_json()
    shown = succeed("reproduce", name, "--as-of", as_of, "--format", "json")
    assert shown.strip() == wanted
    (file,) = files_of(name, "json", tmp_path, "--as-of", as_of)
    assert file.name == f"{name}-{as_of}.json"
    assert file.read_text(encoding="utf-8") == wanted + "\n"


@pytest.mark.parametrize("name", STUDIES)
@pytest.mark.parametrize("as_of", ["now", "planned"])
def test_csv(tmp_path, name, as_of):
    tables = nrd.reproduce(name, as_of=as_of).tables()
    written = files_of(name, "csv", tmp_path, "--as-of", as_of)
    assert [file.name for file in written] == [f"{name}-{as_of}-{t}.csv" for t in tables]
    shown = succeed("reproduce", name, "--as-of", as_of, "--format", "csv")
    for file, table in zip(written, tables.values()):
        text = file.read_bytes().decode()
        assert f"# {file.name}\n{text}" in shown
        header, *rows = csv.reader(io.StringIO(text))
        assert header == list(table)
        assert rows == [
            ["" if value is None else str(value) for value in row]
            for row in zip(*table.values())
        ]


@pytest.mark.parametrize("name", STUDIES)
@pytest.mark.parametrize("language", ["en", "vi"])
def test_text(tmp_path, name, language):
    shown = succeed("reproduce", name, "--language", language)
    result = nrd.reproduce(name)
    wanted = result.summary(language=language)
    assert [line.rstrip() for line in shown.splitlines()] == wanted.splitlines()
    (file,) = files_of(name, "text", tmp_path, "--language", language)
    assert file.name == f"{name}-{result.as_of}.txt"
    assert file.read_text(encoding="utf-8") == wanted + "\n"


def test_text_of_binh_gia_holds_what_matters():
    shown = succeed("reproduce", "binh-gia-2024")
    for words in ("13.89 / 19", "Hoàng Văn Thụ", "4,733.15", "77.77"):
        assert words in shown
    shown = succeed("reproduce", "binh-gia-2024", "--language", "vi", "--as-of", "now")
    for words in ("5.72–13.78 / 19 tiêu chí", "Tân Văn", "hiện đạt"):
        assert words in shown


def test_files_are_for_everybody(tmp_path):
    """They get the permissions that any new file gets."""
    (tmp_path / "new").touch()
    usual = stat.S_IMODE((tmp_path / "new").stat().st_mode)
    for file in files_of("son-la-2024", "csv", tmp_path / "out"):
        assert stat.S_IMODE(file.stat().st_mode) == usual


def test_a_folder_is_made_and_old_files_are_replaced(tmp_path):
    out = tmp_path / "a" / "b"
    (file,) = files_of("son-la-2024", "json", out)
    file.write_text("old")
    assert files_of("son-la-2024", "json", out) == [file]
    assert json.loads(file.read_text(encoding="utf-8"))["study"] == "son-la-2024"


def test_a_folder_of_ones_own(study_copy, tmp_path):
    describe(lambda d: d.update(name="my-study"))(study_copy)
    (file,) = files_of(study_copy, "json", tmp_path / "out")
    assert file.name == "my-study-planned.json"
    found = json.loads(file.read_text(encoding="utf-8"))
    shipped = nrd.reproduce("binh-gia-2024").to_dict()
    for part in ("criteria_averages", "communes", "gaps", "resources", "checks"):
        assert found[part] == shipped[part]


def test_studies():
    for language, title in (("en", "title"), ("vi", "title_vi")):
        shown = " ".join(succeed("studies", "--language", language).split())
        for name in STUDIES:
            assert name in shown
            assert getattr(nrd.load_study(name), title)[:25] in shown


@pytest.mark.parametrize("language", ["en", "vi"])
@pytest.mark.parametrize("name", STUDIES)
def test_show(name, language):
    shown = "".join(succeed("show", name, "--language", language).split())
    study = nrd.load_study(name)
    assert "".join(study.citation.split()) in shown
    figures = columns_of(study.table("figures"))
    for value, label in zip(figures["value"], figures[f"label_{language}"]):
        assert value in shown
        assert label.split()[0] in shown
    assert all(file in shown for file in (p.name for p in (DATASETS / name).glob("*.csv")))


@pytest.mark.parametrize("arguments", [[], ["studies"], ["show"], ["reproduce"]])
@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help(arguments, option):
    assert succeed(*arguments, option).startswith("Usage: ")


def test_version():
    assert nrd.__version__ in succeed("--version")


@pytest.mark.parametrize(
    "arguments",
    [
        ["reproduce"],
        ["repeat"],
        ["reproduce", "son-la-2024", "--format", "xml"],
        ["reproduce", "son-la-2024", "--language", "fr"],
        ["reproduce", "son-la-2024", "--as-of", "tomorrow"],
        ["studies", "--quietly"],
    ],
)
def test_usage(arguments):
    done = run(*arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("Usage: ")


def shell(*arguments, **environment):
    """The installed command in a process of its own."""
    return subprocess.run(
        [NRD, *arguments],
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=60,
    )


def test_the_command_prints_json():
    done = shell("reproduce", "binh-gia-2024", "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == nrd.reproduce("binh-gia-2024").to_dict()


def test_the_command_prints_no_colours_into_a_pipe():
    done = shell("reproduce", "binh-gia-2024", TERM="xterm-256color")
    assert done.returncode == 0
    assert "\x1b" not in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 110


def test_the_command_fails_with_one_line(study_copy):
    overwrite("datapackage.json", b"{")(study_copy)
    for arguments in (["reproduce", study_copy], ["show", "no-such-study"]):
        done = shell(*arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("encoding", ["ascii", "cp1258"])
def test_a_character_that_cannot_be_shown_does_not_end_the_command(form, encoding):
    done = shell("reproduce", "binh-gia-2024", "--format", form, PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (0, "")
    assert "13.8" in done.stdout


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")
@pytest.mark.parametrize("form", FORMATS)
def test_a_full_disk_is_no_success(form):
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [NRD, "reproduce", "binh-gia-2024", "--format", form],
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            timeout=60,
        )
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
