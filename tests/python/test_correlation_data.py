"""Correlations of the statistics that ship with nrd, against check values made with R."""

import math

import pytest

import nrd

YEAR = 2014


@pytest.fixture(scope="module")
def provinces():
    """The 63 provinces in 2014: poverty, income, net transfers per person."""
    budgets = nrd.load_dataset("budget-provinces").tables["budgets"].columns
    rows = zip(*(budgets[n] for n in ("unit_code", "year", "basis")), strict=True)
    net = {
        code: float(value)
        for (code, year, basis), value in zip(rows, budgets["transfer_net"], strict=True)
        if str(year) == str(YEAR) and basis == "final"
    }
    found = nrd.load_dataset("gso-provinces").tables["provinces"].columns
    values = {}
    for code, year, name, value in zip(
        *(found[n] for n in ("unit_code", "year", "indicator", "value")), strict=True
    ):
        values[code, str(year), name] = float(value)

    def of(name, year=YEAR):
        return [values[code, str(year), name] for code in codes]

    codes = sorted(net)
    people = of("population_total")
    poverty = of("poverty_rate")
    return {
        "code": codes,
        "poverty": poverty,
        "income": [math.log(v) for v in of("income_month_total")],
        "transfer": [net[c] / p for c, p in zip(codes, people, strict=True)],
        "change": [a - b for a, b in zip(poverty, of("poverty_rate", 2010), strict=True)],
    }


@pytest.mark.parametrize(
    ("x", "y", "method", "value"),
    [
        ("transfer", "poverty", "spearman", 0.83205),
        ("transfer", "poverty", "kendall", 0.67403),
        ("transfer", "poverty", "pearson", 0.47956),
        ("transfer", "change", "spearman", -0.73514),
        ("income", "poverty", "spearman", -0.94449),
    ],
)
def test_check_values_of_the_provinces(provinces, x, y, method, value):
    found = nrd.correlate(x, y, method, data=provinces, seed=1, influence=False)
    assert found.columns["n"] == [63]
    assert round(found.coefficient, 5) == value


def test_provinces_that_share_a_border_are_fewer_than_63(provinces):
    links = nrd.load_dataset("boundaries-provinces").tables["neighbours"].columns
    pairs = zip(links["unit_code"], links["neighbour_code"], strict=True)
    found = nrd.correlate(
        "transfer", "poverty", "spearman", data=provinces, seed=1, names="code",
        neighbours=list(dict.fromkeys(pairs)),
    )  # fmt: skip
    assert found.columns["moran_y"][0] > 0.4
    assert found.columns["effective_n"][0] < 40
    plain = nrd.correlate("transfer", "poverty", "spearman", data=provinces, seed=1)
    assert plain.pvalue < found.pvalue < 0.001
