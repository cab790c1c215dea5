"""The pooled slope: against CR2 written out in NumPy, standards, bad input."""

import numpy as np
import pytest
from scipy import linalg, stats
from support import KINDS, columns_of, kind_of

import nrd

RATES = {
    "province": ["P"] * 8 + ["Q"] * 4,
    "commune": ["A"] * 4 + ["B"] * 4 + ["C"] * 4,
    "year": [2016, 2017, 2018, 2019] * 3,
    "rate": [18, 16, 13, 12, 30, 28, 25, 22, 9, 8.4, 8.1, 7.2],
}
NAMES = {"unit": "commune", "time": "year", "value": "rate"}


def by_hand(year, rate, effect, cluster):
    """Slope within effects, CR2 and Satterthwaite's df, by the definitions."""
    units = np.unique(effect)
    full = np.column_stack([year, *(effect == u for u in units)]).astype(float)
    inverse = np.linalg.inv(full.T @ full)
    hat = full @ inverse @ full.T
    residual = rate - hat @ rate
    left = np.eye(len(rate)) - hat
    pieces = []
    for name in np.unique(cluster):
        rows = cluster == name
        value, vector = linalg.eigh(left[np.ix_(rows, rows)])
        root = np.array([1 / np.sqrt(v) if v > 1e-9 else 0.0 for v in value])
        adjusted = vector @ np.diag(root) @ vector.T
        pieces.append((inverse[0] @ full[rows].T) @ adjusted @ left[rows])
    variance = sum((piece @ residual) ** 2 for piece in pieces)
    gram = np.array([[a @ b for b in pieces] for a in pieces])
    return (
        (inverse @ full.T @ rate)[0],
        variance**0.5,
        np.trace(gram) ** 2 / np.sum(gram**2),
    )


@pytest.mark.parametrize("within", ["area", "group"])
def test_against_definitions(within):
    rng = np.random.default_rng(5)
    commune = np.repeat(np.arange(12), 5)
    rows = {
        "province": commune // 3,
        "commune": commune,
        "year": np.tile(np.arange(2010, 2015), 12),
        "rate": 40 - 2 * np.tile(np.arange(5), 12) + commune + rng.normal(0, 2, 60),
    }
    keep = rng.random(60) > 0.2
    rows = {name: values[keep] for name, values in rows.items()}
    found = nrd.pooled_slope(rows, by="province", within=within, **NAMES).table
    cluster = rows["commune" if within == "area" else "province"]
    slope, se, df = by_hand(rows["year"] - 2010, rows["rate"], rows["commune"], cluster)
    names = ("slope_points", "se", "df")
    assert [found[n][0] for n in names] == pytest.approx([slope, se, df], rel=1e-8)
    assert found["p"][0] == pytest.approx(2 * stats.t.sf(abs(slope / se), df), rel=1e-6)
    half = stats.t.ppf(0.975, df) * se
    assert found["high"][0] - found["low"][0] == pytest.approx(2 * half, rel=1e-6)
    assert found["clusters"] == [12 if within == "area" else 4]


def test_a_new_standard_is_a_new_level():
    rows = RATES | {"standard": ["old", "old", "new", "new"] * 3}
    jump = [r + 10 * (s == "new") for r, s in zip(rows["rate"], rows["standard"])]
    plain = nrd.pooled_slope(rows, **NAMES).table["slope_points"]
    assert nrd.pooled_slope(rows | {"rate": jump}, **NAMES).table["slope_points"] == (
        pytest.approx(plain)
    )


def test_an_area_with_one_year_is_left_out():
    rows = {name: [*values, values[-1]] for name, values in RATES.items()}
    rows["commune"][-1] = "D"
    found = nrd.pooled_slope(rows, **NAMES)
    assert found.table == nrd.pooled_slope(RATES, **NAMES).table
    assert (found.provenance.used, found.provenance.dropped) == (12, 1)


