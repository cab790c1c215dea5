"""Means, covariances and analyses of variance of tables of any kind."""

import dataclasses
import datetime
import json
import math
from decimal import Decimal
from fractions import Fraction

import exact
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import columns_of, kind_of

import nrd

INCOME = {
    "commune": ["Bình Gia", "An", None, "An", "Bình Gia"],
    "year": [2023, 2024, 2024, 2024, 2024],
    "x": [2.385, None, 1e16, 0.1, -7.19],
    "y": [19.5, 21.25, 3.0, 24.0, None],
    "w": [1.5, 2.0, 1.0, None, 0.0],
}
STUDY = {"x": INCOME["x"], "y": INCOME["y"]}


def test_tables_of_any_kind_have_the_same_mean(kind):
    make, back = kind
    result = nrd.mean(make(INCOME), ["x", "y"], by="commune")
    assert kind_of(result.table) == back
    assert columns_of(result.table) == {
        "commune": ["An", "An", "Bình Gia", "Bình Gia"],
        "column": ["x", "y", "x", "y"],
        "n": [1, 2, 2, 1],
        "mean": [0.1, 22.625, (2.385 - 7.19) / 2, 19.5],
    }


def test_tables_of_any_kind_have_the_same_covariance(kind):
    make, back = kind
    result = nrd.covariance(
        make(INCOME), ["x", "y"], weights="w", weight_kind="probability"
    )
    rows = exact.complete((INCOME["x"], INCOME["y"]), INCOME["w"])[()]
    assert kind_of(result.table) == back
    assert result.n.tolist() == [rows.n] == [2]
    found = columns_of(result.table)
    assert (found["x"], found["y"]) == (["x", "x", "y"], ["x", "y", "y"])
    for value, (i, j) in zip(found["covariance"], [(0, 0), (0, 1), (1, 1)]):
        assert exact.ulps(value, exact.covariance(rows, i, j, "probability")) <= 1
    assert found["correlation"] == [1.0, -1.0, 1.0]
    grouped = nrd.covariance(make(INCOME), "y", by=["year", "commune"])
    assert grouped.keys == [(2023, "Bình Gia"), (2024, "An"), (2024, "Bình Gia")]
    assert grouped.n.tolist() == [1, 2, 0]
    groups = ["2023 Bình Gia", "2024 An", "2024 Bình Gia"]
    assert columns_of(grouped.table)["group"] == groups


def test_tables_of_any_kind_have_the_same_anova(kind):
    make, back = kind
    result = nrd.anova(make(INCOME), "y", by="year")
    assert kind_of(result.table) == back
    assert (result.groups, result.rows) == (2, 4)
    assert columns_of(result.table)["df"] == [1, 2]
    # Of 2024, 21.25, 3 and 24: their squares less the square of their sum.
    assert result.within == float(Fraction(8292.5) / 8 - Fraction(48.25) ** 2 / 3)


@pytest.mark.parametrize(
    "data",
    [
        [1, 2.5, None],
        (1, 2.5, math.nan),
        np.array([1, 2.5, np.nan]),
        np.array([1, 2.5, np.nan], dtype=">f8"),
        np.array([1, 2.5, np.nan], dtype=np.float16),
        np.ma.array([1, 2.5, 99], mask=[0, 0, 1]),
        np.ma.array([10, 25, 99], mask=[0, 0, 1]) / 10,
        [Decimal("1"), Decimal("2.5"), None],
        [np.float32(1), np.float64(2.5), None],
        pd.Series([1, 2.5, None]),
        pd.Series([Decimal(1), 2.5, pd.NA], name="x"),
        pd.Series([1, 2.5, None], dtype="Float64", index=[5, 5, 7]),
        pl.Series([1.0, 2.5, None]),
        pa.chunked_array([[1.0], [2.5, None]]),
        {"x": pl.Series([1.0, 2.5, None])},
        {"x": pa.array([1, 2.5, None])},
        {"x": np.array([9, 1, 9, 2.5, 9, np.nan])[1::2]},
        pl.DataFrame({"x": [Decimal("1.0"), Decimal("2.5"), None]}),
        pa.table({"x": pa.array([1, 2.5, None], pa.float32())}),
        pd.DataFrame({0: [1, 2.5, None]}),
    ],
    ids=lambda data: type(data).__module__.split(".")[0] + "-" + type(data).__name__,
)
def test_one_column_of_any_kind(data):
    result = nrd.mean(data)
    assert result.columns["n"] == [2]
    assert float(result) == 1.75


