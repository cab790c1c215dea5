"""The data sets are complete and whole: format, sources, keys, numbers, criteria sets."""

import csv
import json
import re
from decimal import Decimal
from pathlib import Path

import frictionless
import pytest

DATASETS = Path(__file__).resolve().parents[2] / "datasets"
PACKAGES = sorted(path.parent for path in DATASETS.glob("*/datapackage.json"))
STUDIES = [path for path in PACKAGES if (path / "figures.csv").exists()]
CRITERIA_SETS = sorted((DATASETS / "criteria").glob("*.json"))
CODE_OF_LEVEL = {
    "province": r"\d{2}",
    "district": r"\d{3}",
    "city": r"\d{3}",
    "town": r"\d{5}",
    "commune": r"\d{5}",
    "village": r"[a-z0-9]+(-[a-z0-9]+)*",
}
RULE_PARTS = {"sum": range(2, 100), "share": range(2, 3), "same": range(1, 2)}

each_package = pytest.mark.parametrize("study", PACKAGES, ids=lambda path: path.name)
each_study = pytest.mark.parametrize("study", STUDIES, ids=lambda path: path.name)
each_criteria_set = pytest.mark.parametrize(
    "path", CRITERIA_SETS, ids=lambda path: path.stem
)


def package(study):
    return json.loads((study / "datapackage.json").read_text(encoding="utf-8"))


def tables(study):
    """Return the resources that are tables; others have no schema."""
    return [resource for resource in package(study)["resources"] if "schema" in resource]


def rows(study, table):
    """Return the rows of a table as printed, none where the study has no such table."""
    path = study / f"{table}.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def ids(study, table, column="id"):
    return {row[column] for row in rows(study, table)}


def number(text, field):
    """Read a number by the marks its field declares; digit groups have three digits."""
    group = re.escape(field.get("groupChar", ""))
    point = re.escape(field.get("decimalChar", "."))
    whole = rf"\d{{1,3}}(?:{group}\d{{3}})+|\d+" if group else r"\d+"
    match = re.fullmatch(rf"(-?(?:{whole}))(?:{point}(\d+))?", text)
    assert match, text
    digits = re.sub(r"[^\d-]", "", match[1])
    return Decimal(f"{digits}.{match[2] or 0}")


def levels(value):
    """Yield every level named in the thresholds of an indicator, null ones too."""
    if isinstance(value, dict):
        for part in value.values():
            yield from levels(part)
    else:
        yield value


def test_there_are_studies_data_sets_and_criteria_sets():
    assert STUDIES
    assert {path.name for path in PACKAGES} - {path.name for path in STUDIES} == {
        "admin-2025",
        "boundaries-provinces",
        "budget-provinces",
        "gso-provinces",
        "nrd-capital",
        "nrd-progress",
        "poverty-provinces",
    }
    assert CRITERIA_SETS


@each_package
def test_package_is_valid(study):
    report = frictionless.validate(str(study / "datapackage.json"))
    assert report.valid, report.flatten(["title", "rowNumber", "fieldName", "message"])


@each_package
def test_package_lists_every_table(study):
    named = {resource["path"] for resource in package(study)["resources"]}
    assert named == {path.name for path in study.iterdir()} - {"datapackage.json"}
    assert {t["path"] for t in tables(study)} == {f.name for f in study.glob("*.csv")}


@each_package
def test_every_row_has_a_source(study):
    for resource in tables(study):
        if resource["name"] != "labels":
            assert all(row["source"].strip() for row in rows(study, resource["name"]))


@each_package
def test_every_number_parses_by_its_marks(study):
    for resource in tables(study):
        fields = resource["schema"]["fields"]
        numeric = [field for field in fields if field["type"] in ("number", "integer")]
        for row in rows(study, resource["name"]):
            for field in numeric:
                if row[field["name"]]:
                    number(row[field["name"]], field)


@each_study
def test_units_are_known_and_well_coded(study):
    units = {row["code"]: row for row in rows(study, "units")}
    for code, row in units.items():
        assert row["parent_code"] in units or row["level"] == "province", row
        assert re.fullmatch(CODE_OF_LEVEL[row["level"]], code), row
        assert (row["code_list"] == "none") == (row["level"] == "village"), row
    assert ids(study, "figures", "unit_code") <= units.keys()
    assert ids(study, "attainment", "unit_code") - {""} <= units.keys()


@each_study
def test_relations_name_figures(study):
    figures = ids(study, "figures")
    for row in rows(study, "relations"):
        parts = row["parts"].split()
        assert {row["stated"], *parts} <= figures, row
        assert len(parts) in RULE_PARTS[row["rule"]], row


@each_study
def test_every_id_has_a_label(study):
    labels = {(row["kind"], row["id"]) for row in rows(study, "labels")}
    needed = {("topic", row["topic"]) for row in rows(study, "figures")}
    for row in rows(study, "capital"):
        needed |= {(kind, row[kind]) for kind in ("table", "content", "fund")}
    for table in ("criteria_counts", "attainment", "targets"):
        for row in rows(study, table):
            if not row["set"].startswith("vn-"):
                needed |= {("set", row["set"]), ("criterion", row["criterion"])}
    assert needed <= labels, needed - labels


@each_study
def test_study_names_its_area_figures_and_criteria(study):
    nrd = package(study)["nrd"]
    official = {path.stem for path in CRITERIA_SETS}
    assert nrd["format"] == 1
    assert nrd["area_code"] in ids(study, "units", "code")
    assert {nrd["units_figure"], nrd["population_figure"]} - {None} <= ids(study, "figures")
    assert nrd["criteria_set"] in official | {"recognition"}
    for table in ("criteria_counts", "attainment", "targets"):
        assert {s for s in ids(study, table, "set") if s.startswith("vn-")} <= official


@each_package
def test_package_says_what_it_is(study):
    described = package(study)
    about = described["nrd"]
    assert described["name"] == study.name
    assert described["title"] != about["title_vi"]
    assert described["description"]
    assert {"name", "title", "path"} <= described["licenses"][0].keys()
    assert all(source["title"] for source in described["sources"])
    assert about["citation"]
    assert ("area_code" in about) == (study in STUDIES)


@each_package
def test_every_table_and_column_is_described(study):
    for resource in tables(study):
        assert resource["title"]
        for field in resource["schema"]["fields"]:
            assert field["title"], field
            assert field["description"], field


@each_criteria_set
def test_criteria_set_is_named_as_its_file(path):
    assert json.loads(path.read_text(encoding="utf-8"))["id"] == path.stem


@each_criteria_set
def test_criteria_set_keeps_unknown_levels_null(path):
    criteria_set = json.loads(path.read_text(encoding="utf-8"))
    for criterion in criteria_set.get("criteria", []):
        for indicator in criterion["indicators"] or []:
            status = indicator["status"]
            known = any(level is not None for level in levels(indicator["thresholds"]))
            assert status in criteria_set["status_legend"]
            assert known == (status in ("verified", "partial")), indicator["id"]
