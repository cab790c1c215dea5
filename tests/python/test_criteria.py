"""Official criteria sets: all that ship, and files that are none."""

import json

import pytest
from support import DATASETS, STANDARD

import nrd

# Beside the sets of criteria lie the standards of multidimensional poverty.
FILES = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in (DATASETS / "criteria").glob("*.json")
}
SETS = sorted(name for name, content in FILES.items() if "criteria" in content)


@pytest.mark.parametrize("name", SETS)
def test_every_set_that_ships(name):
    found, raw = nrd.criteria_set(name), FILES[name]
    assert found.id == name
    assert found.names_en == tuple(c["name_en"] for c in raw["criteria"])
    assert len(set(found.codes)) == len(found.codes) == len(found.groups) > 0
    assert set(found.about) == {"decision", "date", "level", "tier", "period"}
    for code in found.codes:
        assert found.name(code, "en")
        assert found.name(code, "vi")


def test_the_communes_standard_has_19_criteria():
    assert nrd.criteria_set(STANDARD).codes == tuple(str(i) for i in range(1, 20))


@pytest.mark.parametrize(
    "name", ["vn-318", "", "../criteria/" + STANDARD, STANDARD.upper()]
)
def test_a_set_that_does_not_ship(name):
    with pytest.raises(nrd.NrdKeyError, match=STANDARD):
        nrd.criteria_set(name)


def test_every_set_that_is_offered_can_be_loaded():
    with pytest.raises(nrd.NrdKeyError) as caught:
        nrd.criteria_set("no-such-set")
    assert str(caught.value).split("one of ")[1].split(", ") == SETS


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"criteria": [', '"criterias": [', "criteria"),
        ('"number": 2,', '"number": 1,', "line"),
        ('"number": 2,', '"number": "2",', "number"),
        ("{", "", "line 2"),
        ("}", "},", "line"),
    ],
)
def test_a_file_that_is_no_set(tmp_path, old, new, told):
    text = (DATASETS / "criteria" / f"{STANDARD}.json").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "mine.json").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(nrd.NrdValueError, match=rf"mine\.json.*{told}"):
        nrd.read_criteria_set(tmp_path / "mine.json")


def test_a_file_that_cannot_be_read(tmp_path):
    for path in (tmp_path / "none.json", tmp_path):
        with pytest.raises(nrd.NrdFileError, match="cannot be read"):
            nrd.read_criteria_set(path)
