"""A whole study: its numbers, where each comes from, and the JSON that holds them."""

import csv
import json
import os
import subprocess
import sys
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache

import pytest
from support import DATASETS, STANDARD, STUDIES, nearest

import nrd

DATES = ("now", "planned")
# Means of criteria met: from counts, least, greatest. The set has 19 criteria; a commune at
# the standard meets all, any other at most 18.
MEANS = {
    ("binh-gia-2024", "now"): (None, Fraction(103, 18), Fraction(248, 18)),
    ("binh-gia-2024", "planned"): (Fraction(250, 18), Fraction(250, 18), Fraction(266, 18)),
    ("dien-bien-2025", "now"): (None, Fraction(0), Fraction(18)),
    ("ha-tinh-2025", "now"): (19, 19, 19),
    ("ha-tinh-2025", "planned"): (19, 19, 19),
    ("son-la-2024", "now"): (
        None,
        Fraction(65 * 19, 188),
        Fraction(65 * 19 + 123 * 18, 188),
    ),
    ("son-la-2024", "planned"): (None, Fraction(65 * 19, 188), Fraction(19)),
}
every_date = pytest.mark.parametrize("as_of", DATES)
every_study = pytest.mark.parametrize("name", STUDIES)


@cache
def reproduced(name, as_of):
    return nrd.reproduce(name, as_of=as_of)


def line(name, locator):
    """The row of a CSV file that a locator names, as a mapping."""
    file, number = locator.rsplit(":", 1)
    with open(DATASETS / name / file, encoding="utf-8", newline="") as text:
        reader = csv.DictReader(text)
        return next(row for row in reader if reader.line_num == int(number))


def amount(text):
    return Decimal(text.replace(",", ""))


def parts_of(name, check):
    """What a check states and what follows from its rows, as exact numbers."""
    first, *others = (line(name, locator) for locator in check["rows"])
    kind = check["id"].split(":")[0]
    if kind == "capital":
        return amount(first["amount"]), sum(Fraction(amount(r["amount"])) for r in others)
    if kind == "share":
        share = Fraction(100 * int(first["met"]), int(first["of"]))
        return amount(first["share_pct"]), share
    if kind == "base":
        return Decimal(first["of"]), Fraction(others[0]["value"])
    if kind == "restated":
        return Decimal(first["met"]), Fraction(others[0]["met"])
    if kind == "list":
        return Decimal(first["met"]), Fraction(len({r["unit_code"] for r in others} - {""}))
    values = [Fraction(amount(row["value"])) for row in others]
    rules = {r["id"]: r["rule"] for r in relations(name)}
    if rules[check["id"].removeprefix("figures:")] == "share":
        return amount(first["value"]), 100 * values[0] / values[1]
    return amount(first["value"]), sum(values)


