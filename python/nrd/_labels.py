"""Words that nrd draws and prints, in English and Vietnamese."""

from __future__ import annotations

from .errors import NrdValueError

LANGUAGES = ("en", "vi")

_WORDS = {
    "adjusted": ("Adjusted p-values", "Giá trị p hiệu chỉnh"),
    "arrangements": ("Arrangements", "Cách sắp xếp"),
    "extreme": ("as extreme as the data", "cực đoan như số liệu"),
    "permutation": ("Permutation test", "Kiểm định hoán vị"),
    "bootstrap": ("Bootstrap of a statistic", "Bootstrap (lấy mẫu lại) của một thống kê"),
    "replicates": ("Replicates", "Số mẫu lặp"),
    "estimate": ("Estimate", "Ước lượng"),
    "interval": ("Interval", "Khoảng tin cậy"),
    "anova": ("One-way analysis of variance", "Phân tích phương sai một yếu tố"),
    "resources_title": ("Resources mobilised", "Nguồn lực huy động"),
    "problems": ("What contradicts itself", "Số liệu mâu thuẫn"),
    "matches": ("Names and how they were found", "Tên và cách đối chiếu"),
    "matches_open": ("Names to look at", "Tên cần xem lại"),
    "crosswalk_check": (
        "What cannot be right in the crosswalk",
        "Điểm bất hợp lý trong bảng chuyển đổi",
    ),
    "harmonised": ("Units after the reform", "Đơn vị sau sắp xếp"),
    "units": ("Units", "Số đơn vị"),
    "open_values": ("Values that are not certain", "Số liệu chưa xác định"),
    "proof": ("Totals before and after", "Tổng trước và sau sắp xếp"),
    "merger": ("What the merger alone does", "Tác động của riêng việc sáp nhập"),
    "merger_before": ("before", "trước sáp nhập"),
    "merger_all": ("after: all parts meet it", "sau: mọi xã cũ đều đạt"),
    "merger_any": ("after: one part meets it", "sau: có ít nhất một xã cũ đạt"),
    "merger_share": (
        "after: parts of enough weight",
        "sau: các xã cũ đạt chiếm đủ tỷ trọng",
    ),
    "merger_title": (
        "Communes at the standard, and the merger",
        "Xã đạt chuẩn và việc sáp nhập",
    ),
    "merger_axis": ("Share of communes, %", "Tỷ lệ xã, %"),
    "flows_title": ("Communes before and after", "Xã trước và sau sắp xếp"),
    "inequality": ("How unequal it is", "Mức độ bất bình đẳng"),
    "parts": ("Between and within groups", "Giữa các nhóm và trong từng nhóm"),
    "lorenz": ("Lorenz curve", "Đường cong Lorenz"),
    "lorenz_people": (
        "Share of units or persons, least first",
        "Tỷ lệ dồn của đơn vị hoặc dân số, từ thấp lên",
    ),
    "lorenz_total": ("Share of the total", "Tỷ lệ dồn của tổng số"),
    "equality": ("all alike", "bằng nhau tuyệt đối"),
    "covariance": ("Covariance and correlation", "Hiệp phương sai và hệ số tương quan"),
    "prediction": ("Predicted values", "Giá trị dự báo"),
    "regression": ("Regression", "Hồi quy"),
    "regression_fit": ("What it explains", "Mức độ giải thích"),
    "statistics": ("Statistics of each column", "Thống kê theo cột"),
    "assessment": ("Assessment", "Đánh giá"),
    "decision": ("Decision", "Quyết định"),
    "description": ("Description", "Nội dung"),
    "indicators": ("Indicators", "Số chỉ tiêu"),
    "indicator": ("Indicator", "Chỉ tiêu"),
    "level": ("Level asked", "Mức yêu cầu"),
    "level_met": ("met", "đạt"),
    "level_not_asked": ("not asked", "không yêu cầu"),
    "level_provincial": ("set by the province", "do tỉnh quy định"),
    "level_unknown": ("not verified", "chưa xác minh"),
    "levels_title": (
        "Levels that nobody has verified: decisions are unknown there",
        "Mức yêu cầu chưa được xác minh: chưa thể kết luận",
    ),
    "measure": ("Unit of measure", "Đơn vị đo"),
    "near_title": (
        "Near misses: unmet, within the tolerance",
        "Sát mức: chưa đạt, trong khoảng dung sai",
    ),
    "not_asked": ("Criteria not asked", "Tiêu chí không yêu cầu"),
    "period": ("Period", "Giai đoạn"),
    "region": ("Region", "Vùng"),
    "rule": ("Rule", "Quy tắc"),
    "sets_title": ("Criteria sets", "Các bộ tiêu chí"),
    "tier": ("Tier", "Mức chuẩn"),
    "unit_level": ("Level", "Cấp"),
    "unlisted": (
        "Criteria whose indicators are not all listed, so never known to be met",
        "Tiêu chí chưa có đủ chỉ tiêu nên chưa thể kết luận đạt",
    ),
    "value": ("Value", "Giá trị"),
    "year": ("Year", "Năm"),
    "amount": ("Amount", "Số tiền"),
    "as_of_now": ("reached now", "hiện đạt"),
    "as_of_planned": (
        "expected for the planned date",
        "dự kiến đạt đến thời điểm kế hoạch",
    ),
    "assumptions": ("Assumptions", "Giả định"),
    "below": ("below", "dưới"),
    "checks": (
        "Stated numbers against their parts",
        "Số công bố so với tổng các thành phần",
    ),
    "class": ("Criteria met", "Số tiêu chí đạt"),
    "classes": ("Communes by number of criteria met", "Phân loại xã theo số tiêu chí đạt"),
    "column": ("Column", "Cột"),
    "code": ("Code", "Mã"),
    "commune": ("Commune", "Xã"),
    "communes": ("Communes", "Số xã"),
    "communes_title": ("Criteria met per commune", "Số tiêu chí đạt theo xã"),
    "computed": ("Computed", "Tính lại"),
    "content": ("Content", "Nội dung"),
    "criteria": ("criteria", "tiêu chí"),
    "criteria_count": ("Criteria", "Số tiêu chí"),
    "criterion": ("Criterion", "Tiêu chí"),
    "difference": ("Difference", "Chênh lệch"),
    "dataset": ("Data set", "Bộ dữ liệu"),
    "derived": ("Derived from printed numbers", "Suy ra từ số công bố"),
    "different": ("different", "khác"),
    "equal": ("equal", "khớp"),
    "filled": ("Filled", "Số ô có dữ liệu"),
    "gap_title": ("Communes short of each criterion", "Số xã chưa đạt theo tiêu chí"),
    "group": ("Group", "Nhóm"),
    "change": ("Change", "Thay đổi"),
    "change_mean": (
        "Change of the mean number of criteria per commune",
        "Thay đổi số tiêu chí đạt bình quân mỗi xã",
    ),
    "change_title": (
        "Communes that gained or lost criteria",
        "Xã đạt thêm hoặc không còn đạt tiêu chí",
    ),
    "gained": ("Gained", "Đạt thêm"),
    "lost": ("Lost", "Không còn đạt"),
    "possibly_gained": ("Possibly gained", "Có thể đạt thêm"),
    "possibly_lost": ("Possibly lost", "Có thể không còn đạt"),
    "areas_mean": ("Mean criteria per commune, by area", "Tiêu chí bình quân theo địa bàn"),
    "mean_all": ("Mean of all communes", "Bình quân chung"),
    "mean_weighted": ("Weighted mean criteria per commune", "Bình quân gia quyền mỗi xã"),
    "communes_share": ("Share of the communes", "Tỷ lệ số xã"),
    "area": ("Area", "Địa bàn"),
    "areas_title": ("Criteria met by area", "Kết quả đạt tiêu chí theo địa bàn"),
    "groups_title": ("Mean criteria met by group", "Số tiêu chí đạt bình quân theo nhóm"),
    "licence": ("Licence", "Giấy phép"),
    "mean": ("Mean criteria per commune", "Số tiêu chí đạt bình quân mỗi xã"),
    "mean_unknown": ("not stated for every criterion", "chưa công bố cho mọi tiêu chí"),
    "meaning": ("Meaning", "Ý nghĩa"),
    "bounds": ("bounds", "khoảng"),
    "met": ("Met", "Đạt"),
    "missing": ("Missing", "Chưa đạt"),
    "need": ("Needed", "Cần thêm"),
    "new_criteria": ("New criteria:", "Tiêu chí mới:"),
    "number": ("No.", "Số"),
    "per_person": ("Per person", "Bình quân đầu người"),
    "per_unit": ("Per commune", "Bình quân mỗi xã"),
    "points": ("Points short", "Thiếu (điểm %)"),
    "possibly": ("Possibly missing", "Có thể chưa đạt"),
    "printed": ("Printed", "Số công bố"),
    "ranking_title": (
        "What most often stands between a commune and the standard",
        "Tiêu chí cản trở nhiều xã nhất",
    ),
    "resources": ("Capital by content and source", "Nguồn vốn theo nội dung và nguồn"),
    "rounded": ("equal after rounding", "khớp sau làm tròn"),
    "advanced": ("Advanced standard", "Chuẩn nâng cao"),
    "standard": ("Standard", "Chuẩn nông thôn mới"),
    "criterion_no": ("criterion", "tiêu chí"),
    "all_parts": ("total against all parts", "tổng so với mọi thành phần"),
    "all_contents": (
        "total against the stated contents",
        "tổng so với các nội dung công bố",
    ),
    "all_sources": ("total against the stated sources", "tổng so với các nguồn công bố"),
    "now": ("now", "hiện nay"),
    "planned": ("planned", "kế hoạch"),
    "percent": ("percent", "phần trăm"),
    "of": ("of", "trên"),
    "base": ("number of communes", "số xã làm mẫu số"),
    "again": ("stated again", "công bố lại"),
    "names_listed": ("names listed", "số xã nêu tên"),
    "no_such_unit": ("no unit is called", "không có xã tên"),
    "set": ("Set", "Bộ tiêu chí"),
    "share": ("Share", "Tỷ lệ"),
    "short": ("Short", "Chưa đạt"),
    "source": ("Source", "Nguồn"),
    "stated": ("Stated", "Công bố"),
    "statement": ("Statement", "Nội dung công bố"),
    "study": ("Study", "Nghiên cứu"),
    "surely": ("Surely missing", "Chắc chắn chưa đạt"),
    "target": ("Target", "Mục tiêu"),
    "targets_title": ("Printed targets", "Mục tiêu công bố"),
    "title": ("Title", "Tên"),
    "total": ("Total", "Tổng"),
    "truncated": ("equal after truncation", "khớp sau cắt bỏ"),
    "unknown": ("Unknown", "Chưa rõ"),
    "unit": ("Unit", "Đơn vị"),
    "unmet": ("Not met", "Chưa đạt"),
    "by": ("By", "Đến"),
    "verdict": ("Verdict", "Kết luận"),
    "status": ("Status now", "Hiện tại"),
    "carried": (
        "What a commune meets now it is taken to meet on the planned date too, and what it "
        "does not meet then it is taken not to meet now.",
        "Tiêu chí xã đang đạt được coi là vẫn đạt đến thời điểm kế hoạch; tiêu chí đến "
        "lúc đó chưa đạt được coi là hiện chưa đạt.",
    ),
    "recognised": (
        "A commune recognised at the standard is taken to meet all criteria of the "
        "standard set, and one that is not to miss at least one.",
        "Xã được công nhận đạt chuẩn được coi là đạt mọi tiêu chí của bộ tiêu chí; xã chưa "
        "được công nhận được coi là thiếu ít nhất một tiêu chí.",
    ),
    "heat_title": ("Criteria met by each commune", "Kết quả đạt tiêu chí của từng xã"),
    "surely_met": ("Surely met", "Chắc chắn đạt"),
    "possibly_met": ("Possibly met", "Có thể đạt"),
    "units_met": ("Communes meeting it", "Số xã đạt"),
    "mean_bounds": ("Mean, with bounds", "Số bình quân và khoảng"),
    "enlarged": ("Small amounts, enlarged", "Các khoản nhỏ, phóng to"),
}


# Units of measure and "by" dates of the data, which are kept in English there.
_PHRASES = {
    "million VND": "triệu đồng",
    "billion VND": "tỷ đồng",
    "communes": "xã",
    "districts": "huyện",
    "villages": "thôn",
    "percent": "%",
    "products": "sản phẩm",
    "criteria per commune": "tiêu chí/xã",
    "people": "người",
    "person-days": "ngày công",
    "m2": "m²",
    "km2": "km²",
}


def phrase(text: str | None, language: str = "en") -> str:
    """Return a phrase of the data in a language, or as it is where no other is known."""
    return _PHRASES.get(text, text) if language == "vi" else text or ""


def label(word: str, language: str = "en") -> str:
    """Word in a language.

    Raises
    ------
    NrdValueError
        If the language is neither "en" nor "vi".
    """
    if language not in LANGUAGES:
        raise NrdValueError(f"language is {language!r}, expected 'en' or 'vi'")
    return _WORDS[word][LANGUAGES.index(language)]
