"""Make joinpoint_exact.json: lines that meet, by enumeration in whole numbers.

The best places of joints at rows, and of one joint anywhere, come from the normal
equations of every choice in fractions: two lines that are fitted apart and cross between
two rows, or lines that meet at a row. The intervals are those of an F test inverted on a
grid 16 times as fine as that of libnrd, with quantiles by SciPy; they are doubles::

    python3 make_joinpoint.py [directory]
"""

import itertools
import random
import sys
from fractions import Fraction
from math import nan, sqrt
from pathlib import Path

import numpy as np
import scipy
from make_reference import lines_of
from scipy.stats import t as student

LEVEL, STEPS, LEAST = 0.95, 1024, 3


def solved(columns, y, weight):
    """Coefficients of least squares and the sum of squares; None where not unique."""
    size = len(columns)
    rows = [
        [sum(w * a * b for w, a, b in zip(weight, one, other)) for other in [*columns, y]]
        for one in columns
    ]
    for i in range(size):
        place = next((r for r in range(i, size) if rows[r][i] != 0), None)
        if place is None:
            return None
        rows[i], rows[place] = rows[place], rows[i]
        rows[i] = [value / rows[i][i] for value in rows[i]]
        for r in range(size):
            if r != i and rows[r][i] != 0:
                rows[r] = [a - rows[r][i] * b for a, b in zip(rows[r], rows[i])]
    found = [row[size] for row in rows]
    rest = [v - sum(c * x[i] for c, x in zip(found, columns)) for i, v in enumerate(y)]
    return found, sum(w * r * r for w, r in zip(weight, rest))


def bent(time, joints):
    return [[Fraction(1)] * len(time), [t - time[0] for t in time]] + [
        [max(t - joint, Fraction(0)) for t in time] for joint in joints
    ]


def has_room(time, joints):
    ends = [time[0], *joints, time[-1]]
    return all(sum(a <= t <= b for t in time) >= LEAST for a, b in itertools.pairwise(ends))


def crossing(time, value, weight, i):
    """Where lines through rows to i and from i + 1 cross, if it is between these."""
    after = [Fraction(k > i) for k in range(len(time))]
    columns = [*bent(time, []), after, [a * (t - time[i]) for a, t in zip(after, time)]]
    found = solved(columns, value, weight)
    if found is None or found[0][3] == 0:
        return None
    joint = time[i] - found[0][2] / found[0][3]
    return joint if time[i] < joint < time[i + 1] else None


def best(time, value, weight, count, between):
    tried = list(itertools.combinations(time[1:-1], count))
    if between:
        found = (crossing(time, value, weight, i) for i in range(len(time) - 1))
        tried += [(joint,) for joint in found if joint is not None]
    fits = [
        (solved(bent(time, joints), value, weight), joints)
        for joints in tried
        if has_room(time, joints)
    ]
    (found, rss), joints = min(fits, key=lambda fit: fit[0][1])
    slopes = list(itertools.accumulate(found[1:]))
    return {
        "joint": [float(joint) for joint in joints],
        "slope": [float(slope) for slope in slopes],
        "start": [float(found[0])],
        "rss": [float(rss)],
    }


def bounds(time, value, weight, rss):
    """Joint and slopes that an F test does not reject, with one joint on a fine grid."""
    df = len(time) - 4
    most = rss * (1 + student.isf((1 - LEVEL) / 2, df) ** 2 / df)
    time, value, root = np.array(time), np.array(value), np.sqrt(weight)
    grid = [
        a + (b - a) * k / STEPS for a, b in itertools.pairwise(time) for k in range(STEPS)
    ]
    held, slopes = [], []
    grid = [joint for joint in grid if has_room(time, [joint])]
    for joint in grid:
        columns = np.array(bent(time, [joint]), float).T * root[:, None]
        found, *_ = np.linalg.lstsq(columns, value * root, rcond=None)
        left = value * root - columns @ found
        room = most - left @ left
        if room >= 0:
            held.append(joint)
            inverse = np.linalg.inv(columns.T @ columns)
            for which in ([0, 1, 0], [0, 1, 1]):
                reach = sqrt(room * (np.array(which) @ inverse @ which))
                slopes.append((found @ which - reach, found @ which + reach))
    ends = [
        (min(s[0] for s in slopes[j::2]), max(s[1] for s in slopes[j::2])) for j in (0, 1)
    ]
    return {
        "joint_low": [nan if held[0] == grid[0] else held[0]],
        "joint_high": [nan if held[-1] == grid[-1] else held[-1]],
        "slope_low": [float(end[0]) for end in ends],
        "slope_high": [float(end[1]) for end in ends],
    }


