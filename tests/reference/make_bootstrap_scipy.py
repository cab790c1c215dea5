"""Make tests/reference/bootstrap_scipy.json: replicates and intervals of SciPy's bootstrap.

    python make_bootstrap_scipy.py [directory]

The replicates are SciPy's own; nrd has to find the same intervals from them, with the
acceleration from the data.
"""

import sys
from pathlib import Path

import numpy as np
import scipy
from make_reference import lines_of
from scipy import stats

X = [2.385, 7.0, 19.0, -3.5, 0.1, 1.25, 6.3, 8.8, 2.385, 5.0, 14.2, 3.3]
Y = [1.1, 3.9, 6.6, 0.2, 0.4, 2.2, 1.9, 5.1, 0.8, 3.3, 9.1, 2.0]


def difference(x, y, axis=-1):
    """Mean of the first sample less mean of the second."""
    return np.mean(x, axis=axis) - np.mean(y, axis=axis)


def pearson(x, y):
    """Pearson's r."""
    return stats.pearsonr(x, y).statistic


STATISTICS = (
    ("mean", np.mean, (X,), {}),
    ("quantile", np.median, (X,), {}),
    ("pearson", pearson, (X, Y), {"paired": True}),
    ("mean_difference", difference, (X[:7], Y), {}),
)


def case_of(name, statistic, data, options):
    """Return the replicates of a statistic and all intervals from them."""
    found = None
    case = {"statistic": name, "data": data, "intervals": []}
    for method in ("percentile", "basic", "BCa"):
        for alternative in ("two-sided", "less", "greater"):
            # With no more resamples those that were drawn are used again.
            found = stats.bootstrap(
                data,
                statistic,
                n_resamples=0 if found else 199,
                bootstrap_result=found,
                method=method,
                alternative=alternative,
                confidence_level=0.9,
                rng=np.random.default_rng(7),
                **options,
            )
            low, high = map(float, found.confidence_interval)
            case["intervals"].append(
                {
                    "method": method,
                    "alternative": alternative,
                    "low": None if np.isinf(low) else low,
                    "high": None if np.isinf(high) else high,
                }
            )
    case["replicates"] = found.bootstrap_distribution.tolist()
    return case


def main(directory):
    """Write the file."""
    source = f"SciPy {scipy.__version__}; tests/reference/make_bootstrap_scipy.py"
    value = {"source": source, "cases": [case_of(*given) for given in STATISTICS]}
    path = Path(directory) / "bootstrap_scipy.json"
    path.write_text("".join(lines_of(value)), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent)
