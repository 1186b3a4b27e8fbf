"""Printed text in one spelling, so that the catalogue can be compared with it.

What is compared is never what is kept: facts carry the text as printed.
"""

from __future__ import annotations

import re
import unicodedata

# Radicals that some fonts print for ideographs and that NFKC leaves alone (U+2E80 to U+2EFF).
_RADICALS = str.maketrans(
    "戶戸黃⺁⺇⺌⺍⺠⺟⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻥⻦⻧⻨⻩⻪⻬⻮⻰⻳⺶⺼⻊⻂⺮",
    "户户黄厂几小小民母虎西见角贝车长门青韦页风飞食马鱼鸟卤麦黄黾齐齿龙龟羊肉足衣竹",
)
_QUOTES = str.maketrans("", "", "“”‘’\"'「」『』《》〈〉＂＇")
_SPACE = re.compile(r"\s+")

_NUMERAL = r"[一二三四五六七八九十百]+"
_NUMBERING = re.compile(
    rf"^(?:{_NUMERAL}[、,.．:]|\((?:{_NUMERAL}|\d{{1,2}})\)|\d{{1,2}}[、.．](?!\d)|[①-⑳]|其中[:：,、]?|[-*·•]+)"
)
_LEVEL_MARK = re.compile(r"\((?:类|款|项)\)$")


def plain(text: str) -> str:
    """Text with full-width forms, radicals, quotation marks and all white space levelled out."""
    folded = unicodedata.normalize("NFKC", text.translate(_RADICALS)).translate(_RADICALS)
    folded = _SPACE.sub("", folded).translate(_QUOTES)
    return folded.replace("〔", "(").replace("〕", ")").replace("【", "(").replace("】", ")")


def with_ideographs(text: str) -> str:
    """Text as printed, only the radicals that some fonts print for ideographs replaced by these."""
    return "".join(
        unicodedata.normalize("NFKC", character).translate(_RADICALS)
        if "\u2e80" <= character <= "\u2fdf"
        else character
        for character in text
    )


def without_numbering(text: str) -> str:
    """A plain label without what only orders it: 一、 1. （一） 其中： and marks of level."""
    label = text
    while True:
        shorter = _NUMBERING.sub("", label)
        if shorter == label or not shorter:
            break
        label = shorter
    return _LEVEL_MARK.sub("", label).rstrip(":：,、;。")


def label_of(text: str) -> str:
    """The comparable form of a printed row label."""
    return without_numbering(plain(text))


def one_line(text: str) -> str:
    """A printed name on one line, otherwise as printed (joined lines, no outer or doubled space)."""
    parts = [part.strip() for part in text.splitlines() if part.strip()]
    joined = ""
    for part in parts:
        gap = " " if joined and joined[-1].isascii() and part[0].isascii() and joined[-1].isalnum() else ""
        joined += gap + part
    return re.sub(r"[ \u3000\xa0]+", " ", joined).strip()
