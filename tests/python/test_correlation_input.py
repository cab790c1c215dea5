"""What correlations refuse, and what they only note in a pair's row."""

import numpy as np
import pytest

import nrd

X, Y = [1.0, 2, 4, 3, 6, 5], [2.0, 1, 3, 5, 4, 7]
ROWS = {"a": X, "b": Y, "u": list("ppqqrr"), "t": [1, 2, 1, 2, 1, 2], "w": [1.0] * 6}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"method": "pearsn"}, "method is 'pearsn', expected pearson, spearman"),
        ({"method": []}, "there is no method"),
        ({"method": ["kendall", "kendall"]}, "a method occurs twice"),
        ({"relation": "inside"}, "relation is 'inside'"),
        ({"relation": "within"}, "expected a unit"),
        ({"part": "x"}, "expected covariates"),
        ({"test": "z"}, "test is 'z'"),
        ({"interval": "wald"}, "interval is 'wald'"),
        ({"adjust": "fdr"}, "adjust is 'fdr'"),
        ({"adjust": "max-t", "method": "xi"}, "is for pearson, spearman, kendall"),
        ({"alternative": "bigger"}, "alternative is 'bigger'"),
        ({"level": 95}, r"level is 95, expected a number in \(0, 1\)"),
        ({"power": 0}, "power is 0"),
        ({"share": 0.5, "method": "winsorized"}, "share is 0.5"),
        ({"n_resamples": 0}, "n_resamples is 0"),
        ({"lag": 1}, "expected unit and time"),
        ({"seed": -1}, "seed is -1"),
        ({"threads": -1}, "threads is -1"),
        ({"weights": "w", "method": "xi"}, "takes no weights"),
        ({"neighbours": [(0, 1)], "test": "permutation"}, "not exchangeable"),
        ({"weights": "w", "adjust": "max-t", "method": "kendall"}, "pearson and spearman"),
        ({"weights": "w", "interval": "bootstrap"}, "not resampled"),
        ({"weights": "w", "cluster": "u"}, "cluster goes with neither weights"),
        ({"cluster": "u", "method": "distance"}, "cluster is for the methods"),
        ({"neighbours": [(0, 1)], "method": "xi"}, "neighbours is for the methods"),
        ({"neighbours": [(0, 1)], "cluster": "u"}, "clusters are not neighbours"),
        ({"cluster": "u", "test": "exact"}, "nrd.permutation_test"),
        ({"cluster": ["one"] * 6}, "cluster has 1 different labels, expected 2 or more"),
        ({"cluster": ["one"] * 5}, "cluster has 5 values, expected 6"),
        ({"covariates": ["w"], "method": "distance"}, "takes no covariates"),
        ({"covariates": ["w"], "test": "exact"}, "exchangeable in large samples only"),
        (
            {"covariates": ["w"], "test": "permutation", "method": "kendall"},
            "no residuals that could be exchanged",
        ),
        ({"unit": "u", "relation": "within", "method": "kendall"}, "within units"),
        ({"unit": "u", "relation": "between", "test": "exact"}, "not exchanged"),
    ],
)
def test_bad_options_are_one_sentence(options, words):
    with pytest.raises(nrd.NrdValueError, match=words) as caught:
        nrd.correlate("a", "b", data=ROWS, **options)
    assert str(caught.value).startswith(("correlate", "threads"))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("arguments", "options", "error", "words"),
    [
        (([1.0, 2], [1.0, 2, 3]), {}, nrd.NrdValueError, "x 2, y 3; expected one length"),
        (("a", "b"), {}, nrd.NrdTypeError, "x is 'a', expected numbers"),
        (("a", "c"), {"data": ROWS}, nrd.NrdKeyError, "no column 'c'"),
        (("a", "u"), {"data": ROWS}, nrd.NrdTypeError, "column 'u', row 0: found 'p'"),
        ((X, Y), {"data": ROWS}, nrd.NrdTypeError, "names of its columns"),
        ((X, Y), {"covariates": ["z"]}, nrd.NrdTypeError, "mapping of columns"),
        ((X, Y), {"covariates": {"x": X}}, nrd.NrdValueError, "is called 'x'"),
        ((X, Y), {"influence": 1}, nrd.NrdTypeError, "influence is 1"),
        ((X, Y), {"level": "95"}, nrd.NrdTypeError, "level is '95'"),
        ((X, [*Y[:5], float("inf")]), {}, nrd.NrdValueError, "column 'y', row 5"),
        ((X, Y), {"weights": [1.0] * 5 + [-1]}, nrd.NrdValueError, "weight is -1"),
    ],
)
def test_bad_data_name_the_row(arguments, options, error, words):
    with pytest.raises(error, match=words):
        nrd.correlate(*arguments, **options)


