"""The command line: what it prints and what it writes."""

import csv
import io
import json
import os
import stat
import subprocess
import sysconfig
from pathlib import Path

import pytest
from support import DATASETS, STUDIES, columns_of, describe, fail, files_of, run, succeed

import nrd

NRD = Path(sysconfig.get_path("scripts")) / "nrd"
FORMATS = ("text", "json", "csv")


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


@pytest.mark.parametrize("language", ["en", "vi"])
def test_datasets(language):
    shown = succeed("datasets", "--language", language)
    title = {"en": "title", "vi": "title_vi"}[language]
    for name in nrd.list_datasets():
        assert name in shown
        assert getattr(nrd.load_dataset(name), title)[:25] in shown


@pytest.mark.parametrize("language", ["en", "vi"])
@pytest.mark.parametrize("name", nrd.list_datasets())
def test_show_a_data_set(name, language):
    shown = succeed("show", name, "--language", language)
    wanted = nrd.load_dataset(name).summary(language=language)
    assert [line.rstrip() for line in shown.splitlines()] == wanted.splitlines()


@pytest.mark.parametrize(
    "arguments", [[], ["studies"], ["datasets"], ["show"], ["reproduce"]]
)
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
    (study_copy / "datapackage.json").write_text("{")
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


def test_criteria_sets_are_listed():
    shown = succeed("criteria", "list")
    assert all(name in shown for name in nrd.criteria_sets())
    assert "Bộ tiêu chí" in succeed("criteria", "list", "--language", "vi")
    (line,) = (line for line in shown.splitlines() if "vn-51-2025" in line)
    assert line.split()[-2:] == ["10", "0/47"]


def test_a_set_without_indicators_shows_its_criteria_and_groups():
    shown = succeed("criteria", "show", "vn-51-2025-commune-standard")
    for words in ("Political system and public admin", "no indicator listed", "group_3"):
        assert words in shown
    shown = succeed("criteria", "show", "vn-319-2022-commune-model", "--language", "vi")
    assert "Đồng bằng sông Cửu Long" in shown


def test_criteria_set_is_shown():
    name = "vn-1980-2016-commune-standard"
    shown = succeed("criteria", "show", name, "--region", "southeast", "--year", "2020")
    assert any("10 " in line and "59" in line for line in shown.splitlines())
    assert "set by the province" in shown
    assert "not verified" in shown
    assert "never known to be met: 1, 3, 6, 7, 16, 17, 19" in " ".join(shown.split())
    assert "southeast, 2020" in shown
    assert "general, 2020" in succeed("criteria", "show", name)


def test_criteria_files_are_checked(tmp_path):
    name = "vn-1980-2016-commune-standard"
    path = DATASETS / "criteria" / f"{name}.json"
    assert f"{name} is valid: 19 criteria, 33" in succeed("criteria", "check", str(path))
    held = json.loads(succeed("criteria", "template", name))
    assert held["levels"]["2.1"] == {"rule": None, "unit": "%", "general": None}
    assert "14.2" not in held["levels"]
    assert "17.1" in held["levels"]
    held["decision"] = "5/QD-UBND"
    held["levels"]["2.1"].update(rule="ge", general=90)
    own = tmp_path / "own.json"
    own.write_text(json.dumps(held), encoding="utf-8")
    shown = succeed("criteria", "check", str(own), "--base", name)
    assert f"{name}+5/QD-UBND is valid" in shown
    held["levels"]["2.1"]["general"] = 900
    own.write_text(json.dumps(held), encoding="utf-8")
    told = fail("criteria", "check", own, "--base", name)
    assert told.startswith("nrd: own.json: line")
    assert "found 900" in told