def test_words():
    found = nrd.pooled_slope(RATES, **NAMES)
    assert "One slope for all areas" in found.summary()
    assert "Hệ số chung" in found.summary(language="vi")
    assert '"clusters": 3' in found.to_json()


def test_bad_input():
    with pytest.raises(nrd.NrdValueError, match="within is 'group' and by None"):
        nrd.pooled_slope(RATES, within="group", **NAMES)
    two = {name: values[:8] for name, values in RATES.items()}
    with pytest.raises(nrd.NrdValueError, match="2 areas have two years"):
        nrd.pooled_slope(two, **NAMES)
    one = RATES | {"province": ["P"] * 12}
    with pytest.raises(nrd.NrdValueError, match="in one cluster"):
        nrd.pooled_slope(one, by="province", within="group", **NAMES)


def incomes():
    rng = np.random.default_rng(9)
    commune = np.repeat(np.arange(10), 4)
    income = np.exp(
        7 + commune / 10 + 0.1 * np.tile(range(4), 10) + rng.normal(0, 0.05, 40)
    )
    noise = rng.normal(0, 0.1, 40)
    return {
        "commune": commune,
        "year": np.tile([2010, 2012, 2014, 2016], 10),
        "rate": 20 * np.exp(-1.5 * (np.log(income) - 7.6) + noise),
        "income": income,
    }


def test_elasticity_against_definitions():
    rows = incomes()
    found = nrd.poverty_elasticity(rows, income="income", **NAMES)
    wanted = by_hand(
        np.log(rows["income"]), np.log(rows["rate"]), rows["commune"], rows["commune"]
    )
    names = ("elasticity", "se", "df")
    assert [found.table[n][0] for n in names] == pytest.approx(wanted, rel=1e-7)
    assert found.table["low"][0] < -1.5 < found.table["high"][0]
    assert "Poverty and income" in found.summary()
    assert "Nghèo và thu nhập" in found.summary(language="vi")


def test_elasticity_in_other_units_is_the_same():
    rows = incomes()
    plain = nrd.poverty_elasticity(rows, income="income", **NAMES).table
    other = rows | {"income": rows["income"] * 1000, "rate": rows["rate"] / 100}
    other = nrd.poverty_elasticity(other, income="income", rate="share", **NAMES).table
    assert other["elasticity"] == pytest.approx(plain["elasticity"], rel=1e-9)
    assert other["se"] == pytest.approx(plain["se"], rel=1e-9)


def test_bad_elasticity():
    for name in ("rate", "income"):
        rows = incomes()
        rows[name][5] = 0
        with pytest.raises(
            nrd.NrdValueError, match=f"column '{name}', area 1, 2012: found 0"
        ):
            nrd.poverty_elasticity(rows, income="income", **NAMES)
    rows = incomes() | {"income": incomes()["commune"] + 1.0}
    with pytest.raises(nrd.NrdValueError, match="regress: "):
        nrd.poverty_elasticity(rows, income="income", **NAMES)
    rows = incomes()
    rows["income"][:] = np.nan
    with pytest.raises(nrd.NrdValueError, match="no row with"):
        nrd.poverty_elasticity(rows, income="income", **NAMES)


@pytest.mark.parametrize("name", KINDS)
def test_any_frame_gives_the_same_in_its_own_kind(name):
    make, kind = KINDS[name]
    for function in (nrd.pooled_slope, nrd.shrunken_slopes, nrd.convergence):
        options = NAMES | ({"scale": "linear"} if function is nrd.convergence else {})
        rows = {key: [*values, *values[:4]] for key, values in RATES.items()}
        rows["commune"][-4:] = ["D"] * 4
        rows["rate"] = [float(v) for v in rows["rate"]]
        table = function(make(rows), **options).table
        assert kind_of(table) == kind
        wanted = function(rows, **options).table
        found = columns_of(table)
        assert list(found) == list(wanted)
        number = "beta" if function is nrd.convergence else "low"
        assert found[number] == wanted[number]
