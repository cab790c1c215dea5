"""Panels across a reform: sums conserved, bounds that hold, chains, bad input."""

from fractions import Fraction

import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import columns_of, kind_of

import nrd

LINKS = {"old_code": ["A", "B", "C", "C", "D"], "new_code": ["X", "X", "X", "Y", "Z"]}
WALK = nrd.Crosswalk.from_table(LINKS)
KNOWN = WALK.with_shares({("C", "X"): 0.25, ("C", "Y"): 0.75})
ROWS = {
    "code": ["A", "B", "C", "D"],
    "people": [1200, 800, 500, 10],
    "poor": [120, 40, 100, 0],
    "income": [40.5, 30.1, 20.2, 10.0],
    "standard": ["Đạt", "Chưa đạt", "Đạt", ""],
    "name": ["An", "Bình", "Châu", None],
}


def harmonise(rules, walk=KNOWN, rows=ROWS, **options):
    return nrd.harmonise(rows, walk, unit="code", rules=rules, **options)


def test_each_rule_on_known_shares():
    found = harmonise(
        {
            "people": "sum",
            "income": ("mean", "people"),
            "poverty": ("rate", "poor", "people", 100),
            "name": "first",
        }
    )
    assert found.columns["unit"] == ["X", "Y", "Z"]
    assert found.columns["people"] == [2125.0, 375.0, 10.0]
    mean = Fraction("40.5") * 1200 + Fraction("30.1") * 800 + Fraction("20.2") * 125
    assert found.columns["income"] == [
        pytest.approx(float(mean / 2125), rel=3e-16),
        20.2,
        10,
    ]
    assert found.columns["poverty"] == [float(Fraction(18500, 2125)), 20.0, 0.0]
    assert found.columns["name"] == ["An", "Châu", None]
    assert found.open == 0
    assert found.bounds == found.columns


def test_states_in_three_values():
    rules = {"standard": "all"}
    assert harmonise(rules).columns["standard"] == ["unmet", "met", "unknown"]
    assert harmonise({"standard": "any"}).columns["standard"] == ["met", "met", "unknown"]
    shares = [(0.62, "met"), (0.63, "unmet")]
    for share, state in shares:  # 1325 of 2125 are 0.6235
        found = harmonise({"standard": ("share", "people", share)})
        assert found.columns["standard"] == [state, "met", "unknown"]
    # Not known how much of C is in X: from 1200 of 2000 to 1700 of 2500.
    found = harmonise({"standard": ("share", "people", 0.62)}, WALK)
    assert found.columns["standard"] == ["unknown", "met", "unknown"]


def test_a_share_is_taken_as_it_is_written():
    rows = {"code": ["A", "B"], "people": [11, 9], "met": [1, 0]}
    walk = nrd.Crosswalk.from_table({"old_code": ["A", "B"], "new_code": ["X", "X"]})
    rule = {"met": ("share", "people", 0.55)}
    assert harmonise(rule, walk, rows).columns["met"] == ["met"]