def test_a_unit_has_one_row_at_a_time():
    rows = {"u": ["p", "q", "p"], "t": [1, 1, 1], "a": [1.0, 2, 3], "b": [3.0, 1, 2]}
    with pytest.raises(nrd.NrdValueError, match="rows 0 and 2 are both of unit 'p'"):
        nrd.correlate("a", "b", data=rows, unit="u", time="t", lag=1)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"x": ["a"]}, "x and y go together"),
        ({"x": ["a"], "y": ["b"], "columns": ["a"]}, "not both"),
        ({"columns": ["a"]}, "there is no pair"),
        ({"missing": "drop", "columns": ["a", "b"]}, "missing is 'drop'"),
        ({"columns": ["a", "b"], "unit": "u", "time": "t", "lag": 1}, "expected x and y"),
    ],
)
def test_bad_matrices_are_refused(options, words):
    with pytest.raises(nrd.NrdValueError, match=words):
        nrd.correlation_matrix(ROWS, **options)


def test_a_name_is_no_list_of_names():
    with pytest.raises(nrd.NrdTypeError, match="x is 'a', expected a list"):
        nrd.correlation_matrix(ROWS, x="a", y=["b"])


@pytest.mark.parametrize("method", ["pearson", "spearman", "kendall", "winsorized"])
@pytest.mark.parametrize("test", ["auto", "permutation"])
def test_a_bad_pair_says_why_and_the_batch_goes_on(method, test):
    nan = float("nan")
    rng = np.random.default_rng(1)
    rows = {
        "good": rng.normal(size=12),
        "other": rng.normal(size=12),
        "constant": np.full(12, 0.3),
        "empty": [1.0, 2.0] + [nan] * 10,
    }
    found = nrd.correlation_matrix(
        rows, method=method, test=test, seed=1, n_resamples=99, influence=True
    )
    reasons = dict(
        zip(
            zip(found.columns["x"], found.columns["y"], strict=True),
            found.columns["reason"],
            strict=True,
        )
    )
    assert reasons["good", "other"] is None
    assert reasons["good", "constant"] == "'constant' does not vary"
    assert reasons["good", "empty"].startswith("2 rows with both, expected 3")
    assert [c is None for c in found.columns["coefficient"]] == [
        reason is not None for reason in found.columns["reason"]
    ]
    assert "does not vary" in found.summary()


@pytest.mark.parametrize("method", ["pearson", "spearman", "kendall", "winsorized"])
def test_a_covariate_that_copies_a_variable_is_named(method):
    rng = np.random.default_rng(2)
    a, b = rng.normal(size=(2, 15))
    rows = {"a": a, "b": b, "copy": 2 * a, "one": np.ones(15)}
    found = nrd.correlation_matrix(rows, ["a", "b"], method, covariates=["copy"], seed=1)
    assert found.reason == "'a' is a combination of the covariates, or a copy of one"
    found = nrd.correlation_matrix(rows, ["a", "b"], method, covariates=["one"], seed=1)
    assert found.reason.startswith("covariate 'one' is constant")


def test_a_copy_but_for_rounding_is_a_copy():
    a = np.arange(1, 16) * 0.1
    b = np.random.default_rng(3).normal(size=15)
    found = nrd.correlate(a, b, covariates={"z": a * 0.3}, seed=1)
    assert "'x' is a combination" in found.reason


def test_within_units_of_one_row_nothing_is_left():
    found = nrd.correlate(X, Y, unit=list(range(6)), relation="within", seed=1)
    assert np.isnan(found.coefficient)
    assert found.reason == "6 rows in 6 units leave no degree of freedom"
    even = nrd.correlate(
        [1.0, 1, 2, 2, 3, 3], Y, unit=list("ppqqrr"), relation="within", seed=1
    )
    assert even.reason == "'x' does not vary within units"


def test_no_exact_p_of_many_rows():
    x, y = np.random.default_rng(4).normal(size=(2, 20))
    found = nrd.correlate(x, y, test="exact", seed=1)
    assert found.columns["p"] == [None]
    assert "no exact p" in found.reason


def test_what_is_in_one_stratum_alone_has_no_p():
    found = nrd.correlate([1.0, 2, 3, 4], [2.0, 1, 4, 3], strata=list("abcd"), seed=1)
    assert found.coefficient == pytest.approx(0.6)
    assert found.columns["p"] == [None]


@pytest.mark.parametrize("name", ["coefficient", "pvalue", "low", "high", "reason"])
def test_many_pairs_are_not_one(name):
    found = nrd.correlation_matrix({"a": X, "b": Y, "c": X[::-1]}, seed=1)
    with pytest.raises(nrd.NrdTypeError, match="3 pairs, expected one"):
        getattr(found, name)


def test_a_matrix_of_what_is_not_there():
    found = nrd.correlation_matrix({"a": X, "b": Y}, method=["pearson", "xi"], seed=1)
    for options, words in (
        ({}, "method is None, expected pearson, xi"),
        ({"method": "kendall"}, "method is 'kendall'"),
        ({"values": "q", "method": "xi"}, "no column 'q'"),
        ({"method": "xi", "lag": 3}, "lag is 3"),
    ):
        with pytest.raises((nrd.NrdValueError, nrd.NrdKeyError), match=words):
            found.matrix(**options)


def test_xi_alone_goes_both_ways():
    found = nrd.correlation_matrix({"a": X, "b": [v * v for v in Y]}, method="xi", seed=1)
    assert len(found) == 2
    assert found.matrix()["b"][0] == found.columns["coefficient"][0]
    assert found.matrix()["a"][1] == found.columns["coefficient"][1]
