"""Bootstrap of statistics of tables: exact where it can be, reproducible everywhere."""

import json
import math
import os
import signal
import threading
import time
from decimal import Decimal, getcontext
from fractions import Fraction
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from support import KINDS, columns_of, kind_of

import nrd

REFERENCE = Path(__file__).parents[1] / "reference"
INCOME = [19.5, 21.0, 24.0, 18.2, 30.1, 22.7, 25.4, 19.5]
POOR = [12.1, 9.4, 7.7, 13.0, 2.385, 8.8, 7.0, 12.1]
PAIRS = {"income": INCOME, "poor": POOR}
STATISTICS = ("pearson", "spearman", "kendall", "slope")
FEW = {"n_resamples": 199, "seed": 7}


def boot_cases():
    return json.loads((REFERENCE / "bootstrap_boot.json").read_text())["cases"]


def columns_for(statistic):
    return PAIRS if statistic in STATISTICS else {"income": INCOME}


def drawn(values, result, **options):
    """Rows of each resample: a function of the caller is given numbers of rows."""
    seen = []
    nrd.bootstrap(
        {**values, "row": range(len(next(iter(values.values()))))},
        lambda rows: seen.append(rows.astype(int)) or 0.0,
        "row",
        seed=result.provenance.seed,
        n_resamples=result.provenance.options["n_resamples"],
        method="percentile",
        **options,
    )
    return seen[1:]  # the first are the data


@pytest.mark.parametrize("case", boot_cases(), ids=lambda case: case["statistic"])
def test_estimates_are_those_of_functions_of_r(case):
    data = dict(zip("xy", case["columns"]))
    found = nrd.bootstrap(data, case["statistic"], **FEW)
    assert found.estimate == pytest.approx(case["estimate"][0], rel=1e-14)
    assert found.acceleration[0] == pytest.approx(case["acceleration"][0], rel=1e-12)


def test_a_callable_and_a_name_see_the_same_resamples():
    # Not BCa: its bias counts replicates equal to the estimate, which NumPy's may not be.
    options = {"method": "percentile", **FEW}
    exact = nrd.bootstrap(PAIRS, "pearson", **options)
    other = nrd.bootstrap(PAIRS, lambda x, y: np.corrcoef(x, y)[0, 1], **options)
    assert other.distribution == pytest.approx(exact.distribution, rel=1e-12)
    assert other.low == pytest.approx(exact.low, rel=1e-9)
    assert other.provenance.options["statistic"] == "<lambda>"


def test_replicates_are_rounded_once():
    found = nrd.bootstrap({"income": INCOME}, "mean", **FEW)
    exact = list(map(Fraction, INCOME))
    for value, rows in zip(found.distribution, drawn({"income": INCOME}, found)):
        assert value == float(sum(exact[i] for i in rows) / len(rows))


@pytest.mark.parametrize("statistic", ["mean", "quantile", *STATISTICS])
@pytest.mark.parametrize("scheme", ["multinomial", "poisson", "moving", "circular"])
def test_threads_change_no_bit(statistic, scheme):
    rng = np.random.default_rng(19)
    x = rng.normal(size=400)
    data = {"x": x, "y": x + rng.normal(size=400)} if statistic in STATISTICS else x
    blocks = scheme in ("moving", "circular")
    options = {"scheme": scheme, "block": 7 if blocks else None, "n_resamples": 500}
    options |= {"method": "percentile", "seed": 2385}
    first = nrd.bootstrap(data, statistic, threads=1, **options)
    for threads in (2, 3, 8):
        other = nrd.bootstrap(data, statistic, threads=threads, **options)
        assert other.distribution.tobytes() == first.distribution.tobytes()
        assert other.to_json() == first.to_json()


def test_more_replicates_begin_with_the_same():
    few = nrd.bootstrap(INCOME, n_resamples=99, seed=3).distribution
    many = nrd.bootstrap(INCOME, n_resamples=5000, seed=3).distribution
    assert many[:99].tolist() == few.tolist()


