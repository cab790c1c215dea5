"""Resources with results: the join by hand, coefficients of SciPy, what is refused."""

import json
import math
from itertools import pairwise

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from scipy import stats
from support import KINDS, columns_of, kind_of

import nrd

mpl.use("Agg")

UNITS = list("ABCDEFGH")
STATE = ["10.5", "8.0", "14.2", "6.1", "9.9", "12.3", "7.7", "11.0"]
PEOPLE = ["1.5", "2.25", "4.0", "0.5", "3.1", "2.2", "1.1", "0.9"]
REACHED = {
    "unit": ["H", "G", "F", "E", "D", "C", "B", "Z"],
    "criteria": [14, 11, 17, 13, 9, 19, 12, 10],
    "income": [31.5, 28.0, 40.2, 33.3, None, 45.1, 30.0, 29.9],
    "persons": [4000, 5200, 3900, 6100, 2500, 4800, 7000, 3300],
}


def resources(**changes):
    """Two sources of eight units, state money in two rows a unit."""
    half = [f"{float(v) / 2:.3f}" for v in STATE]
    rows = {
        "unit": UNITS * 3,
        "period": [2022] * 8 + [2023] * 8 + [2023] * 8,
        "source": ["state"] * 16 + ["people"] * 8,
        "amount": [*half, *half, *PEOPLE],
    }
    return nrd.Resources({"measure": ["billion VND"] * 24, **rows, **changes})


def by_hand(amounts, outcome):
    """Pairs of the units that are in both tables and miss nothing."""
    of = dict(zip(UNITS, map(float, amounts)))
    pairs = zip(REACHED["unit"], REACHED[outcome])
    return zip(*((of[u], v) for u, v in pairs if u in of and v is not None))


def correlated(given=None, results=REACHED, **options):
    given = resources() if given is None else given
    options = {"outcomes": ["criteria", "income"], "seed": 1, **options}
    return nrd.resource_correlations(given, results, **options)


@pytest.mark.parametrize(
    ("method", "reference"),
    [
        ("pearson", stats.pearsonr),
        ("spearman", stats.spearmanr),
        ("kendall", stats.kendalltau),
    ],
)
def test_each_source_with_each_result_is_that_of_scipy(method, reference):
    found = correlated(method=method).columns
    pairs = list(zip(found["x"], found["y"]))
    assert pairs == [(x, y) for x in ("state", "people") for y in ("criteria", "income")]
    for (x, y), value, n in zip(pairs, found["coefficient"], found["n"]):
        a, b = by_hand(STATE if x == "state" else PEOPLE, y)
        assert n == len(a)
        assert value == pytest.approx(reference(a, b)[0], abs=1e-12)


def test_units_of_one_table_are_counted_and_named():
    found = correlated()
    assert found.columns["dropped"] == [2, 3, 2, 3]
    options = found.provenance.options
    assert (options["only_resources"], options["only_results"]) == (["A"], ["Z"])
    for said in ("resources only: 1, A.", "results only: 1, Z."):
        assert any(note.endswith(said) for note in found.provenance.assumptions)
        assert said in found.summary()
    assert "association" in found.summary()


def test_many_units_are_counted_and_some_named():
    many = {"unit": [f"u{i}" for i in range(40)], "y": [float(i % 7) for i in range(40)]}
    x = {"unit": many["unit"][:20], "x": [float(i % 5) for i in range(20)]}
    found = nrd.resource_correlations(x, many)
    assert "Units with results only: 20, u20, u21" in found.provenance.assumptions[-1]
    assert found.provenance.assumptions[-1].endswith("u29 and 10 more.")
    assert len(found.provenance.options["only_results"]) == 20


def test_wide_resources_are_those_of_sums():
    table = {
        "unit": UNITS,
        "state": list(map(float, STATE)),
        "people": list(map(float, PEOPLE)),
    }
    wide, long = correlated(table, influence=True), correlated(influence=True)
    assert wide.columns == long.columns
    assert wide.influence == long.influence
    assert "is assumed" in " ".join(wide.provenance.assumptions)
    assert "is assumed" not in " ".join(long.provenance.assumptions)


