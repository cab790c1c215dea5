"""Adjusted p-values: against R, statsmodels and definitions, and what is refused."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import KINDS, columns_of

import nrd

REFERENCE = Path(__file__).parents[1] / "reference"
ROWS = {"province": ["A", "B", "A", None, "B"], "p": [0.01, 0.04, 0.02, 0.03, None]}
FAMILY = [
    "bonferroni", "sidak", "holm", "holm-sidak", "simes-hochberg", "hommel", "fdr_bh",
    "fdr_by", "fdr_tsbh", "fdr_tsbky",
]  # fmt: skip


def cases(name):
    return json.loads((REFERENCE / f"{name}.json").read_text())["cases"]


def adjusted(*arguments, **options):
    return nrd.adjust_pvalues(*arguments, **options).columns["adjusted"]


@pytest.mark.parametrize("name", ["adjust_r", "adjust_statsmodels"])
def test_methods_match_r_and_statsmodels(name):
    for case in cases(name):
        found = adjusted(case["p"], method=case["name"], alpha=case["alpha"][0])
        assert [v is None for v in found] == [v is None for v in case["p"]]
        for value, expected in zip(found, case["adjusted"]):
            assert value is None or value == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize("name", ["up", "down", "adaptive_up", "adaptive_down"])
def test_discrete_methods_reject_what_their_definition_does(name):
    method = "fdr_" + ("adbh" if "adaptive" in name else "dbh")
    method += "_su" if name.endswith("up") else "_sd"
    for case in cases("adjust_discrete"):
        lists = [case["values"][a:b] for a, b in zip(case["start"], case["start"][1:])]
        support = [lists[s] for s in case["list"]]
        alpha = case["alpha"][0]
        result = nrd.adjust_pvalues(case["p"], method=method, alpha=alpha, support=support)
        assert result.rejected.tolist() == list(map(bool, case[name]))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6))
def test_hommel_is_the_closed_test_of_simes(p):
    def simes(subset):
        return min(len(subset) * v / (k + 1) for k, v in enumerate(sorted(subset)))

    places = range(len(p))
    subsets = [[i for i in places if bits >> i & 1] for bits in range(1, 2 ** len(p))]
    tests = {tuple(s): min(simes([p[i] for i in s]), 1.0) for s in subsets}
    expected = [max(v for s, v in tests.items() if i in s) for i in places]
    assert adjusted(p, method="hommel") == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize("method", FAMILY)
@given(p=st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_order_and_equal_values(method, p):
    found = dict(zip(p, adjusted(p, method=method)))
    assert [found[v] for v in p] == adjusted(p, method=method)
    assert adjusted(p[::-1], method=method) == adjusted(p, method=method)[::-1]
    ascending = [found[v] for v in sorted(p)]
    assert ascending == sorted(ascending)
    assert 0 <= ascending[0] <= ascending[-1] <= 1


def test_missing_is_no_test():
    found = adjusted([0.01, None, 0.02, float("nan")], method="fdr_bh")
    assert found == [0.02, None, 0.02, None]
    result = nrd.adjust_pvalues([0.01, None, 0.02], method="fdr_bh")
    assert (result.provenance.used, result.provenance.dropped) == (2, 1)
    assert result.rejected.tolist() == [True, False, True]
    assert np.isnan(result.adjusted[1])


@pytest.mark.parametrize("method", FAMILY)
def test_each_group_is_a_family(method):
    result = nrd.adjust_pvalues(ROWS, "p", by="province", method=method)
    assert result.columns["province"] == ["A", "B", "A", None, "B"]
    a, b = adjusted([0.01, 0.02], method=method), adjusted([0.04], method=method)
    assert result.columns["adjusted"] == [a[0], b[0], a[1], None, None]


@pytest.mark.parametrize("kind", KINDS)
def test_tables_come_back_in_the_kind_given(kind):
    make, expected = KINDS[kind]
    table = nrd.adjust_pvalues(make(ROWS), "p", by="province").table
    assert type(table).__name__ == expected.split()[1]
    assert columns_of(table)["adjusted"] == [0.02, 0.04, 0.02, None, None]


def test_names_of_r_mean_the_same():
    p = [0.01, 0.02, 0.03, 0.04, 0.05]
    for theirs, ours in [
        ("BH", "fdr_bh"),
        ("BY", "fdr_by"),
        ("hochberg", "simes-hochberg"),
    ]:
        assert adjusted(p, method=theirs) == adjusted(p, method=ours)


def test_one_list_for_all_tests_is_a_list_for_each():
    p, one = [0.25, 0.5, 1.0], [1.0, 0.5, 0.25]
    alone = adjusted(p, method="fdr_dbh_sd", support=one)
    assert alone == adjusted(p, method="fdr_dbh_sd", support=[one] * 3)
    # Each F / (1 - F) is 1/3 at 0.25, and 3 tests have it.
    assert alone == [1.0, 1.0, 1.0]
    assert adjusted(p, method="fdr_adbh_sd", support=one)[0] == 1.0


def test_discrete_methods_find_more_than_bh():
    support = [[0.01, 1.0]] * 2 + [[0.6, 1.0]] * 8
    p = [0.01] * 2 + [1.0] * 8
    assert adjusted(p, method="fdr_bh")[:2] == [0.05, 0.05]
    found = adjusted(p, method="fdr_dbh_su", support=support)[:2]
    assert found == pytest.approx([0.01 / 0.99] * 2, rel=1e-15)


def test_a_result_is_readable():
    result = nrd.adjust_pvalues([0.00001, 0.03], method="fdr_by")
    assert "< 0.0001" in result.summary()
    assert "Giá trị p hiệu chỉnh" in result.summary(language="vi")
    assert json.loads(result.to_json())["table"][1]["p"] == 0.03
    assert result.provenance.options == {"method": "fdr_by", "alpha": 0.05, "by": None}


@pytest.mark.parametrize(
    ("p", "options", "message"),
    [
        ([0.1, 1.5], {}, "adjust_pvalues, row 1: p is 1.5, expected a number in [0, 1]"),
        ([0.1, -0.5], {}, "row 1: p is -0.5"),
        ([], {}, "there are no p-values"),
        ([None, float("nan")], {}, "all p-values are missing"),
        ([0.1], {"alpha": 0}, "alpha is 0, expected a number in (0, 1)"),
        ([0.1], {"alpha": "5%"}, "alpha is '5%'"),
        ([0.1], {"method": "bh"}, "method is 'bh', expected one of 'bonferroni', 'sidak'"),
        ([0.1], {"method": "fdr_dbh_su"}, "support is None"),
        ([0.1], {"method": "fdr_dbh_su", "support": [[0.2], [1]]}, "support has 2 lists"),
        ([0.1], {"method": "fdr_dbh_su", "support": [[0.2, 1]]}, "row 0: p is 0.1"),
        ([0.1], {"method": "fdr_dbh_su", "support": [[0.1, 2]]}, "row 0: found 2"),
        ([0.1], {"method": "fdr_dbh_su", "support": [["x"]]}, "row 0: found ['x']"),
        ({"p": [0.1], "q": [0.2]}, {}, "there are 2 columns"),
        ({"adjusted": ["A"], "p": [0.2]}, {"by": "adjusted"}, "'adjusted' of its own"),
    ],
)
def test_bad_input_is_one_sentence(p, options, message):
    with pytest.raises((nrd.NrdValueError, nrd.NrdTypeError)) as caught:
        nrd.adjust_pvalues(p, **options)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
