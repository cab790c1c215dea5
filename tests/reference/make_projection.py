"""Make projection_cases.json: figures to come and times of targets, by statsmodels.

A series with standards is a regression on the time and a dummy for each standard, of the
figures on their scale. The times of a target are roots of its probability, by SciPy; null
stands for one that is never reached. Draws of residuals are enumerated: all rows that the
replicates of a short series can take, each as likely as any other::

    python3 make_projection.py [directory]
"""

import itertools
import random
import sys
from math import exp, log
from pathlib import Path

import numpy as np
import statsmodels
from make_reference import lines_of
from scipy.optimize import brentq
from scipy.stats import t as student
from statsmodels.api import OLS

TO = {"linear": lambda y: y, "log": log, "logit": lambda y: log(y / (100 - y))}
BACK = {"linear": lambda y: y, "log": exp, "logit": lambda y: 100 / (1 + exp(-y))}
SCALES = list(TO)


def design(time, standard, known):
    return np.array([[t, *(float(s == k) for k in known)] for t, s in zip(time, standard)])


def first_time(chance, begin, wanted):
    """First time from `begin` on when a chance is so great; NaN for never."""
    grid = begin + np.concatenate(
        [np.linspace(0, 400, 40001), np.geomspace(401, 1e7, 4000)]
    )
    there = chance(grid) >= wanted
    if there[0]:
        return begin
    if not there.any():
        return float("nan")
    i = int(np.argmax(there))
    return brentq(
        lambda t: chance(np.array([t]))[0] - wanted, grid[i - 1], grid[i], xtol=1e-12
    )


def described(case):
    scale, at_least, level = SCALES[case["scale"][0]], case["at_least"][0], case["level"][0]
    known = list(dict.fromkeys(case["standard"]))
    y = np.array([TO[scale](v) for v in case["value"]])
    fit = OLS(y, design(case["time"], case["standard"], known)).fit()
    df = fit.df_resid

    def chance(times):
        made = fit.get_prediction(design(times, [known[-1]] * len(times), known))
        distance = (TO[scale](case["target"][0]) - made.predicted_mean) / made.se_obs
        return student.sf(distance, df) if at_least else student.cdf(distance, df)

    future = case["future"]
    made = fit.get_prediction(design(future, [known[-1]] * len(future), known))
    ends = made.conf_int(obs=True, alpha=1 - level).T
    back = [[BACK[scale](v) for v in part] for part in (made.predicted_mean, *ends)]
    begin = case["time"][-1]
    tail = (1 - level) / 2
    return dict(zip(("estimate", "low", "high"), back)) | {
        "probability": chance(np.array(future)).tolist(),
        "slope": [fit.params[0]],
        "sigma": [fit.mse_resid**0.5],
        "df": [df],
        "reach": [first_time(chance, begin, p) for p in (tail, 0.5, 1 - tail)],
        "by_probability": chance(np.array(case["by"])).tolist(),
    }


def made(rng, n, scale, standards, at_least, slope):
    time = sorted(rng.sample(range(2005, 2005 + n + 2), n))
    standard = [min(i * standards // n, standards - 1) for i in range(n)]
    value = [
        round(min(max(30 + slope * (t - 2010) + 4 * s + rng.gauss(0, 1.2), 0.4), 97), 1)
        for t, s in zip(time, standard)
    ]
    case = {
        "time": time, "value": value, "standard": standard, "scale": [SCALES.index(scale)],
        "at_least": [at_least], "level": [rng.choice((0.8, 0.95))],
        "target": [60.5 if at_least else 4.5], "by": [2030.5],
        "future": [time[-1] + 1, time[-1] + 3.5, time[-1] + 20],
    }  # fmt: skip
    return case | described(case)


def line(design, value):
    """Level and slope, and the standard deviation about them."""
    found, *_ = np.linalg.lstsq(design, value, rcond=None)
    left = value - design @ found
    return found, (left @ left / (len(value) - 2)) ** 0.5


def enumerated():
    """All draws of a series of four rows, of which the last row is a new figure's error."""
    time = np.array([2011.0, 2013.0, 2014.0, 2016.0])
    value = np.array([21.4, 17.9, 17.1, 12.6])
    target, by, future = 8.0, 2019.5, np.array([2017.0, 2021.0])
    design = np.column_stack([np.ones(4), time - time.mean()])
    found, sigma = line(design, value)
    leverage = np.sum(design @ np.linalg.inv(design.T @ design) * design, axis=1)
    errors = (value - design @ found) / np.sqrt(1 - leverage)
    errors -= errors.mean()
    figures, reached, times = [], [], []
    for rows in itertools.product(range(4), repeat=5):
        drawn = errors[list(rows[:4])]
        new, spread = line(design, drawn)
        ahead = errors[rows[4]] - new[0]
        if spread > 1e-12:
            level, slope = found + np.array([ahead, -new[1]]) * sigma / spread
        else:
            far = np.inf if abs(ahead) > 1e-12 else 0.0
            level, slope = found[0] + (far if ahead > 0 else -far), found[1]
        figures.append(level + slope * (future - time.mean()))
        reached.append(level + slope * (by - time.mean()) <= target)
        crossing = time.mean() + (target - level) / slope
        times.append(max(crossing, time[-1]) if slope < 0 else np.inf)
    figures = np.array(figures)
    return {
        "time": time.tolist(), "value": value.tolist(), "target": [target], "by": [by],
        "future": future.tolist(), "level": [0.8],
        "low": np.quantile(figures, 0.1, axis=0, method="inverted_cdf").tolist(),
        "high": np.quantile(figures, 0.9, axis=0, method="inverted_cdf").tolist(),
        "probability": np.mean(figures <= target, axis=0).tolist(),
        "by_probability": [float(np.mean(reached))],
        "reach": np.quantile(times, (0.1, 0.5, 0.9), method="inverted_cdf").tolist(),
    }  # fmt: skip


def projection_cases():
    rng = random.Random(64)
    cases = [
        made(rng, n, scale, standards, at_least, slope)
        for scale in SCALES
        for n, standards, at_least, slope in (
            (3, 1, 0, -1.5), (5, 1, 0, -2.4), (8, 2, 0, -1.1), (12, 3, 0, -0.3),
            (6, 1, 1, 1.9), (9, 2, 1, -0.2), (7, 1, 0, 0.5), (6, 2, 0, -3.9),
        )
    ]  # fmt: skip
    return {
        "source": f"statsmodels {statsmodels.__version__}",
        "cases": cases,
        "enumerated": enumerated(),
    }


if __name__ == "__main__":
    directory = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    text = "".join(lines_of(projection_cases()))
    (directory / "projection_cases.json").write_text(text, encoding="utf-8")
