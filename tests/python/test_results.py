"""What every result has in common: frozen, readable, and able to say what made it."""

import dataclasses
import json
import math

import pytest

import nrd
from nrd import Attainment

EVIL = "<script>alert('&')</script>"
MARKUP = "[bold]x[/bold] :smile:"


def attainment():
    sheet = {"unit": [EVIL, MARKUP], "a&b": ["met", None], "c": ["unmet", "met"]}
    return Attainment.from_wide(sheet)


def reconciliation():
    rows = {
        "content": [EVIL, MARKUP, "total"],
        "source": ["<b>", "<b>", "<b>"],
        "amount": ["1234567.891", "2", "1234569"],
    }
    return nrd.reconcile(rows, units=3)


def regression():
    rows = {
        EVIL: [MARKUP] * 3 + ["b"],
        "x": [1.0, 2.0, 3.0, 4.0],
        "y": [1.0, 2.5, 3.0, 1.0],
    }
    return nrd.regress(rows, "y", "x", by=EVIL)


def assessment():
    standard = nrd.criteria_set("vn-318-2022-commune-standard")
    sheet = {"unit": [EVIL, MARKUP], "15.3": [14.6, 14.5]}
    return nrd.assess(sheet, standard, year=2023, region="southeast", tolerance=0.2)


MAKERS = {
    "assessment": assessment,
    "averages": lambda: nrd.criteria_averages(attainment()),
    "gaps": lambda: nrd.attainment_gaps(attainment()),
    "resources": reconciliation,
    "regression": regression,
    "prediction": lambda: regression().predict({"x": [1.0], EVIL: [MARKUP]}),
    "reproduction": lambda: nrd.reproduce("binh-gia-2024"),
}


@pytest.fixture(params=MAKERS)
def result(request):
    return MAKERS[request.param]()


def test_a_result_is_frozen(result):
    for name in (field.name for field in dataclasses.fields(result)):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(result, name, None)
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.note = "mine"
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.provenance.used = 0


def test_a_result_is_json(result):
    text = result.to_json()
    assert json.loads(text) == result.to_dict()
    assert text == result.to_json()
    assert len(result.to_json(indent=None).splitlines()) == 1
    assert "\\u" not in text


def test_a_result_says_what_made_it(result):
    made = result.provenance
    assert made.method
    assert made.seed is None
    assert made.versions.items() >= {"libnrd": nrd.__version__}.items()
    assert {"gsl", "cjson", "gmp"} <= set(made.versions)
    assert result.to_dict()["provenance"]["method"] == made.method
    assert made.method in repr(result)


def test_a_result_is_text(result):
    english, vietnamese = result.summary(), result.summary(language="vi")
    assert english != vietnamese
    assert result.summary(language="en") == english
    assert all(len(line) <= 110 for line in (english + vietnamese).splitlines())


def test_text_has_no_codes_of_terminals(result, monkeypatch):
    """A kernel of Jupyter sets this, so that programs print in colours."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b" not in result.summary()


@pytest.mark.parametrize("language", ["fr", "", "EN", None])
def test_there_are_two_languages(result, language):
    with pytest.raises(nrd.NrdValueError, match="'en' or 'vi'"):
        result.summary(language=language)


@pytest.mark.parametrize("name", ["assessment", "averages", "gaps", "resources"])
def test_html_is_escaped(name):
    shown = MAKERS[name]()._repr_html_()
    assert "<script>" not in shown
    assert "<table>" in shown
    assert shown.count("<tr>") == shown.count("</tr>") > 1
    if name != "gaps":
        assert "&lt;script&gt;alert(&#x27;&amp;&#x27;)&lt;/script&gt;" in shown
    if name not in ("assessment", "resources"):
        assert "a&amp;b" in shown or name == "averages"


@pytest.mark.parametrize("name", ["averages", "resources"])
def test_names_are_no_markup(name):
    shown = MAKERS[name]().summary()
    assert "[bold]" in shown
    assert ":smile:" in shown


def test_only_text_is_rounded():
    found = reconciliation()
    assert found.total == 1234569.891
    assert "1,234,569.89" in found.summary()
    assert "1234569.891" in found.to_json()


def test_numbers_of_rows_used_and_dropped():
    for make in (nrd.criteria_averages, nrd.attainment_gaps):
        made = make(attainment()).provenance
        assert (made.used, made.dropped) == (3, 1)
    assert reconciliation().provenance.used == 3


def test_options_are_recorded():
    cells = attainment()
    made = nrd.criteria_averages(cells, classes=(2, 1)).provenance
    assert made.options == {"classes": [2, 1]}
    for target in (0.5, {"c": 0.5}):
        made = nrd.attainment_gaps(cells, target=target).provenance
        assert made.options == {"target": target}
    assert reconciliation().provenance.options == {
        "decimal": ".", "thousands": None, "units": 3, "persons": None,
    }  # fmt: skip


def test_provenance_does_not_change_with_what_was_passed():
    targets = {"c": 0.5}
    found = nrd.attainment_gaps(attainment(), target=targets)
    targets["c"] = 1.0
    assert found.provenance.options["target"]["c"] == 0.5


def test_a_missing_number_is_null_in_json():
    found = nrd.attainment_gaps(Attainment.from_totals({"a": 1}, units=2))
    odd = dataclasses.replace(found, ranking={"x": [math.nan, math.inf, None, 0.1]})
    assert json.loads(odd.to_json())["ranking"] == [
        {"x": None}, {"x": None}, {"x": None}, {"x": 0.1},
    ]  # fmt: skip


def test_results_are_told_apart():
    assert nrd.criteria_averages(attainment()) != nrd.criteria_averages(attainment())
