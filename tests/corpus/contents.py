"""What a statement says, apart from any layout: amounts by row key and column id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

YUAN_PER_UNIT = {"元": Decimal(1), "万元": Decimal(10000)}


@dataclass(frozen=True, slots=True)
class Amount:
    """An exact amount in yuan; ``printed`` overrides how the form would print it."""

    yuan: Decimal
    printed: str | None = None


@dataclass(frozen=True, slots=True)
class FreeRow:
    """A row of a list without codes (procurement): the printed texts and its amounts by column id."""

    texts: Mapping[str, str]
    amounts: Mapping[str, Amount]
    row_key: str


@dataclass(frozen=True, slots=True)
class Content:
    """One statement: its amounts, and which codes (in printed order) have a row of their own."""

    statement_id: str
    amounts: Mapping[tuple[str, str], Amount] = field(default_factory=dict)
    codes: tuple[str, ...] = ()
    free_rows: tuple[FreeRow, ...] = ()
    is_empty: bool = False
    unit: str = ""
    """The unit printed in the head where it differs from the form's (a planted slip)."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """Printed names that differ from the code list's (a planted slip), by row key."""
    texts: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """What a cell prints that is no amount (a growth rate, a code of another list), by row and column."""


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How a form prints amounts. ``zero`` is what stands for an exact zero ("" leaves the cell blank)."""

    unit: str = "万元"
    decimals: int = 2
    grouping: bool = True
    zero: str = ""
    spaced: bool = False

    @property
    def precision_yuan(self) -> Decimal:
        """What one unit of the last printed digit is worth."""
        return YUAN_PER_UNIT[self.unit].scaleb(-self.decimals)

    def show(self, yuan: Decimal) -> str:
        """The printed figure, rounded half up as the bureaus' software does."""
        if yuan == 0:
            return self.zero
        value = (yuan / YUAN_PER_UNIT[self.unit]).quantize(Decimal(1).scaleb(-self.decimals), ROUND_HALF_UP)
        text = f"{value:,}" if self.grouping else f"{value}"
        return text.replace(",", ", ").replace(".", ". ") if self.spaced else text


def parse_printed(printed: str, unit: str) -> Decimal:
    """The yuan a printed figure stands for: spaces and separators dropped, times the unit."""
    cleaned = printed.replace(" ", "").replace(",", "")
    return Decimal(cleaned) * YUAN_PER_UNIT[unit]
