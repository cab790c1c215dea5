"""Indicators that refer to the results of other sets."""

import pytest

import nrd


@pytest.fixture(scope="module")
def standard():
    return nrd.criteria_set("vn-318-2022-commune-standard")


def test_recognised_at_another_tier_first():
    model = nrd.criteria_set("vn-319-2022-commune-model")
    sheet = {"unit": list("ABC"), "2": [1.1] * 3, "3": [1] * 3, "4": [1] * 3}
    advanced = {"A": True, "B": False, "C": None}
    found = nrd.assess(
        sheet,
        model,
        year=2023,
        region="mekong_delta",
        results={"vn-318-2022-commune-advanced": advanced},
    )
    assert [found.state(u) for u in "ABC"] == ["met", "unmet", "unknown"]
    assert found.decision("A", "1").source[0].startswith("https://")
    with pytest.raises(nrd.NrdValueError, match="1 is measured, and it follows from"):
        nrd.assess(
            {**sheet, "1": [True] * 3},
            model,
            year=2023,
            region="mekong_delta",
            results={"vn-318-2022-commune-advanced": advanced},
        )
    with pytest.raises(nrd.NrdKeyError, match=r"nothing in the set .* refers to 'x'"):
        nrd.assess(sheet, model, year=2023, region="general", results={"x": advanced})


def test_a_district_follows_from_its_communes():
    district = nrd.criteria_set("vn-320-2022-district-standard")
    standard, advanced = "vn-318-2022-commune-standard", "vn-318-2022-commune-advanced"
    parents = {str(i): "X" if i < 20 else "Y" for i in range(30)}
    met = {str(i): True for i in range(30)} | {"25": None}
    above = {str(i): i in (0, 1, 20) for i in range(30)}
    found = nrd.assess(
        {"unit": ["X", "Y", "Z"]},
        district,
        year=2024,
        region="southeast",
        results={standard: met, advanced: above},
        parents=parents,
    )
    assert [found.decision(u, "P1").state for u in "XYZ"] == ["met", "unknown", "unknown"]
    assert [found.decision(u, "P2").state for u in "XYZ"] == ["met", "met", "unknown"]
    assert found.decision("X", "P2").value == 10.0
    assert found.decision("X", "P5").state == "unknown"
    few = nrd.assess(
        {"unit": ["X", "Y"]},
        district,
        year=2024,
        region="southeast",
        results={standard: met | {"26": False}, advanced: above | {"1": False}},
        parents=parents,
    )
    assert [few.decision(u, "P1").state for u in "XY"] == ["met", "unmet"]
    assert [few.decision(u, "P2").state for u in "XY"] == ["unmet", "met"]
    assert few.state("Y") == "unmet"


def test_results_of_communes_go_up_by_year(standard):
    """An assessment of communes is the result that a district refers to."""
    sheet = {"unit": ["a", "b"] * 2, "year": [2022, 2022, 2023, 2023]}
    sheet["15.3"] = [30.0, 10.0, 30.0, 30.0]
    communes = nrd.assess(sheet, standard, region="southeast")
    district = nrd.criteria_set("vn-320-2022-district-standard")
    found = nrd.assess(
        {"unit": ["X", "X"], "year": [2022, 2023]},
        district,
        region="southeast",
        results=[communes],
        parents={"a": "X", "b": "X"},
    )
    assert found.decision("X", "P1", 2022).state == "unmet"
    assert found.decision("X", "P1", 2023).value == 0.0
    with pytest.raises(nrd.NrdKeyError, match="unit 'b' has none"):
        nrd.assess(
            {"unit": ["X"]},
            district,
            year=2022,
            region="southeast",
            results=communes,
            parents={"a": "X"},
        )
    with pytest.raises(nrd.NrdValueError, match="expected parents"):
        nrd.assess(
            {"unit": ["X"]}, district, year=2022, region="southeast", results=communes
        )


def test_a_province_follows_from_its_districts_and_communes():
    province = nrd.criteria_set("vn-321-2022-province-standard")
    communes = {f"c{i}": i < 4 for i in range(10)}
    districts = {"d1": True, "d2": True}
    parents = dict.fromkeys((*communes, *districts), "P")
    sheet = {"unit": ["P"], "2": [100], "3": [50], "5": ["met"], "6": [70.0], "7": [4]}
    results = {
        "vn-320-2022-district-standard": districts,
        "vn-318-2022-commune-advanced": communes,
    }
    found = nrd.assess(
        {**sheet, "8": [90]}, province, year=2025, results=results, parents=parents
    )
    assert found.decision("P", "1").value == 100
    assert found.decision("P", "4").value == 40
    assert found.state("P") == "met"
    results["vn-318-2022-commune-advanced"] = {**communes, "c0": None}
    found = nrd.assess(
        {**sheet, "8": [90]}, province, year=2025, results=results, parents=parents
    )
    assert (found.decision("P", "4").state, found.state("P")) == ("unknown", "unknown")
    found = nrd.assess(
        {**sheet, "8": [89.9]}, province, year=2025, results=results, parents=parents
    )
    assert found.state("P") == "unmet"