def test_a_seed_is_drawn_and_recorded():
    found = nrd.bootstrap(INCOME, n_resamples=99)
    other = nrd.bootstrap(INCOME, n_resamples=99)
    assert found.provenance.seed != other.provenance.seed
    again = nrd.bootstrap(INCOME, n_resamples=99, seed=found.provenance.seed)
    assert again.distribution.tolist() == found.distribution.tolist()
    assert nrd.bootstrap(INCOME, n_resamples=9, seed=2**64 - 1).provenance.seed == 2**64 - 1


def test_clusters_are_drawn_whole_and_the_order_of_rows_does_not_matter():
    data = {"x": INCOME, "village": list("bacbacbd")}
    found = nrd.bootstrap(data, cluster="village", **FEW)
    turned = {name: values[::-1] for name, values in data.items()}
    again = nrd.bootstrap(turned, cluster="village", **FEW)
    assert again.distribution.tolist() == found.distribution.tolist()
    of = {k: [i for i in range(8) if data["village"][i] == k] for k in "abcd"}
    known = set()
    for a in range(5):
        for b in range(5 - a):
            for c in range(5 - a - b):
                times = dict(zip("abcd", (a, b, c, 4 - a - b - c)))
                rows = [i for k, m in times.items() for i in m * of[k]]
                known.add(float(sum(Fraction(INCOME[i]) for i in rows) / len(rows)))
    assert set(found.distribution.tolist()) <= known


def test_strata_keep_their_size():
    data = {"x": [0.0] * 3 + [1.0] * 5, "region": ["a"] * 3 + ["b"] * 5}
    found = nrd.bootstrap(data, strata="region", method="percentile", **FEW)
    assert set(found.distribution.tolist()) == {5 / 8}


def test_difference_of_two_samples():
    data = {"x": INCOME, "old": [False, True] * 4}
    found = nrd.bootstrap(data, "mean_difference", group="old", **FEW)
    assert found.estimate == pytest.approx(np.mean(INCOME[::2]) - np.mean(INCOME[1::2]))
    assert found.provenance.options["samples"] == [False, True]
    other = nrd.bootstrap(data, lambda a, b: a.mean() - b.mean(), group="old", **FEW)
    assert other.distribution == pytest.approx(found.distribution, rel=1e-12, abs=1e-12)


def test_functions_of_means():
    data = {"x": INCOME, "y": POOR}
    options = {"method": "percentile", **FEW}
    ratio = nrd.bootstrap(data, lambda x, y: x / y, of_means=True, **options)
    other = nrd.bootstrap(data, lambda x, y: x.mean() / y.mean(), **options)
    assert ratio.distribution == pytest.approx(other.distribution, rel=1e-13)
    assert ratio.low == pytest.approx(other.low, rel=1e-12)


def test_several_means_at_once():
    found = nrd.bootstrap(PAIRS, **FEW)
    assert found.distribution.shape == (199, 2)
    assert found.columns["column"] == ["income", "poor"]
    for k, name in enumerate(PAIRS):
        alone = nrd.bootstrap({name: PAIRS[name]}, **FEW)
        assert alone.distribution.tolist() == found.distribution[:, k].tolist()
        assert alone.high == found.columns["high"][k]
    with pytest.raises(nrd.NrdTypeError, match="2 statistics"):
        float(found)


def test_blocks_follow_each_other():
    rows = np.arange(12.0)
    joins = []

    def steps(x):
        joins.append(np.flatnonzero(np.diff(x) % 12 != 1) + 1)
        return x.mean()

    options = {"block": 4, "method": "basic", "n_resamples": 50, "seed": 5}
    found = nrd.bootstrap(rows, steps, scheme="moving", **options)
    assert all(set(at) <= {4, 8} for at in joins)
    same = nrd.bootstrap(rows, "mean", scheme="moving", **options)
    assert same.distribution == pytest.approx(found.distribution)
    assert (
        nrd.bootstrap(rows, block=4, method="basic", **FEW).provenance.options["scheme"]
        == "circular"
    )


def influence_error(values, rows, f):
    """Standard error by the delta method, weights moved by 10^-20 in 60 digits."""
    getcontext().prec = 60
    n, step = len(values[0]), Decimal(10) ** -20
    weights = [Decimal(int(w)) for w in np.bincount(rows, minlength=n)]
    total = Decimal(0)
    for i in range(n):
        ends = []
        for side in (1, -1):
            moved = [w + side * step * (j == i) for j, w in enumerate(weights)]
            ends.append(f(moved, *values))
        total += weights[i] * ((ends[0] - ends[1]) / (2 * step)) ** 2
    return float(total.sqrt())