@pytest.mark.parametrize("dtype", ["i1", "u1", "i2", "i4", "i8", "u8", "?"])
def test_whole_numbers_of_any_width(dtype):
    values = np.array([1, 0, 1], dtype)
    assert float(nrd.mean(values)) == 2 / 3
    assert (
        float(nrd.mean({"x": values, "g": values}, by="g", columns="x").columns["mean"][1])
        == 1
    )
    assert float(nrd.mean([2**53, -(2**53), 3])) == 1.0


def test_a_matrix_has_columns_by_number():
    rows = [[1, 2], [3, 5]]
    for matrix in (rows, np.array(rows), np.array(rows, order="F"), np.array(rows, float)):
        result = nrd.mean(matrix)
        assert (result.columns["column"], result.columns["mean"]) == (
            ["1", "2"],
            [2.0, 3.5],
        )


def test_a_strided_weight_column_lives_through_the_call():
    rows = np.random.default_rng(3).integers(1, 9, (100_000, 2)).astype(float)
    expected = Fraction(*(int(v.sum()) for v in (rows[:, 0] * rows[:, 1], rows[:, 1])))
    for frame in (
        {"x": rows[:, 0], "w": rows[:, 1]},
        pd.DataFrame(rows, columns=["x", "w"]),
    ):
        found = nrd.mean(frame, "x", weights="w", weight_kind="frequency")
        assert float(found) == float(expected)


def test_missing_values_are_skipped_propagated_or_raised():
    rows = {"g": ["a", "b", "a", "c"], "x": [1.0, 5.0, None, None], "y": [1, 2, 3, 4]}
    skipped = nrd.mean(rows, by="g").columns
    assert skipped["g"] == ["a", "a", "b", "b", "c", "c"]
    assert skipped["n"] == [1, 2, 1, 1, 0, 1]
    assert skipped["mean"] == [1.0, 2.0, 5.0, 2.0, None, 4.0]
    spread = nrd.mean(rows, by="g", missing="propagate").columns
    assert spread["n"] == skipped["n"]
    assert spread["mean"] == [None, 2.0, 5.0, 2.0, None, 4.0]
    assert nrd.mean(rows, ["x", "y"], missing="propagate").columns["mean"] == [None, 2.5]
    weighted = {"x": [1.0, 2.0], "w": [1.0, None]}
    options = {"columns": "x", "weights": "w", "weight_kind": "precision"}
    assert math.isnan(float(nrd.mean(weighted, missing="propagate", **options)))
    for function, table, row in (
        (nrd.mean, rows, 2), (nrd.covariance, rows, 2), (nrd.mean, weighted, 1),
    ):  # fmt: skip
        chosen = options if table is weighted else {"columns": ["y", "x"]}
        with pytest.raises(
            nrd.NrdValueError, match=f"row {row}: the value is missing"
        ) as caught:
            function(table, missing="raise", **chosen)
        assert caught.value.row == row


def test_covariance_leaves_out_rows_and_mean_values():
    table = {"x": [1.0, 2.0, None, 4.0], "y": [1.0, None, 3.0, 5.0]}
    assert nrd.mean(table).columns["n"] == [3, 3]
    result = nrd.covariance(table)
    assert (result.n.tolist(), result.provenance.used, result.provenance.dropped) == (
        [2],
        2,
        2,
    )
    assert result.covariance[0].tolist() == [[4.5, 6.0], [6.0, 8.0]]