def test_unknown_shares_give_bounds():
    found = harmonise({"people": "sum", "income": ("mean", "people")}, WALK)
    assert found.columns["people"] == [None, None, 10.0]
    assert found.bounds["people_low"] == [2000.0, 0.0, 10.0]
    assert found.bounds["people_high"] == [2500.0, 500.0, 10.0]
    assert found.columns["income"][1:] == [20.2, 10.0]
    assert found.open == 3
    assert found.proof["conserved"] == [True]
    assert (found.proof["low"], found.proof["high"]) == ([2010.0], [3010.0])
    assert "not certain" in found.summary()
    assert "Tổng trước và sau sắp xếp" in found.summary(language="vi")


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_bounds_hold_for_all_shares(data):
    old = data.draw(st.integers(1, 5))
    new = data.draw(st.integers(1, 4))
    pairs = data.draw(
        st.sets(
            st.tuples(st.integers(0, old - 1), st.integers(0, new - 1)), min_size=1
        ).filter(lambda links: len({a for a, _ in links}) == old)
    )
    pairs = sorted(pairs)
    walk = nrd.Crosswalk.from_table(
        {"old_code": [str(a) for a, _ in pairs], "new_code": [str(b) for _, b in pairs]}
    )
    whole = data.draw(st.lists(st.integers(0, 1000), min_size=old, max_size=old))
    part = [data.draw(st.integers(0, count)) for count in whole]
    rows = {"code": [str(i) for i in range(old)], "whole": whole, "part": part}
    rules = {
        "whole": "sum",
        "rate": ("rate", "part", "whole", 100),
        "part": ("mean", "whole"),
    }
    open_ = nrd.harmonise(rows, walk, unit="code", rules=rules)
    shares = {}
    for unit in range(old):
        own = [pair for pair in pairs if pair[0] == unit]
        drawn = [data.draw(st.integers(1, 9)) for _ in own]
        if len(own) > 1:
            for (a, b), count in zip(own, drawn):
                shares[str(a), str(b)] = count / sum(drawn)
    held = nrd.harmonise(rows, walk.with_shares(shares), unit="code", rules=rules)
    for name in rules:
        low = open_.bounds.get(f"{name}_low", open_.bounds[name])
        high = open_.bounds.get(f"{name}_high", open_.bounds[name])
        for value, least, most in zip(held.columns[name], low, high):
            if value is not None:
                assert least * (1 - 1e-14) <= value <= most * (1 + 1e-14) + 1e-12


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.decimals(0, 10**6, places=2), min_size=2, max_size=9),
    st.integers(1, 4),
)
def test_printed_decimals_are_conserved_to_the_last_bit(values, targets):
    codes = [str(i) for i in range(len(values))]
    walk = nrd.Crosswalk.from_table(
        {"old_code": codes, "new_code": [str(i % targets) for i in range(len(values))]}
    )
    rows = {"code": codes, "land": [float(v) for v in values]}
    found = nrd.harmonise(rows, walk, unit="code", rules={"land": "sum"})
    assert found.proof["before"] == [float(sum(values))]
    assert found.proof["after"] == found.proof["before"]
    assert found.proof["conserved"] == [True]


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_every_rule_is_its_definition_in_fractions(data):
    """Known shares, any order of rows, gaps, printed decimals or any numbers."""
    old, new, years = (data.draw(st.integers(1, most)) for most in (5, 3, 11))
    whole = st.sampled_from([1, 1, 2, 3, 4])
    counts = [data.draw(whole) for _ in range(old)]
    links = [(i, (i + k) % new) for i in range(old) for k in range(min(counts[i], new))]
    share = {pair: 1 / sum(1 for a, _ in links if a == pair[0]) for pair in links}
    walk = nrd.Crosswalk.from_table(
        {
            "old_code": [f"{a:02}" for a, _ in links],
            "new_code": [f"n{b}" for _, b in links],
            "share": list(share.values()),
        },
        share="share",
    )
    number = data.draw(
        st.sampled_from(
            [
                st.integers(0, 2000).map(float),
                st.decimals(0, 10**5, places=2).map(float),
                st.floats(2**-20, 1e6),
            ]
        )
    )
    cells = data.draw(st.permutations([(a, y) for a in range(old) for y in range(years)]))
    cells = cells[: data.draw(st.integers(1, len(cells)))]
    rows = {"code": [f"{a:02}" for a, _ in cells], "year": [2000 + y for _, y in cells]}
    for name in ("x", "w"):
        rows[name] = data.draw(st.lists(number, min_size=len(cells), max_size=len(cells)))
    rows["x"] = [x if w else 0.0 for x, w in zip(rows["x"], rows["w"])]
    rows["met"] = [data.draw(st.sampled_from([1, 0, None])) for _ in cells]
    rules = {
        "x": "sum",
        "mean": ("mean", "w"),
        "rate": ("rate", "x", "w", 100),
        "met": "all",
    }
    rows["mean"] = rows["x"]
    kind = data.draw(st.sampled_from(["columns", "pandas", "polars"]))
    frame = rows if kind == "columns" else nw.from_dict(rows, backend=kind).to_native()
    found = nrd.harmonise(frame, walk, unit="code", period="year", rules=rules)
    place = {cell: i for i, cell in enumerate(cells)}
    units = zip(found.columns["unit"], found.columns["year"])
    for i, (unit, year) in enumerate(units):
        parts = [
            (share[a, b], place.get((a, year - 2000))) for a, b in links if f"n{b}" == unit
        ]
        states = [None if at is None else rows["met"][at] for _, at in parts]
        all_ = "unmet" if 0 in states else "unknown" if None in states else "met"
        assert found.columns["met"][i] == all_
        wanted = [None] * 3
        if all(at is not None for _, at in parts):
            held = [
                (Fraction(s), *(Fraction(repr(rows[n][at])) for n in "xw"))
                for s, at in parts
            ]
            below = sum(s * w for s, _, w in held)
            wanted = [sum(s * x for s, x, _ in held), *[None] * 2]
            if below:
                wanted[1] = sum(s * x * w for s, x, w in held) / below
                wanted[2] = 100 * sum(s * x for s, x, _ in held) / below
        for name, value in zip(("x", "mean", "rate"), wanted):
            value = None if value is None else pytest.approx(float(value), rel=5e-16, abs=0)
            assert found.columns[name][i] == value


