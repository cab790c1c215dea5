"""Administrative units, and names matched to their codes."""

import csv
import unicodedata
from pathlib import Path

import pytest
from support import columns_of, kind_of

import nrd

CASES = Path(__file__).resolve().parents[1] / "reference" / "unit_names.csv"
with CASES.open(encoding="utf-8", newline="") as file:
    SPELLINGS = list(csv.DictReader(file))


@pytest.mark.parametrize("case", SPELLINGS, ids=lambda c: f"{c['name']}, {c['why']}")
def test_awkward_spellings(case):
    found = nrd.match_units(
        [case["name"]], case["level"], within=case["within"] or None, at=case["at"]
    )
    assert found.columns["how"] == [case["how"]], found.columns
    assert found.codes == [case["code"] or None]


def test_every_spelling_in_decomposed_form_gives_the_same():
    for case in SPELLINGS:
        options = {"within": case["within"] or None, "at": case["at"]}
        name = unicodedata.normalize("NFD", case["name"])
        found = nrd.match_units([name], case["level"], **options)
        assert found.codes == [case["code"] or None], case


def test_every_unit_is_found_by_its_own_name():
    units = columns_of(nrd.units("commune", backend="pyarrow"))
    full = [f"{a} {b}" for a, b in zip(units["type_vi"], units["name_vi"])]
    found = nrd.match_units(full, within=units["parent_code"])
    assert found.codes == units["code"]
    assert found.counts == {"exact": 10035}
    plain = nrd.match_units(units["name_ascii"], within=units["parent_code"])
    for code, own, how in zip(plain.codes, units["code"], plain.columns["how"]):
        assert code == own or how == "ambiguous"


def test_an_ambiguous_name_is_never_picked_and_its_candidates_are_listed():
    found = nrd.match_units(["Hòa Bình"], within="20")
    assert found.codes == [None]
    assert found.columns["candidates"] == [["06103", "06274", "06397", "06508"]]
    assert "Hòa Bình" in found.summary()
    assert "Tên cần xem lại" in found.summary(language="vi")
    assert "06103 06274 06397 06508" in str(found.table)


def test_names_of_the_studies():
    """All names of units resolve; what does not is a misprint of the source."""
    level_of = {"town": "commune", "city": "district"}
    days = {"dien-bien-2025": "2025-07-01", "ha-tinh-2025": "2025-07-01"}
    wrong = []
    for study in nrd.list_studies():
        at = days.get(study, "2025-06-30")
        data = nrd.load_study(study)
        units = data.require("units").rows()
        for row in units:
            level = level_of.get(row["level"], row["level"])
            if row["code_list"] == "none":
                continue  # villages have no official code
            parent = row["parent_code"]
            found = nrd.match_units([row["name_vi"]], level, within=parent, at=at)
            plain = nrd.match_units([row["name_ascii"]], level, within=parent, at=at)
            assert found.codes == plain.codes == [row["code"]], row
        if "attainment" not in data.tables:
            continue
        for row in data.require("attainment").rows():
            printed = row["name_printed"]
            if row["unit_code"] is None or len(row["unit_code"]) == 5:
                within = data.about["area_code"]
                found = nrd.match_units([printed], within=within, at=at)
                assert found.codes == [row["unit_code"]], row
                if found.codes == [None]:
                    wrong.append((printed, found.columns["how"][0]))
    assert set(wrong) == {("Hoa Thany Phong", "not found")}


def test_units_on_a_day():
    assert len(columns_of(nrd.units("province", backend="pyarrow"))["code"]) == 63
    after = columns_of(nrd.units("province", at="2025-07-01", backend="pyarrow"))
    assert len(after["code"]) == 34
    assert len(columns_of(nrd.units("district", backend="pyarrow"))["code"]) == 696
    found = columns_of(nrd.units("commune", at="2025-07-01", within="20", backend="polars"))
    assert set(found["parent_code"]) == {"20"}
    assert all(code.isdecimal() and len(code) == 5 for code in found["code"])
    table = nrd.units("commune", name="Tan Van", within="Lang Son", backend="pandas")
    assert kind_of(table).startswith("pandas")
    assert list(table["code"]) == ["06121"]


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"level": "village"}, nrd.NrdValueError, "level is 'village'"),
        ({"level": "district", "at": "2025-07-01"}, nrd.NrdValueError, "abolished"),
        ({"level": "commune", "at": "July"}, nrd.NrdValueError, "at is 'July'"),
        ({"level": "commune", "within": "Atlantis"}, nrd.NrdKeyError, "no 'Atlantis'"),
        ({"level": "commune", "within": "999"}, nrd.NrdKeyError, "there is no '999'"),
        ({"level": "commune", "within": 20}, nrd.NrdTypeError, "within is 20"),
        ({"level": "commune", "backend": "excel"}, nrd.NrdValueError, "backend is 'excel'"),
    ],
)
def test_bad_requests_for_units(options, error, words):
    with pytest.raises(error, match=words):
        nrd.units(**options)


def test_bad_requests_for_matches():
    with pytest.raises(nrd.NrdTypeError, match="one text"):
        nrd.match_units("Tân Văn")
    with pytest.raises(nrd.NrdTypeError, match="row 1: found 7"):
        nrd.match_units(["Tân Văn", 7])
    with pytest.raises(nrd.NrdValueError, match="score is 101"):
        nrd.match_units(["Tân Văn"], score=101)
    with pytest.raises(nrd.NrdValueError, match="within has 2 parents, expected 1"):
        nrd.match_units(["Tân Văn"], within=["181", "20"])
    with pytest.raises(nrd.NrdKeyError, match="units named 'Châu Thành'"):
        nrd.match_units(["Tân Văn"], within="Châu Thành")


def test_letters_are_not_compared_unless_asked(monkeypatch):
    import sys

    assert nrd.match_units(["Tân Văm"], within="181", fuzzy=False).columns["how"] == [
        "not found"
    ]
    monkeypatch.setitem(sys.modules, "rapidfuzz", None)
    assert nrd.match_units(["Tân Văn"], within="181").codes == ["06121"]
    with pytest.raises(nrd.NrdError, match=r"pip install nrd\[match\]"):
        nrd.match_units(["Tân Văm"], within="181")


def test_missing_names_stay_missing():
    found = nrd.match_units([None, float("nan"), " ", "Tân Văn"], within="181")
    assert found.columns["how"] == ["blank", "blank", "blank", "exact"]
    assert (found.provenance.used, found.provenance.dropped) == (1, 3)