@pytest.mark.parametrize("kind", KINDS)
def test_any_frame_in_and_the_same_kind_out(kind):
    make, name = KINDS[kind]
    found = correlated(results=make(REACHED))
    assert kind_of(found.table) == name
    assert columns_of(found.table)["coefficient"] == correlated().columns["coefficient"]


def test_per_person():
    persons = dict(zip(REACHED["unit"], REACHED["persons"]))
    found = correlated(per="persons", sources=["state"], outcomes="criteria")
    amounts = [float(v) / persons.get(u, math.nan) for u, v in zip(UNITS, STATE)]
    a, b = by_hand(amounts, "criteria")
    assert found.coefficient == pytest.approx(stats.pearsonr(a, b)[0], abs=1e-12)
    assert found.provenance.options["per"] == "persons"


def test_default_outcomes_have_no_other_role():
    found = nrd.resource_correlations(resources(), REACHED, per="persons", strata=None)
    assert set(found.columns["y"]) == {"criteria", "income"}


def test_covariates_are_taken_out():
    found = correlated(covariates="persons", sources="state", outcomes=["criteria"])
    of = dict(zip(UNITS, map(float, STATE)))
    rows = [
        (of[u], c, p)
        for u, c, p in zip(*(REACHED[n] for n in ("unit", "criteria", "persons")))
        if u in of
    ]
    x, y, z = np.array(rows).T
    design = np.column_stack([np.ones(len(z)), z])
    left = [v - design @ np.linalg.lstsq(design, v, rcond=None)[0] for v in (x, y)]
    assert found.coefficient == pytest.approx(np.corrcoef(*left)[0, 1], abs=1e-12)


def panel():
    years = [2020, 2021, 2022, 2023]
    rng = np.random.default_rng(7)
    keys = [(u, t) for u in UNITS for t in years]
    x = dict(zip(keys, rng.integers(10, 999, len(keys)) / 10))
    y = dict(zip(keys, rng.integers(1, 20, len(keys)) + 0.0))
    given = {
        "unit": [u for u, _ in keys],
        "period": [t for _, t in keys],
        "source": ["state"] * len(keys),
        "amount": [f"{v:.1f}" for v in x.values()],
    }
    reached = pd.DataFrame(
        {"unit": given["unit"], "year": given["period"], "y": y.values()}
    )
    reached = reached.rename(columns={"year": "period"}).sample(frac=1, random_state=3)
    return nrd.Resources(given, measure="billion VND"), reached, x, y


def test_a_panel_goes_by_period_within_units_and_with_a_lag():
    given, reached, x, y = panel()
    options = {"period": "period", "outcomes": ["y"], "seed": 1}
    rows = nrd.resource_correlations(given, reached, influence=True, **options)
    assert rows.columns["n"] == [32]
    assert rows.coefficient == pytest.approx(
        stats.pearsonr(list(x.values()), list(y.values()))[0], abs=1e-12
    )
    assert " 20" in rows.columns["influential"][0]
    within = nrd.resource_correlations(given, reached, relation="within", **options)
    frame = pd.DataFrame({"x": x, "y": y})
    centred = frame - frame.groupby(level=0).transform("mean")
    wanted = np.corrcoef(centred["x"], centred["y"])[0, 1]
    assert within.coefficient == pytest.approx(wanted, abs=1e-12)
    later = nrd.resource_correlations(given, reached, lag=1, **options)
    pairs = [(x[u, t], y[u, t + 1]) for u, t in x if (u, t + 1) in y]
    assert later.columns["n"] == [24]
    assert later.coefficient == pytest.approx(stats.pearsonr(*zip(*pairs))[0], abs=1e-12)
    clustered = nrd.resource_correlations(
        given, reached, cluster="unit", n_resamples=99, **options
    )
    assert "design_effect" in clustered.columns


def test_years_that_differ_between_units_are_said():
    rows = {
        "unit": ["A", "A", "B", "B", "C"],
        "period": [2022, 2023, 2022, 2023, 2023],
        "source": ["state"] * 5,
        "amount": [1, 2, 3, 4, 5],
    }
    reached = {"unit": list("ABC"), "y": [1, 3, 2]}
    found = nrd.resource_correlations(nrd.Resources(rows, measure="VND"), reached)
    assert found.provenance.assumptions[-1] == (
        "The amounts of 'state' cover 2022, 2023 in most units, and other years in C."
    )


