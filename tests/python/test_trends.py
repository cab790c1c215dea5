"""Trends of poverty rates: tables, words, kinds of frames, and peers."""

import itertools
import json
import math
from pathlib import Path

import nist
import numpy as np
import pytest
from support import KINDS, columns_of, kind_of

import nrd
from nrd._core.trend import Segments

REFERENCE = Path(__file__).parents[1] / "reference"
RATES = {
    "province": ["Lạng Sơn"] * 9 + ["Sơn La"] * 6,
    "commune": ["A"] * 5 + ["B"] * 4 + ["A"] * 6,
    "year": [2016, 2017, 2018, 2019, 2020, 2016, 2017, 2018, 2020, *range(2011, 2017)],
    "rate": [18.2, 16.4, 13.9, 12.1, 9.8, 30.1, 28.4, 25.0, 21.7, *[5.0] * 6],
    "households": [812, 820, 825, 831, 840, 401, 405, 410, 420, *[300] * 6],
    "standard": ["2016-2020"] * 9 + ["2011-2015"] * 5 + ["2016-2020"],
}


def trends(**options):
    names = {
        "unit": "commune",
        "time": "year",
        "value": "rate",
        "by": "province",
        "standard": None,
        "seed": 6,
    }
    return nrd.poverty_trends(RATES, **{**names, **options})


def test_one_tidy_row_an_area():
    result = trends()
    table = result.table
    assert table["province"] == ["Lạng Sơn", "Lạng Sơn", "Sơn La"]
    assert table["commune"] == ["A", "B", "A"]
    assert table["n"] == [5, 4, 6]
    assert (table["first"], table["last"]) == ([2016, 2016, 2011], [2020, 2020, 2016])
    assert table["s"] == [-10, -6, 0]
    assert table["tau"] == [-1.0, -1.0, None]
    assert table["p"] == [1 / 60, 1 / 12, 1.0]
    assert table["exact"] == [True, True, True]
    assert table["smallest_p"] == [1 / 60, 1 / 12, 1.0]
    assert table["verdict"] == ["falling", "cannot be told", "cannot be told"]
    assert table["slope_points"] == pytest.approx([-2.125, -13 / 6, 0.0])
    assert table["low_points"][1:] == [None, None]
    assert table["confidence"] == [1 - 1 / 60, None, None]
    assert table["reason"] == [
        None,
        "with 4 years no p is below 0.0833",
        "all values are equal",
    ]
    assert result.provenance.used == 15


def test_all_columns_are_known():
    from nrd._trend_methods import METHODS
    from nrd._trends import COLUMNS

    known = {*COLUMNS, "standard", "province", "commune"}
    for rate, methods in (("percent", METHODS), ("number", ["ols", "log-linear"])):
        result = trends(
            method=methods, weights="households", standard="standard", rate=rate
        )
        assert {*result.table, *result.group_table} <= known


def test_words():
    result = trends()
    english, vietnamese = result.summary(), result.summary(language="vi")
    flat = " ".join(english.split())
    assert (
        "Lạng Sơn A: 2016–2020, 5 years: falls by 2.12 points a year, 95 % interval "
        "1.8–2.5, exact p = 0.017, smallest possible with 5 years 0.017"
    ) in flat
    assert "cannot be told (with 4 years no p is below 0.0833)" in flat
    assert "giảm 2.12 điểm phần trăm mỗi năm" in " ".join(vietnamese.split())
    assert "points" not in vietnamese
    with pytest.raises(nrd.NrdValueError, match="language is 'fr'"):
        result.summary(language="fr")


def test_many_areas_are_counted_and_the_first_ones_listed():
    n = 300
    columns = {
        "c": np.repeat(np.arange(n), 6),
        "t": np.tile(np.arange(6), n),
        "v": np.tile([60.0, 50, 40, 30, 20, 10], n),
    }
    result = nrd.poverty_trends(columns, unit="c", time="t", value="v", adjust="fdr_bh")
    text = result.summary()
    assert "and 280 more, see the table" in text
    assert " falling            300" in text
    assert len(result.table["c"]) == n
    assert result.table["adjusted"] == pytest.approx([2 / 720] * n)


def test_an_area_alone():
    result = trends()
    one = result.area(("Sơn La", "A"))
    assert one.table["commune"] == ["A"]
    assert one.table["n"] == [6]
    assert result.area("B").table["p"] == [1 / 12]
    with pytest.raises(nrd.NrdKeyError, match="2 groups have an area 'A'"):
        result.area("A")
    with pytest.raises(nrd.NrdKeyError, match="no area 'C'"):
        result.area("C")


