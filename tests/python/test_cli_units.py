"""Units on the command line: lists, matches, panels, and what they refuse."""

import csv
import io
import json

import pandas as pd
import pytest
from click.testing import CliRunner

from nrd.cli import main


def run(*arguments):
    return CliRunner().invoke(main, list(map(str, arguments)))


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def names(tmp_path):
    file = tmp_path / "names.csv"
    text = "commune,district\nXã Tân Văn,Bình Gia\nHoa Thany Phong,Bình Gia\n"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.fixture
def panel(tmp_path):
    file = tmp_path / "panel.csv"
    rows = ["code,year,people,poor", "06121,2024,4821,500", "06115,2024,3010,300"]
    file.write_text("\n".join([*rows, "06118,2024,2950,700", "06103,2024,999,7"]) + "\n")
    return file


def test_units_are_listed():
    done = run("units", "list", "--level", "province", "--at", "2025-07-01")
    assert done.exit_code == 0
    assert len(rows(done.output)) == 34
    done = run("units", "list", "--within", "Bình Gia", "--name", "tan van")
    assert [row["code"] for row in rows(done.output)] == ["06121"]


@pytest.mark.parametrize("within", ["Bình Gia", "district"])
def test_names_are_matched(names, within):
    done = run("units", "match", names, "--name", "commune", "--within", within,
               "--format", "csv")  # fmt: skip
    assert done.exit_code == 0
    assert [row["code"] for row in rows(done.output)] == ["06121", ""]
    assert [row["how"] for row in rows(done.output)] == ["exact", "not found"]
    text = run("units", "match", names, "--name", "commune", "--within", within).output
    assert "Hoa Thany Phong" in text


def test_names_in_other_files(names, tmp_path):
    frame = pd.read_csv(names)
    frame.to_parquet(tmp_path / "names.parquet")
    done = run("units", "match", tmp_path / "names.parquet", "--name", "commune",
               "--within", "181", "--format", "json")  # fmt: skip
    assert json.loads(done.output)["counts"] == {"exact": 1, "not found": 1}


def test_a_panel_is_harmonised(panel):
    done = run("harmonise", panel, "--unit", "code", "--period", "year",
               "--rule", "people=sum", "--rule", "rate=rate:poor:people:100",
               "--format", "csv")  # fmt: skip
    assert done.exit_code == 0, done.output
    found = rows(done.output)
    whole = {row["unit"]: row["people"] for row in found}
    assert float(whole.pop("06115")) == 4821 + 3010 + 2950
    assert set(whole.values()) == {""}  # parts of it are not in the file
    assert {row["year"] for row in found} == {"2024"}
    text = run("harmonise", panel, "--unit", "code", "--rule", "people=sum").output
    assert "Totals before and after" in text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--rule", "people"], "the rule is 'people', expected COLUMN=RULE"),
        (["--rule", "r=rate:poor:people:x"], "expected a number at its end"),
        (["--rule", "size=sum"], "there is no column 'size'"),
        (["--rule", "people=total"], "the rule of 'people' is 'total'"),
        (["--unit", "town", "--rule", "people=sum"], "there is no column 'town'"),
        (["--level", "province", "--rule", "people=sum"], "is not in the crosswalk"),
    ],
)
def test_what_is_refused_is_one_sentence(panel, arguments, words):
    unit = [] if "--unit" in arguments else ["--unit", "code"]
    done = run("harmonise", panel, *unit, *arguments)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert words in done.stderr


def test_a_parent_that_is_not_there(names):
    done = run("units", "match", names, "--name", "commune", "--within", "Atlantis")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "there is no 'Atlantis'" in done.stderr