def changed(**trait):
    """Resources whose first unit has another trait than the others."""
    ((name, (one, other)),) = trait.items()
    rows = {
        "unit": UNITS,
        "period": [2023] * 8,
        "source": ["state"] * 8,
        "amount": STATE,
        name: [one] + [other] * 7,
    }
    columns = {name: name} if name in ("prices", "kind", "basis", "definition") else {}
    options = {"measure": "billion VND"} if name != "measure" else {}
    return nrd.Resources(rows, **columns, **options)


@pytest.mark.parametrize(
    "trait",
    [
        {"measure": ("billion VND", "million USD")},
        {"measure": ("m2", "ha")},
        {"prices": ("current", "2010")},
        {"kind": ("flow", "cumulative")},
        {"basis": ("actual", "plan")},
        {"definition": ("flow", "loans held")},
    ],
    ids=lambda trait: next(iter(trait)),
)
@pytest.mark.parametrize("period", [None, "period"])
def test_what_differs_between_units_is_never_compared(trait, period):
    reached = {**REACHED, "period": [2023] * 8}
    ((name, (one, other)),) = trait.items()
    with pytest.raises(nrd.NrdValueError) as caught:
        correlated(changed(**trait), reached, period=period)
    said = str(caught.value)
    assert said.startswith(
        "resource_correlations: row 0 (unit A, period 2023, source state)"
    )
    assert f"cannot be compared: their {name} is {one!r} and {other!r}" in said


def test_other_measures_of_other_sources_are_fine():
    measures = ["billion VND"] * 16 + ["days"] * 8
    found = correlated(resources(measure=measures))
    assert found.columns["n"] == [7, 6, 7, 6]


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"unit": "area"}, nrd.NrdKeyError, "results: there is no column 'area'"),
        ({"unit": 3}, nrd.NrdTypeError, "unit is 3, expected a column's name"),
        ({"weights": [1.0] * 8}, nrd.NrdTypeError, "weights is"),
        ({"outcomes": ["crit"]}, nrd.NrdKeyError, "there is no column 'crit'"),
        ({"sources": ["credit"]}, nrd.NrdKeyError, "there is no source 'credit'"),
        ({"covariates": ["none"]}, nrd.NrdKeyError, "there is no column 'none'"),
        ({"lag": 1}, nrd.NrdValueError, "there is a lag, expected the column of"),
        ({"method": "sen"}, nrd.NrdValueError, "method is 'sen'"),
        ({"per": "zero"}, nrd.NrdValueError, "results, row 2: 'zero' is 0, expected"),
        ({"outcomes": ["word"]}, nrd.NrdTypeError, "'word', row 0: found 'a'"),
        ({"outcomes": ["state"]}, nrd.NrdValueError, "'state' is a source and a column"),
        ({"cluster": "same"}, nrd.NrdValueError, "cluster"),
    ],
)
def test_bad_options(options, error, said):
    more = {"zero": [1, 1, 0, 1, 1, 1, 1, 1], "word": ["a"] * 8, "state": [1] * 8}
    with pytest.raises(error) as caught:
        correlated(results={**REACHED, **more, "same": ["k"] * 8}, **options)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"unit": list("HGFEDCBB")},
            "results: rows 6 and 7 are both of B, expected one; wi",
        ),
        ({"unit": [None, *"GFEDCBZ"]}, "results, row 0: 'unit' is missing"),
        ({"unit": list("PQRSTUVW")}, "no unit is in both tables: resources have A, B"),
    ],
)
def test_bad_units(changes, said):
    with pytest.raises(nrd.NrdValueError, match="resource_correlations: ") as caught:
        correlated(results={**REACHED, **changes})
    assert said in str(caught.value)


