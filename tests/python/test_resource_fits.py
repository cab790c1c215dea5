"""Results on logarithms of resources: NumPy on joined rows, effects, what is refused."""

import numpy as np
import pandas as pd
import pytest

import nrd

UNITS = list("ABCDEFGHIJ")
YEARS = [2020, 2021, 2022]


@pytest.fixture(scope="module")
def panel():
    """Amounts, results and a frame of both, of ten units in three years."""
    rng = np.random.default_rng(5)
    keys = [(u, t) for u in UNITS for t in YEARS]
    state, people = rng.integers(10, 900, (2, len(keys))) / 10
    frame = pd.DataFrame(keys, columns=["unit", "year"])
    frame["y"] = rng.normal(size=len(keys)) + np.log(state)
    frame["z"] = rng.normal(size=len(keys))
    frame["persons"] = rng.integers(1000, 9000, len(keys))
    frame["region"] = frame["unit"].map(lambda u: UNITS.index(u) // 2)
    rows = {
        "unit": [u for u, _ in keys] * 2,
        "year": [t for _, t in keys] * 2,
        "source": ["state"] * len(keys) + ["people"] * len(keys),
        "amount": [f"{v:.1f}" for v in (*state, *people)],
    }
    given = nrd.Resources(rows, period="year", measure="billion VND")
    return given, frame, frame.assign(state=state, people=people)


def solved(*columns, y):
    design = np.column_stack(columns)
    return np.linalg.lstsq(design, y, rcond=None)[0]


def near(values):
    return pytest.approx(list(values), abs=1e-9)


def test_logarithms_per_person_with_a_control(panel):
    given, results, both = panel
    results = results.sample(frac=1, random_state=2)
    found = nrd.resource_regression(
        given, results, "y", period="year", per="persons", controls="z"
    )
    logs = [np.log(both[name] / both["persons"]) for name in ("state", "people")]
    assert found.terms == ("(intercept)", "log state", "log people", "z")
    wanted = solved(np.ones(len(both)), *logs, both["z"], y=both["y"])
    assert list(found.estimate[0]) == near(wanted)
    assert any("association" in note for note in found.provenance.assumptions)


def test_effects_of_units_and_periods(panel):
    given, results, both = panel
    units = [both["unit"] == u for u in UNITS]
    years = [both["year"] == t for t in YEARS[1:]]
    options = {"period": "year", "sources": ["state"]}
    found = nrd.resource_regression(given, results, "y", effects="both", **options)
    wanted = solved(np.log(both["state"]), *years, *units, y=both["y"])
    assert found.terms == ("log state", "year 2021", "year 2022")
    assert list(found.estimate[0]) == near(wanted[:3])
    found = nrd.resource_regression(given, results, "y", effects="unit", **options)
    wanted = solved(np.log(both["state"]), *units, y=both["y"])
    assert list(found.estimate[0]) == near(wanted[:1])
    found = nrd.resource_regression(
        given, results, "y", effects="period", log=False, **options
    )
    wanted = solved(np.ones(len(both)), both["state"], *years, y=both["y"])
    assert list(found.estimate[0]) == near(wanted)


@pytest.mark.parametrize("cov", [nrd.cluster("region"), nrd.wild_cluster("unit", seed=1)])
def test_clusters_are_those_of_regress(panel, cov):
    given, results, both = panel
    found = nrd.resource_regression(given, results, "y", period="year", cov=cov)
    logs = {f"log {name}": np.log(both[name]) for name in ("state", "people")}
    wanted = nrd.regress(both.assign(**logs), "y", list(logs), cov=cov)
    assert list(found.se[0]) == near(wanted.se[0])
    assert list(found.low[0]) == near(wanted.low[0])


def test_units_in_one_table_are_named_and_left_out(panel):
    given, results, _ = panel
    some = results[results["unit"] != "C"]
    found = nrd.resource_regression(
        given, some, "y", period="year", sources="state", cov=nrd.cluster("region")
    )
    assert list(found.n) == [27]
    left = ["C 2020", "C 2021", "C 2022"]
    assert found.provenance.options["only_resources"] == left
    assert "resources only: 3, C 2020" in found.provenance.assumptions[-1]


def test_a_period_of_one_table_has_no_intercept(panel):
    given, results, both = panel
    early = results["year"] < YEARS[-1]
    found = nrd.resource_regression(
        given, results[early], "y", period="year", sources="state", effects="period"
    )
    assert found.terms == ("(intercept)", "log state", "year 2021")
    both = both[early]
    later = both["year"] == YEARS[1]
    wanted = solved(np.ones(len(both)), np.log(both["state"]), later, y=both["y"])
    assert list(found.estimate[0]) == near(wanted)


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        (
            {"effects": "year"},
            nrd.NrdValueError,
            "effects is 'year', expected unit, period",
        ),
        ({"effects": "unit", "period": None}, nrd.NrdValueError, "expected a period"),
        ({"log": 1}, nrd.NrdTypeError, "log is 1, expected True or False"),
        ({"controls": ["none"]}, nrd.NrdKeyError, "no column 'none'"),
        ({"cov": nrd.cluster("none")}, nrd.NrdKeyError, "no column 'none'"),
        ({"unit": 1}, nrd.NrdTypeError, "unit is 1, expected a column's name"),
        ({"sources": "credit"}, nrd.NrdKeyError, "no source 'credit'"),
    ],
)
def test_bad_options(panel, options, error, said):
    given, results, _ = panel
    with pytest.raises(error, match="resource_regression: ") as caught:
        nrd.resource_regression(given, results, "y", **{"period": "year", **options})
    assert said in str(caught.value)


def test_nothing_has_no_logarithm():
    given = {"unit": list("ABC"), "state": [1.0, 0.0, 2.0]}
    reached = {"unit": list("ABC"), "y": [1.0, 2.0, 4.0]}
    with pytest.raises(nrd.NrdValueError, match="'state' of B is 0, expected more than 0"):
        nrd.resource_regression(given, reached, "y")
    assert len(nrd.resource_regression(given, reached, "y", log=False).estimate[0]) == 2


def test_changes_on_changes(panel):
    given, results, both = panel
    results = results.sample(frac=1, random_state=3)
    found = nrd.resource_regression(
        given, results, "y", period="year", controls=["z"], change=True, sources=["state"]
    )
    both = both.sort_values(["unit", "year"]).assign(log=np.log(both["state"]))
    moved = both.groupby("unit")[["y", "log", "z"]].diff().dropna()
    wanted = solved(np.ones(len(moved)), moved["log"], moved["z"], y=moved["y"])
    assert found.y == "change of y"
    assert found.terms == ("(intercept)", "change of log state", "change of z")
    assert list(found.estimate[0]) == near(wanted)
    assert found.n[0] == len(UNITS) * (len(YEARS) - 1)
    assert found.provenance.options["change"] is True
    robust = nrd.resource_regression(
        given, results, "y", period="year", change=True, sources=["state"],
        effects="period", cov=nrd.cluster("region"),
    )  # fmt: skip
    assert robust.terms[-1] == "year 2022"


def test_changes_that_cannot_be(panel):
    given, results, _ = panel
    with pytest.raises(nrd.NrdValueError, match="change is True, expected a period"):
        nrd.resource_regression(given, results, "y", change=True)
    with pytest.raises(nrd.NrdTypeError, match="change is 1, expected True or False"):
        nrd.resource_regression(given, results, "y", period="year", change=1)
    one = results[results["year"] == 2020]
    with pytest.raises(nrd.NrdValueError, match="no unit has two periods"):
        nrd.resource_regression(
            given.where(period=2020), one, "y", period="year", change=True
        )
