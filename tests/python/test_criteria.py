"""Official criteria sets: all that ship, and files that are none."""

import copy
import json
import pickle
import sys

import pytest
from jsonschema import Draft202012Validator
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


@pytest.fixture(scope="module")
def validator():
    schema = nrd.criteria.schema()
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.mark.parametrize("name", sorted(FILES))
def test_every_file_that_ships_fits_the_schema(validator, name):
    assert [error.message for error in validator.iter_errors(FILES[name])] == []


def indicator(content, id):
    lists = [c["indicators"] for c in content["criteria"]]
    return next(i for indicators in lists for i in indicators if i["id"] == id)


def change(id, **new):
    """Change an indicator of the standard set."""

    def apply(content):
        indicator(content, id).update(new)

    return apply


def drop(*path):
    """Leave out a key."""

    def apply(content):
        for step in path[:-1]:
            content = content[step]
        del content[path[-1]]

    return apply


def put(value, *path):
    """Put a value at a path."""

    def apply(content):
        for step in path[:-1]:
            content = content[step]
        content[path[-1]] = value

    return apply


FAULTS = {
    "a key that is none": put(1, "extra"),
    "no period": drop("period"),
    "a period that is none": put("2021", "period"),
    "a date that is none": put("8 March 2022", "date"),
    "a level of units": put("village", "level"),
    "a tier": put("best", "tier"),
    "complete is text": put("yes", "complete"),
    "criteria are no list": put({}, "criteria"),
    "a criterion without a name": drop("criteria", 0, "name_en"),
    "a criterion with a key that is none": put(1, "criteria", 0, "colour"),
    "criterion number 0": put(0, "criteria", 0, "number"),
    "criterion number 1.5": put(1.5, "criteria", 0, "number"),
    "a region without an id": put({"name_en": "x"}, "regions", 0),
    "a region called general": put({"id": "general"}, "regions", 0),
    "regions and groups": put([{"id": "a"}], "commune_groups"),
    "an amendment without a date": drop("amended_by", 0, "date"),
    "a special rule without a region": drop("special_rules", 0, "apply_region"),
    "an indicator without a source": drop("criteria", 4, "indicators", 0, "source"),
    "a status": change("15.3", status="sure"),
    "a rule": change("15.3", rule="gt"),
    "met of a share": change("15.3", rule="met"),
    "a number that is met or not": change("15.2", rule="ge"),
    "a number where it is met": change("15.2", thresholds={"general": 1}),
    "met where it is a number": change("15.3", thresholds={"general": "met"}),
    "a word that is no level": change("15.3", thresholds={"general": "high"}),
    "a level by year that is a number": change(
        "10", thresholds={"general": None, "by_year": {"2022": 39}}
    ),
    "years within years": change(
        "10", thresholds={"general": 1, "by_year": {"2022": {"general": 1, "by_year": {}}}}
    ),
    "a level of 120 %": change("15.3", thresholds={"general": 120}),
    "a level below zero": change("10", thresholds={"general": -1}),
    "half a piece": change("10", unit="count", thresholds={"general": 1.5}),
    "no general level": change("15.3", thresholds={"by_region": None}),
    "a table that is none": change("15.3", thresholds={"general": 1, "by_area": {}}),
    "a general level as general": change("15.3", thresholds={"general": "as general"}),
    "parts without the rule all": change("14.1", rule="ge"),
    "the rule all without parts": change("15.3", rule="all", thresholds={"general": None}),
    "a number for all parts": change("14.1", thresholds={"general": 98}),
    "no level of any part": change("14.1", thresholds={"general": {}}),
    "a part of parts": change("14.1", parts=[{"id": "a", "unit": "%", "rule": "all"}]),
    "one of parts that must apply": change(
        "14.1", parts=[{"id": "a", "unit": "%", "rule": "ge", "one_of": "b"}]
    ),
    "a number set by the province": change("15.3", rule="provincial"),
    "a range of one number": change("15.3", range=[1]),
    "a share of what is met": change("15.2", refers_to={"set": "x", "as": "share"}),
    "a unit of a number": change("15.3", refers_to={"set": "x", "as": "unit"}),
    "a date from when": change("15.3", **{"from": "2022"}),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_schema_and_library_refuse_the_same(validator, tmp_path, fault):
    content = copy.deepcopy(FILES[STANDARD])
    FAULTS[fault](content)
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    assert not validator.is_valid(content)
    with pytest.raises(nrd.NrdValueError, match=r"^mine\.json: line \d+, \$"):
        nrd.read_criteria_set(path)


def test_levels_by_place_and_year():
    found = nrd.criteria_set("vn-1980-2016-commune-standard")
    income = [found.level("10", region=r, year=2020).value for r in found.places]
    assert income == [36, 50, 36, 41, 41, 59, 50]
    assert found.level("10", year=2020).value == 45
    assert found.level("10", region="southeast", year=2019).kind == "unknown"
    assert found.level("17.1/clean", region="southeast", year=2018).value == 65
    assert found.level("17.1/hygienic", region="south_central_coast", year=2018).kind == (
        "unknown"
    )
    assert found.level("2.1", region="southeast", year=2018).kind == "provincial"
    assert found.level("4.2", year=2018).value == 98
    assert found.level("4.2", region="southeast", year=2018).kind == "unknown"
    first = nrd.criteria_set("vn-491-2009-commune-standard")
    assert first.level("10-2013", year=2012).kind == "not asked"
    assert first.level("10", year=2013).kind == "not asked"
    level = first.level("10-2013", region="north_central", year=2014)
    assert level == ("number", 17.0, "342/QD-TTg")
    assert first.item("11").strict


def test_items_of_a_set():
    found = nrd.criteria_set("vn-320-2022-district-standard")
    conditions = [item for item in found.items if item.criterion is None]
    assert [item.indicator for item in conditions] == ["P1", "P2", "P3", "P4", "P4", "P5"]
    assert conditions[0].refers_set == STANDARD
    assert conditions[5].refers == "criteria"
    assert found.item("2.4").optional
    with pytest.raises(nrd.NrdKeyError, match=r"its parts 2\.1/communes_connected_pct"):
        found.item("2.1")
    with pytest.raises(nrd.NrdKeyError, match="'7'"):
        found.item("7")
    with pytest.raises(nrd.NrdKeyError, match="no region 'north'"):
        found.level("2.2", region="north", year=2022)
    with pytest.raises(nrd.NrdValueError, match="the year is 2020, expected one of"):
        found.level("2.2", year=2020)


def test_a_set_can_be_sent_to_another_process():
    found = nrd.criteria_set(STANDARD)
    again = pickle.loads(pickle.dumps(found))
    assert again == found
    level = again.level("15.3", region="southeast", year=2022)
    assert level == found.level("15.3", region="southeast", year=2022)


def test_a_province_completes_a_set():
    national = nrd.criteria_set("vn-1980-2016-commune-standard")
    own = national.override(
        {
            "2.1": {"rule": "ge", "general": 95},
            "4.2": 97.5,
            "17.1": {"hygienic": 98, "clean": 60.5},
            "10": {"general": None, "by_year": {"2019": {"general": 38}}},
            "15.3": {"general": 20, "by_region": None, "source": ["page 4"]},
        },
        decision="12/2017/QD-UBND",
        complete=["1"],
    )
    at = {"region": "south_central_coast", "year": 2019}
    assert own.level("2.1", **at) == ("number", 95.0, "12/2017/QD-UBND")
    assert own.item("2.1").rule == "ge"
    assert own.level("4.2", **at).value == 97.5
    assert own.level("17.1/clean", **at).value == 60.5
    assert own.level("10", **at).value == 38
    assert own.level("14.2", **at) == ("number", 85.0, "1980/QD-TTg")
    assert own.id == "vn-1980-2016-commune-standard+12/2017/QD-UBND"
    assert own.content["based_on"]["decision"] == "1980/QD-TTg"
    assert indicator(own.content, "15.3")["source_local"] == ["page 4"]
    # The national set is as it was.
    assert national.level("2.1", **at).kind == "provincial"
    found = nrd.assess({"unit": ["A"], "4.2": [97.4]}, own, **at)
    assert found.decision("A", "4.2").decision == "12/2017/QD-UBND"
    assert found.provenance.references == (
        "1980/QD-TTg of 2016-10-17",
        "12/2017/QD-UBND",
    )


@pytest.mark.parametrize(
    ("changes", "options", "told"),
    [
        ({"15.1": 95}, {"decision": None}, "the decision is None, expected the number"),
        ({"15.1": 95}, {"decision": " "}, "the decision is ' '"),
        ({"2.1": 95}, {}, "indicator 2.1 has no rule yet"),
        ({"15.1": 950}, {}, r"override: line \d+, .* found 950, expected a level"),
        ({"15.1": "good"}, {}, 'found "good"'),
        ({"77": 1}, {}, "no indicator '77' in the set; to add it, criterion, desc"),
        ({"15.1": {"general": 9, "colour": 1}}, {}, "found the key 'colour'"),
        ({"17.1": {"dirty": 9}}, {}, "level of a part that the indicator does not list"),
        (
            {
                "9": {"criterion": "77", "description_en": "", "rule": "ge", "unit": "%"}
                | {"general": 1}
            },
            {},
            "there is no criterion '77'",
        ),
        ({"15.1": 95}, {"complete": ["77"]}, "there is no criterion '77'"),
        ({"15.1": 95}, {"complete": "15"}, "complete is '15', expected a list"),
        ([95], {}, "found list, expected levels by indicator"),
        ({"15.1": {"by_region": {"north": 1}}}, {}, "place that the set does not list"),
        ({"15.1": {"by_year": {"2030": {"general": 1}}, "general": 1}}, {}, "outside 2016"),
    ],
)
def test_levels_of_a_province_that_do_not_fit(changes, options, told):
    national = nrd.criteria_set("vn-1980-2016-commune-standard")
    with pytest.raises(nrd.NrdError, match=told):
        national.override(changes, **{"decision": "1/QD", **options})


def test_levels_of_a_province_from_a_file(tmp_path):
    national = nrd.criteria_set(STANDARD)
    path = tmp_path / "lang-son.json"
    held = {"decision": "8/QD-UBND", "levels": {"15.1": 95}, "complete": ["1"]}
    path.write_text(json.dumps(held), encoding="utf-8")
    own = national.override(path)
    assert own.level("15.1", region="southeast", year=2022).decision == "8/QD-UBND"
    for text, told in (
        ("{", "not JSON"),
        ("[]", "no object levels"),
        (json.dumps({**held, "level": 1}), "found the key 'level'"),
    ):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(nrd.NrdValueError, match=rf"lang-son\.json: .*{told}"):
            national.override(path)
    with pytest.raises(nrd.NrdFileError, match="cannot be read"):
        national.override(tmp_path / "none.json")


def stricter(monkeypatch):
    """A schema that refuses what libnrd lets pass."""
    schema = {**nrd.criteria.schema(), "required": ["signed_by"]}
    monkeypatch.setattr(nrd.criteria, "schema", lambda: schema)
    nrd.criteria._validator.cache_clear()


@pytest.fixture
def _validator_is_made_again():
    yield
    nrd.criteria._validator.cache_clear()


@pytest.mark.usefixtures("_validator_is_made_again")
def test_a_file_is_held_against_the_schema_when_it_is_loaded(tmp_path, monkeypatch):
    path = tmp_path / "own.json"
    path.write_text(json.dumps(FILES[STANDARD]), encoding="utf-8")
    levels = tmp_path / "levels.json"
    levels.write_text(json.dumps({"decision": "8/QD-UBND", "levels": {"15.1": 95}}))
    assert nrd.read_criteria_set(path).override(levels).codes
    stricter(monkeypatch)
    with pytest.raises(nrd.NrdValueError, match=r"^own\.json: \$: 'signed_by' is a"):
        nrd.read_criteria_set(path)
    with pytest.raises(nrd.NrdValueError, match=r"^levels\.json: \$: 'signed_by' is a"):
        nrd.criteria_set(STANDARD).override(levels)


@pytest.mark.usefixtures("_validator_is_made_again")
def test_without_jsonschema_the_library_checks_alone(tmp_path, monkeypatch):
    path = tmp_path / "own.json"
    path.write_text(json.dumps(FILES[STANDARD]), encoding="utf-8")
    stricter(monkeypatch)
    monkeypatch.setitem(sys.modules, "jsonschema", None)
    assert nrd.read_criteria_set(path).id == STANDARD
    path.write_text(json.dumps({**FILES[STANDARD], "extra": 1}), encoding="utf-8")
    with pytest.raises(nrd.NrdValueError, match=r"own\.json: line 1, \$\.extra"):
        nrd.read_criteria_set(path)
