"""What a result says of its methods: sentences, assumptions, publications."""

from __future__ import annotations

from typing import Any

from ._correlation import NOT_CAUSE
from ._correlation_plan import MAX_T, Plan

_NAMES = {
    "pearson": "Pearson's r",
    "spearman": "Spearman's rho",
    "kendall": "Kendall's tau-b",
    "distance": "distance correlation",
    "distance_unbiased": "squared distance correlation without bias",
    "xi": "Chatterjee's xi, the mean over all orders of tied x",
    "winsorized": "winsorized correlation",
    "percentage_bend": "percentage bend correlation",
}
_SOURCES = {
    "spearman": "D. G. Bonett, T. A. Wright, Psychometrika 65 (2000) 23-28: intervals",
    "kendall": "M. G. Kendall, Rank Correlation Methods, 4th ed. (1970)",
    "distance": "G. J. Szekely, M. L. Rizzo, N. K. Bakirov, Ann. Statist. 35 (2007) "
    "2769-2794",
    "distance_unbiased": "G. J. Szekely, M. L. Rizzo, J. Multivariate Anal. 117 (2013) "
    "193-213",
    "xi": "S. Chatterjee, J. Amer. Statist. Assoc. 116 (2021) 2009-2022",
    "winsorized": "R. R. Wilcox, Introduction to Robust Estimation and Hypothesis Testing "
    "(2012)",
    "percentage_bend": "R. R. Wilcox, Introduction to Robust Estimation and Hypothesis "
    "Testing (2012)",
}
# By what is in the name of a test.
_OF_TESTS = {
    "together": "P. H. Westfall, S. S. Young, Resampling-Based Multiple Testing (1993): "
    "step-down maxT",
    "permutation": "B. Phipson, G. K. Smyth, Stat. Appl. Genet. Mol. Biol. 9 (2010) 39",
    "residuals": "D. Freedman, D. Lane, J. Bus. Econ. Statist. 1 (1983) 292-298; A. M. "
    "Winkler et al., NeuroImage 92 (2014) 381-397",
    "studentized": "C. J. DiCiccio, J. P. Romano, J. Amer. Statist. Assoc. 112 (2017) "
    "1211-1220",
    "chi squared": "C. Shen, S. Panda, J. T. Vogelstein, J. Comput. Graph. Statist. 31 "
    "(2022) 254-262",
}


def method_of(plan: Plan, partial: bool) -> str:
    """The computation in a sentence."""
    names = ", ".join(_NAMES[name] for name in plan.methods)
    kind = {"rows": "", "within": " within units", "between": " between units"}
    part = "semi-partial " if plan.part != "both" else "partial " if partial else ""
    missing = "listwise" if plan.adjust == MAX_T else plan.missing
    many = f"; p adjusted by {plan.adjust}" if plan.adjust else ""
    return f"{part}{names}{kind[plan.relation]}; missing values: {missing}{many}"


def assumptions_of(plan: Plan, labels: dict[str, Any], neighbours: bool) -> tuple[str, ...]:
    """What is taken as given, one sentence each."""
    out = [NOT_CAUSE]
    if plan.relation == "within":
        out.append("Rows of a unit are independent but for its mean.")
    elif labels["cluster"] is not None:
        out.append("Clusters are independent of each other; their rows need not be.")
    elif neighbours:
        out.append("What rows have in common depends on the steps between neighbours.")
    elif labels["strata"] is not None:
        out.append("Rows of a stratum are exchangeable.")
    else:
        out.append("Rows are independent of each other, in space and time, too.")
    return tuple(out)


def sources_of(plan: Plan, columns: dict[str, list], neighbours: bool) -> tuple[str, ...]:
    """Publications of what was used."""
    out = [_SOURCES[name] for name in plan.methods if name in _SOURCES]
    tests = [test for test in dict.fromkeys(columns["test"]) if test is not None]
    out += [_OF_TESTS[part] for test in tests for part in _OF_TESTS if part in test]
    if plan.relation != "rows":
        out.append("J. M. Bland, D. G. Altman, BMJ 310 (1995) 446 and 633")
    if neighbours:
        out.append("P. Dutilleul, Biometrics 49 (1993) 305-314: effective n")
        out.append("P. A. P. Moran, Biometrika 37 (1950) 17-23")
    if plan.interval != "bootstrap" and "pearson" in plan.methods:
        out.append("R. A. Fisher, Metron 1 (1921) 3-32: intervals")
    return tuple(dict.fromkeys(out))
