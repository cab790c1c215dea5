"""How often tests for a trend reject what is true, and how often intervals hold the slope.

Simulated series of 4 to 15 years, all of one case in one call. Errors are normal, skew
(exponential) or normal and correlated from year to year by 0.4; values are as they are, or
rounded as rates are printed: to one decimal, or to whole percent, which makes many ties.
The errors have a standard deviation of 2 points, the slope is 0 for the size of the test
and -0.7 points a year for the coverage. The file is the same bits at every run::

    python3 make_trend_coverage.py [directory]
"""

import sys
from pathlib import Path

import numpy as np
from make_reference import lines_of

from nrd import poverty_trends

SEED = 20260601
SERIES = 20_000
YEARS = range(4, 16)
SLOPE = -0.7
DECIMALS = {"as they are": 12, "one decimal": 1, "whole": 0}
METHODS = ["theil-sen", "ols", "hac"]
SERIAL = ("hamed-rao", "yue-wang", "pre-whitening", "trend-free")


def errors(random, kind, n):
    """Errors of all series, standard deviation 2."""
    if kind == "skew":
        return 2.0 * (random.exponential(size=(SERIES, n)) - 1.0)
    noise = random.normal(size=(SERIES, n))
    if kind == "correlated":
        for i in range(1, n):
            noise[:, i] = 0.4 * noise[:, i - 1] + np.sqrt(1 - 0.16) * noise[:, i]
    return 2.0 * noise


def trends(values, **options):
    """Trends of all series."""
    n = values.shape[1]
    columns = {
        "area": np.repeat(np.arange(len(values)), n),
        "year": np.tile(np.arange(2000, 2000 + n), len(values)),
        "value": values.ravel(),
    }
    return poverty_trends(
        columns,
        unit="area",
        time="year",
        value="value",
        rate="number",
        adjust=None,
        **options,
    )


def share(condition):
    """A share to four digits."""
    return [round(float(np.mean(condition)), 4)]


def size_of(values):
    """Shares rejected at 5 % where nothing falls."""
    found = trends(values, method=METHODS)
    alpha = 0.05 * (1 + 1e-12)
    out = {"mann-kendall": share(found.tests["p"] <= alpha)}
    sd = np.sqrt(found.tests["variance"])
    with np.errstate(invalid="ignore", divide="ignore"):
        z = np.maximum(np.abs(found.tests["s"]) - 1, 0) / sd
    out["normal approximation"] = share(z >= 1.959963984540054)
    for estimates in found.estimates[1:]:
        out[estimates.method] = share(estimates.p <= alpha)
    for test in SERIAL:
        with np.errstate(invalid="ignore"):
            out[test] = share(trends(values, test=test).tests["p"] <= alpha)
    return out


def coverage_of(values):
    """Shares of intervals that hold the slope; those of Theil and Sen that are infinite."""
    found = trends(values, method=METHODS)
    out = {}
    for estimates in found.estimates:
        low, high = estimates.low, estimates.high
        held = ~((low > SLOPE) | (high < SLOPE))
        out[f"held by {estimates.method}"] = share(held)
    out["no interval of theil-sen"] = share(~np.isfinite(found.estimates[0].low))
    return out


def case(kind, decimals, n):
    """Size and coverage of one case."""
    random = np.random.default_rng([SEED, n, len(kind)])
    noise, digits = errors(random, kind, n), DECIMALS[decimals]
    flat = np.round(30.0 + noise, digits)
    falling = np.round(30.0 + SLOPE * np.arange(n) + noise, digits)
    head = {"errors": kind, "values": decimals, "years": [n]}
    return {**head, **size_of(flat), **coverage_of(falling)}


def coverage():
    """All cases."""
    cases = [case("normal", decimals, n) for decimals in DECIMALS for n in YEARS]
    cases += [
        case(kind, "one decimal", n) for kind in ("skew", "correlated") for n in YEARS
    ]
    return {
        "source": f"{SERIES} series a case, seed {SEED}; make_trend_coverage.py",
        "cases": cases,
    }


def main(folder):
    """Write the file."""
    path = Path(folder) / "trend_coverage.json"
    path.write_text("".join(lines_of(coverage())), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent)