@pytest.mark.parametrize("turn", [1, -1])
def test_anova_of_squares_far_apart(turn):
    values = [7.588550360256754e81, 0.0, 0.0, 2.117178797677722e-69][::turn]
    keys = ["a", "b", "b", "b"]
    found = nrd.anova({"g": keys, "y": values}, "y", by="g")
    groups = [[Fraction(v) for v in values[:1]], [Fraction(v) for v in values[1:]]]
    means = [sum(group) / len(group) for group in groups]
    within = sum((v - m) ** 2 for group, m in zip(groups, means) for v in group)
    between = Fraction(3, 4) * (means[0] - means[1]) ** 2
    assert exact.ulps(found.within, within) <= 1
    assert exact.ulps(found.between, between) <= 1
    assert exact.ulps(found.f, 2 * between / within) <= 4
    assert exact.ulps(found.residual_sd**2, within / 2) <= 4
    assert exact.ulps(found.r_squared, between / (between + within)) <= 4


@given(st.data())
def test_anova_is_within_an_ulp(data):
    # Far from where squares leave the range of doubles.
    large = st.floats(-1e100, 1e100).filter(lambda v: v == 0 or abs(v) > 1e-100)
    value = st.integers(-9999, 9999).map(lambda k: k / 100) | large
    rows = data.draw(
        st.lists(st.tuples(st.sampled_from("abc"), value), min_size=4, max_size=12)
    )
    keys, values = map(list, zip(*rows))
    groups = {key: [Fraction(v) for k, v in rows if k == key] for key in set(keys)}
    n, grand = len(rows), sum(map(Fraction, values)) / len(rows)
    means = {key: sum(y) / len(y) for key, y in groups.items()}
    between = sum(len(y) * (means[key] - grand) ** 2 for key, y in groups.items())
    within = sum((v - means[key]) ** 2 for key, y in groups.items() for v in y)
    if len(groups) < 2 or not between + within:
        with pytest.raises(nrd.NrdValueError, match="anova"):
            nrd.anova({"g": keys, "y": values}, "y", by="g")
        return
    found = nrd.anova({"g": keys, "y": values}, "y", by="g")
    assert (found.groups, found.rows) == (len(groups), n)
    assert exact.ulps(found.between, between) <= 1
    assert exact.ulps(found.within, within) <= 1
    assert exact.ulps(found.mean_between, between / (len(groups) - 1)) <= 2
    assert exact.ulps(found.mean_within, within / (n - len(groups))) <= 2
    assert exact.ulps(found.r_squared, between / (between + within)) <= 4
    if within:
        f = between / (len(groups) - 1) / (within / (n - len(groups)))
        assert found.f == math.inf or exact.ulps(found.f, f) <= 4
    else:
        assert found.f == math.inf


def test_anova_does_not_depend_on_the_order_of_rows_or_threads():
    rng = np.random.default_rng(11)
    y, g = rng.standard_normal(200_000) * 1e9, rng.integers(0, 50, 200_000)
    expected = nrd.anova({"y": y, "g": g}, "y", by="g", threads=1).to_dict()
    for threads in (2, 3, 4):
        order = rng.permutation(len(y))
        found = nrd.anova({"y": y[order], "g": g[order]}, "y", by="g", threads=threads)
        assert found.to_dict() == expected


RESULTS = {
    "mean": lambda: nrd.mean(INCOME, ["x", "y"], by="commune"),
    "covariance": lambda: nrd.covariance(INCOME, ["x", "y"], by="commune"),
    "anova": lambda: nrd.anova(INCOME, "y", by="year"),
    "quantile": lambda: nrd.quantile(INCOME, [0, 0.5], "x", by="commune"),
    "describe": lambda: nrd.describe(INCOME, ["x", "y"], by="commune"),
}


