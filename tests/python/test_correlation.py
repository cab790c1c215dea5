"""Correlations against R, SciPy, pingouin, brute force and exact fractions."""

import json
import math
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import nrd

REFERENCE = Path(__file__).parents[1] / "reference"
R = json.loads((REFERENCE / "correlation_r.json").read_text())
PEERS = json.loads((REFERENCE / "correlation_peers.json").read_text())
METHODS = (
    "pearson",
    "spearman",
    "kendall",
    "distance",
    "distance_unbiased",
    "xi",
    "winsorized",
    "percentage_bend",
)
near = pytest.approx


def correlate(case, method="pearson", **options):
    return nrd.correlate(case["x"], case["y"], method, seed=1, influence=False, **options)


@pytest.mark.parametrize("case", R["cases"])
def test_r_says_the_same_of_the_first_three(case):
    found = correlate(case, test="asymptotic")
    r, p, low, high, greater, less = case["pearson"]
    assert [found.coefficient, found.low, found.high] == near([r, low, high], rel=1e-13)
    assert found.pvalue == near(p, rel=1e-12)
    for side, value in (("greater", greater), ("less", less)):
        one = correlate(case, test="asymptotic", alternative=side)
        assert one.pvalue == near(value, rel=1e-12)
        assert (one.high == 1) == (side == "greater")
    rho = correlate(case, "spearman", test="asymptotic")
    assert [rho.coefficient, rho.pvalue] == near(case["spearman"], rel=1e-12)
    tau = correlate(case, "kendall", test="asymptotic")
    assert [tau.coefficient, tau.pvalue] == near(case["kendall"][:2], rel=1e-12)
    assert tau.coefficient == near(case["kendall"][2], rel=1e-14)


@pytest.mark.parametrize("case", R["cases"])
def test_energy_says_the_same_of_distances(case):
    """Terms cancel in energy, where they are whole numbers here."""
    both = [correlate(case, m).coefficient for m in ("distance", "distance_unbiased")]
    assert both == near(case["distance"], rel=2e-13, abs=1e-14)


@pytest.mark.parametrize("case", R["cases"])
def test_partial_and_semi_partial_are_those_of_residuals(case):
    covariates = {"z": case["z"]}
    found = correlate(case, covariates=covariates)
    r, p, of_y, of_x = case["partial"]
    assert [found.coefficient, found.pvalue] == near([r, p], rel=1e-6)
    assert correlate(case, covariates=covariates, part="y").coefficient == near(of_y, 1e-6)
    assert correlate(case, covariates=covariates, part="x").coefficient == near(of_x, 1e-6)
    rho = correlate(case, "spearman", covariates=covariates)
    assert rho.coefficient == near(case["partial_spearman"][0], rel=1e-12)


@pytest.mark.parametrize("case", R["cases"])
def test_within_and_between_units_are_those_of_bland_and_altman(case):
    within = correlate(case, unit=case["unit"], relation="within")
    r, p, df = case["within"]
    assert [within.coefficient, within.pvalue] == near([r, p], rel=1e-7)
    assert within.columns["effective_n"][0] == df + 2
    between = correlate(case, unit=case["unit"], relation="between")
    assert between.coefficient == near(case["between"][0], rel=1e-8)
    assert between.columns["units"] == [len(set(case["unit"]))]


@pytest.mark.parametrize("case", PEERS["cases"])
def test_peers_say_the_same_of_xi_and_robust_ones(case):
    xi = correlate(case, "xi", test="asymptotic")
    assert [xi.coefficient, xi.pvalue] == near(case["xi"], rel=1e-12)
    for method in ("winsorized", "percentage_bend"):
        found = correlate(case, method, share=PEERS["share"])
        assert found.coefficient == near(case[method][0], rel=1e-12)


@pytest.mark.parametrize("case", PEERS["cases"])
def test_weights_mean_what_they_mean_in_wdm(case):
    for method, value in zip(METHODS[:3], case["weighted"], strict=True):
        found = correlate(case, method, weights=case["weights"])
        assert found.coefficient == near(value, rel=1e-14)
        assert found.columns["effective_n"][0] == near(case["effective_n"], rel=1e-14)


def test_exact_p_values_are_those_of_r():
    for method, p in zip(("spearman", "kendall"), R["exact"]["p"], strict=True):
        found = correlate(R["exact"], method)
        assert found.pvalue == near(p, rel=1e-13)
        assert found.columns["test"] == ["exact permutation"]


def ranks_of(values):
    return stats.rankdata(values) if len(values) else np.array([])


