"""Amounts of a page as markup: in 万元, the exact yuan on hover, the printed page one click away.

Code and no macros: a page has hundreds of amounts. An amount is of digits, points, commas and signs, so that
only what stands around it is escaped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import lru_cache

from markupsafe import Markup, escape

from pipelines.oversight import figures
from pipelines.oversight.views import Row
from pipelines.oversight.wording import Wording

# The amounts of the page under way, so that its other language need not set them again.
_KEPT = 20_000
_UNKNOWN = Markup('<span class="gap">—</span>')
_MARKS = {"up": '<span aria-hidden="true">▲</span>', "down": '<span aria-hidden="true">▼</span>', "same": ""}


class Amounts:
    """What sets the amounts of a page in one language. NULL is a gap and not a zero."""

    __slots__ = ("_broken", "_gap", "_gap_cells", "_no_year_before", "_proof", "_to_open", "_to_proof")

    def __init__(self, t: Wording, root: str, proof: Callable[[str | None], str]) -> None:
        """``root`` leads from the page to the root of the site, ``proof`` from a cell to its place."""
        self._proof = proof
        self._to_proof = f"{root}{t.lang}/"
        self._to_open = escape(t("proof.open"))
        self._gap = _gap(t("gap.title"))
        self._no_year_before = _gap(t("gap.no_year_before"))
        self._gap_cells = {
            False: f'<td class="n">{self._gap}</td>',
            True: f'<td class="n">{_gap(t("gap.code"))}</td>',
        }
        self._broken = Markup('<span class="break" title="{}"> ‡<span class="sr">{}</span></span>').format(
            t("purpose.break_title"), t("purpose.break")
        )

    def money(self, yuan: Decimal | None, cell: str | None = None, signed: bool = False) -> Markup:
        """An amount, ``signed`` where it is a change; it leads to ``cell`` where that can be shown."""
        return Markup(self._set(yuan, cell, signed))

    def cells(self, years: Iterable[int], by_year: Mapping[int, Row], *, of_code: bool = False) -> Markup:
        """A line of a table over the years. Of a code a gap is a year that does not list it.

        Where a code was changed for a year (``break_kinds``), so that the year before does not compare,
        the amount is marked.
        """
        gap = self._gap_cells[of_code]
        line = []
        for year in years:
            row = by_year.get(year)
            if row is None:
                line.append(gap)
            else:
                mark = self._broken if row.get("break_kinds") else ""
                line.append(f'<td class="n">{self._set(row["amount_yuan"], row["cell_id"])}{mark}</td>')
        return Markup("".join(line))

    def change(self, row: Row | None) -> Markup:
        """The change of a row against the year before."""
        if row is None or row["change_yuan"] is None:
            return self._no_year_before
        yuan = row["change_yuan"]
        return Markup(f'<span class="{_way(yuan)}">{self._set(yuan, None, signed=True)}</span>')

    def change_ratio(self, row: Row | None) -> Markup:
        """The change of a row against the year before in per cent."""
        if row is None or row["change_ratio"] is None:
            return _UNKNOWN
        ratio = row["change_ratio"]
        way = _way(ratio)
        return Markup(f'<span class="{way}">{_MARKS[way]}{figures.percent(ratio, signed=True)}</span>')

    def _set(self, yuan: Decimal | None, cell: str | None, signed: bool = False) -> str:
        if yuan is None:
            return self._gap
        plain, exact, data = _formed(str(yuan), signed)
        address = self._proof(cell)
        if not address:
            return plain
        place = escape(self._to_proof + address)
        return f'<a class="figure" href="{place}" title="{exact} · {self._to_open}">{data}</a>'


def share(part: Decimal | None) -> Markup:
    """A share of a total as a bar and in per cent; nothing where there is none."""
    if part is None:
        return Markup()
    return Markup(
        '<svg class="bar " viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="track" x="0" y="0" width="100" height="10"/>'
        f'<rect x="0" y="0" width="{round(part * 100, 2)}" height="10"/></svg> {figures.percent(part)}'
    )


@lru_cache(maxsize=_KEPT)
def _formed(yuan: str, signed: bool) -> tuple[str, str, str]:
    """An amount by itself, its exact yuan, and the amount as it stands in a link that says them.

    By its text: ``Decimal`` takes 1.0 and 1.00 for the same, which a page does not.
    """
    amount = Decimal(yuan)
    shown = figures.signed_wan(amount) if signed else figures.amount(amount)
    return (
        f'<data value="{shown.value}" title="{shown.exact}">{shown.text}</data>',
        shown.exact,
        f'<data value="{shown.value}">{shown.text}</data>',
    )


def _gap(title: str) -> Markup:
    return Markup('<span class="gap" title="{}">—</span>').format(title)


def _way(change: Decimal) -> str:
    return "up" if change > 0 else "down" if change < 0 else "same"