def test_standards_are_kept_apart():
    table = trends(standard="standard").table
    assert table["standard"] == ["2016-2020", "2016-2020", "2011-2015", "2016-2020"]
    assert table["n"] == [5, 4, 5, 1]
    assert table["reason"][-1] == "one year, expected at least 3"


@pytest.mark.parametrize("kind", KINDS)
def test_any_frame(kind):
    make, wanted = KINDS[kind]
    plain = {name: list(values) for name, values in RATES.items()}
    result = nrd.poverty_trends(
        make(plain),
        unit="commune",
        time="year",
        value="rate",
        by="province",
        standard=None,
        seed=6,
    )
    assert kind_of(result.table) == wanted
    assert columns_of(result.table) == columns_of(trends().table)
    assert columns_of(result.group_table) == columns_of(trends().group_table)


def test_rows_in_any_order_and_years_that_are_missing():
    order = np.random.default_rng(6).permutation(15)
    shuffled = {name: [values[i] for i in order] for name, values in RATES.items()}
    names = {
        "standard": None,
        "unit": "commune",
        "time": "year",
        "value": "rate",
        "by": "province",
    }
    assert nrd.poverty_trends(shuffled, **names, seed=6).columns == trends().columns
    holes = {**RATES, "rate": [None, *RATES["rate"][1:]]}
    result = nrd.poverty_trends(holes, **names)
    assert result.table["n"] == [4, 4, 6]
    assert (result.provenance.used, result.provenance.dropped) == (14, 1)


def test_the_slope_is_by_years_and_not_by_places():
    irregular = {"c": ["A"] * 4, "t": [1993, 1998, 2002, 2008], "v": [58, 48, 40, 28]}
    result = nrd.poverty_trends(irregular, unit="c", time="t", value="v")
    assert result.table["slope_points"] == [-2.0]


def test_shares_are_made_percentages():
    shares = {**RATES, "rate": [rate / 100 for rate in RATES["rate"]]}
    names = {
        "standard": None,
        "unit": "commune",
        "time": "year",
        "value": "rate",
        "by": "province",
    }
    result = nrd.poverty_trends(shares, **names, rate="share")
    assert result.table["slope_points"] == pytest.approx(trends().table["slope_points"])


def test_units_are_in_the_names():
    methods = ["theil-sen", "log-linear", "logit-linear"]
    table = trends(method=methods).table
    rows = dict(zip(methods, range(3)))
    assert table["method"][:3] == methods
    # 100 (exp(b) - 1), b being the slope of the logarithms of A.
    b = np.polyfit(range(5), np.log(RATES["rate"][:5]), 1)[0]
    assert table["percent_a_year"][rows["log-linear"]] == pytest.approx(100 * np.expm1(b))
    shares = np.array(RATES["rate"][:5]) / 100
    b, a = np.polyfit(range(5), np.log(shares / (1 - shares)), 1)
    assert table["odds_percent_a_year"][2] == pytest.approx(100 * np.expm1(b))
    ends = [100 / (1 + math.exp(-(a + b * t))) for t in (0, 4)]
    assert table["slope_points"][2] == pytest.approx((ends[1] - ends[0]) / 4)
    assert table["percent_a_year"][0] is None
    assert "slope_points" not in trends(rate="number").table


def test_log_and_logit_say_where_they_cannot():
    rows = {"c": ["A"] * 5, "t": range(5), "v": [3.0, 2, 1, 0, 0]}
    result = nrd.poverty_trends(
        rows, unit="c", time="t", value="v", method=["log-linear", "logit-linear", "siegel"]
    )
    reasons = ["a value of 0 has no logarithm", "a rate of 0 or 100 has no logit", None]
    assert result.table["reason"] == reasons
    assert result.table["percent_a_year"] == [None] * 3
    assert result.table["verdict"] == ["falling"] * 3


def test_households_make_errors_of_counts():
    table = trends(method=["binomial", "quasi-binomial"], weights="households").table
    few = {**RATES, "households": [h / 100 for h in RATES["households"]]}
    names = {"unit": "commune", "time": "year", "value": "rate", "by": "province"}
    wide = nrd.poverty_trends(few, **names, weights="households", method="binomial").table
    assert wide["slope_p"][0] > table["slope_p"][0]
    assert table["odds_percent_a_year"][0] == pytest.approx(table["odds_percent_a_year"][1])
    low, high = table["low_odds_percent"], table["high_odds_percent"]
    assert high[1] - low[1] < high[0] - low[0]


