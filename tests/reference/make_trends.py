"""Make the reference file of trends: values of SciPy, statsmodels and pymannkendall.

The file is the same bits at every run of one release of these::

    python3 make_trends.py [directory]
"""

import random
import sys
from pathlib import Path

import numpy as np
import pymannkendall
import scipy
import statsmodels
import statsmodels.api as sm
from make_reference import lines_of
from scipy.stats import linregress, siegelslopes, theilslopes

SERIAL = {
    "hamed_rao": pymannkendall.hamed_rao_modification_test,
    "yue_wang": pymannkendall.yue_wang_modification_test,
    "pre_whitening": pymannkendall.pre_whitening_modification_test,
    "trend_free": pymannkendall.trend_free_pre_whitening_modification_test,
}


def samples():
    """Falling rates: regular and irregular years, decimals that tie and others."""
    rng = random.Random(6)
    for n in (3, 4, 5, 6, 8, 9, 12, 13, 21, 36, 60):
        for decimals in (0, 1, 4):
            for regular in (True, False):
                years = range(1993, 1993 + 2 * n)
                time = list(years)[:n] if regular else sorted(rng.sample(years, n))
                rate = 70.0
                value = []
                for _ in time:
                    rate = min(99.0, max(1.0, rate + rng.gauss(-2, 3)))
                    value.append(round(rate, decimals))
                yield time, value, regular, [rng.randint(50, 900) for _ in time]


def models(time, value, weight):
    """Lines with weights, and logistic curves of households."""
    since = np.array(time, float) - time[0]
    design = sm.add_constant(since)
    wls = sm.WLS(value, design, weights=weight).fit()
    shares = np.array(value) / 100
    counts = np.column_stack([shares * weight, (1 - shares) * weight])
    glm = sm.GLM(counts, design, family=sm.families.Binomial()).fit(tol=1e-14, maxiter=200)
    return {
        "wls": [wls.params[1], wls.params[0], wls.bse[1], wls.pvalues[1]],
        "logistic": [glm.params[1], glm.params[0], glm.bse[1], glm.pearson_chi2],
    }


def serial(value):
    """S and the corrected variance of tests that allow for serial correlation."""
    found = {name: test(np.array(value)) for name, test in SERIAL.items()}
    return {name: [float(test.s), float(test.var_s)] for name, test in found.items()}


def case(time, value, regular, weight):
    """One series and what is known of it."""
    sen = theilslopes(value, time, method="joint")
    line = linregress(time, value)
    plain = pymannkendall.original_test(value)
    out = {
        "time": time,
        "value": value,
        "weight": weight,
        "sen": [float(sen.slope)],
        "siegel": [float(siegelslopes(value, time).slope)],
        "line": [float(line.slope), float(line.stderr), float(line.pvalue)],
        "kendall": [float(plain.s), float(plain.var_s)],
    }
    out |= {name: list(map(float, found)) for name, found in
            models(time, value, weight).items()}  # fmt: skip
    if len(time) > 3:  # the weights as a covariate
        found = pymannkendall.partial_test(np.column_stack([value, weight]))
        out["partial"] = [float(found.s), float(found.var_s), float(found.p)]
    # Residuals from a slope of one pair tie but for rounding: only even numbers of pairs.
    even = len(time) * (len(time) - 1) // 2 % 2 == 0
    if regular and even and len(time) > 3 and len(set(value)) == len(value):
        out["serial"] = serial(value)
    return out


def regional():
    """Sites x years: the regional test."""
    rng = random.Random(7)
    cases = []
    for sites, years in ((2, 5), (9, 7), (30, 12)):
        common = [rng.gauss(0, 2) for _ in range(years)]
        values = [[round(30 - y / 8 + common[y] + rng.gauss(0, 2), 1) for y in range(years)]
                  for _ in range(sites)]  # fmt: skip
        found = pymannkendall.regional_test(np.array(values).T)
        numbers = {"s": found.s, "var": found.var_s, "p": found.p, "slope": found.slope}
        cases.append({"values": values, **{k: [float(v)] for k, v in numbers.items()}})
    return cases


def main(folder):
    """Write the files."""
    names = (scipy, statsmodels)
    source = ", ".join(f"{module.__name__} {module.__version__}" for module in names)
    source += f", pymannkendall {pymannkendall.__version__}; make_trends.py"
    files = {
        "trends_peers": [case(*sample) for sample in samples()],
        "trends_regional": regional(),
    }
    for name, cases in files.items():
        path = Path(folder) / f"{name}.json"
        content = {"source": source, "cases": cases}
        path.write_text("".join(lines_of(content)), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent)