def relations(name):
    with open(DATASETS / name / "relations.csv", encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def rounded(exact, places, how):
    """An exact number at so many decimals."""
    scaled = exact * 10**places
    down = Decimal(scaled.numerator // scaled.denominator)
    up = how == ROUND_HALF_UP and scaled - int(down) >= Fraction(1, 2)
    return (down + int(up)).scaleb(-places)


@every_date
@every_study
def test_means(name, as_of):
    found = reproduced(name, as_of).averages
    wanted = MEANS.get((name, as_of))
    if wanted is None:
        assert found is None
        return
    assert [found.mean, found.mean_low, found.mean_high] == [
        None if value is None else float(value) for value in wanted
    ]
    assert found.criteria == 19


@pytest.mark.parametrize(
    ("name", "as_of"), list(zip(STUDIES, ("planned", "now", "now", "now")))
)
def test_the_date_is_planned_where_the_study_speaks_of_it(name, as_of):
    assert nrd.reproduce(name).as_of == as_of


@every_study
def test_a_date_that_is_not_there(name):
    with pytest.raises(nrd.NrdValueError, match="'now' or 'planned'"):
        nrd.reproduce(name, as_of="tomorrow")


@every_study
def test_every_check_follows_from_the_rows_it_names(name):
    checks = reproduced(name, "now").to_dict()["checks"]
    assert len({check["id"] for check in checks}) == len(checks) > 0
    for check in checks:
        stated, exact = parts_of(name, check)
        places = max(-stated.as_tuple().exponent, 0)
        assert check["stated"] == float(stated)
        assert check["computed"] == float(exact)
        assert check["difference"] == float(Fraction(stated) - exact)
        wanted = "different"
        if Fraction(stated) == exact:
            wanted = "equal"
        elif stated == rounded(exact, places, ROUND_HALF_UP):
            wanted = "rounded"
        elif stated == rounded(exact, places, ROUND_DOWN):
            wanted = "truncated"
        assert check["verdict"] == wanted
        assert check["source"]


@every_study
def test_every_printed_number_that_can_be_checked_is_checked(name):
    """Each share, each relation and each stated total of money has its check."""
    study, ids = nrd.load_study(name), set(reproduced(name, "now").checks["id"])
    for relation in relations(name):
        assert f"figures:{relation['id']}" in ids
    shares = [c for as_of in DATES for c in study.counts(as_of) if c.share_pct and c.of]
    assert sum(id.startswith("share:") for id in ids) == len(shares)
    for table, found in study.resources().items():
        assert {f"capital:{table}:{id}" for id in found.checks["id"]} <= ids


@pytest.mark.parametrize(
    ("id", "stated", "computed", "verdict"),
    [
        ("capital:infrastructure:source:people", 3733.15, 4733.15, "different"),
        ("capital:infrastructure:total:sources", 174101.15, 173101.15, "different"),
        ("capital:infrastructure:total:parts", 174101.15, 174101.15, "equal"),
        ("capital:infrastructure:total:contents", 174101.15, 174101.15, "equal"),
        ("capital:infrastructure:content:01", 83544.18, 83544.18, "equal"),
        ("share:planned:9", 77.77, nearest(1400, 18), "truncated"),
        ("share:planned:2", 55.56, nearest(1000, 18), "rounded"),
        ("list:planned:8", 13, 12, "different"),
        ("list:planned:9", 14, 14, "equal"),
        ("figures:base-3-2-3-content-02", 8, 9, "different"),
        ("figures:base-3-2-4-poverty", 8, 9, "different"),
        ("figures:base-3-2-7", 9, 9, "equal"),
    ],
)
def test_findings_in_binh_gia(id, stated, computed, verdict):
    checks = reproduced("binh-gia-2024", "planned").to_dict()["checks"]
    found = next(check for check in checks if check["id"] == id)
    assert (found["stated"], found["computed"], found["verdict"]) == (
        stated,
        computed,
        verdict,
    )


def test_a_name_that_is_no_commune_is_noted():
    checks = reproduced("binh-gia-2024", "planned").to_dict()["checks"]
    found = next(check for check in checks if check["id"] == "list:planned:11")
    assert (found["stated"], found["computed"]) == (10, 10)
    assert "Hoa Thany Phong" in found["note"]


def test_what_does_not_add_up():
    unequal = {
        name: {c["id"] for c in reproduced(name, "now").to_dict()["checks"]
               if c["verdict"] == "different"}
        for name in STUDIES
    }  # fmt: skip
    assert unequal == {
        "binh-gia-2024": {
            "capital:infrastructure:source:people", "capital:infrastructure:total:sources",
            "list:planned:8", "figures:base-3-2-3-content-02", "figures:base-3-2-4-poverty",
        },
        "dien-bien-2025": set(),
        "ha-tinh-2025": set(),
        "son-la-2024": {"figures:communes-share-of-target-rate"},
    }  # fmt: skip


@every_date
@every_study
def test_gaps_rest_on_the_counts_they_name(name, as_of):
    for gap in reproduced(name, as_of).to_dict()["gaps"]:
        counts = [line(name, locator) for locator in gap["rows"]]
        assert counts
        assert {(c["set"], c["criterion"]) for c in counts} == {
            (gap["set"], gap["criterion"])
        }
        if gap["units"] is not None:
            assert gap["short_low"] == gap["units"] - gap["met_high"]
            assert gap["short_high"] == gap["units"] - gap["met_low"]
            assert gap["points_high"] == nearest(100 * gap["short_high"], gap["units"])
        if {c["as_of"] for c in counts} == {as_of}:
            met = {amount(c["met"]) for c in counts}
            assert met == {gap["met_low"]} == {gap["met_high"]}


@every_date
def test_communes_rest_on_their_own_cells_and_the_counts_of_all(as_of):
    communes = reproduced("binh-gia-2024", as_of).to_dict()["communes"]
    assert len(communes) == 18
    for commune in communes:
        rows = [(r, line("binh-gia-2024", r)) for r in commune["rows"]]
        cells = [row for file, row in rows if file.startswith("attainment.csv")]
        counts = [row for file, row in rows if file.startswith("criteria_counts.csv")]
        assert {row["unit_code"] for row in cells} <= {commune["unit"]}
        assert len(counts) >= 19
        assert {row["set"] for row in cells + counts} == {STANDARD}
        assert commune["high"] == 19 - len(commune["missing"])
        assert commune["low"] == commune["high"] - len(commune["possibly_missing"])


@every_study
def test_targets_rest_on_the_rows_they_name(name):
    for target in reproduced(name, "now").to_dict()["targets"]:
        first, *counts = (line(name, locator) for locator in target["rows"])
        assert (first["id"], float(amount(first["value"]))) == (
            target["id"],
            target["target"],
        )
        if target["reached"] is not None:
            met, of = int(counts[0]["met"]), counts[0]["of"]
            percent = float(Fraction(100 * met, int(of))) if of else 0.0
            assert target["reached"] == (percent if first["unit"] == "percent" else met)
            assert target["short"] == max(target["target"] - target["reached"], 0)


def strict(text):
    """Read JSON; NaN and infinity, which JSON does not have, are refused."""

    def refuse(name):
        raise AssertionError(name)

    return json.loads(text, parse_constant=refuse)


@every_date
@every_study
def test_json_has_the_promised_layout(name, as_of):
    found = strict(reproduced(name, as_of).to_json())
    assert (found["study"], found["as_of"]) == (name, as_of)
    assert set(found) >= {
        "study", "as_of", "criteria_averages", "communes", "gaps", "resources", "checks",
        "provenance",
    }  # fmt: skip
    averages = found["criteria_averages"]
    if (name, as_of) in MEANS:
        assert set(averages) >= {"mean", "mean_low", "mean_high", "units", "criteria"}
    else:
        assert averages is None
    for check in found["checks"]:
        assert set(check) >= {"id", "stated", "computed", "difference", "verdict", "source"}
    for part in ("communes", "gaps", "checks"):
        assert all(row["rows"] for row in found[part])
        assert all(line(name, locator) for row in found[part] for locator in row["rows"])


@every_date
@every_study
def test_json_keeps_every_digit(name, as_of):
    result = reproduced(name, as_of)
    assert strict(result.to_json()) == result.to_dict()


@every_study
def test_json_says_what_made_it(name):
    found = strict(reproduced(name, "now").to_json())["provenance"]
    assert found["options"]["as_of"] == "now"
    assert found["used"] == sum(
        len(table.columns["source"])
        for table in nrd.load_study(name).tables.values()
        if "source" in table.columns
    ) + len(nrd.load_study(name).tables["labels"])
    assert found["dropped"] == 0
    assert found["assumptions"]
    assert found["references"] == [nrd.load_study(name).citation]
    assert found["versions"]["libnrd"] == nrd.__version__
    assert len(found["versions"]["datapackage.json"]) == 64


@every_study
def test_json_is_the_same_every_time(name):
    code = f"import nrd; print(nrd.reproduce({name!r}, as_of='now').to_json())"
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"}
        text = subprocess.run(
            [sys.executable, "-c", code],
            env=environment,
            capture_output=True,
            check=True,
            encoding="utf-8",
        ).stdout
        assert text == reproduced(name, "now").to_json() + "\n"


@every_date
@every_study
def test_tables_hold_what_json_holds(name, as_of):
    result = reproduced(name, as_of)
    tables, found = result.tables(), result.to_dict()
    for part in ("communes", "gaps", "targets", "checks"):
        rows = [dict(zip(tables[part], row)) for row in zip(*tables[part].values())] if (
            part in tables) else []  # fmt: skip
        assert rows == [
            {k: " ".join(v) if isinstance(v, list) else v for k, v in row.items()}
            for row in found[part]
        ]


def test_a_study_may_be_given_as_object_or_folder():
    text = reproduced("son-la-2024", "now").to_json()
    for study in (nrd.load_study("son-la-2024"), DATASETS / "son-la-2024"):
        assert nrd.reproduce(study, as_of="now").to_json() == text


@every_date
@every_study
@pytest.mark.parametrize("language", ["en", "vi"])
def test_a_summary_names_the_study_and_its_source(name, as_of, language):
    result = reproduced(name, as_of)
    shown = " ".join(result.summary(language=language).split())
    title = result.study.title_vi if language == "vi" else result.study.title
    assert title in shown
    assert result.study.citation[:40] in shown


def test_a_vietnamese_summary_has_no_english_labels():
    for name in STUDIES:
        result = reproduced(name, "now")
        shown = " ".join(result.summary(language="vi").split())
        for words in (*result.provenance.assumptions, "below", "no unit is called"):
            assert words not in shown
