"""How a document of the space was read: every amount right, wrong, missing and said so, or missing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from pipelines.extraction.normalise import normalise_text
from pipelines.statements.model import UnderstoodDocument

_FIGURE = re.compile(r"-?\d+(?:\.\d+)?")
#: Rows of these statements are told by names; their key is the reader's own path of names.
FREE = (
    "budget_procurement",
    "budget_project",
    "budget_revenue_by_unit",
    "budget_expenditure_by_unit",
    "final_project",
    "final_revenue_by_unit",
    "final_expenditure_by_unit",
)


@dataclass(frozen=True, slots=True)
class Printed:
    """One amount as the generator printed it."""

    statement_id: str
    row_key: str
    column_id: str
    yuan: Decimal
    printed: str


@dataclass(frozen=True, slots=True)
class Miss:
    """An amount not read as printed; ``kind`` is ``wrong``, ``listed`` or ``silent``."""

    kind: str
    statement_id: str
    row_key: str
    column_id: str
    printed: str
    said: str = ""


@dataclass(slots=True)
class Score:
    """Counts over documents; ``wrong`` are amounts read that were not printed so."""

    documents: int = 0
    amounts: int = 0
    right: int = 0
    wrong: int = 0
    listed: int = 0
    silent: int = 0
    misses: list[tuple[str, Miss]] = field(default_factory=list)

    def add(self, other: Score) -> None:
        """Count another score in."""
        for name in ("documents", "amounts", "right", "wrong", "listed", "silent"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.misses += other.misses


def score(document: str, printed: Iterable[Printed], understood: UnderstoodDocument) -> Score:
    """Compare what was printed with what was understood, amount by amount.

    An amount is right if statement, row, column and value agree. One that was read and not printed so
    is wrong. One that was not read counts as listed where a note of the reading holds its figure,
    else it is silent: missing without a word.
    """
    expected = Counter((p.statement_id, _key(p), p.column_id, p.yuan) for p in printed)
    texts = {(p.statement_id, _key(p), p.column_id, p.yuan): p.printed for p in printed}
    read = Counter(
        (i.statement_id, "" if i.statement_id in FREE else i.row_key, i.column_id, i.amount_yuan)
        for i in understood.line_items
    )
    result = Score(1, expected.total(), (expected & read).total())
    said = Counter[str]()
    together: list[str] = []
    for note in understood.notes:
        if note.kind == "amount_not_understood":
            # A figure may be printed in groups apart, or two figures run together in a cell.
            said.update({*_FIGURE.findall(_plain(note.text)), *map(_plain, note.text.split())})
            together.append(_plain(note.text))
    for place, count in (read - expected).items():
        result.wrong += count
        result.misses += [(document, Miss("wrong", *place[:3], str(place[3])))] * count
    for place, count in (expected - read).items():
        for _ in range(count):
            figure = _plain(texts[place])
            is_listed = said[figure] > 0 or any(len(t) > len(figure) and figure in t for t in together)
            # Wrapped in its cell without rules it is listed in two pieces: 9,200,843. and 21.
            is_listed = is_listed or any(t[-1:] == "." and figure.startswith(t) for t in together)
            kind = "listed" if is_listed else "silent"
            said[figure] -= 1
            setattr(result, kind, getattr(result, kind) + 1)
            result.misses.append((document, Miss(kind, *place[:3], figure)))
    return result


def _plain(text: str) -> str:
    """A figure without the blanks and separators it may be printed with."""
    return normalise_text(text).replace(" ", "").replace(",", "")


def _key(printed: Printed) -> str:
    return "" if printed.statement_id in FREE else printed.row_key
