"""Words of results about many areas together, in English and Vietnamese."""

from __future__ import annotations

from ._labels import LANGUAGES, label

_WORDS = {
    "how": ("How it was found", "Phương pháp"),
    "more": ("and {n} more, see the table", "và {n} dòng nữa, xem bảng"),
    "slopes": ("Slopes of the areas, shrunken", "Hệ số của địa bàn, đã co về trung bình"),
    "means": ("What the areas have in common", "Điểm chung của các địa bàn"),
    "pooled": ("One slope for all areas", "Hệ số chung của các địa bàn"),
    "clusters": ("Clusters", "Số cụm"),
    "df": ("Degrees of freedom", "Bậc tự do"),
    "catching_up": ("Do poor areas catch up?", "Địa bàn nghèo có bắt kịp không?"),
    "dispersion": ("Do areas become alike?", "Địa bàn có đồng đều hơn không?"),
    "left_out": ("Left out", "Bỏ"),
    "first": ("First year", "Năm đầu"),
    "last": ("Last year", "Năm cuối"),
    "year": ("Year", "Năm"),
    "beta": ("Beta", "Beta"),
    "speed": ("Closed, %/year", "Thu hẹp, %/năm"),
    "sd_first": ("Dispersion, first", "Độ phân tán năm đầu"),
    "sd_last": ("last", "năm cuối"),
    "sd_p": ("p of a change", "p của thay đổi"),
    "sd_slope": ("Its trend, /year", "Xu hướng, /năm"),
    "mean_level": ("Mean", "Trung bình"),
    "sd": ("Dispersion", "Độ lệch chuẩn"),
    "sd_log": ("of logarithms", "của logarit"),
    "cv": ("over the mean", "so với trung bình"),
    "by_year": ("Inequality by year", "Bất bình đẳng theo năm"),
    "groups": ("Groups", "Số nhóm"),
    "theil": ("Theil", "Theil"),
    "theil_between": ("between groups", "giữa các nhóm"),
    "theil_within": ("within", "trong nhóm"),
    "gini": ("Gini", "Gini"),
    "gini_between": ("between groups", "giữa các nhóm"),
    "gini_within": ("within", "trong nhóm"),
    "gini_overlap": ("overlap", "chồng lấn"),
    "elasticity_of": ("Poverty and income", "Nghèo và thu nhập"),
    "elasticity": ("Elasticity", "Độ co giãn"),
    "standard": ("Standard", "Chuẩn nghèo"),
    "n": ("Rows", "Số dòng"),
    "areas": ("Areas", "Số địa bàn"),
    "slope": ("Slope, /year", "Hệ số, /năm"),
    "slope_points": ("Slope, points/year", "Hệ số, điểm %/năm"),
    "shrunken": ("Shrunken, /year", "Đã co, /năm"),
    "shrunken_points": ("Shrunken, points/year", "Đã co, điểm %/năm"),
    "mean": ("Mean, /year", "Trung bình, /năm"),
    "mean_points": ("Mean, points/year", "Trung bình, điểm %/năm"),
    "se": ("Standard error", "Sai số chuẩn"),
    "shrunken_se": ("Its standard error", "Sai số chuẩn đã co"),
    "reliability": ("Reliability", "Độ tin cậy"),
    "low": ("from", "từ"),
    "high": ("to", "đến"),
    "tau": ("Spread of true slopes", "Độ lệch chuẩn giữa địa bàn"),
    "sigma": ("Spread about lines", "Độ lệch chuẩn quanh đường"),
    "f": ("F", "F"),
    "i2": ("I², %", "I², %"),
    "p": ("p", "p"),
    "reason": ("Reason", "Lý do"),
}


def say(word: str, language: str) -> str:
    """Word in a language; the name of a column of the caller's as it is."""
    label("total", language)  # refuses other languages
    return _WORDS.get(word, (word, word))[LANGUAGES.index(language)]
