"""Amounts and percentages as running text prints them, with the words before each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

#: Digits with all that is joined to them: whether that is one number is asked afterwards. A minus behind a
#: digit, a unit or a percentage is that of a range.
FIGURE = re.compile(
    r"(?P<number>(?<!\d)(?<!\d[.,])(?:(?<![\d元%])-)?\d(?:[\d,.]*\d)?(?:-\d(?:[\d,.]*\d)?)?)(?P<unit>亿元|万元|元|%)"
)
_NUMBER = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
YUAN = {"元": Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}
# A claim has 22 digits before the point and 6 behind it. More before it are digits run together, no
# figure; more behind it do not narrow what the value kept stands for.
_TOO_LARGE = Decimal(10) ** 22
_LAST_DIGIT = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class PrintedFigure:
    """A printed figure, and the words between the one before and it."""

    number: str
    unit: str
    start: int
    words: str

    @property
    def is_number(self) -> bool:
        """Whether one number is printed, and not several joined by points, commas or a dash."""
        return _NUMBER.fullmatch(self.number) is not None

    @property
    def scale(self) -> Decimal:
        """What a printed 1 is worth, in yuan or per cent."""
        return YUAN.get(self.unit, Decimal(1))

    @property
    def value(self) -> Decimal | None:
        """In yuan or per cent; None for what is not one number, or has more digits than a figure has."""
        if not self.is_number:
            return None
        value = Decimal(self.number.replace(",", "")) * self.scale
        return value if abs(value) < _TOO_LARGE else None

    @property
    def precision(self) -> Decimal:
        """What one unit of the last printed digit is worth, in yuan or per cent."""
        decimals = len(self.number.partition(".")[2])
        return max(self.scale.scaleb(-decimals), _LAST_DIGIT)


def printed_figures(text: str) -> Iterator[PrintedFigure]:
    """The figures of a sentence in order; what is not one number has no value."""
    end = 0
    for match in FIGURE.finditer(text):
        yield PrintedFigure(match["number"], match["unit"], match.start(), text[end : match.start()])
        end = match.end()