def test_a_table_of_resources_is_read_as_strictly():
    twice = {"unit": ["A", "A", "B"], "x": [1, 2, 3]}
    with pytest.raises(nrd.NrdValueError, match="resources: rows 0 and 1 are both of A"):
        correlated(twice)
    with pytest.raises(nrd.NrdKeyError, match="resources: there is no column 'unit'"):
        correlated({"x": [1, 2, 3]})
    with pytest.raises(nrd.NrdKeyError, match="no column of resources 'z'"):
        correlated({"unit": UNITS, "x": range(8)}, sources="z")
    with pytest.raises(nrd.NrdTypeError, match="resources: column 'x', row 0: found 'a'"):
        correlated({"unit": ["A"], "x": ["a"]})


def test_a_constant_source_says_why_and_the_others_go_on():
    table = {"unit": UNITS, "same": [1.0] * 8, "state": list(map(float, STATE))}
    found = correlated(table, outcomes=["criteria"])
    assert found.columns["reason"] == ["'same' does not vary", None]
    assert found.columns["coefficient"][0] is None


def test_a_period_that_is_no_year_has_no_later_one():
    table = {"unit": ["A"], "period": ["2011-2018"], "x": [1.0]}
    with pytest.raises(nrd.NrdValueError, match="a period is '2011-2018', expected a year"):
        nrd.resource_correlations(
            table, {**table, "y": [1.0]}, outcomes=["y"], sources=["x"],
            period="period", lag=1,
        )  # fmt: skip


def test_neighbours_are_those_of_the_boundaries():
    """Two provinces are neighbours where their rings on the shipped map share a line."""
    shapes = nrd.load_dataset("boundaries-provinces").files["provinces"]
    lines = {}
    for shape in json.loads(shapes.read_text(encoding="utf-8"))["features"]:
        parts = shape["geometry"]["coordinates"]
        parts = [parts] if shape["geometry"]["type"] == "Polygon" else parts
        lines[shape["properties"]["code"]] = {
            frozenset(map(tuple, ends))
            for part in parts
            for ring in part
            for ends in pairwise(ring)
        }
    shared = {(a, b) for a in lines for b in lines if a < b and lines[a] & lines[b]}
    found = nrd.province_neighbours()
    assert len(lines) == 63
    assert len(found) == len(set(found))
    assert set(found) == shared


def test_neighbours_of_some_provinces():
    some = ["01", "17", "19", "79"]
    found = nrd.province_neighbours(some)
    assert found == [p for p in nrd.province_neighbours() if set(p) <= set(some)]
    assert 0 < len(found) < len(nrd.province_neighbours())
    with pytest.raises(nrd.NrdKeyError, match="there is no province 'vn', expected"):
        nrd.province_neighbours(["01", "vn"])


def test_provinces_with_their_neighbours():
    """The value that R gives, and fewer independent rows than provinces."""
    budgets = nrd.load_dataset("budget-provinces", backend="pandas")
    budgets = budgets.table("budgets", numbers=True)
    budgets = budgets[(budgets["year"] == 2014) & (budgets["basis"] == "final")]
    net = budgets[["unit_code", "transfer_net"]]
    values = nrd.load_dataset("gso-provinces", backend="pandas")
    values = values.table("provinces", numbers=True)
    wide = values[values["year"] == 2014].pivot(
        index="unit_code", columns="indicator", values="value"
    )
    wide = wide.loc[wide.index.str.fullmatch(r"\d\d")].reset_index()
    found = nrd.resource_correlations(
        net, wide, unit="unit_code", outcomes=["poverty_rate"], per="population_total",
        method="spearman", neighbours=nrd.province_neighbours(), influence=True,
    )  # fmt: skip
    assert round(found.coefficient, 5) == 0.83205
    assert found.columns["n"] == [63]
    assert found.columns["effective_n"][0] < 40
    assert found.columns["influential"][0] in set(wide["unit_code"])


def test_one_source_with_one_result_is_drawn_as_points():
    given = {"unit": list("ABCDE"), "state": [1.0, 3, 2, 5, 4]}
    reached = {"unit": list("ABCDE"), "criteria": [5, 7, 6, 9, None]}
    found = nrd.resource_correlations(given, reached, influence=True)
    assert list(found.points["x"]) == [1, 3, 2, 5]
    assert list(found.points["unit"]) == list("ABCD")
    assert found.plot().get_xlabel() == "state"
    several = nrd.resource_correlations({**given, "people": [1.0, 2, 3, 4, 6]}, reached)
    assert several.points is None
