"""Make projection_coverage.json: how often intervals hold the figure that comes.

Series of 4 to 15 years fall in a line with normal errors. The next figure and that of
five years later are drawn, too. Kept are the shares of them that lie in 95 % intervals, by
Student's t and by the bootstrap, and of the target in five years the mean of the chance
told beside the share that reached it. Unlike most references this one is made with nrd
itself: it is what the intervals do. A test makes the first rows again. Half a minute::

    python3 make_projection_coverage.py [directory]
"""

import sys
from pathlib import Path

import numpy as np
from make_reference import lines_of

from nrd._core.projection import project

SEED, SERIES, REPLICATES, LEVEL, TARGET = 2385, 10_000, 999, 0.95, 12.0
AHEAD = (0, 4)


def covered(n, series=SERIES):
    """Shares for series of n years."""
    rng = np.random.default_rng((SEED, n))
    future = np.array([float(n + k) for k in AHEAD])
    times = np.r_[np.arange(float(n)), future]
    line = TARGET + 0.9 * (future[-1] - times) + rng.uniform(-1, 1, (series, 1))
    figures = line + rng.normal(size=line.shape)
    case = {"n": [n]}
    for method, replicates in (("t", 0), ("bootstrap", REPLICATES)):
        points, _ = project(
            np.tile(times[:n], series),
            figures[:, :n].ravel(),
            np.arange(series + 1) * n,
            scale="linear",
            target=np.full(series, TARGET),
            by=np.full(series, np.nan),
            times=future,
            level=LEVEL,
            replicates=replicates,
            seed=SEED,
        )
        new = figures[:, n:]
        held = (points["low"] <= new) & (new <= points["high"])
        case[method] = held.mean(axis=0).tolist()
        case[f"{method}_told"] = [float(points["probability"][:, -1].mean())]
    return case | {"reached": [float((figures[:, -1] <= TARGET).mean())]}


def projection_coverage():
    cases = [covered(n) for n in range(4, 16)]
    about = {"source": "nrd", "series": [SERIES], "level": [LEVEL], "ahead": [1, 5]}
    return {**about, "cases": cases}


if __name__ == "__main__":
    directory = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    text = "".join(lines_of(projection_coverage()))
    (directory / "projection_coverage.json").write_text(text, encoding="utf-8")