def test_all_units_of_viet_nam_are_conserved():
    walk = nrd.crosswalk()
    rng = np.random.default_rng(7)
    rows = {
        "code": list(walk.old),
        "people": rng.integers(100, 30_000, len(walk.old)),
        "land": np.round(rng.lognormal(3, 1, len(walk.old)), 2),
    }
    rules = {"people": "sum", "land": "sum"}
    equal = walk.with_shares("equal")
    found = nrd.harmonise(rows, walk, unit="code", rules=rules)
    assert found.proof["conserved"] == [True, True]
    assert found.proof["before"][0] == float(rows["people"].sum())
    assert "estimates" in nrd.harmonise(rows, equal, unit="code", rules=rules).summary()
    certain = nrd.crosswalk("province")
    provinces = {"code": list(certain.old), "people": rng.integers(10**5, 10**7, 63)}
    found = nrd.harmonise(provinces, certain, unit="code", rules={"people": "sum"})
    assert (
        found.proof["after"] == found.proof["before"] == [float(provinces["people"].sum())]
    )


def test_two_reforms_are_one():
    second = nrd.Crosswalk.from_table(
        {"old_code": ["X", "Y", "Z"], "new_code": ["P", "P", "Q"]}, date="2026-01-01"
    )
    direct = KNOWN.compose(second)
    assert direct.new == ("P", "Q")
    assert direct.shares == (1.0, 1.0, 1.0, 1.0)  # C is whole again in P
    once = harmonise({"people": "sum"})
    twice = nrd.harmonise(once.columns, second, unit="unit", rules={"people": "sum"})
    assert harmonise({"people": "sum"}, direct).columns["people"] == twice.columns["people"]
    assert np.isnan(WALK.compose(second).shares[2])
    earlier = nrd.Crosswalk.from_table(LINKS, date="2013-12-01")
    back = nrd.Crosswalk.from_table(
        {"old_code": ["X", "Y", "Z"], "new_code": ["P", "P", "Q"]}, date="2008-08-01"
    )
    with pytest.raises(nrd.NrdValueError, match="of 2008-08-01, expected a day after 2013"):
        earlier.compose(back)
    with pytest.raises(nrd.NrdKeyError, match="unit 'X' is not in the later"):
        KNOWN.compose(nrd.Crosswalk.from_table({"old_code": ["Y"], "new_code": ["P"]}))


def test_the_way_back_is_an_estimate():
    weights = dict(zip(ROWS["code"], ROWS["people"]))
    back = KNOWN.reverse(weights)
    rows = {"unit": ["X", "Y", "Z"], "people": [2125, 375, 10], "met": [1, 0, 1]}
    found = nrd.harmonise(rows, back, unit="unit", rules={"people": "sum", "met": "all"})
    values = dict(zip(found.columns["unit"], found.columns["people"]))
    assert values == pytest.approx({"A": 1200, "B": 800, "C": 500, "D": 10})
    assert found.provenance.assumptions == ("Shares of divided units are estimates.",)
    with pytest.raises(nrd.NrdValueError, match="shares of divided units are unknown"):
        WALK.reverse(weights)
    with pytest.raises(nrd.NrdKeyError, match="unit 'A' has no weight"):
        KNOWN.reverse({})
    with pytest.raises(nrd.NrdValueError, match="the weight of 'A' is 0"):
        KNOWN.reverse({**weights, "A": 0})


