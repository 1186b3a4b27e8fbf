"""Pinyin initials of a Chinese name, which is what people type to find it: 商务委员会 is ``swwyh``."""

from __future__ import annotations

from pypinyin import Style, lazy_pinyin


def initials(name: str) -> str:
    """The first letters of the syllables of a name in lower case; what is no Chinese character stays out."""
    return "".join(
        syllable[0] for syllable in lazy_pinyin(name, style=Style.FIRST_LETTER, errors="ignore") if syllable
    ).lower()
