"""Traps that other libraries fell into, each a test with the name of its trap."""

import math

import numpy as np
import pytest

import nrd

near = pytest.approx


def one(x, y, method="pearson", **options):
    return nrd.correlate(x, y, method, seed=1, influence=False, **options)


@pytest.mark.parametrize("method", ["pearson", "spearman", "kendall"])
@pytest.mark.parametrize("value", [0.3, 1e308, 0.0, -1.1])
def test_constant_column_has_no_correlation(method, value):
    """0.05 in Polars, 0 in NumPy, and 1 for two constants."""
    n = 1448
    found = one([value] * n, list(range(n)), method)
    assert math.isnan(found.coefficient)
    assert found.reason == "'x' does not vary"
    both = one([value] * n, [0.3] * n, method)
    assert math.isnan(both.coefficient)
    assert math.isnan(both.pvalue)


def test_constant_column_has_none_with_itself_in_a_matrix():
    rows = {"a": [1.0, 2, 3, 5], "b": [0.1] * 4, "c": [2.0, 1, 4, 3]}
    matrix = nrd.correlation_matrix(rows, seed=1).matrix()
    assert matrix["b"] == [None] * 3
    assert matrix["a"][0] == 1.0


def test_a_line_is_1_and_what_is_no_line_is_less():
    """1.0000000000000007 in DuckDB, 5.93 and -1.4 elsewhere."""
    x = np.arange(100_000) * 0.1
    assert one(x, 2 * np.arange(100_000.0) + 1).coefficient <= 1
    whole = np.arange(1000.0)
    assert one(whole, 2 * whole + 1).coefficient == 1
    bent = whole.copy()
    bent[-1] += 2**-40
    assert 0.999 < one(whole, bent).coefficient < 1
    assert one(whole, -whole).coefficient == -1


def test_far_from_zero_nothing_is_lost():
    """(0,0,2), (0,0,3) + 1e8: 0.99999999814 in DuckDB."""
    x, y = np.array([0.0, 0, 2]), np.array([0.0, 0, 3])
    assert one(x + 1e8, y + 1e8).coefficient == 1


def test_partial_degrees_of_freedom_count_covariates():
    """pingouin 171: n - 2 where n - 2 - k is right."""
    rng = np.random.default_rng(1)
    x, y, z, w = rng.normal(size=(4, 12))
    found = one(x, y, covariates={"z": z, "w": w})
    r, df = found.coefficient, 12 - 2 - 2
    from scipy import stats

    t = r * math.sqrt(df / (1 - r * r))
    assert found.pvalue == near(2 * stats.t.sf(abs(t), df), rel=1e-12)
    low, high = np.tanh(np.arctanh(r) + np.array([-1, 1]) * 1.959963984540054 / 7**0.5)
    assert [found.low, found.high] == near([low, high], rel=1e-12)


def test_within_degrees_of_freedom_count_units():
    """easystats 128: rows less units less 1."""
    rng = np.random.default_rng(2)
    unit = np.repeat(np.arange(6), 4)
    x, y = rng.normal(size=(2, 24)) + unit
    found = one(x, y, unit=unit, relation="within")
    assert found.columns["effective_n"] == [24 - 6 + 1]


def test_within_does_not_depend_on_other_columns():
    """easystats 290: r of one pair changed with what else was in the frame."""
    rng = np.random.default_rng(3)
    rows = {n: rng.normal(size=12) for n in "abc"} | {"u": list("xyz") * 4}
    how = {"unit": "u", "relation": "within", "seed": 1, "adjust": None}
    alone = nrd.correlation_matrix(rows, ["a", "b"], **how)
    many = nrd.correlation_matrix(rows, ["a", "b", "c"], **how)
    assert many.columns["coefficient"][0] == alone.columns["coefficient"][0]


def test_bootstrap_resamples_pairs():
    """pingouin 276: x and y were drawn apart, so that intervals lay around 0."""
    x = np.arange(40.0)
    y = x + np.random.default_rng(4).normal(size=40)
    found = one(x, y, interval="bootstrap")
    assert 0.97 < found.low < found.coefficient < found.high <= 1


def test_covariates_do_not_leak_into_the_family():
    """pingouin 162: pairs with covariates were adjusted for, too."""
    rng = np.random.default_rng(5)
    rows = {n: rng.normal(size=15) for n in "abcz"}
    found = nrd.correlation_matrix(rows, covariates=["z"], adjust="bonferroni", seed=1)
    assert "z" not in found.columns["x"] + found.columns["y"]
    assert len(found) == 3
    p, adjusted = found.columns["p"], found.columns["adjusted"]
    assert adjusted == near([min(1, 3 * v) for v in p], rel=1e-15)


def test_rows_without_data_do_not_count():
    """easystats 61: n was that of the frame."""
    nan = float("nan")
    rows = {"a": [1.0, 2, nan, 4, 5], "b": [2.0, nan, 1, 5, 3], "c": [1.0, 5, 2, 4, 4]}
    found = nrd.correlation_matrix(rows, seed=1)
    assert found.columns["n"] == [3, 4, 4]
    assert found.columns["dropped"] == [2, 1, 1]
    listwise = nrd.correlation_matrix(rows, missing="listwise", seed=1)
    assert listwise.columns["n"] == [3, 3, 3]
    assert listwise.columns["dropped"] == [2] * 3
    assert "pairwise" in found.summary()
    assert "listwise" in listwise.summary()


