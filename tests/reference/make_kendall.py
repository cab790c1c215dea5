"""Make the reference file of Kendall's test: values of SciPy.

The file is the same bits at every run of one release of SciPy::

    python3 make_kendall.py [directory]
"""

import random
import sys
from pathlib import Path

import scipy
from make_reference import lines_of
from scipy.stats import kendalltau


def samples():
    """Rows of x and y: without ties, with ties in one or both, short and long."""
    rng = random.Random(6)
    for n in (2, 3, 4, 5, 8, 11, 20, 33):
        yield list(range(1, n + 1)), [round(rng.gauss(0, 10), 6) for _ in range(n)], True
    for n in (36, 90, 200):
        yield list(range(n)), [round(rng.gauss(0, 10), 6) for _ in range(n)], False
    for n in (40, 117):
        yield list(range(n)), [rng.randint(0, 9) for _ in range(n)], False
    for n in (5, 12, 60, 200):
        both = [[rng.randint(0, 4) for _ in range(n)] for _ in "xy"]
        both[0][:2] = both[1][-2:] = [3, 3]
        yield *both, False


def main(folder):
    """Write the file."""
    cases = []
    for x, y, exact in samples():
        found = kendalltau(x, y, method="exact" if exact else "asymptotic")
        tau, p = float(found.statistic), float(found.pvalue)
        cases.append({"x": x, "y": y, "tau": [tau], "p": [p], "exact": [int(exact)]})
    content = {
        "source": f"scipy.stats.kendalltau of SciPy {scipy.__version__}",
        "cases": cases,
    }
    path = Path(folder) / "kendall_scipy.json"
    path.write_text("".join(lines_of(content)), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent)
