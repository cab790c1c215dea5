"""Print digits in common with the certified values of NIST, as tables in Markdown.

Of nrd, with decimals as printed and with doubles, and of NumPy, SciPy and statsmodels:

    python tests/reference/nist_table.py

With --nrd, of nrd alone.
"""

import math
import sys
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "python"))

from nist import (
    ANOVA,
    LINEAR,
    UNIVARIATE,
    anova,
    computed_anova,
    computed_linear,
    computed_univariate,
    digits,
    least_linear,
    linear,
    printed_decimals,
    univariate,
)


def shown(found, data, names):
    return [f"{digits(found[name], getattr(data, name)):.1f}" for name in names]


def print_table(head, rows):
    print(f"| {' | '.join(head)} |\n|{'---|' * len(head)}")
    for row in rows:
        print(f"| {' | '.join(row)} |")


def numpy_univariate(data):
    import numpy as np

    x = np.array([float(value) for value in data.values])
    around = x - x.mean()
    lag1 = (around[:-1] @ around[1:]) / (around @ around)
    return {"mean": float(x.mean()), "sd": float(x.std(ddof=1)), "lag1": float(lag1)}


def scipy_anova(data):
    from scipy.stats import f_oneway

    groups = defaultdict(list)
    for code, value in zip(data.groups, data.values):
        groups[code].append(float(value))
    return {"f": float(f_oneway(*groups.values()).statistic)}


def statsmodels_anova(data):
    from statsmodels.api import OLS

    codes = sorted(set(data.groups))
    design = [[float(code == group) for code in codes] for group in data.groups]
    fit = OLS([float(value) for value in data.values], design, hasconst=True).fit()
    return {
        "f": float(fit.fvalue),
        "r2": float(fit.rsquared),
        "residual_sd": math.sqrt(fit.mse_resid),
    }


def univariate_rows(alone):
    names = ("mean", "sd", "lag1")
    for name in UNIVARIATE:
        data = univariate(name)
        row = [f"`{name}`"]
        row += shown(computed_univariate(data, printed_decimals(data.values)), data, names)
        row += shown(computed_univariate(data, None), data, names)
        yield row if alone else row + shown(numpy_univariate(data), data, names)


def anova_rows(alone):
    names = ("f", "r2", "residual_sd")
    for name in ANOVA:
        data = anova(name)
        row = [f"`{name}`", *shown(computed_anova(data, "auto"), data, names)]
        row += shown(computed_anova(data, None), data, names)
        if not alone:
            row += shown(scipy_anova(data), data, ["f"])
            row += shown(statsmodels_anova(data), data, names)
        yield row


def design_of(data):
    import numpy as np

    y, *columns = (np.array(list(map(float, v))) for v in data.columns.values())
    if data.degree > 1:
        columns = [columns[0] ** power for power in range(1, data.degree + 1)]
    ones = [np.ones(len(y))] if data.intercept else []
    return y, np.column_stack([*ones, *columns])


def numpy_linear(data):
    import numpy as np

    y, design = design_of(data)
    return {"coefficients": np.linalg.lstsq(design, y, rcond=None)[0].tolist()}


def statsmodels_linear(data):
    from statsmodels.api import OLS

    fit = OLS(*design_of(data)).fit()
    return {
        "coefficients": fit.params.tolist(),
        "errors": fit.bse.tolist(),
        "r2": float(fit.rsquared),
        "residual_sd": math.sqrt(fit.mse_resid),
    }


def linear_rows(alone):
    names = ("coefficients", "errors", "r2", "residual_sd")
    for name in LINEAR:
        data = linear(name)
        row = [f"`{name}`"]
        for decimal in ("auto", None):
            found = least_linear(computed_linear(data, decimal), data)
            row += [f"{found[key]:.1f}" for key in names]
        if not alone:
            for peer in (numpy_linear(data), statsmodels_linear(data)):
                row += [f"{value:.1f}" for value in least_linear(peer, data).values()]
        yield row


def main():
    """Print the tables."""
    alone = "--nrd" in sys.argv[1:]
    modes = ("nrd, decimals", "nrd, doubles", *(() if alone else ("NumPy",)))
    what = ("mean", "sd", "r(1)")
    print_table(
        ["set", *(f"{m}: {w}" for m in modes for w in what)], univariate_rows(alone)
    )
    print()
    modes = ("nrd, decimals", "nrd, doubles", *(() if alone else ("statsmodels",)))
    head = [f"{m}: {w}" for m in modes for w in ("F", "R²", "residual sd")]
    if not alone:
        head.insert(6, "SciPy: F")
    print_table(["set", *head], anova_rows(alone))
    print()
    what = ("b", "se", "R²", "residual sd")
    modes = ("nrd, decimals", "nrd, doubles", *(() if alone else ("statsmodels",)))
    head = [f"{m}: {w}" for m in modes for w in what]
    if not alone:
        head.insert(8, "NumPy: b")
    print_table(["set", *head], linear_rows(alone))


if __name__ == "__main__":
    main()
