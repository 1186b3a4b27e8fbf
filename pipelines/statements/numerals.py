"""Printed numbers: how they are written, and what stands in a cell that holds one.

A number is read only when there is one way to read it. Two numbers in a cell, or pieces that
could be joined in more than one way, are left to the notes.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Content = Literal["empty", "nothing", "number", "numbers", "percentage", "text"]

_STRICT = re.compile(r"(?:\d{1,3}(?:,\d{3})+|0|[1-9]\d*)(?:\.\d+)?")
_LOOSE_CHARACTERS = re.compile(r"[\d,.()+\-\s%¥￥]+")
_DASHES = "-‐‑‒–—―－─━ー﹣−"
_DASH_ONLY = re.compile(rf"[{_DASHES}/]+")
_MINUS = re.compile(rf"[{_DASHES}]")
_COMMAS = re.compile(r"[，、﹐]")


@dataclass(frozen=True, slots=True)
class Printed:
    """What a cell holds. ``value`` and ``decimals`` are set when ``content`` is ``number``."""

    content: Content
    value: Decimal | None = None
    decimals: int = 0
    is_grouped: bool = False


def read_number(text: str) -> Printed:
    """Read a cell's text as an amount.

    ``3, 295. 68``, full-width digits, thousands separators, a leading minus or accountants'
    brackets are understood. A dash alone says that nothing is there. A number broken over
    printed lines by a narrow column is joined when no other reading is possible.
    """
    if not text.strip():
        return Printed("empty")
    # A sign of the currency on a line of its own leaves nothing of it.
    lines = [folded for line in text.splitlines() if (folded := _fold(line))]
    if not lines:
        return Printed("text")
    if all(_DASH_ONLY.fullmatch(line.replace(" ", "")) for line in lines):
        return Printed("nothing")
    whole = " ".join(lines)
    if not _LOOSE_CHARACTERS.fullmatch(whole) or not any(c.isdigit() for c in whole):
        return Printed("text")
    if "%" in whole:
        return Printed("numbers" if _has_figure_beside_rate(whole) else "percentage")
    if len(lines) == 1:
        return _one_line(lines[0])
    return _broken(lines)


def _fold(line: str) -> str:
    folded = unicodedata.normalize("NFKC", _COMMAS.sub(",", line)).strip()
    return _MINUS.sub("-", folded).replace("¥", "").replace("￥", "").strip()


def _has_figure_beside_rate(whole: str) -> bool:
    """Whether a cell with a rate holds a figure besides: 137,169.63 7.53%."""
    tight = re.sub(r"\s*([,.])\s*", r"\1", whole)
    rest = re.sub(r"[-+(]?[\d,.]+\s*%\)?", "", tight)
    return re.search(r"\d[.,]\d", rest) is not None


def _strict(text: str) -> Printed | None:
    """One number in regular writing, or None."""
    body, sign = text, 1
    if body.startswith("(") and body.endswith(")"):
        body, sign = body[1:-1], -1
    if body[:1] in "+-":
        sign = -sign if body[0] == "-" else sign
        body = body[1:]
    if not _STRICT.fullmatch(body):
        return None
    value = Decimal(body.replace(",", "")) * sign
    decimals = len(body.partition(".")[2])
    return Printed("number", value, decimals, "," in body)


def _one_line(line: str) -> Printed:
    # Spaces may stand around separators (3, 295. 68) and after the sign, or between all characters.
    spaced = line.split()
    if len(spaced) > 2 and all(len(token) == 1 for token in spaced) and {".", ","} & {*spaced}:
        line = "".join(spaced)
    tight = re.sub(r"\s*([,.])\s*", r"\1", line)
    tight = re.sub(r"^([-+(])\s+", r"\1", tight)
    tight = re.sub(r"\s+\)$", ")", tight)
    if len(tight.split()) > 1:
        return Printed("numbers")
    return _strict(tight) or Printed("numbers")


def _broken(lines: list[str]) -> Printed:
    """A number over several printed lines: joined when the lines do not stand by themselves."""
    pieces = [re.sub(r"\s+", "", line) for line in lines]
    joined = _strict("".join(pieces))
    if joined is None:
        return Printed("numbers")
    alone = [_strict(piece) for piece in pieces]
    if any(piece is None for piece in alone):
        return joined
    if joined.decimals and not any(p is not None and p.decimals == joined.decimals for p in alone):
        return joined
    return Printed("numbers")