def test_hac_is_that_of_regressions():
    cov = nrd.hac("year", lags=1, adjust="unbiased", df="satterthwaite")
    fit = nrd.regress(RATES, "rate", "year", by=["province", "commune"], cov=cov)
    table = trends(method="hac").table
    names = {tuple(key): place for place, key in enumerate(fit.keys)}
    for row in range(2):
        place = names[table["province"][row], table["commune"][row]]
        assert table["slope_points"][row] == pytest.approx(fit.estimate[place, 1])
        assert table["low_points"][row] == pytest.approx(fit.low[place, 1])
        assert table["slope_p"][row] == pytest.approx(fit.p[place, 1])
    short = nrd.poverty_trends(
        {"c": "AAA", "t": [1, 2, 3], "v": [9.0, 5, 4]},
        unit="c", time="t", value="v", method="hac",
    )  # fmt: skip
    assert "at least 4 years" in short.table["reason"][0]


@pytest.mark.parametrize("adjust", ["fdr_dbh_su", "fdr_adbh_sd", "fdr_bh", "holm"])
def test_adjusted_p_values_know_what_each_area_can_have(adjust):
    random = np.random.default_rng(3)
    columns = {"c": np.repeat(np.arange(60), 5), "t": np.tile(np.arange(5), 60)}
    columns["v"] = np.round(
        40 - columns["t"] * 2 * (columns["c"] % 3) + random.normal(0, 4, 300)
    )
    names = {"unit": "c", "time": "t", "value": "v"}
    result = nrd.poverty_trends(columns, **names, adjust=adjust)
    supports = []
    for area in range(60):
        series = columns["v"][columns["c"] == area]
        sums = [_s(order) for order in set(itertools.permutations(series))]
        size = {s: sum(abs(other) >= s for other in sums) for s in map(abs, sums)}
        supports.append([count / len(sums) for count in size.values()])
    for area, support in enumerate(supports):
        assert any(result.tests["p"][area] == pytest.approx(p) for p in support)
        assert result.tests["smallest_p"][area] == pytest.approx(min(support))
    assert all(a >= p * (1 - 1e-12) or adjust.startswith("fdr_")
               for a, p in zip(result.adjusted, result.tests["p"]))  # fmt: skip
    support = supports if "dbh" in adjust else None
    p = [min(support or [p], key=lambda q: abs(q - p)) for p, support in
         zip(result.tests["p"], supports)]  # fmt: skip
    wanted = nrd.adjust_pvalues(p, method=adjust, support=support).adjusted
    assert result.adjusted.tolist() == pytest.approx(wanted.tolist())


def _s(values):
    return sum(np.sign(b - a) for a, b in itertools.combinations(values, 2))


def test_what_is_not_exact_is_adjusted_by_the_plain_method():
    columns = {"c": ["A"] * 40 + ["B"] * 5, "t": [*range(40), *range(5)]}
    columns["v"] = [50 - t for t in columns["t"]]
    result = nrd.poverty_trends(columns, unit="c", time="t", value="v")
    assert result.table["exact"] == [False, True]
    assert result.provenance.options["adjust"] == "fdr_bh"
    assert any("not exact" in text for text in result.provenance.assumptions)


@pytest.mark.parametrize("test", ["hamed-rao", "yue-wang", "pre-whitening", "trend-free"])
def test_serial_correlation(test):
    cases = json.loads((REFERENCE / "trends_peers.json").read_text())["cases"]
    held = [case for case in cases if "serial" in case and len(case["value"]) > 9]
    columns = {"c": [], "t": [], "v": []}
    for place, case in enumerate(held):
        columns["c"] += [place] * len(case["value"])
        columns["t"] += case["time"]
        columns["v"] += case["value"]
    result = nrd.poverty_trends(columns, unit="c", time="t", value="v", test=test)
    assert result.table["s"] == [
        int(
            case["serial"][
                test.replace("-", "_").replace("pre_whitening", "pre_whitening")
            ][0]
        )
        for case in held
    ]
    irregular = {"c": ["A"] * 5, "t": [1, 2, 3, 4, 6], "v": [9.0, 7, 8, 5, 4]}
    found = nrd.poverty_trends(irregular, unit="c", time="t", value="v", test=test)
    assert found.table["verdict"] == ["cannot be told"]
    assert "not equally far apart" in found.table["reason"][0]
    assert found.table["p"] == [None]