def test_weights_and_direction_of_a_call():
    shares = {("C", "X"): 0.25, ("C", "Y"): 0.75}
    for weights in (shares, "equal"):
        walk = WALK.with_shares(weights)
        found = harmonise({"people": "sum"}, WALK, weights=weights)
        assert (
            found.columns["people"] == harmonise({"people": "sum"}, walk).columns["people"]
        )
        assert found.provenance.assumptions == (
            ("Shares of divided units are estimates.",) if weights == "equal" else ()
        )
    weights = dict(zip(ROWS["code"], ROWS["people"]))
    rows = {"unit": ["X", "Y", "Z"], "people": [2125, 375, 10]}
    options = {"unit": "unit", "rules": {"people": "sum"}, "direction": "old"}
    found = nrd.harmonise(rows, KNOWN, weights=weights, **options)
    assert found.columns["unit"] == ["A", "B", "C", "D"]
    assert found.columns["people"] == pytest.approx([1200, 800, 500, 10])
    assert "estimates" in found.summary()
    with pytest.raises(nrd.NrdValueError, match="direction is 'old' and weights is None"):
        nrd.harmonise(rows, KNOWN, **options)
    with pytest.raises(nrd.NrdValueError, match="direction is 'up', expected 'new' or"):
        harmonise({"people": "sum"}, direction="up")


def test_a_unit_is_not_lost_or_doubled():
    for shares, word in (([0.5, 0.4], "lost in part"), ([0.7, 0.5], "doubled in part")):
        table = {"old_code": ["A", "A"], "new_code": ["X", "Y"], "share": shares}
        walk = nrd.Crosswalk.from_table(table, share="share")
        with pytest.raises(nrd.NrdValueError, match=f"unit 'A' is {word}, its shares add"):
            nrd.harmonise({"code": ["A"], "x": [1]}, walk, unit="code", rules={"x": "sum"})
    # Only some of the new units: what went elsewhere is not lost.
    some = KNOWN.into(["X"])
    found = harmonise({"people": "sum"}, some, {name: v[:3] for name, v in ROWS.items()})
    assert found.columns["people"] == [2125.0]
    assert found.proof["conserved"] == [False]


def test_labels_of_the_first_and_the_last_part():
    rows = {
        "code": ["B", "A", "A", "C", "D"],
        "year": [2020, 2020, 2019, 2019, 2020],
        "name": ["Bình", "An", None, "Châu", None],
        "later": ["Bình", "An", "An cũ", "Châu", None],
    }
    rules = {"name": "first", "later": "last"}
    found = harmonise(rules, WALK, rows, period="year")
    assert found.columns["name"] == ["An"] * 2 + ["Châu"] * 2 + [None] * 2
    assert found.columns["later"] == ["Châu"] * 4 + [None] * 2
    found = harmonise({"later": "first"}, WALK, rows, period="year")
    assert found.columns["later"][0] == "An cũ"


def test_periods_and_missing_units():
    rows = {
        "code": ["A", "B", "C", "D", "A"],
        "year": [2020, 2020, 2020, 2020, 2019],
        "people": [1, 2, 4, 8, 16],
    }
    found = harmonise({"people": "sum"}, KNOWN, rows, period="year")
    assert found.columns["year"] == [2019, 2020] * 3
    assert found.columns["people"] == [None, 4.0, None, 3.0, None, 8.0]
    assert found.provenance.dropped == 3
    assert found.proof["before"] == [None, 15.0]


@pytest.mark.parametrize("backend", ["pandas", "polars", "pyarrow"])
def test_tables_come_in_the_kind_of_the_caller(backend):
    frame = nw.from_dict(ROWS, backend=backend).to_native()
    found = harmonise({"people": "sum"}, rows=frame)
    for table in (found.table, found.bound_table, found.proof_table):
        assert kind_of(table).startswith(backend)
    assert columns_of(found.table)["people"] == [2125.0, 375.0, 10.0]


@pytest.mark.parametrize("words", ["str", "object", "category", "Categorical", "Enum"])
def test_codes_are_read_however_a_frame_holds_them(words):
    rows = {
        "code": ["C", "B", "A", "A", "B"],
        "year": [2, 2, 1, 2, 1],
        "x": [1, 2, 4, 8, 16],
    }
    frame = pd.DataFrame(rows)
    if words == "category":
        kind = pd.CategoricalDtype(["Q", "A", "B", "C", "Z"])
        frame = frame.assign(code=frame["code"].astype(kind), x=frame["x"].astype("Int64"))
    elif words in ("Categorical", "Enum"):
        kind = pl.Categorical if words == "Categorical" else pl.Enum(["Z", "A", "B", "C"])
        frame = pl.DataFrame(rows).with_columns(pl.col("code").cast(kind))
    else:
        frame = frame.assign(code=frame["code"].astype(words))
    found = harmonise({"x": "sum"}, WALK.part("ABC"), frame, period="year")
    assert found.bounds["x_low"] == [None, 10.0, None, 0.0]
    assert found.bounds["x_high"] == [None, 11.0, None, 1.0]


