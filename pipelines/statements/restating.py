"""Printed numbers as amounts in yuan, and a line item as it would be had its cell been read otherwise."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from pipelines.statements.catalogue import load_catalogue
from pipelines.statements.model import LineItem
from pipelines.statements.numerals import Printed, read_number

#: Digits without end (a code, a telephone number) are no sum of money: this many yuan and more.
TOO_LARGE = Decimal(10) ** 13
_FEN = Decimal("0.01")


def in_yuan(printed: Printed, factor: Decimal) -> tuple[Decimal, Decimal]:
    """Amount and precision in yuan of a cell of one number; ``factor`` is what its unit is worth.

    The precision is what one unit of the last printed digit is worth. It is kept to the fen: digits
    printed beyond it do not narrow what the amount kept stands for.
    """
    value = (printed.value or Decimal(0)) * factor
    precision = max(factor.scaleb(-printed.decimals), _FEN)
    return value.quantize(_FEN), precision.quantize(Decimal("0.0001"))


def restated(item: LineItem, text: str) -> LineItem | None:
    """The line item as it would be had its cell been read as ``text``; None where that is no amount."""
    printed = read_number(text)
    factor = load_catalogue().wording.units[item.unit] if item.unit else Decimal(1)
    if printed.value is None or abs(printed.value * factor) >= TOO_LARGE:
        return None
    amount, precision = in_yuan(printed, factor)
    return replace(item, amount_yuan=amount, precision_yuan=precision, amount_printed=text)
