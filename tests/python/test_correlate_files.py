"""`nrd correlate`: what it prints is what the function gives."""

import csv
import io
import json

import pytest
from support import fail, succeed

import nrd

ROWS = """\
code,region,year,state,people,criteria,poverty
01,north,2020,10.5,1.5,14,9.1
17,north,2020,8.0,2.25,11,12.5
19,north,2020,14.2,4.0,17,7.0
24,north,2020,6.1,n/a,9,20.3
26,south,2020,9.9,3.1,13,14.2
35,south,2020,12.3,2.2,19,3.9
27,south,2020,7.7,1.1,12,15.5
33,south,2020,11.0,0.9,10,11.8
"""
COLUMNS = {
    name: [None if v == "n/a" else float(v) for v in column]
    for name, *column in zip(*(line.split(",") for line in ROWS.splitlines()))
    if name != "region"
}
ASKED = ("--x", "state", "--x", "people", "--y", "criteria", "--y", "poverty")
PAIRS = {"x": ["state", "people"], "y": ["criteria", "poverty"]}


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "capital.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


def test_words(file):
    shown = " ".join(succeed("correlate", str(file), *ASKED).split())
    assert "association" in shown
    found = nrd.correlation_matrix(COLUMNS, **PAIRS)
    assert f"{found.columns['coefficient'][0]:.3f}" in shown
    vietnamese = succeed("correlate", str(file), *ASKED, "--language", "vi")
    assert vietnamese != shown
    assert "state" in vietnamese


def test_csv_and_json_are_the_result(file):
    options = "--method kendall --method spearman --adjust fdr_by --influence --names code"
    asked = ("correlate", str(file), *ASKED, "--seed", "3", *options.split())
    codes = [line.split(",")[0] for line in ROWS.splitlines()[1:]]
    wanted = nrd.correlation_matrix(
        COLUMNS, **PAIRS, method=["kendall", "spearman"], adjust="fdr_by", influence=True,
        names=codes, seed=3,
    )  # fmt: skip
    shown = list(csv.reader(io.StringIO(succeed(*asked, "--format", "csv"))))
    assert shown[0] == list(wanted.columns)
    for row, cells in zip(shown[1:], zip(*wanted.columns.values()), strict=True):
        assert row == ["" if cell is None else str(cell) for cell in cells]
    made = json.loads(succeed(*asked, "--format", "json"))
    assert made["columns"] == wanted.to_dict()["columns"]
    assert made["influence"] == wanted.to_dict()["influence"]


def test_all_pairs_of_columns_without_adjustment(file):
    asked = "--column state --column criteria --column poverty --adjust none --format csv"
    rows = list(
        csv.DictReader(io.StringIO(succeed("correlate", str(file), *asked.split())))
    )
    assert [(r["x"], r["y"]) for r in rows] == [
        ("state", "criteria"), ("state", "poverty"), ("criteria", "poverty")
    ]  # fmt: skip
    assert {r["adjusted"] for r in rows} == {""}


def test_neighbours_of_provinces(file):
    asked = "--names code --neighbours provinces --format json".split()
    made = json.loads(succeed("correlate", str(file), *ASKED, *asked))
    codes = [line.split(",")[0] for line in ROWS.splitlines()[1:]]
    wanted = nrd.correlation_matrix(
        COLUMNS, **PAIRS, names=codes, neighbours=nrd.province_neighbours(codes)
    )
    assert made["columns"] == wanted.to_dict()["columns"]
    assert "moran_x" in made["columns"][0]


def test_covariates_and_clusters(file):
    partial = json.loads(
        succeed("correlate", str(file), *ASKED, "--covariate", "year", "--format", "json")
    )
    assert all("'year' is constant" in row["reason"] for row in partial["columns"])
    shown = succeed("correlate", str(file), *ASKED, "--strata", "region", "--seed", "1")
    assert "stratum" in shown


def test_resampling_as_in_python(file):
    asked = "--test permutation --n-resamples 99 --interval none --alternative greater"
    shown = succeed(
        "correlate", str(file), *ASKED, *asked.split(), "--seed", "3", "--covariate",
        "year", "--format", "json",
    )  # fmt: skip
    made = json.loads(shown)["provenance"]["options"]
    wanted = {"test": "permutation", "n_resamples": 99, "interval": None}
    assert {name: made[name] for name in wanted} == wanted
    assert (made["alternative"], made["covariates"]) == ("greater", ["year"])


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--x", "state"], "x and y go together"),
        ([*ASKED, "--column", "state"], "expected columns, or x and y, not both"),
        (["--x", "state", "--y", "none"], "there is no column 'none'"),
        (["--x", "state", "--y", "region"], "row 0: found 'north', expected a number"),
        ([*ASKED, "--method", "sen"], "method is 'sen'"),
        ([*ASKED, "--adjust", "some"], "adjust is 'some'"),
        ([*ASKED, "--lag", "1"], "expected unit and time"),
        ([*ASKED, "--neighbours", "provinces"], "expected their --names"),
        (
            [*ASKED, "--neighbours", "provinces", "--names", "region"],
            "there is no province 'north'",
        ),
        ([*ASKED, "--relation", "within"], "expected a unit"),
        ([*ASKED, "--part", "x"], "expected covariates"),
        ([*ASKED, "--interval", "wald"], "interval is 'wald'"),
    ],
)
def test_what_cannot_be_is_one_sentence(file, options, said):
    assert said in fail("correlate", str(file), *options)


def test_a_file_that_is_not_there(tmp_path):
    assert "cannot be read" in fail("correlate", str(tmp_path / "none.csv"), *ASKED)
