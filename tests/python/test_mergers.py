"""The effect of a merger: rules, counts alone against enumeration, bad input, pictures."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import kind_of

import nrd

WALK = nrd.Crosswalk.from_table(
    {"old_code": list("ABCDE"), "new_code": ["X", "X", "Y", "Y", "Z"]}
)
ROWS = {
    "unit": list("ABCDE"),
    "status": ["met", "unmet", "met", "met", ""],
    "people": [3, 1, 1, 1, 1],
}


def test_rules_and_their_effect():
    found = nrd.merger_effect(ROWS, WALK, weights="people", share=0.75, later=(2, 4))
    assert (found.units_before, found.units_after) == (5, 3)
    assert found.met_before == (3, 4)
    assert found.columns["rule"] == ["all", "any", "share"]
    assert found.columns["met_low"] == [1, 2, 2]
    assert found.columns["met_high"] == [2, 3, 3]
    assert found.columns["merger_low"][0] == pytest.approx(100 / 3 - 80)
    assert found.columns["merger_high"][0] == pytest.approx(200 / 3 - 60)
    assert found.columns["real_low"][0] == pytest.approx(50 - 200 / 3)
    assert found.columns["real_high"][0] == pytest.approx(50 - 100 / 3)
    assert found.provenance.dropped == 1
    assert "A rule is a choice" in found.summary()
    assert "sáp nhập" in found.summary(language="vi")


def test_parts_of_the_change_add_up():
    rows = {**ROWS, "status": ["met", "unmet", "met", "met", "unmet"]}
    found = nrd.merger_effect(rows, WALK, later=(1, 3))
    for moved, real in zip(found.columns["merger_low"], found.columns["real_low"]):
        assert 60 + moved + real == pytest.approx(100 / 3)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_counts_alone_hold_all_that_can_be(data):
    new = data.draw(st.lists(st.integers(0, 3), min_size=1, max_size=8))
    links = {(i, unit) for i, unit in enumerate(new)}
    for extra in range(data.draw(st.integers(0, 2))):
        links.add((data.draw(st.integers(0, len(new) - 1)), 4 + extra))
    links = sorted(links)
    walk = nrd.Crosswalk.from_table(
        {"old_code": [str(a) for a, _ in links], "new_code": [str(b) for _, b in links]}
    )
    met = data.draw(st.integers(0, len(new)))
    found = nrd.merger_effect(met, walk)
    targets = sorted({b for _, b in links})
    outcomes = {"all": [], "any": []}
    for chosen in combinations(range(len(new)), met):
        parts = [[a in chosen for a, b in links if b == target] for target in targets]
        outcomes["all"].append(sum(map(all, parts)))
        outcomes["any"].append(sum(map(any, parts)))
    divided = len(links) > len(new)
    for rule, low, high in zip(
        *(found.columns[n] for n in ("rule", "met_low", "met_high"))
    ):
        least, most = min(outcomes[rule]), max(outcomes[rule])
        assert low <= least <= most <= high
        assert divided or (low, high) == (least, most)


@pytest.mark.parametrize(
    ("data", "options", "words"),
    [
        (6, {}, "6 units meet it, expected 0 to 5"),
        (-1, {}, "-1 units meet it"),
        (3, {"later": (5, 4)}, "later is (5, 4)"),
        (3, {"later": (0, 0)}, "later is (0, 0)"),
        (ROWS, {"weights": "people", "share": 2}, "the share of"),
    ],
)
def test_bad_input(data, options, words):
    with pytest.raises(nrd.NrdValueError) as caught:
        nrd.merger_effect(data, WALK, **options)
    assert words in str(caught.value)


def test_no_crosswalk():
    with pytest.raises(nrd.NrdTypeError, match="crosswalk is list"):
        nrd.merger_effect(3, [])
    with pytest.raises(nrd.NrdKeyError, match="unit 'F' is not in the crosswalk"):
        WALK.part(["A", "F"])


def test_part_of_a_crosswalk():
    part = WALK.part(["E", "A"])
    assert (part.old, part.new) == (("A", "E"), ("X", "Z"))
    assert part.links == ((0, 0), (1, 1))
    whole = WALK.into(["Y"])
    assert (whole.old, whole.new) == (("C", "D"), ("Y",))
    with pytest.raises(nrd.NrdKeyError, match="into: unit 'A' is not"):
        WALK.into(["A"])


@pytest.mark.parametrize("language", ["en", "vi"])
def test_pictures(language):
    pyplot = pytest.importorskip("matplotlib.pyplot")
    ax = nrd.merger_effect(ROWS, WALK).plot(language=language, source="a test")
    assert len(ax.patches) == 6
    ax = WALK.plot(language=language, names={"A": "Tân Văn"})
    assert len(ax.lines) == 5
    assert "Tân Văn" in [text.get_text() for text in ax.texts]
    with pytest.raises(nrd.NrdValueError, match="10035 units before, expected 1 to 150"):
        nrd.crosswalk().plot()
    pyplot.close("all")


def test_a_table_in_the_kind_of_the_caller():
    import polars as pl

    assert kind_of(nrd.merger_effect(pl.DataFrame(ROWS), WALK).table).startswith("polars")
