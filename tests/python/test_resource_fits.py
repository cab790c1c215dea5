"""Results on logarithms of resources: NumPy on joined rows, effects, what is refused."""

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from pictures import spoken, written

import nrd

mpl.use("Agg")
from matplotlib import pyplot as plt


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


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


def leave(values, *others):
    """Residuals of least squares, by whole matrices."""
    design = np.column_stack(others)
    return values - design @ np.linalg.lstsq(design, values, rcond=None)[0]


@pytest.mark.parametrize("effects", [None, "period", "unit", "both"])
def test_dose_is_the_plot_of_the_added_variable(panel, effects):
    """Points are residuals on all else, and least squares of them is the coefficient."""
    given, results, both = panel
    found = nrd.resource_regression(
        given, results, "y", period="year", controls="z", effects=effects
    )
    points = {k: np.array(v) for k, v in found.dose("state").points.items()}
    others = [np.ones(len(both)), np.log(both["people"]), both["z"]]
    if effects in ("unit", "both"):
        others += [both["unit"] == u for u in UNITS[1:]]
    if effects in ("period", "both"):
        others += [both["year"] == t for t in YEARS[1:]]
    logs = np.log(both["state"])
    x, y = (leave(v.to_numpy(), *others) + v.mean() for v in (logs, both["y"]))
    assert list(np.log(points["amount"])) == near(x)
    assert list(points["outcome"]) == near(y)
    slope = found.estimate[0, found.terms.index("log state")]
    through = np.polyfit(np.log(points["amount"]), points["outcome"], 1)[0]
    assert through == pytest.approx(slope, abs=1e-9)
    for row in (0, 13, 29):
        rest = np.arange(len(both)) != row
        design = np.column_stack([logs, *others])[rest]
        without = np.linalg.lstsq(design, both["y"].to_numpy()[rest], rcond=None)[0][0]
        assert points["influence"][row] == pytest.approx(without - slope, abs=1e-8)


def test_dose_without_anything_else_is_the_data(panel):
    given, results, both = panel
    found = nrd.resource_regression(given, results, "y", period="year", sources=["state"])
    dose = found.dose()
    assert dose.points["amount"] == near(both["state"])
    assert dose.points["outcome"] == near(both["y"])
    assert dose.points["unit"][:2] == ["A 2020", "A 2021"]
    assert dose.effect == pytest.approx(
        [np.log(2) * v[0, 1] for v in (found.estimate, found.low, found.high)]
    )


@pytest.mark.parametrize("cov", ["classical", "HC3", nrd.cluster("region")])
def test_the_band_is_that_of_the_mean_others_at_theirs(panel, cov):
    given, results, _ = panel
    found = nrd.resource_regression(
        given, results, "y", period="year", controls="z", cov=cov
    )
    dose = found.dose("people")
    others = {
        "log state": np.mean(np.log(panel[2]["state"])),
        "z": panel[2]["z"].mean(),
    }
    rows = {"log people": np.log(dose.line["amount"])}
    rows |= {name: [value] * len(dose.line["amount"]) for name, value in others.items()}
    at = found.predict(rows, interval="mean").columns
    assert dose.band == "line"
    for name, wanted in (("outcome", "fitted"), ("low", "low"), ("high", "high")):
        assert dose.line[name] == near(at[wanted])


@pytest.mark.parametrize(
    "options", [{"effects": "unit"}, {"cov": nrd.wild_cluster("region", seed=1)}]
)
def test_the_band_of_effects_and_bootstraps_is_that_of_the_slope(panel, options):
    given, results, _ = panel
    found = nrd.resource_regression(
        given, results, "y", period="year", sources=["state"], **options
    )
    dose = found.dose()
    place = found.terms.index("log state")
    x = np.log(dose.line["amount"]) - np.mean(np.log(dose.points["amount"]))
    mean = np.mean(dose.points["outcome"])
    ends = [mean + end[0, place] * x for end in (found.low, found.high)]
    assert dose.band == "slope"
    assert dose.line["low"] == near(np.min(ends, axis=0))
    assert dose.line["high"] == near(np.max(ends, axis=0))