def by_hand(x, y, method):
    """Coefficients from their definitions, O(n^2), in fractions where they are rational."""
    n = len(x)
    if method == "spearman":
        x, y = ranks_of(x), ranks_of(y)
    if method in ("pearson", "spearman"):
        x, y = [Fraction(float(v)) for v in x], [Fraction(float(v)) for v in y]
        mx, my = sum(x) / n, sum(y) / n
        xy = sum((a - mx) * (b - my) for a, b in zip(x, y, strict=True))
        square = sum((a - mx) ** 2 for a in x) * sum((b - my) ** 2 for b in y)
        return math.copysign(math.sqrt(xy * xy / square), xy)
    if method == "kendall":
        rows = list(zip(x, y, strict=True))
        signs = [
            ((a > c) - (a < c), (b > d) - (b < d))
            for (a, b), (c, d) in combinations(rows, 2)
        ]
        score = sum(s * t for s, t in signs)
        square = sum(abs(s) for s, _ in signs) * sum(abs(t) for _, t in signs)
        return math.copysign(math.sqrt(Fraction(score * score, square)), score)
    return distance_by_hand(x, y, method == "distance")


def distance_by_hand(x, y, biased):
    n = len(x)
    matrices = []
    for values in (x, y):
        v = [Fraction(float(value)) for value in values]
        d = [[abs(a - b) for b in v] for a in v]
        rows = [sum(row) for row in d]
        both = sum(rows)
        if biased:
            matrices.append(
                [
                    [d[i][j] - (rows[i] + rows[j]) / n + both / n**2 for j in range(n)]
                    for i in range(n)
                ]
            )
            continue
        one, all_rows = Fraction(1, n - 2), both * Fraction(1, (n - 1) * (n - 2))
        matrices.append(
            [
                [
                    0 if i == j else d[i][j] - one * (rows[i] + rows[j]) + all_rows
                    for j in range(n)
                ]
                for i in range(n)
            ]
        )
    a, b = matrices

    def dot(p, q):
        return sum(p[i][j] * q[i][j] for i in range(n) for j in range(n))

    xy, square = dot(a, b), dot(a, a) * dot(b, b)
    if not square:
        return float("nan")
    ratio = math.copysign(math.sqrt(xy * xy / square), xy)
    return math.sqrt(ratio) if biased else ratio


few = st.integers(-4, 4).map(float)
many = st.integers(-4000, 4000).map(lambda v: v / 8)
columns = st.lists(
    st.tuples(st.one_of(few, many), few),
    min_size=4,
    max_size=14,
)


@given(columns)
def test_brute_force_says_the_same(rows):
    x, y = (list(v) for v in zip(*rows, strict=True))
    if len(set(x)) < 2 or len(set(y)) < 2:
        return
    for method in METHODS[:5]:
        found = nrd.correlate(x, y, method, seed=1, influence=False, test="asymptotic")
        # Distances are rounded to 2^-50 of the range; the root of next to nothing shows it.
        wide = {"distance": 1e-6, "distance_unbiased": 1e-11}.get(method, 1e-15)
        want = by_hand(x, y, method)
        if math.isnan(want):
            assert found.reason is not None
        else:
            assert found.coefficient == near(want, rel=1e-9, abs=wide)


@given(columns, st.randoms(use_true_random=False))
def test_no_order_of_rows_changes_a_bit(rows, random):
    mixed = list(rows)
    random.shuffle(mixed)
    for method in METHODS:
        found = [
            nrd.correlate(
                *(list(v) for v in zip(*given, strict=True)),
                method,
                seed=1,
                influence=False,
                test="asymptotic",
                threads=threads,
            )
            for given, threads in ((rows, 1), (mixed, 2))
        ]
        assert str(found[0].columns) == str(found[1].columns)


@given(st.lists(st.tuples(few, few, st.sampled_from([0.25, 0.5, 1.0, 2.0])), min_size=3))
def test_whole_weights_are_repeated_rows(rows):
    """Pearson and tau of weights 1 are the plain ones; r of weights that of repetition."""
    x, y, w = (list(v) for v in zip(*rows, strict=True))
    for method in ("pearson", "spearman", "kendall"):
        plain = nrd.correlate(x, y, method, influence=False, seed=1)
        even = nrd.correlate(x, y, method, weights=[0.5] * len(x), influence=False, seed=1)
        assert even.columns["coefficient"][0] == (
            None if plain.reason else near(plain.coefficient, rel=1e-14, abs=1e-15)
        )
    repeated = [np.repeat(v, (4 * np.array(w)).astype(int)) for v in (x, y)]
    many = nrd.correlate(*repeated, influence=False, seed=1, test="asymptotic")
    held = nrd.correlate(x, y, weights=w, influence=False, seed=1)
    if many.reason is None and held.reason is None:
        assert held.coefficient == near(many.coefficient, rel=1e-14, abs=1e-15)


@pytest.mark.parametrize("adjust", ["holm", "fdr_bh", "fdr_by"])
def test_adjusted_inside_the_call_as_by_adjust_pvalues(adjust):
    rng = np.random.default_rng(2)
    rows = {name: rng.normal(size=20) for name in "abcd"} | {"e": np.ones(20)}
    found = nrd.correlation_matrix(rows, adjust=adjust).columns
    held = [p for p in found["p"] if p is not None]
    assert len(held) == 6  # the constant column makes no test
    want = nrd.adjust_pvalues(held, method=adjust).columns["adjusted"]
    assert [p for p in found["adjusted"] if p is not None] == near(list(want), rel=1e-15)