@pytest.mark.parametrize("missing", [None, float("nan")])
@pytest.mark.parametrize("method", ["pearson", "spearman", "kendall", "xi", "distance"])
def test_a_missing_value_leaves_out_its_row_and_nothing_else(missing, method):
    """SciPy 17731: a NaN in a list changed p from 0.28 to 8e-30; 6530, 9414: ranks."""
    x, y = [1.0, 4, 2, 3, 7, 5, 9, 8, 6, 10], [2.0, 1, 4, 3, 5, 9, 6, 7, 10, 8]
    plain = one(x, y, method)
    found = one([*x[:5], missing, *x[5:]], [*y[:5], 4.5, *y[5:]], method)
    assert found.coefficient == plain.coefficient
    assert found.pvalue == plain.pvalue
    assert found.columns["dropped"] == [1]


def test_missing_values_of_every_frame_are_missing(kind):
    """Polars 4930 and 25407: wrong ranks beside nulls; pandas: NaT as a number."""
    make, _ = kind
    rows = {"a": [3.0, None, 1, 2, 8], "b": [1.0, 5, None, 2, 9]}
    found = nrd.correlation_matrix(make(rows), method="spearman", seed=1)
    assert found.columns["n"] == [3]
    assert found.columns["coefficient"] == [near(0.5)]


def test_a_date_is_no_number():
    pd = pytest.importorskip("pandas")
    rows = pd.DataFrame({"a": pd.to_datetime(["2010-01-01", None, "2012-01-01"])})
    rows["b"] = [1.0, 2, 3]
    with pytest.raises(nrd.NrdTypeError, match="column 'a', row 0"):
        nrd.correlation_matrix(rows)


def test_one_missing_p_does_not_spoil_the_family():
    """statsmodels 2899: one NaN turned every adjusted p into NaN."""
    rng = np.random.default_rng(6)
    rows = {n: rng.normal(size=9) for n in "abc"} | {"k": np.ones(9)}
    found = nrd.correlation_matrix(rows, adjust="fdr_bh", seed=1).columns
    assert [p is None for p in found["adjusted"]] == [
        "k" in pair for pair in zip(found["x"], found["y"], strict=True)
    ]


def test_xi_does_not_depend_on_the_sort():
    """SciPy 23355: tied x came in another order with another NumPy."""
    x = np.repeat([1.0, 2, 3], 8)
    y = np.random.default_rng(7).normal(size=24)
    found = one(x, y, "xi", test="asymptotic").coefficient
    means = []
    rng = np.random.default_rng(8)
    for _ in range(4000):
        order = np.lexsort((rng.random(24), x))
        r = np.argsort(np.argsort(y[order])) + 1
        means.append(1 - 3 * np.abs(np.diff(r)).sum() / (24**2 - 1))
    assert found == near(np.mean(means), abs=0.01)
    for _ in range(5):
        mixed = rng.permutation(24)
        assert one(x[mixed], y[mixed], "xi", test="asymptotic").coefficient == found


def test_p_is_a_probability_with_many_ties():
    """SciPy 11175: p above 1; 5755, 6314: ties were not looked at."""
    for seed in range(20):
        x, y = np.random.default_rng(seed).integers(0, 2, (2, 12)).astype(float)
        for method in ("pearson", "spearman", "kendall"):
            found = one(x, y, method)
            assert found.reason is not None or 0 < found.pvalue <= 1


def test_small_samples_say_what_they_could_have_found():
    found = one([1.0, 2, 3, 4], [1.0, 2, 4, 3], "kendall")
    assert found.columns["smallest_p"] == [near(2 / 24)]
    assert "0.0833" in found.summary()


def test_ranks_of_large_samples_do_not_overflow():
    """SciPy 18193: 64-bit ties."""
    n = 200_000
    x = np.repeat([0.0, 1.0], n // 2)
    y = np.tile([0.0, 1.0], n // 2)
    assert one(x, y, "kendall").coefficient == 0
    assert one(x, x, "kendall").coefficient == 1
    assert one(x, -x, "spearman").coefficient == -1


def test_distance_of_independent_columns_does_not_cancel_to_nonsense():
    rng = np.random.default_rng(9)
    x, y = rng.normal(size=(2, 5000))
    shifted = one(x + 1e6, y * 1e-6 - 1e3, "distance_unbiased").coefficient
    assert shifted == near(one(x, y, "distance_unbiased").coefficient, abs=1e-6)
    assert one(x, y, "distance").coefficient >= 0


def test_max_t_states_that_it_is_listwise():
    nan = float("nan")
    rng = np.random.default_rng(10)
    rows = {n: rng.normal(size=15) for n in "abc"}
    rows["a"][0] = nan
    found = nrd.correlation_matrix(rows, adjust="max-t", n_resamples=99, seed=1)
    assert found.columns["n"] == [14] * 3
    assert "listwise" in found.provenance.method