def test_what_a_covariate_leaves():
    cases = json.loads((REFERENCE / "trends_peers.json").read_text())["cases"]
    case = next(case for case in cases if len(case["value"]) == 12)
    columns = {"t": case["time"], "v": case["value"], "price": case["weight"]}
    result = nrd.poverty_trends(
        columns, unit=None, time="t", value="v", test="partial", covariate="price"
    )
    assert result.tests["variance"][0] == pytest.approx(case["partial"][1])
    assert result.table["p"] == [pytest.approx(case["partial"][2])]
    assert result.table["exact"] == [False]
    columns["price"] = [None, *case["weight"][1:]]
    fewer = nrd.poverty_trends(
        columns, unit=None, time="t", value="v", test="partial", covariate="price"
    )
    assert fewer.table["n"] == [11]


def test_groups_keep_what_their_areas_have_in_common():
    random = np.random.default_rng(6)
    common = [9.0, 2.0, 7.0, 0.0, 3.0, -3.0]
    columns = {
        "g": ["one"] * 240 + ["own"] * 240,
        "c": np.tile(np.repeat(np.arange(40), 6), 2),
        "t": np.tile(np.arange(6), 80),
        "v": np.round(40 + np.r_[np.tile(common, 40), random.normal(0, 3, 240)]
                      + random.normal(0, 0.5, 480), 2),
    }  # fmt: skip
    result = nrd.poverty_trends(columns, unit="c", time="t", value="v", by="g", seed=6)
    groups = result.groups
    assert groups["areas"] == [40, 40]
    assert groups["exact"] == [True, True]
    # 40 communes in step are one series seen 40 times.
    assert groups["p_regional"][0] < 1e-6 < 0.01 < groups["p_joint"][0] < 0.2
    signs = np.zeros((6, 6))
    for area in columns["v"][:240].reshape(40, 6):
        signs += np.sign(area[None, :] - area[:, None])
    sums = [
        sum(signs[order[i], order[j]] for i in range(6) for j in range(i + 1, 6))
        for order in itertools.permutations(range(6))
    ]
    p = 2 * min(np.mean(np.array(sums) >= sums[0]), np.mean(np.array(sums) <= sums[0]))
    assert groups["p_joint"][0] == pytest.approx(min(1, p))
    again = nrd.poverty_trends(columns, unit="c", time="t", value="v", by="g", threads=2)
    assert again.groups == groups


def test_one_seed_gives_the_same_p_on_any_number_of_threads():
    random = np.random.default_rng(6)
    columns = {
        "g": np.repeat(["a", "b", "c"], 120),
        "c": np.repeat(np.arange(30), 12),
        "t": np.tile(np.arange(12), 30),
        "v": np.round(random.uniform(5, 40, 360), 1),
    }
    names = {"unit": "c", "time": "t", "value": "v", "by": "g", "n_resamples": 500}
    results = [nrd.poverty_trends(columns, **names, seed=6, threads=k) for k in (1, 2, 3)]
    assert results[0].groups == results[1].groups == results[2].groups
    assert results[0].groups["exact"] == [False] * 3
    assert nrd.poverty_trends(columns, **names, seed=7).groups != results[0].groups
    assert isinstance(nrd.poverty_trends(columns, **names).provenance.seed, int)


def test_the_line_of_nist():
    data = nist.linear("Norris")
    x, y = (np.array(list(map(float, data.columns[name]))) for name in ("x", "y"))
    order = np.argsort(x, kind="stable")
    x, y = x[order], y[order]
    (line,) = Segments(np.array([0, len(x)]), x, y).lines(0.95, 1, "line")
    at_zero = line["intercept"] - line["slope"] * x[0]
    assert nist.digits(line["slope"], data.coefficients[1]) > 14
    assert nist.digits(at_zero, data.coefficients[0]) > 13
    assert nist.digits(line["se"], data.errors[1]) > 13
    assert nist.digits(line["rss"], data.residual_ss) > 13


def test_long_series_in_parts_of_memory():
    n = 2000
    random = np.random.default_rng(6)
    t = np.sort(random.uniform(0, 100, n))
    columns = {"t": t, "y": np.round(30 - 0.01 * t + random.normal(size=n), 1)}
    result = nrd.poverty_trends(columns, unit=None, time="t", value="y")
    slopes = np.subtract.outer(columns["y"], columns["y"])[np.triu_indices(n, 1)]
    slopes /= np.subtract.outer(t, t)[np.triu_indices(n, 1)]
    assert result.table["slope_points"] == [np.median(slopes)]
    assert result.table["exact"] == [False]


def test_json_is_plain():
    held = json.loads(trends().to_json())
    assert [row["commune"] for row in held["table"]] == ["A", "B", "A"]
    assert held["table"][1]["low_points"] is None
    assert held["groups"][0]["province"] == "Lạng Sơn"
    assert held["provenance"]["seed"] == 6
