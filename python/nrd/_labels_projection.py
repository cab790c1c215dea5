"""Words of projections and joints, in English and Vietnamese."""

from __future__ import annotations

from typing import Any

import numpy as np

from ._labels import LANGUAGES, label

# Why something cannot be told, or what there is to know of it; `{}` is what was found.
_REASONS = {
    "made": ("", ""),
    "told": ("", ""),
    "met": (
        "the last figure is at the target already",
        "số liệu cuối đã đạt mục tiêu",
    ),
    "past": (
        "the target year is not after the last figure",
        "năm mục tiêu không sau năm của số liệu cuối",
    ),
    "exact": (
        "all figures lie on the line: without scatter no interval can be told",
        "mọi số liệu nằm trên đường xu thế: không có biến động nên không có khoảng tin cậy",
    ),
    "flat": (
        "all figures are equal: there is neither trend nor scatter",
        "mọi số liệu bằng nhau: không có xu thế và không có biến động",
    ),
    "times": (
        "no standard has figures of two years",
        "không chuẩn nghèo nào có số liệu của hai năm",
    ),
    "few": (
        "too few figures to tell: {}",
        "quá ít số liệu để kết luận: {}",
    ),
    "none": (
        "too few figures for a line with scatter: {}, expected at least 3",
        "quá ít số liệu để vẽ đường xu thế: {}, cần ít nhất 3",
    ),
    "infinite": ("a value is infinite: {}", "có giá trị vô hạn: {}"),
    "outside": (
        "a value has no place on the scale: {}",
        "có giá trị nằm ngoài thang đo: {}",
    ),
    "twice": ("a year is there twice: {}", "một năm xuất hiện hai lần: {}"),
    "mixed": (
        "shares of 1 and percentages are mixed: {}",
        "tỷ lệ (phần của 1) lẫn với phần trăm: {}",
    ),
    "empty": ("there is no figure", "không có số liệu"),
}

_WORDS = {
    "area": ("Area", "Địa bàn"),
    "bootstrap": ("bootstrap", "bootstrap"),
    "change": ("Change a year", "Thay đổi mỗi năm"),
    "fan": ("Interval of a figure, {} %", "Khoảng của số liệu, {} %"),
    "figure": ("Figure", "Số liệu"),
    "fit": ("Trend", "Xu thế"),
    "joint": ("Joint", "Điểm gãy"),
    "joint_range": ("Where the joint may be, {} %", "Khoảng của điểm gãy, {} %"),
    "joints": ("Joints", "Số điểm gãy"),
    "joints_title": ("Changes of trend", "Thay đổi xu thế"),
    "last": ("Last figure", "Số liệu cuối"),
    "needed": ("Needed a year", "Cần mỗi năm"),
    "never": ("not on this trend", "không đạt theo xu thế này"),
    "not_before": ("not before {}", "không sớm hơn {}"),
    "now": ("by now", "nay đã đạt"),
    "other": ("Other standards", "Chuẩn nghèo khác"),
    "past": ("Past change a year", "Thay đổi mỗi năm đã qua"),
    "percent": ("percent", "%"),
    "points": ("points", "điểm %"),
    "probability": ("Chance by {}", "Xác suất đến {}"),
    "reach": ("Year of the target", "Năm đạt mục tiêu"),
    "remark": ("Remark", "Ghi chú"),
    "standard": ("Standard", "Chuẩn nghèo"),
    "target": ("Target", "Mục tiêu"),
    "reach_range": ("When it is reached, {} %", "Khoảng năm đạt, {} %"),
    "target_by": ("Target, and {}", "Mục tiêu và năm {}"),
    "title": ("Towards a target", "Tiến tới mục tiêu"),
    "units": ("Rate, percent", "Tỷ lệ, %"),
    "year": ("Year", "Năm"),
    "n": ("Figures", "Số năm có số liệu"),
    "lines": ("Lines", "Các đoạn"),
}


def word(name: str, language: str, *given: object) -> str:
    """Word in a language, with what is given put in.

    Raises
    ------
    NrdValueError
        If the language is neither "en" nor "vi".
    """
    label("total", language)
    return _WORDS[name][LANGUAGES.index(language)].format(*given)


def reason(state: str, detail: str = "", language: str = "en") -> str:
    """Why nothing can be told, in words; "" where all can."""
    return _REASONS[state][LANGUAGES.index(language)].format(detail)


def year_words(value: float) -> str:
    """A year, or a tenth of one."""
    return f"{value:.1f}".removesuffix(".0")


def reach_words(one: Any, language: str = "en") -> str:
    """When the target is reached, with the interval, in words."""
    reach, low, high = (float(one[k]) for k in ("reach", "reach_low", "reach_high"))
    if np.isnan(reach):
        return ""
    if np.isinf(low):
        return word("never", language)
    begin = word("now", language) if low <= one["last_time"] else year_words(low)
    if np.isinf(high):
        middle = "" if np.isinf(reach) else f"{year_words(reach)}, "
        return middle + word("not_before", language, begin)
    return f"{year_words(reach)} ({begin}–{year_words(high)})"
