"""Data sets: loaded as text or numbers, in the caller's kind, described, refused if bad."""

import csv
import hashlib
import re
import shutil

import pytest
from support import DATASETS, change, columns_of, describe, kind_of, resource

import nrd

LICENCES = {
    "admin-2025": "MIT",
    "boundaries-provinces": "CC-BY-SA-4.0",
    "budget-provinces": "CC0-1.0",
    "gso-provinces": "GPL-3.0",
    "nrd-capital": "CC0-1.0",
    "nrd-progress": "CC0-1.0",
    "poverty-provinces": "GPL-3.0",
}
DATA_SETS = tuple(LICENCES)

each_data_set = pytest.mark.parametrize("name", DATA_SETS)


@pytest.fixture
def copy(tmp_path):
    """A copy of the data set of the programme, alone in its folder."""
    return shutil.copytree(DATASETS / "nrd-progress", tmp_path / "mine")


def lines(file):
    with open(file, encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def test_the_data_sets_that_ship():
    assert tuple(nrd.list_datasets()) == DATA_SETS
    assert not set(nrd.list_datasets()) & set(nrd.list_studies())


@each_data_set
def test_a_data_set_says_what_it_is(name):
    data = nrd.load_dataset(name)
    assert data.id == name
    assert data.title != data.title_vi
    assert all((data.description, data.citation, data.short_citation, data.version))
    assert all(licence["path"].startswith("https://") for licence in data.licences)
    assert data.sources
    assert repr(data) == f"<Dataset {name}: {data.title}>"


def test_the_licences():
    found = {name: nrd.load_dataset(name).licences[0]["name"] for name in DATA_SETS}
    assert found == LICENCES
    every = nrd.load_dataset("poverty-provinces").licences
    assert [licence["name"] for licence in every] == ["GPL-3.0", "CC-BY-4.0", "CC0-1.0"]


@each_data_set
def test_tables_hold_what_is_printed(name):
    data = nrd.load_dataset(name)
    assert {table.file for table in data.tables.values()} == {
        path.name for path in (DATASETS / name).glob("*.csv")
    }
    for table in data.tables:
        rows = lines(DATASETS / name / f"{table}.csv")
        columns = columns_of(data.table(table))
        assert list(columns) == list(rows[0])
        for column, values in columns.items():
            assert values == [row[column] or None for row in rows]


@each_data_set
def test_numbers_are_those_that_are_declared(name):
    data = nrd.load_dataset(name, backend="pyarrow")
    for table in data.tables:
        fields = columns_of(data.fields(table))
        kinds = dict(zip(fields["name"], fields["type"]))
        found = columns_of(data.table(table, numbers=True))
        for row, texts in enumerate(lines(DATASETS / name / f"{table}.csv")):
            for column, text in texts.items():
                read = {"number": float, "integer": int}.get(kinds[column], str)
                value = found[column][row]
                assert value == (read(text) if text else None)
                assert value is None or type(value) is read


@pytest.mark.parametrize("backend", ["pandas", "polars", "pyarrow"])
def test_tables_come_in_the_kind_asked_for(backend):
    data = nrd.load_dataset("nrd-progress", backend=backend)
    for table in (data.table("progress", numbers=True), data.fields("progress")):
        assert kind_of(table).startswith(backend)


@each_data_set
def test_every_column_is_described(name):
    data = nrd.load_dataset(name)
    for table in data.tables:
        fields = columns_of(data.fields(table))
        assert fields["name"] == list(data.tables[table].columns)
        assert all(fields["title"])
        assert all(fields["description"])
        for column, filled in zip(fields["name"], fields["filled"]):
            rows = lines(DATASETS / name / f"{table}.csv")
            assert filled == sum(row[column] != "" for row in rows)


@each_data_set
def test_a_data_set_has_the_digest_of_each_file(name):
    digests = nrd.load_dataset(name).digests
    assert set(digests) == {path.name for path in (DATASETS / name).iterdir()}
    for file, digest in digests.items():
        assert digest == hashlib.sha256((DATASETS / name / file).read_bytes()).hexdigest()


@each_data_set
@pytest.mark.parametrize("language", ["en", "vi"])
def test_a_summary_names_tables_columns_and_terms(name, language):
    data = nrd.load_dataset(name)
    text = data.summary(language=language)
    assert all(len(line) <= 110 for line in text.splitlines())
    plain = "".join(text.split())
    title = data.title_vi if language == "vi" else data.title
    for words in (title, data.citation, data.licences[0]["title"]):
        assert "".join(words.split()) in plain
    for table in data.tables.values():
        assert table.file in text
        assert all(column in text for column in table.columns)
    for table, section in zip(data.tables, data.report(language)[2:]):
        fields = columns_of(data.fields(table))
        wanted = zip(*(fields[key] for key in ("name", "description", "filled")))
        assert list(section.rows) == list(wanted)
    assert "<h4>" in data._repr_html_()


def test_a_study_is_a_data_set():
    study = nrd.load_study("son-la-2024", backend="pyarrow")
    assert isinstance(study, nrd.Dataset)
    numbers = columns_of(study.table("criteria_counts", numbers=True))
    assert set(map(type, numbers["met"])) == {int}
    assert study.citation in " ".join(study.summary().split())


def test_a_folder_is_loaded(copy):
    assert nrd.load_dataset(copy).id == nrd.load_dataset(str(copy)).id == "nrd-progress"


def test_marks_of_a_column_are_read(copy):
    def marks(descriptor):
        fields = resource(descriptor, "progress")["schema"]["fields"]
        next(f for f in fields if f["name"] == "avg_criteria").update(
            decimalChar=",", groupChar="."
        )

    describe(marks)(copy)
    path = copy / "progress.csv"
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    at = rows[0].index("avg_criteria")
    for row in rows[1:]:
        row[at] = row[at].replace(".", ",")
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    here = nrd.load_dataset(copy).numbers("progress", "avg_criteria")
    assert here == nrd.load_dataset("nrd-progress").numbers("progress", "avg_criteria")
    assert 5.28 in here


def test_errors_name_the_data_sets():
    with pytest.raises(nrd.NrdKeyError, match=r"gso-provinces, .*, or a folder"):
        nrd.load_dataset("nowhere")
    with pytest.raises(nrd.NrdKeyError, match="no study 'nrd-progress'"):
        nrd.load_study("nrd-progress")
    with pytest.raises(nrd.NrdValueError, match="backend is 'excel'"):
        nrd.load_dataset("nrd-progress", backend="excel")


def test_a_folder_without_a_descriptor(tmp_path):
    with pytest.raises(nrd.NrdFileError, match=r"datapackage\.json"):
        nrd.load_dataset(tmp_path)


@pytest.mark.parametrize("read", ["table", "fields", "require"])
def test_an_unknown_table(read):
    data = nrd.load_dataset("nrd-progress")
    with pytest.raises(nrd.NrdKeyError, match="units, progress, capital_shares"):
        getattr(data, read)("figures")


def test_an_unknown_column():
    data = nrd.load_dataset("nrd-progress")
    with pytest.raises(nrd.NrdKeyError, match=r"units\.csv has no column 'year'"):
        data.numbers("units", "year")


def test_whole_numbers_are_exact_and_a_blank_column_stays_blank(copy):
    change("progress.csv", ",785,", ",9007199254740993,")(copy)
    data = nrd.load_dataset(copy)
    assert 2**53 + 1 in data.numbers("progress", "communes_met")
    change("capital_shares.csv", ",1.74,", ",,")(copy)
    change("capital_shares.csv", ",670000,", ",,")(copy)
    assert set(nrd.load_dataset(copy).numbers("capital_shares", "other")) == {None}


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (change("progress.csv", "vn,2010,", "xx,2010,"), "line 2: unit_code 'xx' is not"),
        (change("progress.csv", "vn,2010,", "vn,MMX,"), "progress.csv, line 2"),
        (change("progress.csv", ",785,", ",785.5,"), "line 4: communes_met is '785.5'"),
        (change("units.csv", "01,", "02,"), "occurs twice"),
        (
            describe(lambda d: d.update(licenses=["CC0"])),
            "datapackage.json, $.licenses[0]: found 'CC0', expected an object",
        ),
        (describe(lambda d: d.update(sources={})), "$.sources: found {}, expected a list"),
        (describe(lambda d: d.update(description=1)), "$.description: found 1"),
    ],
)  # fmt: skip
def test_a_spoilt_data_set_is_refused(copy, spoil, words):
    spoil(copy)
    with pytest.raises((nrd.NrdKeyError, nrd.NrdValueError), match=re.escape(words)):
        nrd.load_dataset(copy)
