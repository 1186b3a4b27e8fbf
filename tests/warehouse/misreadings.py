"""Figures of consistent documents misread the way readers of pictures misread, for repair to be tried on.

The truth is the document's own text layer. What is planted in a document: figures in doubt that were
read right; wrong ones whose true digit is among the reader's alternatives; wrong ones where it is not;
wrong ones nobody doubts; figures missed altogether; and a digit misread alike wherever the same number
is printed. The same seed plants the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from random import Random
from typing import Literal

from pipelines.extraction.model import (
    Box,
    Cell,
    Doubt,
    JoinedTable,
    Page,
    ReadDocument,
    Table,
    cell_id,
)
from pipelines.statements.model import LineItem
from pipelines.statements.restating import restated
from pipelines.warehouse.equations import Equation
from pipelines.warehouse.proposals import proposals
from pipelines.warehouse.repair import Figure, Solution, solve

Kind = Literal["right_in_doubt", "among", "not_among", "unnoticed", "missed"]
#: What a digit is mistaken for in a blurred picture, the likeliest first.
CONFUSED = {
    "0": "869",
    "1": "74",
    "2": "73",
    "3": "85",
    "4": "91",
    "5": "368",
    "6": "850",
    "7": "12",
    "8": "3096",
    "9": "047",
}


@dataclass(frozen=True, slots=True)
class Rates:
    """Which share of a document's figures is planted with each kind, and how often alike on all pages."""

    right_in_doubt: float = 0.06
    among: float = 0.02
    not_among: float = 0.005
    unnoticed: float = 0.005
    missed: float = 0.002
    alike: float = 0.1

    def times(self, factor: float) -> Rates:
        """So many times the errors, alike as often."""
        return Rates(
            self.right_in_doubt * factor,
            self.among * factor,
            self.not_among * factor,
            self.unnoticed * factor,
            self.missed * factor,
            self.alike,
        )


@dataclass
class Outcome:
    """What became of the planted figures of many documents."""

    documents: int = 0
    planted: dict[str, int] = field(default_factory=dict)
    repaired: int = 0
    wrongly: int = 0
    left: int = 0
    left_in_doubt: int = 0
    in_doubt: int = 0
    figures: int = 0
    wrong_ones: list[str] = field(default_factory=list)

    def add(self, other: Outcome) -> None:
        """Count another one in."""
        self.documents += other.documents
        for kind, count in other.planted.items():
            self.planted[kind] = self.planted.get(kind, 0) + count
        self.repaired += other.repaired
        self.wrongly += other.wrongly
        self.left += other.left
        self.left_in_doubt += other.left_in_doubt
        self.in_doubt += other.in_doubt
        self.figures += other.figures
        self.wrong_ones += other.wrong_ones


def try_repair(
    items: Sequence[LineItem], equations: Sequence[Equation], random: Random, rates: Rates
) -> Outcome:
    """Plant misreadings in the figures of one document, repair, and count."""
    read, planted = plant(items, random, rates)
    missed = {cell for cell, kind in planted.items() if kind == "missed"}
    figures = [figure for cell, figure in read.items() if cell not in missed]
    solution = solve(figures, without(equations, missed))
    return _outcome(items, read, planted, solution)


def plant(
    items: Sequence[LineItem], random: Random, rates: Rates
) -> tuple[dict[str, Figure], dict[str, Kind]]:
    """The figures as a reader of pictures may read them, and what was planted where."""
    shares: Mapping[Kind, float] = {
        "right_in_doubt": rates.right_in_doubt,
        "among": rates.among,
        "not_among": rates.not_among,
        "unnoticed": rates.unnoticed,
        "missed": rates.missed,
    }
    figures: dict[str, Figure] = {}
    planted: dict[str, Kind] = {}
    alike: dict[str, str] = {}
    for item in items:
        text = "".join(item.amount_printed.split())
        kind = _drawn(shares, random)
        if text in alike and kind is None:
            kind = "unnoticed"
        read, doubts = _misread(text, kind, random, alike)
        if kind in ("among", "not_among", "unnoticed") and random.random() < rates.alike and item.amount_yuan:
            alike[text] = read
        now = restated(item, read)
        if now is None:
            # Not one number: such a cell is listed, and no figure.
            kind, now, doubts = "missed", item, ()
        cell = Cell(item.page, 1, 0, 0, 1, 1, read, Box(0, 0, 1, 1), "ocr", 0.5, doubts)
        decimals = len(text.partition(".")[2])
        offered = proposals(now, cell, decimals)
        if kind == "not_among":
            offered = tuple(p for p in offered if p.amount_yuan != item.amount_yuan)
        figures[item.cell_id] = Figure(item.cell_id, now.amount_yuan, now.precision_yuan, proposals=offered)
        if kind is not None:
            planted[item.cell_id] = kind
    return figures, planted


def _drawn(shares: Mapping[Kind, float], random: Random) -> Kind | None:
    point = random.random()
    for kind, share in shares.items():
        if point < share:
            return kind
        point -= share
    return None