def weighted_mean(w, x):
    return sum(a * b for a, b in zip(w, x)) / sum(w)


def weighted_products(w, x, y):
    a, b = weighted_mean(w, x), weighted_mean(w, y)
    return sum(k * (p - a) * (q - b) for k, p, q in zip(w, x, y))


FUNCTIONS = {
    "mean": weighted_mean,
    "pearson": lambda w, x, y: (
        weighted_products(w, x, y)
        / (weighted_products(w, x, x) * weighted_products(w, y, y)).sqrt()
    ),
    "slope": lambda w, x, y: weighted_products(w, x, y) / weighted_products(w, x, x),
}


@pytest.mark.parametrize("statistic", FUNCTIONS)
def test_standard_errors_of_replicates_are_those_of_the_delta_method(statistic):
    data = columns_for(statistic)
    found = nrd.bootstrap(data, statistic, method="studentized", n_resamples=20, seed=5)
    values = [list(map(Decimal, column)) for column in data.values()]
    errors = [
        influence_error(values, rows, FUNCTIONS[statistic]) for rows in drawn(data, found)
    ]
    here = influence_error(values, np.arange(8), FUNCTIONS[statistic])
    t = (found.distribution - found.estimate) / np.array(errors)
    low, high = found.estimate - here * np.quantile(t, [0.975, 0.025])
    assert (found.low, found.high) == (
        pytest.approx(low, rel=1e-9),
        pytest.approx(high, rel=1e-9),
    )


def test_standard_errors_of_clusters_that_hold_both_samples():
    """What is common to both samples of a cluster does not count in their difference."""
    from nrd._core.bootstrap import Design

    sample, cluster = [0, 1, 1, 0, 1, 0, 0, 1], [0, 0, 0, 1, 1, 2, 2, 2]

    def difference(weights, values):
        rows = [weights[c] for c in cluster]
        parts = [[w * (s == k) for w, s in zip(rows, sample)] for k in (0, 1)]
        return weighted_mean(parts[0], values) - weighted_mean(parts[1], values)

    design = Design(
        "mean_difference",
        "multinomial",
        [np.array(INCOME)],
        8,
        units=np.array([0, 3, 5, 8]),
        sample=np.array(sample),
    )
    found = design.estimate(errors=True)[1][0]
    getcontext().prec = 60
    step, values, total = Decimal(10) ** -20, list(map(Decimal, INCOME)), Decimal(0)
    for c in range(3):
        ends = [
            difference([1 + side * step * (j == c) for j in range(3)], values)
            for side in (1, -1)
        ]
        total += ((ends[0] - ends[1]) / (2 * step)) ** 2
    assert found == pytest.approx(float(total.sqrt()), rel=1e-13)


def test_studentized_with_a_function():
    def mean_and_error(x):
        return x.mean(), x.std() / math.sqrt(len(x))

    exact = nrd.bootstrap(INCOME, "mean", method="studentized", **FEW)
    other = nrd.bootstrap(INCOME, mean_and_error, method="studentized", **FEW)
    assert (other.low, other.high) == (
        pytest.approx(exact.low, rel=1e-9),
        pytest.approx(exact.high, rel=1e-9),
    )


@pytest.mark.parametrize("statistic", ["quantile", *STATISTICS])
def test_jackknife_is_the_statistic_of_the_other_rows(statistic):
    """Ties among the rows included; the function of the caller does it one by one."""
    from nrd._core.bootstrap import Design

    rng = np.random.default_rng(63)
    for n in (3, 7, 40):
        columns = [np.round(rng.normal(size=n), 1) for _ in range(2)]
        columns = columns[: 1 if statistic == "quantile" else 2]
        options = {"p": 0.3, "type": 6}
        left = Design(statistic, "multinomial", columns, n, **options).jackknife()[:, 0]
        for i in range(n):
            rest = [np.delete(column, i) for column in columns]
            if len(rest[0]) < 2:
                continue
            alone = Design(statistic, "multinomial", rest, n - 1, **options)
            np.testing.assert_array_equal(left[i], alone.estimate()[0][0])


