"""Studies: what they hold, and Binh Gia computed once more from its CSV files."""

import csv
import hashlib
import shutil
from fractions import Fraction
from pathlib import Path

import pytest
from support import DATASETS, STANDARD, STUDIES, change, columns_of, describe, nearest

import nrd

BINH_GIA = DATASETS / "binh-gia-2024"


def lines(file):
    """Rows of a CSV file as mappings."""
    with open(file, encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def amount(text):
    return Fraction(text.replace(",", ""))


COMMUNES = {
    row["code"] for row in lines(BINH_GIA / "units.csv") if row["level"] == "commune"
}
COUNTS = [row for row in lines(BINH_GIA / "criteria_counts.csv") if row["set"] == STANDARD]
CELLS = [row for row in lines(BINH_GIA / "attainment.csv") if row["set"] == STANDARD]
CAPITAL = lines(BINH_GIA / "capital.csv")


class Column:
    """One criterion on one date: who surely meets it, who surely does not, how many do."""

    def __init__(self, as_of, criterion):
        here = {"as_of": as_of, "criterion": criterion}
        counts = [int(row["met"]) for row in COUNTS if here.items() <= row.items()]
        cells = [row for row in CELLS if here.items() <= row.items() and row["unit_code"]]
        self.met = {row["unit_code"] for row in cells if row["status"] == "met"}
        self.unmet = {row["unit_code"] for row in cells if row["status"] == "unmet"}
        self.count = counts[0] if counts else None
        assert len(set(counts)) <= 1
        self.close(self.count or 0, 18 if self.count is None else self.count)

    def close(self, low, high):
        """Name the communes that a range for the count leaves no choice."""
        if len(self.met) == high:
            self.unmet = COMMUNES - self.met
        elif 18 - len(self.unmet) == low:
            self.met = COMMUNES - self.unmet
        self.low, self.high = max(low, len(self.met)), min(high, 18 - len(self.unmet))

    def carry(self, other, as_of):
        """Met now is met then; not met then is not met now."""
        low, high = self.low, self.high
        if as_of == "now":
            self.unmet |= other.unmet - self.met
            high = high if self.count is not None else other.high
        else:
            self.met |= other.met - self.unmet
            low = low if self.count is not None else other.low
        self.close(low, high)


def binh_gia(as_of, carry=True):
    """The 19 criteria of Binh Gia on one date."""
    codes = [str(i) for i in range(1, 20)]
    columns = [Column(as_of, code) for code in codes]
    for column, code in zip(columns, codes):
        if carry:
            column.carry(Column("planned" if as_of == "now" else "now", code), as_of)
    return columns


def test_the_studies_that_ship():
    assert tuple(nrd.list_studies()) == STUDIES


@pytest.mark.parametrize("name", STUDIES)
def test_a_study_says_what_it_is(name):
    study = nrd.load_study(name)
    assert study.id == name
    assert all((study.title, study.title_vi, study.citation))
    assert study.title != study.title_vi
    assert name in repr(study)


@pytest.mark.parametrize("name", STUDIES)
def test_tables_hold_what_is_printed(name):
    study = nrd.load_study(name)
    for file in (DATASETS / name).glob("*.csv"):
        columns = columns_of(study.table(file.stem))
        rows = lines(file)
        assert list(columns) == list(rows[0])
        for column, values in columns.items():
            assert values == [row[column] or None for row in rows]


@pytest.mark.parametrize("name", STUDIES)
def test_every_row_has_a_source(name):
    for file in (DATASETS / name).glob("*.csv"):
        for row in lines(file):
            assert file.stem == "labels" or row["source"].strip()


@pytest.mark.parametrize("name", STUDIES)
def test_a_study_has_the_digest_of_each_file(name):
    digests = nrd.load_study(name).digests
    assert set(digests) == {path.name for path in (DATASETS / name).iterdir()}
    for file, digest in digests.items():
        assert digest == hashlib.sha256((DATASETS / name / file).read_bytes()).hexdigest()


@pytest.mark.parametrize("as_of", ["now", "planned"])
@pytest.mark.parametrize("carry", [True, False])
def test_binh_gia_cells_and_counts(as_of, carry):
    attainment = nrd.load_study("binh-gia-2024").attainment(as_of, carry=carry)
    averages = nrd.criteria_averages(attainment)
    columns = binh_gia(as_of, carry)
    for code, column in zip(attainment.criteria, columns):
        for unit in attainment.units:
            known = {"met": unit in column.met, "unmet": unit in column.unmet}
            known["unknown"] = not any(known.values())
            assert known[attainment.state(unit, code)]
    assert averages.by_criterion["low"] == [column.low for column in columns]
    assert averages.by_criterion["high"] == [column.high for column in columns]
    assert averages.mean_low == nearest(sum(c.low for c in columns), 18)
    assert averages.mean_high == nearest(sum(c.high for c in columns), 18)


@pytest.mark.parametrize("as_of", ["now", "planned"])
def test_binh_gia_bounds_of_each_commune(as_of):
    attainment = nrd.load_study("binh-gia-2024").attainment(as_of)
    communes = nrd.criteria_averages(attainment).communes
    columns = binh_gia(as_of)
    assert set(communes["unit"]) == COMMUNES
    for unit, low, high in zip(*(communes[key] for key in ("unit", "low", "high"))):
        assert low == sum(unit in column.met for column in columns)
        assert high == sum(unit not in column.unmet for column in columns)


def test_binh_gia_means():
    """The planned count where there is one, else the present: 250 of 18 x 19."""
    study = nrd.load_study("binh-gia-2024")
    counts = {row["criterion"]: int(row["met"]) for row in COUNTS if row["as_of"] == "now"}
    assert sum(counts.values()) == 103
    counts |= {
        row["criterion"]: int(row["met"]) for row in COUNTS if row["as_of"] == "planned"
    }
    assert (len(counts), sum(counts.values())) == (19, 250)
    planned = nrd.criteria_averages(study.attainment("planned"))
    now = nrd.criteria_averages(study.attainment("now"))
    assert planned.mean == nearest(250, 18)
    assert round(planned.mean, 3) == 13.889
    assert now.mean is None
    assert (now.mean_low, now.mean_high) == (nearest(103, 18), nearest(248, 18))


def test_binh_gia_without_carrying():
    study = nrd.load_study("binh-gia-2024")
    now, planned = (
        nrd.criteria_averages(study.attainment(as_of, carry=False))
        for as_of in ("now", "planned")
    )
    assert (now.mean_low, now.mean_high) == (nearest(103, 18), nearest(103 + 11 * 18, 18))
    assert (planned.mean_low, planned.mean_high) == (
        nearest(194, 18),
        nearest(194 + 4 * 18, 18),
    )
    assert planned.without_count == ("14", "16", "18", "19")
    assert planned.mean is None


def test_a_plan_that_contradicts_the_present_is_left_as_printed(study_copy):
    """Criterion 12 is met by 10 communes now; a plan of 9 does not make that an error."""
    change("criteria_counts.csv", "standard,12,10,18,55.56", "standard,12,9,18,50")(
        study_copy
    )
    study = nrd.load_study(study_copy)
    for as_of, count in (("now", 10), ("planned", 9)):
        averages = nrd.criteria_averages(study.attainment(as_of))
        place = averages.by_criterion["criterion"].index("12")
        assert averages.by_criterion["low"][place] == count
        assert averages.by_criterion["high"][place] == count


NOW_16 = sorted(Column("now", "16").met)


def planned_16(folder, status, units):
    """Name communes for the planned date and criterion 16, which no plan speaks of."""
    with open(folder / "attainment.csv", "a", encoding="utf-8") as text:
        for unit in units:
            text.write(f"planned,{STANDARD},16,{unit},Commune {unit},{status},x\n")


def test_names_that_contradict_the_present_are_left_as_printed(study_copy):
    """10 communes meet criterion 16 now; of 9 of them the plan says that they will not."""
    planned_16(study_copy, "unmet", NOW_16[:9])
    averages = nrd.criteria_averages(nrd.load_study(study_copy).attainment("planned"))
    counts = averages.by_criterion
    assert (counts["low"][15], counts["high"][15]) == (0, 9)


def test_a_plan_for_other_communes_is_left_as_printed(study_copy):
    """10 of 18 now and 10 of 18 planned, but one of these is none of those."""
    (other,) = sorted(COMMUNES - set(NOW_16))[:1]
    planned_16(study_copy, "met", [other])
    with open(study_copy / "criteria_counts.csv", "a", encoding="utf-8") as text:
        text.write(f"planned,{STANDARD},16,10,18,,x\n")
    attainment = nrd.load_study(study_copy).attainment("planned")
    assert attainment.state(other, "16") == "met"
    assert {attainment.state(unit, "16") for unit in NOW_16} == {"unknown"}


def test_a_base_that_is_not_the_number_of_communes_is_reported(study_copy):
    counts = study_copy / "criteria_counts.csv"
    text = counts.read_text(encoding="utf-8")
    counts.write_text(
        text.replace("standard,1,16,18", "standard,1,16,17"), encoding="utf-8"
    )
    checks = nrd.reproduce(study_copy).checks
    found = dict(zip(checks["id"], checks["difference"]))
    assert found["base:planned:1@3.2.1"] == -1
    assert found["base:planned:2@3.2.2, list"] == 0


@pytest.mark.parametrize("n", [0, 9, 18])
def test_a_stated_mean_lies_within_its_bounds(study_copy, n):
    """The count of 10 for criterion 16 cannot stand where the plan names 18 without it."""
    planned_16(study_copy, "unmet", sorted(COMMUNES)[:n])
    averages = nrd.criteria_averages(nrd.load_study(study_copy).attainment("planned"))
    if averages.mean is not None:
        assert averages.mean_low <= averages.mean <= averages.mean_high


@pytest.mark.parametrize("name", sorted({row["table"] for row in CAPITAL}))
def test_binh_gia_margins(name):
    study = nrd.load_study("binh-gia-2024")
    found = study.resources()[name]
    rows = [row for row in CAPITAL if row["table"] == name]
    parts = [row for row in rows if "total" not in (row["content"], row["fund"])]
    total = sum(amount(row["amount"]) for row in parts)
    assert found.total == float(total)
    assert found.per_unit == nearest(total, 18)
    assert found.per_person == nearest(total, 53802)
    for margin, key in ((found.by_content, "content"), (found.by_source, "fund")):
        labels = margin["content" if key == "content" else "source"]
        assert labels == list(dict.fromkeys(row[key] for row in parts))
        for i, label in enumerate(labels):
            part = sum(amount(row["amount"]) for row in parts if row[key] == label)
            assert margin["amount"][i] == float(part)
            assert margin["share"][i] == nearest(part, total)


def test_counts_of_a_set():
    study = nrd.load_study("binh-gia-2024")
    counts = study.counts("now", STANDARD)
    assert [(c.criterion, c.met, c.of) for c in counts] == [
        (row["criterion"], int(row["met"]), int(row["of"]))
        for row in COUNTS
        if row["as_of"] == "now"
    ]
    assert len(study.counts("now")) > len(counts)


@pytest.mark.parametrize(
    ("name", "units", "persons", "communes"),
    [
        ("binh-gia-2024", 18, 53802, 18),
        ("dien-bien-2025", None, None, 2),
        ("ha-tinh-2025", 169, None, 2),
        ("son-la-2024", 188, None, 0),
    ],
)
def test_sizes(name, units, persons, communes):
    study = nrd.load_study(name)
    assert (study.n_units, study.persons, len(study.units)) == (units, persons, communes)


@pytest.mark.parametrize("as_of", ["then", "", None])
def test_a_date_that_is_not_there(as_of):
    study = nrd.load_study("binh-gia-2024")
    with pytest.raises(nrd.NrdValueError, match="'now' or 'planned'"):
        study.attainment(as_of)


def test_a_study_without_a_number_of_communes():
    with pytest.raises(nrd.NrdValueError, match="no number of communes"):
        nrd.load_study("dien-bien-2025").attainment()


def test_names_of_tables_and_labels():
    study = nrd.load_study("binh-gia-2024")
    assert study.label("fund", "people", "vi") == "Nhân dân đóng góp"
    assert study.label("fund", "unheard-of") == "unheard-of"
    with pytest.raises(nrd.NrdKeyError, match=r"'money'.*capital"):
        study.table("money")


@pytest.mark.parametrize("backend", ["pandas", "polars", "pyarrow"])
def test_tables_come_from_the_library_that_is_asked_for(backend):
    study = nrd.load_study("son-la-2024", backend=backend)
    tables = [
        study.table("units"),
        nrd.criteria_averages(study.attainment()).table,
        nrd.reproduce(study).table,
    ]
    assert {type(table).__module__.split(".")[0] for table in tables} == {backend}


def test_a_library_that_is_not_known():
    with pytest.raises(nrd.NrdError, match=r"pandas.*polars.*pyarrow"):
        nrd.load_study("son-la-2024", backend="excel").table("units")


@pytest.mark.parametrize("kind", [str, Path])
def test_a_study_from_a_folder(study_copy, kind):
    describe(lambda d: d.update(name="my-study", title="Mine"))(study_copy)
    study = nrd.load_study(kind(study_copy))
    assert (study.id, study.title) == ("my-study", "Mine")
    assert study.attainment().units == nrd.load_study("binh-gia-2024").attainment().units
    assert tuple(nrd.list_studies()) == STUDIES


def test_line_ends_and_marks_of_other_editors(study_copy):
    for file in study_copy.iterdir():
        text = file.read_bytes().replace(b"\n", b"\r\n")
        file.write_bytes(b"\xef\xbb\xbf" + text)
    study = nrd.load_study(study_copy)
    for name in study.tables:
        there = nrd.load_study("binh-gia-2024").table(name)
        assert columns_of(study.table(name)) == columns_of(there)


def test_a_folder_can_go_once_it_is_read(study_copy):
    study = nrd.load_study(study_copy)
    shutil.rmtree(study_copy)
    assert nrd.reproduce(study).averages.mean == nearest(250, 18)


@pytest.mark.parametrize("name", ["binh-gia", "", "son-la-2024/", "../datasets"])
def test_a_study_that_does_not_exist(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(nrd.NrdError) as caught:
        nrd.load_study(name)
    assert isinstance(caught.value, KeyError | OSError)
