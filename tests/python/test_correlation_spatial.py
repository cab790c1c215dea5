"""Neighbours: Moran's I and the number of independent rows, by matrices."""

import json
from collections import deque
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

import nrd

SIMULATED = Path(__file__).parents[1] / "reference" / "correlation_size.json"
near = pytest.approx


def grid(rows, columns):
    """Pairs of places of a grid that share a side."""
    at = np.arange(rows * columns).reshape(rows, columns)
    right = zip(at[:, :-1].ravel(), at[:, 1:].ravel(), strict=True)
    down = zip(at[:-1].ravel(), at[1:].ravel(), strict=True)
    return [(int(a), int(b)) for a, b in [*right, *down]]


def steps(links, n):
    """Steps between all places, -1 where there is no path."""
    near_to = [[] for _ in range(n)]
    for a, b in links:
        near_to[a].append(b)
        near_to[b].append(a)
    out = np.full((n, n), -1)
    for start in range(n):
        out[start, start] = 0
        queue = deque([start])
        while queue:
            at = queue.popleft()
            for to in near_to[at]:
                if out[start, to] < 0:
                    out[start, to] = out[start, at] + 1
                    queue.append(to)
    return out


def effective(x, y, links):
    """Dutilleul's number by whole matrices."""
    n = len(x)
    apart = steps(links, n)
    covariances = []
    for values in (x, y):
        products = np.outer(values - values.mean(), values - values.mean())
        matrix = np.zeros((n, n))
        for k in range(apart.max() + 1):
            matrix[apart == k] = products[apart == k].mean()
        covariances.append(matrix)
    centring = (np.eye(n) - 1 / n) / n
    a, b = (centring @ matrix for matrix in covariances)
    return 1 + np.trace(a) * np.trace(b) / np.trace(a @ b)


def smooth(rng, links, n, rho=0.8):
    """Two columns whose neighbours are alike, which have nothing else in common."""
    w = np.zeros((n, n))
    for a, b in links:
        w[a, b] = w[b, a] = 1
    spread = np.linalg.inv(np.eye(n) - rho * w / w.sum(1, keepdims=True))
    return spread @ rng.normal(size=n), spread @ rng.normal(size=n)


@pytest.mark.parametrize("seed", range(4))
def test_effective_n_is_that_of_matrices(seed):
    links = grid(7, 9)
    if seed == 3:
        links = [link for link in links if 5 not in link]  # an island
    x, y = smooth(np.random.default_rng(seed), grid(7, 9), 63)
    found = nrd.correlate(x, y, neighbours=links, seed=1, influence=False).columns
    want = effective(x, y, links)
    assert found["effective_n"][0] == near(min(want, 63), rel=1e-10)
    assert found["test"] == ["effective n of neighbours"]


@pytest.mark.parametrize("method", ["spearman", "kendall"])
def test_ranks_have_an_effective_n_of_their_own(method):
    links = grid(7, 9)
    x, y = smooth(np.random.default_rng(9), links, 63)
    y = np.round(y)
    found = nrd.correlate(x, y, method, neighbours=links, seed=1, influence=False)
    want = effective(stats.rankdata(x), stats.rankdata(y), links)
    assert found.columns["effective_n"][0] == near(want, rel=1e-10)
    plain = nrd.correlate(x, y, method, seed=1, influence=False, test="asymptotic")
    assert found.coefficient == plain.coefficient
    assert found.pvalue > plain.pvalue


def test_moran_is_its_definition():
    links = grid(4, 5)
    x, y = smooth(np.random.default_rng(5), links, 20)
    found = nrd.correlate(x, y, neighbours=links, seed=1).columns
    for values, name in ((x, "moran_x"), (y, "moran_y")):
        z = values - values.mean()
        want = 20 * sum(z[a] * z[b] for a, b in links) / (len(links) * (z @ z))
        assert found[name][0] == near(want, rel=1e-12)


def test_neighbours_come_in_many_forms():
    links = grid(3, 4)
    x, y = smooth(np.random.default_rng(6), links, 12)
    names = [f"p{i}" for i in range(12)]
    near_to = {name: [] for name in names}
    for a, b in links:
        near_to[names[a]].append(names[b])
        near_to[names[b]].append(names[a])

    weights = {name: [1.0] * len(v) for name, v in near_to.items()}
    w = SimpleNamespace(neighbors=near_to, weights=weights)  # what libpysal's W has
    named = [(names[a], names[b], 1.0) for a, b in links]
    plain = nrd.correlate(x, y, neighbours=links, seed=1)
    for given in (near_to, w, named):
        found = nrd.correlate(x, y, neighbours=given, names=names, seed=1)
        for column in ("p", "effective_n", "moran_x"):
            assert found.columns[column] == plain.columns[column]


def test_a_row_without_a_value_is_no_neighbour():
    links = grid(5, 6)
    x, y = smooth(np.random.default_rng(7), links, 30)
    x[29] = np.nan
    found = nrd.correlate(x, y, neighbours=links, seed=1)
    left = [link for link in links if 29 not in link]
    want = nrd.correlate(x[:29], y[:29], neighbours=left, seed=1)
    assert found.pvalue == want.pvalue
    assert found.columns["effective_n"] == want.columns["effective_n"]


def test_a_matrix_has_a_number_for_each_pair():
    links = grid(7, 9)
    rng = np.random.default_rng(8)
    rows = dict(
        zip("abcd", [*smooth(rng, links, 63), *rng.normal(size=(2, 63))], strict=True)
    )
    found = nrd.correlation_matrix(rows, neighbours=links, method="spearman", seed=1)
    alone = nrd.correlate("a", "b", "spearman", data=rows, neighbours=links, seed=1)
    assert found.columns["effective_n"][0] == alone.columns["effective_n"][0] < 63
    assert found.columns["p"][0] == alone.pvalue


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        ([(0, 9)], nrd.NrdKeyError, "no row 9"),
        ([(0, 0)], nrd.NrdValueError, "of 0 and 0"),
        ([(0, 1, -2.0)], nrd.NrdValueError, "weight -2"),
        ([(0, 1), (0, 1)], nrd.NrdValueError, "twice"),
        ([(0, 1, 2, 3)], nrd.NrdTypeError, "link 0"),
        ("queen", nrd.NrdTypeError, "libpysal W"),
        (7, nrd.NrdTypeError, "libpysal W"),
    ],
)
def test_bad_neighbours_are_refused(given, error, words):
    with pytest.raises(error, match=words):
        nrd.correlate([1.0, 2, 4, 3], [2.0, 1, 3, 4], neighbours=given)


def test_rows_of_one_name_have_no_neighbours():
    with pytest.raises(nrd.NrdValueError, match="rows 0 and 2 are both called 'a'"):
        nrd.correlate([1.0, 2, 4], [2.0, 1, 3], neighbours=[("a", "b")], names=list("aba"))


def test_the_adjusted_test_holds_its_level():
    """5,000 pairs that have nothing in common but a map: the plain test rejects many."""
    stored = json.loads(SIMULATED.read_text())["cases"]
    for case in stored:
        if case["what"] == "neighbours":
            assert 0.03 < case["adjusted"] < 0.075
            if case["rho"] >= 0.6:
                assert case["plain"] > 0.12
        if case["what"] == "clusters":
            assert 0.9 < case["coverage"] < 0.97
            assert case["rows"] < case["coverage"] - 0.04
        if case["what"] == "family":
            assert case["max_t"] < 0.07
            assert case["holm"] < 0.07
            assert case["none"] > 0.1
