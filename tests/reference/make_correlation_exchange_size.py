"""Make correlation_exchange_size.json: how often true hypotheses are rejected.

Data are drawn under the hypothesis: x and y that depend on covariates alone, in skewed
errors; x that has to do with the weights and with the spread of y, and not with y; strata
with means of their own; families of columns that share a covariate. 5 % may be rejected.
Of ranks and winsorized values the hypothesis is nearly true only: what covariates do to
them is no line. Beside it stand Student's t and what a test does that looks at neither
covariates nor weights. Unlike most references this one is made with nrd itself: it is what
the tests do. Two minutes::

    python3 make_correlation_exchange_size.py [directory]
"""

import sys
from pathlib import Path

import numpy as np
from make_reference import lines_of

import nrd

ROUNDS, FAMILIES, RESAMPLES = 5000, 1000, 199
SEED = 2385


def skewed(rng, rows):
    """Errors of mean 0 with a long tail."""
    return rng.exponential(size=rows) - 1


def covariates(rng, rows, width):
    """x and y that have covariates in common, and nothing else."""
    z = rng.normal(size=(width, rows))
    x, y = z.sum(0) + skewed(rng, rows), z.sum(0) + skewed(rng, rows)
    names = {f"z{k}": v for k, v in enumerate(z)}
    return {"x": x, "y": y, **names}, {"covariates": list(names)}


def strata(rng, rows):
    """The same within strata that have means of their own."""
    label = np.arange(rows) % 3
    columns, options = covariates(rng, rows, 1)
    columns["x"] += 2 * label
    columns["y"] += 2 * label
    return {**columns, "s": label}, {**options, "strata": "s"}


def weights(rng, rows):
    """x that has to do with the weights and the spread of y, but not with its mean."""
    x = rng.normal(size=rows)
    y = rng.normal(size=rows) * np.exp(0.3 * x)
    return {"x": x, "y": y, "w": np.exp(0.5 * x + 0.3 * rng.normal(size=rows))}, {
        "weights": "w"
    }


def alone(rng, rows):
    """Weights that have to do with nothing."""
    x, y = rng.normal(size=rows), skewed(rng, rows)
    return {"x": x, "y": y, "w": rng.exponential(size=rows) + 0.1}, {"weights": "w"}


CASES = (
    ("partial, 1 covariate", lambda rng: covariates(rng, 15, 1), "pearson"),
    ("partial, 3 covariates", lambda rng: covariates(rng, 20, 3), "pearson"),
    ("partial ranks", lambda rng: covariates(rng, 30, 1), "spearman"),
    ("partial, winsorized", lambda rng: covariates(rng, 30, 1), "winsorized"),
    ("partial in strata", lambda rng: strata(rng, 24), "pearson"),
    ("weights of nothing, 15 rows", lambda rng: alone(rng, 15), "pearson"),
    ("weights of nothing, tau", lambda rng: alone(rng, 15), "kendall"),
    ("weights of x, 30 rows", lambda rng: weights(rng, 30), "pearson"),
    ("weights of x, 200 rows", lambda rng: weights(rng, 200), "pearson"),
    ("weights of x, ranks", lambda rng: weights(rng, 200), "spearman"),
)


def size(name, draw, method):
    """Shares of true hypotheses that are rejected, by exchanging and by others."""
    rng = np.random.default_rng(SEED)
    counts = dict.fromkeys(("exchanged", "asymptotic", "without"), 0)
    for number in range(ROUNDS):
        columns, options = draw(rng)
        common = {"data": columns, "influence": False, "interval": None, "seed": number}
        common |= {"method": method, "n_resamples": RESAMPLES}
        tests = {
            "exchanged": {**options, "test": "permutation"},
            "asymptotic": {**options, "test": "asymptotic"},
            "without": {"test": "permutation"},
        }
        for test, own in tests.items():
            counts[test] += nrd.correlate("x", "y", **common, **own).pvalue <= 0.05
    return {"what": name, **{test: n / ROUNDS for test, n in counts.items()}}


def family():
    """Shares of families with a false rejection: five columns that share a covariate."""
    rng = np.random.default_rng(SEED)
    counts = dict.fromkeys(("max-t", "none"), 0)
    for number in range(FAMILIES):
        z = rng.normal(size=20)
        rows = {name: z + skewed(rng, 20) for name in "abcde"} | {"z": z}
        for adjust in counts:
            found = nrd.correlation_matrix(
                rows, covariates=["z"], adjust=None if adjust == "none" else adjust,
                test="permutation", n_resamples=RESAMPLES, seed=number, interval=None,
            ).columns  # fmt: skip
            counts[adjust] += min(found["p" if adjust == "none" else "adjusted"]) <= 0.05
    shares = {name.replace("-", "_"): n / FAMILIES for name, n in counts.items()}
    return {"what": "family", **shares}


def main(directory):
    """Write the file."""
    out = {
        "source": "nrd and NumPy; tests/reference/make_correlation_exchange_size.py",
        "seed": SEED,
        "rounds": ROUNDS,
        "families": FAMILIES,
        "resamples": RESAMPLES,
        "cases": [*(size(*case) for case in CASES), family()],
    }
    Path(directory, "correlation_exchange_size.json").write_text("".join(lines_of(out)))


if __name__ == "__main__":
    main(*sys.argv[1:] or ["."])