def test_undefined_resamples_are_left_out_and_counted():
    data = {"x": [0.0, 0.0, 0.0, 1.0, 2.0], "y": [1.0, 2.0, 4.0, 3.0, 7.0]}
    found = nrd.bootstrap(data, "pearson", n_resamples=999, seed=1, method="percentile")
    lost = int(np.isnan(found.distribution).sum())
    assert found.columns["replicates"] == [999 - lost]
    # All three draws of x equal 0, or all of one row.
    assert lost == pytest.approx(999 * (0.6**5 + 2 * 0.2**5), abs=40)
    assert found.provenance.assumptions[0].startswith(f"{lost} of 999 resamples")
    assert json.loads(found.to_json())["distribution"].count(None) == lost


def test_one_sided_intervals():
    two = nrd.bootstrap(INCOME, method="percentile", level=0.9, **FEW)
    less = nrd.bootstrap(INCOME, method="percentile", alternative="less", **FEW)
    more = nrd.bootstrap(INCOME, method="percentile", alternative="greater", **FEW)
    assert (less.low, less.high) == (-math.inf, pytest.approx(two.high, rel=1e-14))
    assert (more.low, more.high) == (pytest.approx(two.low, rel=1e-14), math.inf)


def test_missing_rows_are_dropped_and_counted():
    data = {"x": [None, *INCOME], "v": ["a", "a", "a", "b", "b", "c", "c", None, "d"]}
    found = nrd.bootstrap(data, cluster="v", n_resamples=99, seed=1)
    assert (found.provenance.used, found.provenance.dropped) == (7, 2)


@pytest.mark.parametrize("kind", KINDS)
def test_any_frame(kind):
    make, back = KINDS[kind]
    found = nrd.bootstrap(make(PAIRS), "pearson", **FEW)
    assert kind_of(found.table) == back
    assert columns_of(found.table)["estimate"] == [found.estimate]
    assert found.low == nrd.bootstrap(PAIRS, "pearson", **FEW).low


def test_the_result_says_what_made_it():
    found = nrd.bootstrap(PAIRS, "pearson", **FEW)
    assert "BCa interval at level 0.95 from 199 multinomial resamples" in found.summary()
    assert "<table>" in found._repr_html_()
    made = json.loads(found.to_json())
    assert made["provenance"]["seed"] == 7
    assert made["columns"][0]["estimate"] == found.estimate
    assert "Bootstrap (lấy mẫu lại)" in found.summary(language="vi")
    pytest.importorskip("matplotlib").use("Agg")
    ax = found.plot(source="Household survey")
    assert ax.get_xlabel() == "income, poor"


def test_progress_is_told():
    steps = []
    options = {"n_resamples": 1200, "seed": 1, "progress": lambda *at: steps.append(at)}
    nrd.bootstrap(INCOME, "mean", **options)
    assert steps == [(500, 1200), (1000, 1200), (1200, 1200)]
    nrd.bootstrap(INCOME, np.mean, **options)
    assert steps[-1] == (1200, 1200)
    nrd.bootstrap(INCOME, n_resamples=9, progress=True)


@pytest.mark.parametrize("statistic", ["kendall", lambda x, y: time.sleep(0.001) or 0.0])
def test_ctrl_c_stops_and_leaves_all_usable(statistic):
    rng = np.random.default_rng(1)
    data = {"x": rng.normal(size=4000), "y": rng.normal(size=4000)}
    timer = threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        nrd.bootstrap(data, statistic, n_resamples=10**6, method="percentile")
    timer.join()
    assert nrd.bootstrap(INCOME, **FEW).low < nrd.bootstrap(INCOME, **FEW).high


def test_polars_lazy_and_labels_of_numpy():
    lazy = pl.LazyFrame({"x": INCOME, "v": np.arange(8) // 2})
    found = nrd.bootstrap(lazy, cluster="v", **FEW)
    other = nrd.bootstrap({"x": INCOME}, cluster=np.arange(8) // 2, **FEW)
    assert found.distribution.tolist() == other.distribution.tolist()
