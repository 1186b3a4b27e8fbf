"""Amounts as people read them: 万元 in tables, 亿元 in a headline, the exact yuan beside them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

WAN = Decimal(10_000)
MILLION = Decimal(1_000_000)
YI = Decimal(100_000_000)
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Shown:
    """An amount: ``text`` as shown, ``exact`` the yuan for whoever asks, ``value`` for machines."""

    text: str
    exact: str
    value: str


def in_wan(yuan: Decimal) -> str:
    """Yuan in 万元 with two decimals, as most documents print them: ``1,910.17``. Halves go away from 0."""
    return f"{(yuan / WAN).quantize(_CENT, ROUND_HALF_UP):,}"


def amount(yuan: Decimal) -> Shown:
    """An amount of a table in 万元."""
    return Shown(in_wan(yuan), f"{yuan:,} 元", str(yuan))


def headline(yuan: Decimal, lang: str) -> Shown:
    """An amount that stands alone, with its unit: 万元 or 亿元, in English million yuan."""
    if lang == "en":
        text = f"{(yuan / MILLION).quantize(_CENT, ROUND_HALF_UP):,} million yuan"
    elif abs(yuan) >= YI:
        text = f"{(yuan / YI).quantize(_CENT, ROUND_HALF_UP):,} 亿元"
    else:
        text = f"{in_wan(yuan)} 万元"
    return Shown(text, f"{yuan:,} 元", str(yuan))


def percent(ratio: Decimal, *, signed: bool = False) -> str:
    """A ratio in per cent with one decimal; ``signed`` puts a plus before an increase."""
    value = (ratio * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{value:+,}%" if signed and value else f"{value:,}%"


def signed_wan(yuan: Decimal) -> Shown:
    """A change in 万元 with its sign."""
    text = in_wan(yuan)
    return Shown(f"+{text}" if yuan > 0 else text, f"{yuan:+,} 元" if yuan else "0 元", str(yuan))
