"""Words of trends, in English and Vietnamese."""

from __future__ import annotations

from ._labels import LANGUAGES, label

_WORDS = {
    "title": ("Trends", "Xu hướng"),
    "falling": ("falling", "giảm"),
    "rising": ("rising", "tăng"),
    "no trend shown": ("no trend shown", "chưa thấy xu hướng"),
    "cannot be told": ("cannot be told", "chưa thể kết luận"),
    "n": ("Years", "Số năm"),
    "p": ("p", "p"),
    "slope": ("Slope", "Hệ số"),
    "unit": ("Unit", "Đơn vị"),
    "method": ("Method", "Phương pháp"),
    "areas": ("Areas", "Số địa bàn"),
    "verdict": ("Verdict", "Kết luận"),
    "verdicts": ("What the tests say", "Kết quả kiểm định"),
    "groups": ("Groups of areas", "Nhóm địa bàn"),
    "years": ("years", "năm"),
    "year": ("Year", "Năm"),
    "points": ("points a year", "điểm phần trăm mỗi năm"),
    "group_areas": ("Areas", "Số địa bàn"),
    "group_years": ("Years", "Số năm"),
    "group_slope_points": ("Slope, points/year", "Hệ số, điểm %/năm"),
    "group_slope": ("Slope, /year", "Hệ số, /năm"),
    "group_p_regional": ("p, areas independent", "p, địa bàn độc lập"),
    "group_p_joint": ("p, years exchanged", "p, hoán vị năm"),
    "group_exact": ("All orders", "Mọi hoán vị"),
    "yes": ("yes", "có"),
    "no": ("no", "không"),
    "short_points": ("points/year", "điểm %/năm"),
    "short_number": ("/year", "/năm"),
    "short_percent": ("%/year", "%/năm"),
    "short_odds": ("% of the odds/year", "% của odds/năm"),
    "area": ("Area", "Địa bàn"),
    "number": ("a year", "mỗi năm"),
    "percent": ("% a year", "% mỗi năm"),
    "odds": ("% of the odds a year", "% của odds mỗi năm"),
    "falls": ("falls by", "giảm"),
    "rises": ("rises by", "tăng"),
    "level": ("does not change", "không thay đổi"),
    "interval": ("interval", "khoảng tin cậy"),
    "no_interval": (
        "no interval with so few values",
        "quá ít số liệu để có khoảng tin cậy",
    ),
    "to": ("to", "đến"),
    "exact": ("exact p", "p chính xác"),
    "approximate": ("approximate p", "p xấp xỉ"),
    "smallest": ("smallest possible with {n} years {p}", "nhỏ nhất có thể với {n} năm {p}"),
    "slope_p": ("p of the slope", "p của hệ số"),
    "more": (
        "and {n} more, see the table",
        "và {n} dòng nữa, xem bảng",
    ),
    "value": ("Poverty rate, %", "Tỷ lệ hộ nghèo, %"),
    "value_number": ("Value", "Giá trị"),
    "fit": ("fitted", "đường xu hướng"),
    "observed": ("observed", "số liệu"),
    # Reasons.
    "empty": ("no year with a value", "không có năm nào có số liệu"),
    "infinite": ("an infinite number: {found}", "số vô hạn: {found}"),
    "twice": ("the year {found} is there twice", "năm {found} lặp lại"),
    "outside": ("a rate outside its range: {found}", "tỷ lệ ngoài phạm vi: {found}"),
    "mixed": (
        "shares of 1 among percentages: {found}; say rate='percent' where it is one",
        "tỷ lệ dạng 0-1 lẫn với phần trăm: {found}; dùng rate='percent' nếu là phần trăm",
    ),
    "one": ("one year, expected at least 3", "một năm, cần ít nhất 3"),
    "two": ("two years, expected at least 3", "hai năm, cần ít nhất 3"),
    "equal": ("all values are equal", "mọi giá trị bằng nhau"),
    "few": (
        "with {n} years no p is below {p}",
        "với {n} năm, p không thể nhỏ hơn {p}",
    ),
    "zero": ("a value of 0 has no logarithm", "giá trị 0 không có logarit"),
    "edge": ("a rate of 0 or 100 has no logit", "tỷ lệ 0 hoặc 100 không có logit"),
    "separated": (
        "rates jump from 0 to 100 or are all alike: no finite slope",
        "tỷ lệ nhảy từ 0 lên 100 hoặc đều như nhau: không có hệ số hữu hạn",
    ),
    "few_lags": (
        "errors correlated in time need at least 4 years",
        "sai số tự tương quan cần ít nhất 4 năm",
    ),
    "irregular": (
        "years are not equally far apart: no serial correlation",
        "các năm không cách đều: không ước lượng được tự tương quan",
    ),
    "no_variance": (
        "the autocorrelations leave no variance above 0",
        "tự tương quan làm phương sai không còn dương",
    ),
    "short_serial": (
        "serial correlation needs at least {found} years",
        "tự tương quan cần ít nhất {found} năm",
    ),
}


def say(word: str, language: str, **parts: object) -> str:
    """Word in a language, with what it is about filled in."""
    label("total", language)  # refuses other languages
    return _WORDS[word][LANGUAGES.index(language)].format(**parts)