def _misread(
    text: str, kind: Kind | None, random: Random, alike: Mapping[str, str]
) -> tuple[str, tuple[Doubt, ...]]:
    """The text as it is read, with the characters the reader doubts."""
    places = [at for at, character in enumerate(text) if character.isdigit()]
    at = random.choice(places)
    true = text[at]
    other = random.choice(CONFUSED[true])
    if kind in (None, "missed"):
        return text, ()
    if kind == "right_in_doubt":
        return text, (Doubt(at, true, _alternatives(true, "", random)),)
    if kind == "unnoticed":
        return alike.get(text) or text[:at] + other + text[at + 1 :], ()
    way = random.random()
    if way < 0.1 and at > 0:  # a digit was missed
        before = text[at - 1]
        told = ((before + true, 0.3),) if kind == "among" else _alternatives(before, "", random)
        return text[:at] + text[at + 1 :], (Doubt(at - 1, before, told),)
    if way < 0.15:  # a digit too many
        told = (("", 0.3),) if kind == "among" else _alternatives(other, true, random)
        return text[:at] + other + text[at:], (Doubt(at, other, told),)
    read = text[:at] + other + text[at + 1 :]
    told = _alternatives(other, true, random)
    if kind == "among":
        told = ((true, 0.3), *told)
    doubts = [Doubt(at, other, told)]
    if random.random() < 0.2:  # a second digit is in doubt, and was read right
        second = random.choice(places)
        if second != at:
            doubts.append(Doubt(second, text[second], _alternatives(text[second], "", random)))
    return read, tuple(doubts)


def _alternatives(read: str, besides: str, random: Random) -> tuple[tuple[str, float], ...]:
    """One to three digits that the one read may be, ``besides`` not among them."""
    likely = [digit for digit in CONFUSED.get(read, "0123456789") if digit not in (read, besides)]
    return tuple((digit, 0.2 / (k + 1)) for k, digit in enumerate(likely[: random.randint(1, 3)]))


def without(equations: Sequence[Equation], missed: set[str]) -> list[Equation]:
    """The equations as they are when some figures were missed: blank places."""
    return [
        replace(
            equation,
            weights=tuple((cell, weight) for cell, weight in equation.weights if cell not in missed),
            blanks=equation.blanks | {cell for cell, _ in equation.weights if cell in missed},
        )
        for equation in equations
    ]


def _outcome(
    items: Sequence[LineItem],
    read: Mapping[str, Figure],
    planted: Mapping[str, Kind],
    solution: Solution,
) -> Outcome:
    true = {item.cell_id: item.amount_yuan for item in items}
    outcome = Outcome(documents=1, figures=len(read), in_doubt=len(solution.in_doubt))
    for kind in planted.values():
        outcome.planted[kind] = outcome.planted.get(kind, 0) + 1
    now: dict[str, Decimal] = {cell: figure.amount_yuan for cell, figure in read.items()}
    for proved in solution.proved:
        now[proved.cell_id] = proved.proposal.amount_yuan
        if proved.proposal.amount_yuan == true[proved.cell_id]:
            outcome.repaired += 1
        else:
            outcome.wrongly += 1
            names = ", ".join(equation.name for equation in proved.proof)
            outcome.wrong_ones.append(
                f"{proved.cell_id}: {planted.get(proved.cell_id)}, true {true[proved.cell_id]}, read "
                f"{read[proved.cell_id].amount_yuan}, repaired {proved.proposal.amount_yuan} by {names}"
            )
    for cell, amount in now.items():
        if amount != true[cell] and planted.get(cell) != "missed":
            outcome.left += 1
            outcome.left_in_doubt += cell in solution.in_doubt
    return outcome


def misread_scan(document: ReadDocument, wrong: str) -> ReadDocument:
    """The document as a scan: all recognised surely but the first digit of one cell."""

    def cell(each: Cell) -> Cell:
        if cell_id(document.document_id, each) != wrong:
            return replace(each, read_by="ocr", confidence=0.99)
        at = next(k for k, character in enumerate(each.text) if character.isdigit())
        true = each.text[at]
        read = next(digit for digit in CONFUSED[true] if digit != "0")
        doubt = Doubt(len("".join(each.text[:at].split())), read, ((true, 0.3),))
        text = each.text[:at] + read + each.text[at + 1 :]
        return replace(each, text=text, read_by="ocr", confidence=0.6, doubts=(doubt,))

    def table(each: Table) -> Table:
        return replace(each, cells=tuple(map(cell, each.cells)))

    def joined(each: JoinedTable) -> JoinedTable:
        return replace(each, parts=tuple(map(table, each.parts)))

    def page(each: Page) -> Page:
        return replace(each, tables=tuple(map(table, each.tables)), is_image_only=True)

    return replace(
        document,
        pages=tuple(map(page, document.pages)),
        tables=tuple(map(joined, document.tables)),
        is_scanned=True,
    )