def made(rng, n, count, between, weighted):
    """A series of printed decimals with a real joint and noise."""
    time = sorted(rng.sample(range(2000, 2000 + n + 3), n))
    middle = time[n // 2] - (0.4 if between else 0)
    value = [
        round(30 - 2.1 * (t - 2000) + 1.7 * max(t - middle, 0) + rng.gauss(0, 0.8), 1)
        for t in time
    ]
    weight = [rng.choice((0.5, 1.0, 2.0)) if weighted else 1.0 for _ in time]
    exact = [[Fraction(str(x)) for x in column] for column in (time, value, weight)]
    case = {"time": time, "value": value, "weight": weight, "joints": [count]}
    case |= {"between": [int(between)], **best(*exact, count, between)}
    if count == 1:
        case |= bounds(*([float(x) for x in c] for c in exact), case["rss"][0])
    return case


def least(time, values, root, between):
    """Least sums of squares of columns of values with one joint, in doubles."""
    rows = range(LEAST - 1, len(time) - LEAST + 1)
    out = np.full(values.shape[1], np.inf)
    for joint in time[rows]:
        columns = np.array(bent(time, [joint]), float).T * root[:, None]
        out = np.minimum(out, np.linalg.lstsq(columns, values, rcond=None)[1])
    for i in range(LEAST - 1, len(time) - LEAST) if between else ():
        after = (np.arange(len(time)) > i) * 1.0
        columns = np.column_stack(
            [np.ones(len(time)), time - time[0], after, after * (time - time[i])]
        )
        found, rss, *_ = np.linalg.lstsq(columns * root[:, None], values, rcond=None)
        crossing = -found[2] / found[3]
        valid = (crossing > 0) & (crossing < time[i + 1] - time[i])
        out = np.where(valid, np.minimum(out, rss), out)
    return out


def permuted(rng, n, weighted, between):
    """P-value of no joint against one, from all orders of the residuals."""
    time = np.arange(n) + 2010.0
    bend = np.maximum(time - 2013, 0)
    value = (30 - 2 * (time - 2010) + 1.1 * bend).tolist()
    value = np.array([round(v + rng.gauss(0, 0.8), 1) for v in value])
    weight = np.array([rng.choice((0.5, 1.0, 2.0)) if weighted else 1.0 for _ in time])
    root = np.sqrt(weight)
    columns = np.column_stack([np.ones(n), time - time[0]]) * root[:, None]
    line = columns @ np.linalg.lstsq(columns, value * root, rcond=None)[0]
    rest = value * root - line
    orders = np.array(list(itertools.permutations(range(n)))).T
    values = line[:, None] + rest[orders]
    fewer = np.linalg.lstsq(columns, values, rcond=None)[1]
    ratio = fewer / least(time, values, root, between)
    return {
        "time": time.tolist(), "value": value.tolist(), "weight": weight.tolist(),
        "between": [int(between)], "p": [float((ratio >= ratio[0] * (1 - 1e-9)).mean())],
    }  # fmt: skip


def joinpoint_exact():
    rng = random.Random(6)
    cases = [
        made(rng, n, count, between, weighted)
        for n, count, between in (
            (5, 1, False), (7, 1, False), (8, 1, True), (11, 1, True), (12, 1, False),
            (15, 1, True), (7, 2, False), (10, 2, False), (12, 3, False),
        )
        for weighted in (False, True)
    ]  # fmt: skip
    orders = [
        permuted(rng, n, weighted, between)
        for n, weighted, between in (
            (7, False, False), (7, True, False), (7, False, True), (8, False, False),
            (8, True, True),
        )
    ]  # fmt: skip
    return {
        "source": f"fractions; SciPy {scipy.__version__}",
        "cases": cases,
        "permuted": orders,
    }


if __name__ == "__main__":
    directory = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    text = "".join(lines_of(joinpoint_exact()))
    (directory / "joinpoint_exact.json").write_text(text, encoding="utf-8")
