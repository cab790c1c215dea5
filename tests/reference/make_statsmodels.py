"""Regressions by statsmodels, for tests/python/test_regression_peers.py.

The data are those of regression_lm.json::

    python make_statsmodels.py > regression_statsmodels.json
"""

import json
from pathlib import Path

import numpy as np
import statsmodels
from statsmodels.api import OLS, WLS

LEVEL = 0.9


def described(fit, at):
    low, high = fit.conf_int(1 - LEVEL).T
    made = fit.get_prediction(at)
    mean = [made.predicted_mean, *made.conf_int(alpha=1 - LEVEL).T]
    new = [made.predicted_mean, *made.conf_int(obs=True, alpha=1 - LEVEL).T]
    out = {
        "estimate": fit.params,
        "se": fit.bse,
        "t": fit.tvalues,
        "p": fit.pvalues,
        "low": low,
        "high": high,
        "covariance": fit.cov_params().ravel(),
        "confidence": np.ravel(mean),
        "prediction": np.ravel(new),
    }
    numbers = {
        "sigma": np.sqrt(fit.mse_resid),
        "r_squared": fit.rsquared,
        "adjusted": fit.rsquared_adj,
        "f": fit.fvalue,
        "df": fit.df_resid,
        "rss": fit.ssr,
    }
    return {name: np.asarray(values).tolist() for name, values in (out | numbers).items()}


def main():
    """Print the file."""
    with (Path(__file__).parent / "regression_lm.json").open(encoding="utf-8") as file:
        given = json.load(file)
    data = {name: np.array(values) for name, values in given["data"].items()}
    at = {name: np.array(values, float) for name, values in given["at"].items()}
    y, roads, year = data["income"], data["roads"], data["year"].astype(float)
    linear = np.column_stack([np.ones(len(y)), roads, year])
    quadratic = np.column_stack([np.ones(len(y)), roads, roads**2])
    at_linear = np.column_stack([np.ones(3), at["roads"], at["year"]])
    at_quadratic = np.column_stack([np.ones(3), at["roads"], at["roads"] ** 2])
    many = np.repeat(np.arange(len(y)), data["times"])
    used = data["weight"] > 0
    precision = WLS(y[used], linear[used], weights=data["weight"][used]).fit()
    cases = {
        "plain": described(OLS(y, linear).fit(), at_linear),
        "through_zero": described(OLS(y, roads).fit(), at["roads"]),
        "precision": described(precision, at_linear),
        "frequency": described(OLS(y[many], linear[many]).fit(), at_linear),
        "quadratic": described(OLS(y, quadratic).fit(), at_quadratic),
    }
    source = f"statsmodels {statsmodels.__version__}; tests/reference/make_statsmodels.py"
    print(json.dumps({"source": source, "level": LEVEL, "cases": cases}, indent=1))


if __name__ == "__main__":
    main()
