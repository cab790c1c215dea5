"""Names of places in one form, whatever their diacritics, prefixes, hyphens and case."""

from __future__ import annotations

import re
import unicodedata

# Marks of the five tones of Vietnamese; all other marks belong to the letter.
_TONES = dict(zip("\u0300\u0301\u0303\u0309\u0323", "12345", strict=True))
# Types of units as they are written before names, in short or in full; longest first.
_TYPES = {
    "thi tran": "Thị trấn", "townlet": "Thị trấn", "township": "Thị trấn", "tt": "Thị trấn",
    "phuong": "Phường", "ward": "Phường", "p": "Phường",
    "xa": "Xã", "commune": "Xã", "x": "Xã",
    "dac khu": "Đặc khu", "special zone": "Đặc khu",
    "thanh pho": "Thành phố", "city": "Thành phố", "tp": "Thành phố",
    "thi xa": "Thị xã", "town": "Thị xã", "tx": "Thị xã",
    "quan": "Quận", "q": "Quận",
    "huyen": "Huyện", "district": "Huyện", "h": "Huyện",
    "tinh": "Tỉnh", "province": "Tỉnh", "t": "Tỉnh",
}  # fmt: skip
_SHORT = {"tt", "p", "x", "tp", "tx", "q", "h", "t"}
# English words that follow a name.
_AFTER = ("commune", "ward", "township", "townlet", "town", "city", "district", "province")
_WORDS = re.compile(r"[^\W_]+")
_BEFORE = re.compile(
    r"(?:(" + "|".join(sorted((t for t in _TYPES if t not in _SHORT), key=len)[::-1])
    + r")\b|(" + "|".join(sorted(_SHORT, key=len)[::-1]) + r")\.\s*|("
    + "|".join(sorted(_SHORT, key=len)[::-1]) + r")\s)\s*(?=\S)"
)  # fmt: skip
_NUMBERED = re.compile(r"^([PpQq])(\d+)$")  # P5, Q3
_BEHIND = re.compile(r"\s(" + "|".join(_AFTER) + r")$")


def ascii_of(text: str) -> str:
    """A text without diacritical marks; its letters stay where they are."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def tidy(text: str) -> str:
    """A text in composed form with single blanks."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def key_of(name: str) -> str:
    """Letters and tones of a name: the same however tones are placed, joined or written.

    The tone of a word counts wherever it stands: Hòa and Hoà have one key. An i alone at
    the end of a word is a y, as in Mĩ and Mỹ, and 05 is 5.
    """
    out = []
    for word in _WORDS.findall(unicodedata.normalize("NFC", name).lower()):
        letters = unicodedata.normalize("NFD", word)
        tone = "".join(_TONES[mark] for mark in letters if mark in _TONES)
        base = "".join(letter for letter in letters if letter not in _TONES)
        out.append(_last_i(unicodedata.normalize("NFC", base)) + tone)
    return "".join(out)


def plain_key_of(name: str) -> str:
    """Letters of a name without any diacritical mark."""
    return "".join(_last_i(word) for word in _WORDS.findall(ascii_of(name).lower()))


def _last_i(word: str) -> str:
    if word.isdecimal():
        return word.lstrip("0") or word
    alone = len(word) > 1 and word[-1] == "i" and ascii_of(word[-2]) not in "aeiouy"
    return word[:-1] + "y" if alone else word


def agrees(given: str, name: str) -> bool:
    """Whether the marks of a name, as far as they are given, are those of another.

    A word without any mark fits every word of its letters: "quy hoà" is Quý Hòa.
    """
    mine, other = (_WORDS.findall(tidy(text).lower()) for text in (given, name))
    if len(mine) != len(other):
        return is_plain(given) or key_of(given) == key_of(name)
    return all(
        is_plain(a) or key_of(a) == key_of(b) for a, b in zip(mine, other, strict=True)
    )


def is_plain(name: str) -> bool:
    """Whether a name is written without diacritical marks."""
    return ascii_of(name) == unicodedata.normalize("NFC", name)


def without_type(name: str) -> tuple[str, str | None]:
    """A name without the type of unit before or behind it, and the type; None without one.

    A type is only taken off where something is left: the ward Phường Đúc keeps its name.
    """
    text = tidy(name)
    text = _NUMBERED.sub(r"\1 \2", text)
    plain = ascii_of(text).lower()
    before = _BEFORE.match(plain)
    if before is not None:
        return text[before.end() :], _TYPES[next(filter(None, before.groups()))]
    behind = _BEHIND.search(plain)
    if behind is not None:
        return text[: behind.start()], _TYPES[behind[1]]
    return text, None
