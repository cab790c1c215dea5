"""Bad input of a bootstrap: one clear sentence, and nothing half done."""

import math

import numpy as np
import pytest

import nrd

INCOME = [19.5, 21.0, 24.0, 18.2, 30.1, 22.7, 25.4, 19.5]


def raises(x):
    raise RuntimeError("no such village")


BAD = {
    "no replicates": ({"n_resamples": 0}, "n_resamples is 0"),
    "too many replicates": ({"n_resamples": 10**30}, "from 1 to 281474976710656"),
    "more than memory holds": ({"n_resamples": 2**47}, "no memory for 140737488355328"),
    "half a replicate": ({"n_resamples": 9.5}, "n_resamples is 9.5"),
    "negative seed": ({"seed": -1}, "seed is -1, expected a whole number from 0"),
    "large seed": ({"seed": 2**64}, "seed is 18446744073709551616"),
    "seed of text": ({"seed": "7"}, "seed is '7'"),
    "true as a seed": ({"seed": True}, "seed is True"),
    "level": ({"level": 95}, "level is 95"),
    "method": ({"method": "normal"}, "method is 'normal', expected percentile"),
    "statistic": ({"statistic": "median"}, "statistic is 'median'"),
    "alternative": ({"alternative": "both"}, "alternative is 'both'"),
    "scheme": ({"scheme": "wild"}, "scheme is 'wild'"),
    "two columns": ({"statistic": "pearson"}, "pearson has 1 columns, expected 2"),
    "no group": ({"statistic": "mean_difference"}, "mean_difference needs group"),
    "group of a mean": ({"group": [0, 1] * 4}, "group is for mean_difference"),
    "three groups": (
        {"statistic": "mean_difference", "group": list("aabbaabc")},
        "group has 3 different labels",
    ),
    "labels of another length": ({"cluster": [1, 2]}, "cluster has 2 labels, expected 8"),
    "labels that are none": ({"cluster": 7}, "cluster is 7"),
    "one cluster": ({"cluster": [1] * 8}, "there is 1 cluster, expected at least 2"),
    "stratum of one": ({"strata": list("aaaabbbc")}, "stratum 'c' has one unit"),
    "cluster in two strata": (
        {"strata": list("aaaabbbb"), "cluster": list("wxyzzzvv")},
        "cluster 'z' is in more than one stratum",
    ),
    "Poisson strata": (
        {"scheme": "poisson", "strata": list("aaaabbbb")},
        "Poisson numbers know no strata",
    ),
    "block with BCa": ({"block": 2}, "expected method 'percentile' or 'basic'"),
    "block of 0": ({"block": 0, "method": "basic"}, "block is 0"),
    "long block": ({"block": 9, "method": "basic"}, "block is 9"),
    "block of clusters": (
        {"block": 2, "method": "basic", "cluster": list("aabbccdd")},
        "blocks are of rows",
    ),
    "scheme without block": ({"scheme": "moving", "method": "basic"}, "block is None"),
    "block without scheme": ({"scheme": "poisson", "block": 2}, "block is 2"),
    "studentized quantile": (
        {"statistic": "quantile", "method": "studentized"},
        "no standard error here",
    ),
    "p": ({"statistic": "quantile", "p": 2.0}, "p is 2"),
    "p of text": ({"statistic": "quantile", "p": "half"}, "p is 'half'"),
    "type": ({"statistic": "quantile", "type": 12}, "type is 12, expected a whole"),
    "of_means of a name": ({"of_means": True}, "of_means needs a function"),
    "progress": ({"progress": "yes"}, "progress is 'yes'"),
    "raises": (
        {"statistic": raises},
        "the data: the statistic raised RuntimeError: no such village",
    ),
    "returns a row": ({"statistic": lambda x: x}, r"returned shape \(8,\)"),
    "returns text": ({"statistic": lambda x: "no"}, "returned 'no'"),
    "returns None": ({"statistic": lambda x: None}, "returned None, expected a number"),
    "no standard error": (
        {"statistic": np.mean, "method": "studentized"},
        "expected a number and its standard error",
    ),
    "one number of means": (
        {"statistic": lambda x: 7.0, "of_means": True},
        r"returned shape \(\)",
    ),
    "raises of means": ({"statistic": raises, "of_means": True}, "no such village"),
}


@pytest.mark.parametrize("bad", BAD)
def test_bad_options_are_one_clear_sentence(bad):
    options, words = BAD[bad]
    with pytest.raises(nrd.NrdError, match=words) as caught:
        nrd.bootstrap(INCOME, **{"n_resamples": 19, **options})
    assert str(caught.value).startswith("bootstrap")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ([7.0], "there is 1 row, expected at least 2"),
        ([], "there is 0 row"),
        ([1.0, math.inf, 2.0], "row 1: found inf"),
        ({"x": [1.0, 2.0], "name": ["a", "b"]}, "column 'name', row 0: found 'a'"),
        ([7.0, 7.0, 7.0], None),
    ],
)
def test_bad_data(data, words):
    if words is None:
        found = nrd.bootstrap(data, n_resamples=19)
        assert (found.low, found.high) == (7.0, 7.0)
        return
    with pytest.raises(nrd.NrdError, match=words):
        nrd.bootstrap(data, n_resamples=19)


def test_bad_threads():
    with pytest.raises(nrd.NrdValueError, match="threads is 'all'"):
        nrd.bootstrap(INCOME, threads="all")


def test_a_statistic_that_is_undefined():
    with pytest.raises(nrd.NrdValueError, match="undefined"):
        nrd.bootstrap({"x": [1.0] * 4, "y": [1.0, 2.0, 3.0, 5.0]}, "pearson")
    with pytest.raises(nrd.NrdValueError, match="one side"):
        nrd.bootstrap(list(range(30)), lambda x: len(set(x)), n_resamples=99, seed=1)
