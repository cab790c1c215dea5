"""Resources: exact sums, what may not be added, other money, real cases."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import columns_of

import nrd

ROWS = {
    "unit": ["A", "A", "A", "B", "B", "C"],
    "period": [2018, 2018, 2019, 2018, 2019, 2018],
    "source": ["state", "people", "state", "state", "people", "credit"],
    "amount": ["10.10", "4.2", "8", "6.05", "0.3", "7"],
}


def table(**changes):
    """The rows above with other columns, as many as there are amounts."""
    made = {**ROWS, **changes}
    count = len(made["amount"])
    return {name: column[:count] for name, column in made.items()}


def resources(options=None, **changes):
    return nrd.Resources(table(**changes), **{"measure": "billion VND", **(options or {})})


cells = st.tuples(
    st.sampled_from("ABC"),
    st.integers(2015, 2018),
    st.sampled_from(["state", "people"]),
    st.tuples(st.integers(0, 10**8), st.integers(0, 3)),
    st.sampled_from(["billion VND", "million VND", "tỷ đồng", "triệu đồng"]),
)
POWERS = {"billion VND": 9, "million VND": 6, "tỷ đồng": 9, "triệu đồng": 6}


def printed(whole, places):
    text = str(whole).rjust(places + 1, "0")
    return f"{text[:-places]}.{text[-places:]}" if places else text


@settings(max_examples=200, deadline=None)
@given(st.lists(cells, min_size=1, max_size=15, unique_by=lambda cell: cell[:3]))
def test_sums_are_those_of_fractions(rows):
    units, periods, sources, amounts, measures = map(list, zip(*rows))
    found = nrd.Resources(
        {
            "unit": units,
            "period": periods,
            "source": sources,
            "amount": [printed(*amount) for amount in amounts],
            "measure": measures,
        }
    )
    finest = min(POWERS[measure] for measure in measures)
    made = found.total("unit", "source")
    for unit, source, amount, measure in zip(
        *(made.columns[name] for name in ("unit", "source", "amount", "measure"))
    ):
        exact = sum(
            Fraction(whole, 10**places) * 10 ** (POWERS[of] - finest)
            for u, _, s, (whole, places), of in rows
            if (u, s) == (unit, source)
        )
        assert amount == float(exact)
        assert POWERS[measure] == finest


def test_totals_say_how_many_amounts_and_how_far_print_can_be_off():
    found = resources().total("source")
    assert found.columns == {
        "source": ["state", "people", "credit"],
        "amount": [24.15, 4.5, 7.0],
        "measure": ["billion VND"] * 3,
        "n": [3, 2, 1],
        "rounding": [0.51, 0.1, 0.5],
    }
    assert found.provenance.used == 6
    assert columns_of(found.table) == found.columns
    assert "24.15" in found.summary()
    assert "Nguồn lực huy động" in found.summary(language="vi")


def test_a_blank_is_left_out_and_is_not_zero():
    found = resources(amount=["10", "", None, "6", float("nan"), 0])
    assert (found.used, found.dropped) == (3, 3)
    assert found.total("source").columns["amount"] == [16.0, 0.0]


def test_shares_are_of_the_whole_of_each_unit():
    found = resources().shares().columns
    by_cell = dict(zip(zip(found["unit"], found["source"]), found["share"]))
    assert by_cell["A", "state"] == float(Fraction(1810, 2230))
    assert by_cell["C", "credit"] == 1.0
    zero = resources(amount=["0", "0", "0", "1", "1", "1"]).shares().columns
    assert dict(zip(zip(zero["unit"], zero["source"]), zero["share"]))["A", "state"] is None


def test_amounts_per_person_say_where_the_number_is_missing():
    found = resources().per({"A": 2, "B": 0}, "person").columns
    assert found["per_person"] == [11.15, None, None]
    assert found["reason"] == [
        None,
        "the number of unit B is 0, expected more than 0",
        "the number of unit C is missing",
    ]


def test_leverage_takes_the_sources_by_class():
    found = resources(source=["central", "people", "integrated", "local", "land", "credit"])
    made = found.leverage().columns
    assert made["unit"] == ["A", "B"]
    assert made["ratio"] == [float(Fraction(42, 181)), float(Fraction(30, 605))]
    other = resources(source=["state", "bank", "state", "state", "bank", "bank"])
    with pytest.raises(nrd.NrdKeyError, match="source 'bank' has no class"):
        other.leverage()
    made = other.leverage("credit", classes={"bank": "credit"})
    assert made.columns["state"] == [18.1, 6.05, None]
    assert made.columns["ratio"] == [
        float(Fraction(42, 181)),
        float(Fraction(30, 605)),
        None,
    ]


def test_land_and_labour_are_valued_at_prices_of_the_caller():
    wide = {
        "unit": ["A"],
        "period": ["2011-2018"],
        "state": [2.5],
        "land": [0.3],
        "work": [40],
    }
    columns = {"state": "state", "land": ("land", "ha"), "work": ("labour", "days")}
    found = nrd.Resources.from_wide(wide, columns)
    with pytest.raises(nrd.NrdValueError, match=r"their measure is 'billion VND' and 'ha'"):
        found.total()
    valued = found.valued({"m2": 50_000, "days": 200_000})
    made = valued.total("source")
    assert made.columns["amount"] == pytest.approx([2.5, 0.15, 0.008], rel=1e-15)
    assert made.provenance.assumptions == (
        "Each m2 is valued at 50,000 VND.",
        "Each days is valued at 200,000 VND.",
    )
    assert "50,000 VND" in made.summary()
    assert found.total("source", "measure").columns["measure"] == [
        "billion VND",
        "ha",
        "days",
    ]
    with pytest.raises(nrd.NrdKeyError, match="no price of 'days'"):
        found.valued({"m2": 1})
    with pytest.raises(nrd.NrdValueError, match="the price of m2 is -1"):
        found.valued({"m2": -1, "days": 1})


def test_prices_of_one_year():
    found = resources().constant_prices({2018: 100, 2019: 110}, 2019)
    made = found.total("unit", "period").columns
    assert made["amount"] == pytest.approx([15.73, 8, 6.655, 0.3, 7.7])
    assert "prices of 2019" in found.total().summary()
    with pytest.raises(nrd.NrdKeyError, match="no price level of 2019"):
        resources().constant_prices({2018: 100}, 2018)
    with pytest.raises(nrd.NrdValueError, match="level of 2018 is 0"):
        resources().constant_prices({2018: 0, 2019: 1}, 2019)
    several = resources(period=["2011-2018"] * 2 + [2019] * 4)
    with pytest.raises(
        nrd.NrdValueError, match=r"row 0 \(unit A, period 2011-2018.*several"
    ):
        several.constant_prices({2018: 1, 2019: 1}, 2019)


def test_cumulative_amounts_become_flows_and_falls_are_reported():
    rows = {
        "unit": ["A"] * 4 + ["B"] * 2,
        "period": ["2011-2015", 2016, 2018, 2019, 2016, 2017],
        "source": ["state"] * 6,
        "amount": [10.1, 12.3, 12.2, 15.0, 4.0, 4.0],
    }
    held = nrd.Resources(rows, measure="billion VND", kind="cumulative")
    with pytest.raises(nrd.NrdValueError, match=r"are cumulative; see flows\(\)"):
        held.total("unit")
    assert held.total("unit", "period").columns["amount"] == rows["amount"]
    found = held.flows()
    made = found.total("unit", "period")
    assert made.columns["period"] == ["2011-2015", "2016", "2019", "2016", "2017"]
    assert made.columns["amount"] == [10.1, 2.2, 2.8, 4.0, 0.0]
    assert made.problems["unit"] == ["A"]
    assert made.problems["problem"][0].startswith("row 2: 12.2 after 12.3 in row 1")
    assert "12.2 after 12.3" in made.summary()


def test_planned_beside_reached():
    rows = {
        "unit": ["A", "A", "B"],
        "period": [2020] * 3,
        "source": ["state"] * 3,
        "amount": [0.3, 0.1, 5],
        "basis": ["plan", "actual", "plan"],
    }
    found = nrd.Resources(rows, measure="billion VND", basis="basis")
    with pytest.raises(nrd.NrdValueError, match="their basis is 'plan' and 'actual'"):
        found.total()
    made = found.against_plan().columns
    assert made["plan"] == [0.3, 5.0]
    assert made["actual"] == [0.1, None]
    assert made["difference"] == [-0.2, None]
    assert made["percent"] == [pytest.approx(100 / 3), None]
    with pytest.raises(nrd.NrdKeyError, match="no basis 'proposal'"):
        found.against_plan(plan="proposal")


def test_concentration_is_that_of_the_units():
    found = resources().concentration()
    amounts = [22.3, 6.35, 7.0]
    whole = nrd.inequality(amounts)
    assert found.columns["units"] == [3]
    assert found.columns["gini"] == [whole.gini]
    assert found.columns["herfindahl"] == [whole.herfindahl]
    by_source = resources().concentration("source").columns
    assert by_source["source"] == ["state", "people", "credit"]
    assert by_source["units"] == [2, 2, 1]


def test_the_lorenz_curve_is_that_of_the_sums_of_units():
    found = resources().lorenz()
    assert found.gini == resources().concentration().columns["gini"][0]
    assert found.herfindahl == resources().concentration().columns["herfindahl"][0]
    assert found.whole["n"] == 3
    people, total = found.curve
    assert people.tolist() == pytest.approx([0, 1 / 3, 2 / 3, 1])
    assert total[1] == pytest.approx(6.35 / (22.3 + 6.35 + 7))
    assert resources().lorenz(source="people").whole["n"] == 2


def test_criteria_gained_are_a_number_like_any_other():
    found = resources().per({"A": 4, "B": 0, "C": 2}, "criterion gained").columns
    assert found["per_criterion gained"] == [5.575, None, 3.5]
    assert found["reason"][1] == "the number of unit B is 0, expected more than 0"


def test_some_rows_only():
    found = resources().where(unit=["A", "B"], period=2018)
    assert found.used == 3
    assert repr(found) == "<Resources: 3 amounts of 2 units from 2 sources>"
    with pytest.raises(nrd.NrdKeyError, match="no unit 'D'"):
        resources().where(unit="D")
    with pytest.raises(nrd.NrdKeyError, match="no label 'colour'"):
        resources().where(colour="red")


def test_definitions_of_one_source_are_never_mixed():
    rows = table(definition=["loans", None, "balance", "loans", None, "loans"])
    rows["source"] = ["credit", "people", "credit", "credit", "people", "credit"]
    found = nrd.Resources(rows, measure="billion VND", definition="definition")
    with pytest.raises(nrd.NrdValueError, match="definition is 'loans' and 'balance'"):
        found.total("unit")
    kept = found.where(definition=["loans", ""]).total("unit").columns
    assert kept["amount"] == [14.3, 6.35, 7.0]


@pytest.mark.parametrize(
    ("changes", "options", "words"),
    [
        ({"amount": ["10", "x", "1", "1", "1", "1"]}, {}, "row 1"),
        ({"amount": ["10", "-2", "1", "1", "1", "1"]}, {}, "row 1: the amount is -2"),
        ({"amount": [1e19] * 6}, {}, "expected less than 10^18"),
        ({"amount": [float("inf")] * 6}, {}, "row 0: the amount is inf"),
        ({"period": ["2018", "MMXX", 2019, 2019, 2019, 2018]}, {}, "period is 'MMXX'"),
        ({"period": ["2018-2011"] * 6}, {}, "period is '2018-2011'"),
        ({"unit": ["A", None, "A", "B", "B", "C"]}, {}, "row 1: 'unit' is missing"),
        ({"source": ["state"] * 6}, {}, "row 1 (unit A, period 2018, source state) is"),
        ({}, {"measure": "gold"}, "measure is 'gold'"),
        ({}, {"kind": "stock"}, "kind is 'stock'"),
        ({"amount": [""] * 6}, {}, "there is no amount"),
        ({"amount": ["123456789.123456789"] * 6}, {}, "more than 15 digits"),
    ],
)  # fmt: skip
def test_bad_input_is_one_sentence(changes, options, words):
    with pytest.raises(nrd.NrdValueError) as caught:
        resources(options, **changes)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "options", "words"),
    [
        (
            {"measure": ["billion VND", "million USD"] * 3},
            {"measure": "measure"},
            "measure",
        ),
        ({"prices": ["current", "2010"] * 3}, {"prices": "prices"}, "prices is 'current'"),
        ({"kind": ["flow", "cumulative"] * 3}, {"kind": "kind"}, "kind is 'flow' and"),
    ],
)
def test_what_differs_is_never_added(changes, options, words):
    with pytest.raises(nrd.NrdValueError) as caught:
        resources(options, **changes).total("unit")
    assert words in str(caught.value)
    assert "row 0" in str(caught.value)


def test_periods_that_share_years_are_not_added():
    found = resources(period=["2011-2018", 2018, 2018, 2018, 2019, 2018])
    with pytest.raises(nrd.NrdValueError, match="cannot be added: they share years"):
        found.total("unit")


def test_other_bad_input():
    with pytest.raises(nrd.NrdKeyError, match="no column 'unit'"):
        nrd.Resources({"amount": [1]})
    with pytest.raises(nrd.NrdTypeError, match="row 0: the amount is True"):
        resources(amount=[True] * 6)
    with pytest.raises(nrd.NrdValueError, match="'unit' among them"):
        resources().per({"A": 1}, "person", by=("source",))
    with pytest.raises(nrd.NrdKeyError, match="no label 'colour'"):
        resources().total("colour")


def test_communes_that_met_the_standard():
    data = nrd.load_dataset("nrd-capital", backend="pandas")
    rows = data.table("communes").query("capital_total_bn.notna()")
    sources = {"capital_people_bn": "people", "capital_state_bn": "state"}
    rows = rows[["unit_code", "year", *sources]]
    found = nrd.Resources.from_wide(rows, sources, unit="unit_code", period="year")
    made = found.where(unit="05242").total("source")
    assert made.columns["amount"] == [18.63]
    assert type(made.table).__module__.startswith("pandas")
