"""Crosswalks: how they are made, and what cannot be right in them."""

import pytest

import nrd


def walk(old, new, **options):
    return nrd.Crosswalk.from_table({"old_code": old, "new_code": new, **options})


def shared(old, new, shares):
    rows = {"old_code": old, "new_code": new, "share": shares}
    return nrd.Crosswalk.from_table(rows, share="share")


def test_the_shipped_crosswalks():
    communes = nrd.crosswalk()
    # Five special zones of the 3,321 units after had no communes before.
    assert repr(communes) == (
        "<Crosswalk: 10035 units before, 3316 after, 471 divided, 1033 shares unknown>"
    )
    assert nrd.crosswalk("province").shares == (1.0,) * 63
    with pytest.raises(nrd.NrdValueError, match="level is 'district'"):
        nrd.crosswalk("district")


def test_the_findings_in_the_shipped_crosswalk():
    data = nrd.load_dataset("admin-2025", backend="polars")
    found = nrd.check_crosswalk(
        nrd.crosswalk(),
        old=data.table("communes_before"),
        new=data.table("communes_after", numbers=True),
    )
    assert found.counts == {"missing code": 5, "far apart": 15}
    assert set(found.columns["unit"][:5]) == {"11948", "19742", "20333", "21548", "26732"}
    assert all("km apart" in text for text in found.columns["finding"][5:])
    assert "km apart" in found.summary()
    assert "bất hợp lý" in found.summary(language="vi")


def test_shares_given_and_not_given():
    assert shared(["A", "A", "B"], ["X", "Y", "X"], [0.4, 0.6, None]).shares == (
        0.4,
        0.6,
        1,
    )
    equal = walk(["A", "A", "B"], ["X", "Y", "X"]).with_shares("equal")
    assert equal.shares == (0.5, 0.5, 1.0)
    assert equal.estimated


@pytest.mark.parametrize(
    ("shares", "error", "words"),
    [
        ({("A", "Z"): 0.5}, nrd.NrdKeyError, "is no part"),
        ({("A", "X"): 1.5}, nrd.NrdValueError, "is 1.5, expected a share"),
        ({("A", "X"): -0.5}, nrd.NrdValueError, "is -0.5"),
        (
            {("A", "X"): 0.5, ("A", "Y"): 0.4},
            nrd.NrdValueError,
            "add up to 0.9, expected 1",
        ),
        ("area", nrd.NrdValueError, "shares is 'area'"),
    ],
)
def test_bad_shares(shares, error, words):
    with pytest.raises(error) as caught:
        walk(["A", "A", "B"], ["X", "Y", "X"]).with_shares(shares)
    assert words in str(caught.value)


def test_bad_tables():
    with pytest.raises(nrd.NrdValueError, match="row 1: A into X is given twice"):
        walk(["A", "A"], ["X", "X"])
    with pytest.raises(nrd.NrdValueError, match="row 1: 'new_code' is missing"):
        walk(["A", "B"], ["X", None])
    with pytest.raises(nrd.NrdValueError, match="row 0: the share is 2"):
        shared(["A"], ["X"], [2.0])
    with pytest.raises(nrd.NrdKeyError, match="no column 'new_code'"):
        nrd.Crosswalk.from_table({"old_code": ["A"]})


def test_what_cannot_be_right_is_found():
    found = nrd.check_crosswalk(shared(["A", "A"], ["X", "Y"], [0.5, 0.4]))
    assert found.counts == {"shares": 1}
    assert "add up to 0.9" in found.columns["finding"][0]
    found = nrd.check_crosswalk(walk(["A", "B", "C"], ["B", "C", "A"]))
    assert found.counts == {"cycle": 1}
    assert "A into B into C into A" in found.columns["finding"][0]
    units = {"code": ["A", "A", "C"], "name_vi": ["An"] * 3, "province_code": ["1"] * 3}
    found = nrd.check_crosswalk(walk(["A", "B"], ["X", "X"]), old=units)
    assert found.counts == {
        "unknown code": 1,
        "missing code": 1,
        "code twice": 1,
        "name twice": 1,
    }
    assert nrd.check_crosswalk(walk(["A"], ["X"])).counts == {}


def test_units_that_lie_far_apart():
    after = {"code": ["X", "Y"], "lat": [21.0, 21.0], "lon": [105.0, 106.0]}
    divided = walk(["A", "A"], ["X", "Y"])
    found = nrd.check_crosswalk(divided, new=after)
    assert found.columns["finding"] == ["A went into X and Y, which are 104 km apart"]
    assert nrd.check_crosswalk(divided, new=after, far=105).counts == {}
    with pytest.raises(nrd.NrdValueError, match="far is 0"):
        nrd.check_crosswalk(divided, far=0)
    with pytest.raises(nrd.NrdTypeError, match="found dict"):
        nrd.check_crosswalk({})