def test_rows_that_miss_something_are_no_points(panel):
    given, results, both = panel
    results = results.assign(z=results["z"].where(results.index != 3))
    found = nrd.resource_regression(given, results, "y", period="year", controls="z")
    assert len(found.dose("state").points["unit"]) == found.n[0] == len(both) - 1


@pytest.mark.parametrize("language", ["en", "vi"])
def test_dose_and_response_are_drawn(panel, language):
    given, results, _ = panel
    found = nrd.resource_regression(
        given, results, "y", period="year", controls="z", effects="both", per="persons"
    )
    labels = {"y": ("Tiêu chí", "%"), "state": "Vốn", "people": "Dân", "z": "Z"}
    ax = found.plot(language=language, resource="state", labels=labels, source="S")
    dose = found.dose("state")
    assert ax.get_xscale() == "log"
    assert len(ax.collections[1].get_offsets()) == 30
    assert list(ax.lines[0].get_ydata()) == dose.line["outcome"]
    assert ax.get_ylabel() == "Tiêu chí, %"
    text = "\n".join(t.get_text() for t in ax.texts)
    assert "n 30" in text
    for word in ("Dân", "Z"):
        assert word in text
    assert ("giữ ở mức trung bình" in text) == (language == "vi")
    plain = nrd.resource_regression(given, results, "y", period="year", per="persons")
    measure = "tỷ đồng" if language == "vi" else "billion VND"
    assert plain.plot(language=language, resource="state").get_xlabel() == (
        f"state, {measure} / persons"
    )
    ax = found.plot(coefficients=True, labels=labels | {"year": "Năm"}, language=language)
    log = "logarit của" if language == "vi" else "log of"
    assert [t.get_text() for t in ax.get_yticklabels()] == [
        f"{log} Vốn", f"{log} Dân", "Năm 2021", "Năm 2022", "Z",
    ]  # fmt: skip
    assert ax.get_title(loc="left").endswith(": Tiêu chí")


def test_changes_are_drawn_as_how_many_times(panel):
    given, results, _ = panel
    found = nrd.resource_regression(
        given, results, "y", period="year", sources=["state"], change=True
    )
    ax = found.plot()
    assert ax.get_xlabel() == "state, times that of the period before"
    assert ax.get_ylabel() == "change of y"
    assert len({t.get_text() for t in ax.texts} & {f"{u} 2022" for u in UNITS}) == 10


def test_a_dose_needs_its_resource(panel):
    given, results, _ = panel
    found = nrd.resource_regression(given, results, "y", period="year")
    with pytest.raises(nrd.NrdKeyError, match="resource is None, expected one of 'state'"):
        found.plot()
    with pytest.raises(nrd.NrdTypeError, match="coefficients is 3"):
        found.plot(coefficients=3)


@pytest.mark.parametrize("effects", [None, "unit", "period", "both"])
@pytest.mark.parametrize("options", [{}, {"change": True}, {"log": False}])
def test_no_english_word_is_in_a_vietnamese_picture(panel, effects, options):
    given, results, _ = panel
    found = nrd.resource_regression(
        given, results, "y", period="year", controls="z", effects=effects, **options
    )
    labels = {"y": "Tiêu chí", "state": "Vốn", "people": "Dân", "z": "Z", "year": "Năm"}
    for how in ({"resource": "state"}, {"coefficients": True}):
        english, shown = (
            spoken(written(found.plot(language=language, labels=labels, source="S", **how)))
            for language in ("en", "vi")
        )
        ours = spoken(labels.values()) | {"S", "p", "n"} | set(UNITS)
        assert english & shown <= ours
        assert "Nguồn" in shown
