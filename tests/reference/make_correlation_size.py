"""Make correlation_size.json: what neighbours and clusters do to tests and intervals.

Unlike most references this one is made with nrd itself: it is what the tests do. Columns of
7 x 9 places are smooth on the map (a simultaneous autoregressive process) and independent
of each other; 5 % of true hypotheses may be rejected. Clusters of 4 share effects that go
together; 95 % of the intervals should hold the r of the population. In 5 % of families a
true hypothesis may be rejected. Four minutes::

    python3 make_correlation_size.py [directory]
"""

import sys
from pathlib import Path

import numpy as np
from make_reference import lines_of

import nrd

ROWS, COLUMNS, ROUNDS = 7, 9, 5000
CLUSTERS, SIZE, SAMPLES, RESAMPLES = 40, 4, 1000, 999
SEED = 2385


def links_of():
    """Pairs of places that share a side."""
    at = np.arange(ROWS * COLUMNS).reshape(ROWS, COLUMNS)
    right = zip(at[:, :-1].ravel(), at[:, 1:].ravel(), strict=True)
    down = zip(at[:-1].ravel(), at[1:].ravel(), strict=True)
    return [(int(a), int(b)) for a, b in [*right, *down]]


def neighbours(rho):
    """Shares of true hypotheses rejected, with neighbours and without."""
    n, links = ROWS * COLUMNS, links_of()
    w = np.zeros((n, n))
    for a, b in links:
        w[a, b] = w[b, a] = 1
    spread = np.linalg.inv(np.eye(n) - rho * w / w.sum(1, keepdims=True))
    rng = np.random.default_rng(SEED)
    counts = np.zeros(2)
    for _ in range(ROUNDS):
        x, y = spread @ rng.normal(size=n), spread @ rng.normal(size=n)
        for k, given in enumerate((None, links)):
            found = nrd.correlate(x, y, neighbours=given, seed=1, influence=False)
            counts[k] += found.pvalue < 0.05
    plain, adjusted = counts / ROUNDS
    return {"what": "neighbours", "rho": rho, "plain": plain, "adjusted": adjusted}


def clusters():
    """Shares of intervals that hold r, by resampling clusters and by Fisher's z."""
    rng = np.random.default_rng(SEED)
    label = np.repeat(np.arange(CLUSTERS), SIZE)
    # Variances of 1 between and 1 within, r 0.6 between and 0 within: 0.3 in all.
    truth, held = 0.3, np.zeros(2)
    for sample in range(SAMPLES):
        u, v = rng.normal(size=(2, CLUSTERS))
        v = 0.6 * u + 0.8 * v
        x, y = (effect[label] + rng.normal(size=len(label)) for effect in (u, v))
        for k, given in enumerate((label, None)):
            found = nrd.correlate(
                x, y, cluster=given, seed=sample, influence=False, n_resamples=RESAMPLES
            )
            held[k] += found.low <= truth <= found.high
    coverage, rows = held / SAMPLES
    return {"what": "clusters", "coverage": coverage, "rows": rows}


def family():
    """Shares of families with a false rejection, where some hypotheses are false.

    Of five columns of 20 rows the last four share a factor; none has to do with the first.
    """
    rng = np.random.default_rng(SEED)
    counts = dict.fromkeys(("max-t", "holm", "none"), 0)
    for sample in range(SAMPLES):
        rows = rng.normal(size=(20, 5))
        rows[:, 1:] = 0.84 * rng.normal(size=(20, 1)) + 0.54 * rows[:, 1:]
        for name in counts:
            found = nrd.correlation_matrix(
                rows, adjust=None if name == "none" else name, n_resamples=199, seed=sample
            ).columns
            p = found["p" if name == "none" else "adjusted"]
            true = [v for v, x in zip(p, found["x"], strict=True) if x == "1"]
            counts[name] += min(true) <= 0.05
    shares = {name.replace("-", "_"): n / SAMPLES for name, n in counts.items()}
    return {"what": "family", **shares}


def main(directory):
    """Write the file."""
    cases = [neighbours(rho) for rho in (0.0, 0.3, 0.6, 0.8)] + [clusters(), family()]
    out = {
        "source": "nrd and NumPy; tests/reference/make_correlation_size.py",
        "seed": SEED,
        "rounds": ROUNDS,
        "samples": SAMPLES,
        "cases": cases,
    }
    Path(directory, "correlation_size.json").write_text("".join(lines_of(out)))


if __name__ == "__main__":
    main(*sys.argv[1:] or ["."])
