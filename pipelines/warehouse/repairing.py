"""The recognised figures of a document put right where its identities prove what is printed.

Only figures recognised in pictures are touched; those of a text layer stay as printed, whatever they
add up to. What stays in doubt is marked so (see ``repair``, which decides).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from pipelines.extraction.model import Cell, ReadDocument, cell_id, placed_cells
from pipelines.statements.catalogue import load_catalogue
from pipelines.statements.model import LineItem, UnderstoodDocument
from pipelines.warehouse.equations import equations_of
from pipelines.warehouse.identities import Printed
from pipelines.warehouse.proposals import proposals
from pipelines.warehouse.repair import Figure, Proved, solve

#: Identities named in a sentence; the rest are counted.
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Repair:
    """One figure repaired: as it was recognised, what it is proved to be, and the proof.

    Amounts without "yuan" are as printed. ``candidates`` are all amounts that the reader proposed,
    with their likelihoods; ``proof`` names the identities with their keys; ``repaired_together`` are the
    cells of the other figures of the same combination.
    """

    cell_id: str
    page: int
    amount_as_read: str
    amount_as_read_yuan: Decimal
    amount_printed: str
    amount_yuan: Decimal
    unit: str
    candidates: tuple[str, ...]
    proof: tuple[str, ...]
    repaired_together: tuple[str, ...]
    sentence_zh: str
    sentence_en: str


def repair(
    document: ReadDocument, understood: UnderstoodDocument
) -> tuple[UnderstoodDocument, tuple[Repair, ...]]:
    """The document with its proved figures put right and the others in doubt marked, and the repairs.

    Repairs are ordered by cell. A document whose figures all come from text layers is given back as it is.
    What a person saw is taken as printed.
    """
    items = understood.line_items
    seen = {item.cell_id for item in items if item.reading_quality in ("corrected", "confirmed")}
    recognised = {
        cell_id(document.document_id, cell): cell
        for _, table in placed_cells(document)
        for cell in table.cells
        if cell.read_by == "ocr" and cell_id(document.document_id, cell) not in seen
    }
    if not any(item.cell_id in recognised for item in items):
        return understood, ()
    figures = _figures(items, recognised)
    printed = Printed(document.document_id, understood.identification, understood.statements, items)
    solution = solve(list(figures.values()), equations_of(printed))
    proved = {each.cell_id: each for each in solution.proved}
    repairs = tuple(
        _told(item, figures[item.cell_id], proved[item.cell_id])
        for item in sorted(items, key=lambda item: item.cell_id)
        if item.cell_id in proved
    )
    after = tuple(_after(item, proved.get(item.cell_id), solution.in_doubt) for item in items)
    return replace(understood, line_items=after), repairs


def _figures(items: Sequence[LineItem], recognised: Mapping[str, Cell]) -> dict[str, Figure]:
    decimals = _decimals(items)
    figures: dict[str, Figure] = {}
    for item in items:
        cell = recognised.get(item.cell_id)
        offered = proposals(item, cell, decimals[item.statement_number]) if cell is not None else ()
        figures[item.cell_id] = Figure(
            item.cell_id, item.amount_yuan, item.precision_yuan, cell is not None, offered
        )
    return figures


def _decimals(items: Iterable[LineItem]) -> dict[int, int | None]:
    """How many decimals each statement prints: those of at least nine in ten of its figures, else None."""
    counts: dict[int, Counter[int]] = {}
    for item in items:
        text = "".join(item.amount_printed.split())
        counts.setdefault(item.statement_number, Counter())[len(text.partition(".")[2])] += 1
    return {
        number: most[0][0] if (most := count.most_common(1))[0][1] >= 0.9 * count.total() else None
        for number, count in counts.items()
    }


def _after(item: LineItem, proved: Proved | None, in_doubt: frozenset[str]) -> LineItem:
    if proved is not None:
        return replace(
            item,
            amount_yuan=proved.proposal.amount_yuan,
            amount_printed=proved.proposal.printed,
            precision_yuan=proved.proposal.precision_yuan,
            reading_quality="repaired",
            amount_as_read=item.amount_printed,
        )
    if item.cell_id in in_doubt and item.reading_quality == "ocr":
        return replace(item, reading_quality="doubtful")
    return item


def _told(item: LineItem, figure: Figure, proved: Proved) -> Repair:
    now = proved.proposal
    form = load_catalogue().form(item.statement_id)
    column = form.column(item.column_id)
    row = " ".join(part for part in (item.row_key if item.row_key.isdigit() else "", item.row_label) if part)
    read = item.amount_printed
    return Repair(
        cell_id=item.cell_id,
        page=item.page,
        amount_as_read=read,
        amount_as_read_yuan=item.amount_yuan,
        amount_printed=now.printed,
        amount_yuan=now.amount_yuan,
        unit=item.unit,
        candidates=tuple(f"{p.printed} ({p.likelihood:.2f})" for p in figure.proposals),
        proof=tuple(equation.name for equation in proved.proof),
        repaired_together=proved.together,
        sentence_zh=(
            f"第{item.page}页，{form.form.name_zh}，{row}，{column.name_zh}：图像识别为{read}{item.unit}，"
            f"更正为{now.printed}{item.unit}。在识别的候选数字中，只有这一组合能使原来不成立的勾稽关系全部成立，"
            f"且不破坏其他关系。依据：{_named([e.title_zh for e in proved.proof], '；', '等{}项')}。"
        ),
        sentence_en=(
            f"Page {item.page}, {form.form.name_en}, {row}, {column.name_en}: recognised as {read} "
            f"{item.unit}, repaired to {now.printed} {item.unit}. Of all readings proposed only this "
            "combination makes hold what did not hold and breaks nothing. Proof: "
            f"{_named([e.title_en for e in proved.proof], '; ', ' and {} in all')}."
        ),
    )


def _named(titles: Sequence[str], between: str, more: str) -> str:
    distinct = list(dict.fromkeys(titles))
    named = between.join(distinct[:_NAMED])
    return named if len(distinct) <= _NAMED else named + more.format(len(distinct))