def test_the_same_bits_on_any_number_of_threads():
    walk = nrd.crosswalk().with_shares("equal")
    rng = np.random.default_rng(3)
    years = 8
    n = years * len(walk.old)
    rows = {
        "code": np.repeat(np.array(walk.old), years).tolist(),
        "year": np.tile(np.arange(years), len(walk.old)),
        "x": rng.lognormal(0, 3, n),
        "w": rng.exponential(1, n),
        "people": rng.integers(1, 10**6, n),
    }
    options = {
        "unit": "code",
        "period": "year",
        "rules": {"x": ("mean", "w"), "w": "sum", "people": "sum"},
    }
    first = nrd.harmonise(rows, walk, threads=1, **options)
    order = rng.permutation(n)
    turned = {name: [column[i] for i in order] for name, column in rows.items()}
    for threads in (2, 3, 8):
        found = nrd.harmonise(turned, walk, threads=threads, **options)
        for name in ("x", "w", "people"):
            assert found.columns[name] == first.columns[name]
        assert found.proof == first.proof


@pytest.mark.parametrize(
    ("rules", "rows", "words"),
    [
        ({}, {}, "there are no rules"),
        ({"people": "total"}, {}, "the rule of 'people' is 'total'"),
        ({"people": ("mean",)}, {}, "the rule of 'people'"),
        ({"poverty_pct": "sum"}, {"poverty_pct": [1, 2, 3, 4]}, "is a rate and cannot be"),
        ({"r": ("rate", "poor", "people", 0)}, {}, "the factor of 'r' is 0"),
        ({"standard": ("share", "people", 1.5)}, {}, "the share of 'standard' is 1.5"),
        ({"people": "sum"}, {"code": ["A", "B", "C", "A"]}, "row 3: unit A is given twice"),
        ({"people": "sum"}, {"code": ["A", None, "C", "D"]}, "row 1: 'code' is missing"),
        ({"people": "sum"}, {"people": [1, 2, np.inf, 3]}, "row 2: people is inf"),
        ({"income": ("mean", "people")}, {"people": [1, -2, 3, 4]}, "row 1: people is -2"),
        ({"standard": "all"}, {"standard": ["Đạt", "perhaps", "", ""]}, "row 1"),
        (
            {"r": ("rate", "poor", "people")},
            {"people": [0, 800, 500, 10]},
            "row 0: poor is 120 of 0",
        ),
    ],
)
def test_bad_input_is_one_sentence(rules, rows, words):
    with pytest.raises(nrd.NrdValueError) as caught:
        harmonise(rules, rows={**ROWS, **rows})
    assert words in str(caught.value)


def test_codes_that_lost_their_zeros_are_repaired_only_when_asked():
    walk = nrd.crosswalk("province")
    rows = {"code": [int(code) for code in walk.old], "people": [1] * 63}
    with pytest.raises(nrd.NrdKeyError, match="unit '1' is not in the crosswalk; '01' is"):
        harmonise({"people": "sum"}, walk, rows)
    found = harmonise({"people": "sum"}, walk, rows, repair_codes=True)
    assert sum(found.columns["people"]) == 63
    assert "got leading zeros back" in found.summary()
    with pytest.raises(nrd.NrdKeyError, match="row 3: unit 'E' is not in the crosswalk"):
        harmonise({"people": "sum"}, rows={**ROWS, "code": ["A", "B", "C", "E"]})


def test_other_bad_input():
    with pytest.raises(nrd.NrdTypeError, match="crosswalk is dict"):
        nrd.harmonise(ROWS, {}, unit="code", rules={"people": "sum"})
    with pytest.raises(nrd.NrdKeyError, match="no column 'size'"):
        harmonise({"size": "sum"})
    with pytest.raises(nrd.NrdTypeError, match="expected a number"):
        harmonise({"name": "sum"})
    with pytest.raises(nrd.NrdValueError, match="the table has no rows"):
        harmonise({"people": "sum"}, rows={name: [] for name in ROWS})