def test_influence_names_the_unit():
    rng = np.random.default_rng(4)
    x, y = rng.normal(size=(2, 20))
    x[7] = y[7] = 9.0
    names = [f"province {i}" for i in range(20)]
    found = nrd.correlate(x, y, names=names, seed=1)
    assert found.columns["influential"] == ["province 7"]
    left = np.corrcoef(np.delete(x, 7), np.delete(y, 7))[0, 1]
    assert found.columns["without"][0] == near(left, rel=1e-13)
    assert len(found.influence["unit"]) == 20


def test_rows_that_were_not_used_have_no_influence():
    x = [1.0, None, 3, 2, 5, 4]
    found = nrd.correlate(x, [2.0, 9, 1, None, 4, 6], seed=1, names=list("abcdef"))
    assert found.influence["unit"] == list("acef")
    weighted = nrd.correlate([1.0, 2, 3, 5], [2.0, 1, 4, 3], weights=[1.0, 1, 0, 1], seed=1)
    assert weighted.influence["unit"] == []  # two rows have no correlation
    assert weighted.columns["n"] == [3]
    assert weighted.columns["dropped"] == [0]


@pytest.mark.parametrize("method", METHODS)
def test_influence_is_what_is_left_without_the_row(method):
    rng = np.random.default_rng(6)
    x, y = rng.normal(size=(2, 12))
    found = nrd.correlate(x, y, method, seed=1, test="asymptotic")
    for row in (0, 5, 11):
        rest = (np.delete(v, row) for v in (x, y))
        want = nrd.correlate(*rest, method, seed=1, test="asymptotic", influence=False)
        assert found.influence["without"][row] == want.coefficient


def test_detectable_is_what_is_found_so_often():
    """1,000 samples of the population whose r is `detectable` are found in 80 %."""
    n = 40
    r = nrd.correlate(*np.random.default_rng(1).normal(size=(2, n))).columns["detectable"][
        0
    ]
    rng = np.random.default_rng(9)
    found = 0
    for _ in range(1000):
        x, e = rng.normal(size=(2, n))
        y = r * x + math.sqrt(1 - r * r) * e
        found += stats.pearsonr(x, y).pvalue < 0.05
    assert 0.76 < found / 1000 < 0.84


def test_a_lag_pairs_the_same_unit_later():
    rows = {
        "unit": ["a"] * 4 + ["b"] * 4,
        "year": [2010, 2011, 2012, 2013] * 2,
        "capital": [1.0, 5, 2, 8, 3, 9, 4, 7],
        "met": [0.0, 2, 10, 4, 1, 6, 18, 8],
    }
    found = nrd.correlate(
        "capital", "met", data=rows, unit="unit", time="year", lag=[0, 1, 2], seed=1
    )
    assert found.columns["lag"] == [0, 1, 2]
    assert found.columns["n"] == [8, 6, 4]
    assert found.columns["coefficient"][1] == near(1.0)  # twice the capital, a year later
    same = nrd.correlate("capital", "met", data=rows, seed=1)
    assert found.columns["coefficient"][0] == same.coefficient


def test_every_frame_gives_its_own_kind_back(kind):
    from support import kind_of

    make, expected = kind
    rows = {"a": [1.0, 2, 3, 5, None], "b": [2.0, 1, 4, 3, 6], "c": [1.0, 4, 2, 2, 1]}
    found = nrd.correlation_matrix(make(rows), seed=1)
    assert kind_of(found.table) == expected
    assert kind_of(found.matrix()) == expected
    assert found.columns["n"] == [4, 4, 5]


def test_results_can_be_written_and_read():
    found = nrd.correlate([1, 2, 3, 4, 6], [2, 1, 4, 3, 7], seed=1)
    written = json.loads(found.to_json())
    assert written["columns"][0]["coefficient"] == found.coefficient == float(found)
    assert written["provenance"]["seed"] == 1
    for language, word in (("en", "association"), ("vi", "mối liên hệ")):
        assert word in found.summary(language=language)
    many = nrd.correlation_matrix(np.random.default_rng(1).normal(size=(9, 3)), seed=1)
    assert "<table>" in many._repr_html_()
    assert len(many) == 3


def test_the_summary_says_in_vietnamese_how_it_was_found():
    rng = np.random.default_rng(4)
    rows = {name: rng.normal(size=30) for name in "abcz"}
    found = nrd.correlation_matrix(
        rows, ["a", "b", "c"], covariates=["z"], adjust="max-t", n_resamples=99, seed=1
    )
    shown = " ".join(found.summary(language="vi").split())
    for said in ("r Pearson", "đã loại ảnh hưởng của z", "bỏ cả dòng", "theo max-t"):
        assert said in shown
    assert "hoán vị phần dư" in shown
    assert "missing" not in shown
    assert "permutation" not in shown
    unit = np.arange(30) // 3
    within = nrd.correlate("a", "b", data=rows, unit=unit, relation="within", seed=1)
    assert "trong từng đơn vị" in within.summary(language="vi")
