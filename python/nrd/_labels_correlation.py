"""Words of pictures of correlations and resources, in English and Vietnamese."""

from __future__ import annotations

from ._labels import LANGUAGES, label

_WORDS = {
    "pearson": ("Pearson's r", "r Pearson"),
    "spearman": ("Spearman's rho", "rho Spearman"),
    "kendall": ("Kendall's tau", "tau Kendall"),
    "distance": ("distance correlation", "tương quan khoảng cách"),
    "distance_unbiased": (
        "distance correlation without bias",
        "tương quan khoảng cách không chệch",
    ),
    "xi": ("Chatterjee's xi", "xi Chatterjee"),
    "winsorized": ("winsorized r", "r sau khi thay giá trị cực đoan"),
    "percentage_bend": ("percentage bend r", "r uốn theo tỷ lệ"),
    "interval": ("in small type: {} % intervals", "chữ nhỏ: khoảng tin cậy {} %"),
    "hatched": ("hatched: no coefficient", "gạch chéo: không có hệ số"),
    "no_coefficient": ("no coefficient", "không có hệ số"),
    "size": (
        "the larger a point, the more the coefficient changes without it",
        "điểm càng lớn thì hệ số thay đổi càng nhiều khi bỏ điểm đó",
    ),
    "within": (
        "points: rows, less the means of their units",
        "điểm: từng dòng, đã trừ trung bình của đơn vị",
    ),
    "between": ("points: means of units", "điểm: trung bình của đơn vị"),
    "left_both": (
        "points: what is left beside: {}",
        "điểm: phần còn lại sau khi loại ảnh hưởng của: {}",
    ),
    "left_x": (
        "points: of the horizontal axis what is left beside: {}",
        "điểm: trục ngang đã loại ảnh hưởng của: {}",
    ),
    "left_y": (
        "points: of the vertical axis what is left beside: {}",
        "điểm: trục đứng đã loại ảnh hưởng của: {}",
    ),
    "beside": (
        "points as measured; the coefficient is beside: {}",
        "điểm theo số liệu gốc; hệ số đã loại ảnh hưởng của: {}",
    ),
    "relation_within": ("within units", "trong từng đơn vị"),
    "relation_between": ("between units", "giữa các đơn vị"),
    "part_both": ("beside {}", "đã loại ảnh hưởng của {}"),
    "part_x": ("x beside {}", "x đã loại ảnh hưởng của {}"),
    "part_y": ("y beside {}", "y đã loại ảnh hưởng của {}"),
    "missing_pairwise": ("missing values: pairwise", "số liệu thiếu: bỏ theo từng cặp"),
    "missing_listwise": (
        "missing values: listwise",
        "số liệu thiếu: bỏ cả dòng",
    ),
    "adjusted_by": ("p adjusted by {}", "p hiệu chỉnh theo {}"),
    "log": ("log of {}", "logarit của {}"),
    "dropped": ("{} left out", "bỏ {}"),
    "rows": ("rows", "dòng"),
    "units": ("units", "đơn vị"),
    "twice": ("twice the amount: {}", "nguồn lực gấp đôi: {}"),
    "one_more": ("1 more: {}", "thêm 1: {}"),
    "held": ("at the mean of: {}", "giữ ở mức trung bình: {}"),
    "effect_unit": ("units", "đơn vị"),
    "effect_period": ("periods", "thời kỳ"),
    "line": ("line and its {} % interval", "đường hồi quy và khoảng tin cậy {} %"),
    "slope": (
        "line and the {} % interval of its slope",
        "đường hồi quy và khoảng tin cậy {} % của hệ số góc",
    ),
    "times_before": ("times that of the period before", "số lần so với kỳ trước"),
    "change": ("change of {}", "thay đổi của {}"),
    "reached": ("Share of the plan that was reached", "Tỷ lệ so với kế hoạch"),
    "ratio": ("{} for each unit of money of: {}", "{} trên mỗi đồng vốn: {}"),
    "state": ("state", "nhà nước"),
    "credit": ("credit", "tín dụng"),
    "enterprise": ("enterprise", "doanh nghiệp"),
    "community": ("community", "cộng đồng"),
    "t": ("t", "t"),
    "normal": ("normal", "chuẩn"),
    "chi squared": ("chi squared", "khi bình phương"),
    "permutation": ("permutation", "hoán vị"),
    "exact permutation": ("exact permutation", "hoán vị đầy đủ"),
    "permutation, together": ("permutation, together", "hoán vị, đồng thời"),
    "permutation, studentized": ("permutation, studentized", "hoán vị, chuẩn hóa"),
    "exact permutation, studentized": (
        "exact permutation, studentized",
        "hoán vị đầy đủ, chuẩn hóa",
    ),
    "permutation, studentized, together": (
        "permutation, studentized, together",
        "hoán vị, chuẩn hóa, đồng thời",
    ),
    "permutation of residuals": ("permutation of residuals", "hoán vị phần dư"),
    "permutation of residuals, all": (
        "permutation of residuals, all",
        "hoán vị phần dư, đầy đủ",
    ),
    "permutation of residuals, together": (
        "permutation of residuals, together",
        "hoán vị phần dư, đồng thời",
    ),
    "effective n of clusters": ("effective n of clusters", "n hiệu dụng của cụm"),
    "effective n of neighbours": (
        "effective n of neighbours",
        "n hiệu dụng theo vùng lân cận",
    ),
}


def word(name: str, language: str, *values: object) -> str:
    """Word in a language, with values put in; another name as it is."""
    label("total", language)  # refuses other languages
    found = _WORDS.get(name, (name, name))[LANGUAGES.index(language)]
    return found.format(*values) if values else found