@pytest.fixture(params=RESULTS)
def result(request):
    return RESULTS[request.param]()


def test_a_result_is_frozen(result):
    for field in dataclasses.fields(result):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(result, field.name, None)
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.provenance.used = 0


def test_a_result_is_json_without_nan(result):
    text = result.to_json()
    assert json.loads(text, parse_constant=pytest.fail) == result.to_dict()
    assert "\\u" not in text
    made = result.provenance
    assert made.method
    assert made.references or isinstance(result, nrd.Anova)
    assert made.versions["libnrd"] == nrd.__version__


def test_a_result_can_be_read(result):
    shown, page = result.summary(), result._repr_html_()
    assert result.provenance.method in shown
    assert all(len(line) <= 110 for line in shown.splitlines())
    assert page.count("<tr>") == page.count("</tr>") == 1 + len(pd.DataFrame(result.table))
    assert "nan" not in (shown + page).lower()


def test_names_are_escaped_in_html():
    page = nrd.mean({"<b>": [1.0], "g": ["<script>"]}, by="g")._repr_html_()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "&lt;b&gt;" in page


def test_dates_are_groups_and_json():
    days = [datetime.date(2024, 1, 31), datetime.date(2023, 12, 31)]
    result = nrd.mean({"x": [1.0, 2.0], "day": days}, by="day")
    assert result.columns["day"] == sorted(days)
    assert [row["day"] for row in json.loads(result.to_json())["table"]] == [
        "2023-12-31", "2024-01-31",
    ]  # fmt: skip


def test_provenance_says_what_was_done():
    made = nrd.covariance(
        INCOME, ["x", "y"], weights="w", weight_kind="probability", ddof=0
    ).provenance
    assert (made.used, made.dropped) == (2, 3)
    assert made.options["weight_kind"] == "probability"
    assert made.options["ddof"] == 0
    assert made.options["weights"] == "w"
    assert nrd.mean([0.1, 0.25], decimal="auto").provenance.options["decimals"] == (2,)
    made = nrd.mean({"x": [0.125], "y": [0.1]}, decimal={"x": 3}).provenance
    assert made.options["decimals"] == (3, -1)
    made = nrd.mean([1.0, 2.0], weights=[3, 4], weight_kind="frequency").provenance
    assert made.options["weights"] == "weights"
    made = nrd.anova({"g": "aab", "x": [0.1, 0.2, 0.25]}, "x", by="g", decimal="auto")
    assert made.provenance.options == {
        "by": "g", "column": "x", "decimals": (2,), "weights": None, "weight_kind": None,
    }  # fmt: skip


def test_a_float_is_one_number():
    assert math.isnan(float(nrd.mean([])))
    with pytest.raises(nrd.NrdTypeError, match="there are 2 numbers, expected one"):
        float(nrd.mean([[1, 2]]))


ONE_OF_EACH = [
    ("Statistics of each column", "Thống kê theo cột", lambda d: nrd.mean(d, "x", by="g")),
    (
        "Covariance and correlation",
        "Hiệp phương sai và hệ số tương quan",
        lambda d: nrd.covariance(d, ["x", "y"]),
    ),
    (
        "One-way analysis of variance",
        "Phân tích phương sai một yếu tố",
        lambda d: nrd.anova(d, "x", by="g"),
    ),
]


@pytest.mark.parametrize(("english", "vietnamese", "function"), ONE_OF_EACH)
def test_a_summary_speaks_the_language_asked_for(english, vietnamese, function):
    data = {"g": ["a", "a", "b"], "x": [1.0, 2.0, 4.0], "y": [3.0, 1.0, 2.0]}
    result = function(data)
    assert english in result.summary()
    assert vietnamese in result.summary(language="vi")
    assert result.provenance.method in result.summary()
    with pytest.raises(nrd.NrdValueError, match="language is 'fr', expected 'en' or 'vi'"):
        result.summary(language="fr")
