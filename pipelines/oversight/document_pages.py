"""A document's page, the proof (出处): its statements as read beside the printed page with the figure framed.

The tables are in the page itself and need no script. What a script needs to frame a cell on the PDF (boxes,
identities) lies in one JSON a document, which both languages share.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.oversight.rendering import Site, by_key
from pipelines.oversight.views import Row
from pipelines.oversight.wording import wording
from pipelines.statements.catalogue import load_catalogue

_WRONG = ("violated", "improbable")


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell of a table of a page: what is printed and what it was taken for."""

    id: str
    text: str
    row_span: int
    column_span: int
    item: Row | None
    is_wrong: bool


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """What of one statement stands on one page; ``statement`` is None for a table that is none."""

    page: int
    statement: Row | None
    is_continued: bool
    rows: tuple[tuple[TableCell | None, ...], ...]


def write_documents(site: Site, documents: Iterable[Row], findings: Sequence[Row], state: Row) -> None:
    """Write the page and the data of documents of a department; ``findings`` are all of its findings."""
    findings_of = by_key(findings, "document_id")
    for document in documents:
        _write(site, document, findings_of.get(document["document_id"], []), state)


def _write(site: Site, document: Row, findings: Sequence[Row], state: Row) -> None:
    one = document["document_id"]
    ask = site.warehouse.view
    cells = ask("document_cells", document_id=one)
    amounts = ask("document_amounts", document_id=one)
    statements = ask("document_statements", document_id=one)
    identities = ask("document_identities", document_id=one)
    claims = ask("document_claims", document_id=one)
    wrong = {
        cell
        for result in identities
        if result["verdict"] in _WRONG
        for cell in (result["cell_id"], *result["operand_cell_ids"])
        if cell
    }
    tables = printed_tables(cells.rows, amounts.rows, statements.rows, wrong)
    site.json(
        f"data/document/{one}.json",
        proof_data(one, cells.rows, amounts.rows, identities.rows, claims.rows, findings),
    )
    site.page(
        f"document/{one}.html",
        "document.html.j2",
        state=state,
        document=document,
        tables=tables,
        statements=statements,
        empty=[row for row in statements if row["is_stated_empty"] and not row["n_amounts"]],
        findings=findings,
        n_amounts=len(amounts.rows),
        n_doubtful=sum(row["reading_quality"] == "doubtful" for row in amounts),
        n_recognised=sum(row["reading_quality"] in ("ocr", "doubtful", "repaired") for row in amounts),
        verdicts=Counter(row["verdict"] for row in identities),
        proof_words=lambda lang: wording(lang).section("script"),
    )


def printed_tables(
    cells: Sequence[Row], amounts: Sequence[Row], statements: Sequence[Row], wrong: set[str]
) -> list[PrintedTable]:
    """The tables that hold amounts, page by page, each with the statement most of them belong to."""
    items = {row["cell_id"]: row for row in amounts}
    by_number = {row["statement_number"]: row for row in statements}
    places: dict[tuple[int, int], list[Row]] = defaultdict(list)
    for cell in cells:
        places[cell["page"], cell["table_number"]].append(cell)
    tables = []
    seen: set[int] = set()
    for (page, _), own in sorted(places.items()):
        numbers = Counter(
            items[cell["cell_id"]]["statement_number"] for cell in own if cell["cell_id"] in items
        )
        if not numbers:
            continue
        number = min(numbers, key=lambda number: (-numbers[number], number))
        tables.append(PrintedTable(page, by_number.get(number), number in seen, _rows(own, items, wrong)))
        seen.add(number)
    return tables


def _rows(
    cells: Sequence[Row], items: Mapping[str, Row], wrong: set[str]
) -> tuple[tuple[TableCell | None, ...], ...]:
    """Rows with spans: a place that no cell covers is None, one that another cell covers is left out."""
    placed: dict[int, dict[int, Row]] = defaultdict(dict)
    for cell in reversed(cells):
        placed[cell["table_row"]][cell["table_column"]] = cell
    width = max(cell["table_column"] + max(cell["column_span"], 1) for cell in cells)
    last = max(placed)
    covered: set[tuple[int, int]] = set()
    rows = []
    for number in range(min(placed), last + 1):
        row: list[TableCell | None] = []
        for column in range(width):
            if (number, column) in covered:
                continue
            if column not in placed[number]:
                row.append(None)
                continue
            cell = placed[number][column]
            down = min(max(cell["row_span"], 1), last + 1 - number)
            across = max(cell["column_span"], 1)
            covered |= {(number + r, column + c) for r in range(down) for c in range(across)}
            one = cell["cell_id"]
            row.append(
                TableCell(
                    id=one,
                    text=" ".join((cell["printed_text"] or "").split()),
                    row_span=down,
                    column_span=across,
                    item=items.get(one),
                    is_wrong=one in wrong,
                )
            )
        rows.append(tuple(row))
    return tuple(rows)


def proof_data(
    document_id: str,
    cells: Sequence[Row],
    amounts: Sequence[Row],
    identities: Sequence[Row],
    claims: Sequence[Row],
    findings: Sequence[Row],
) -> Mapping[str, Any]:
    """What a script needs to frame a figure of the document and say in which identities it stands.

    Boxes are points from the upper left of the page as displayed. Cells of the document are named without
    it (``p0008-t01-r007-c04``), those of others in full.

    - a cell: ``[page, box, meaning, identities]``
    - its meaning, or None: ``[statement, row label, column, amount, quality, confidence, repair]``,
      the repair of a misread figure as a sentence (Chinese, English) or None
    - an identity: ``[title, key, verdict, reported, expected, difference, reported cell, operands]``

    Statements, columns and titles are numbers in the list ``names`` (Chinese, English), the identities of a
    cell numbers in the list ``identities``.
    """
    prefix = f"{document_id}-"

    def short(cell: str | None) -> str | None:
        return cell.removeprefix(prefix) if cell else None

    names: dict[tuple[str, str], int] = {}

    def named(zh: str, en: str) -> int:
        return names.setdefault((zh, en), len(names))

    stood: dict[str, list[int]] = defaultdict(list)
    results = []
    for number, row in enumerate(identities):
        for cell in dict.fromkeys([row["cell_id"], *row["operand_cell_ids"]]):
            if cell and cell.startswith(prefix):
                stood[cell].append(number)
        results.append(
            [
                named(row["title_zh"], row["title_en"]),
                row["identity_key"],
                row["verdict"],
                row["reported_yuan"],
                row["expected_yuan"],
                row["difference_yuan"],
                short(row["cell_id"]),
                [short(cell) for cell in row["operand_cell_ids"]],
            ]
        )
    items = {row["cell_id"]: row for row in amounts}
    asked = {cell for finding in findings for cell in (finding["cell_id"], *finding["operand_cell_ids"])}
    catalogue = load_catalogue()
    pages: dict[int, tuple[float, float]] = {}
    found: dict[str, list[Any]] = {}
    for cell in cells:
        pages[cell["page"]] = (cell["page_width"], cell["page_height"])
        one = cell["cell_id"]
        item = items.get(one)
        if item is None and one not in stood and one not in asked:
            continue
        meaning = None
        if item is not None:
            form = catalogue.form(item["statement_id"])
            column = form.column(item["column_id"])
            meaning = [
                named(form.form.name_zh, form.form.name_en),
                item["row_label"],
                named(column.name_zh, column.name_en),
                item["amount_yuan"],
                item["reading_quality"],
                cell["confidence"],
                [item["repair_zh"], item["repair_en"]] if item["repair_zh"] else None,
            ]
        found[one.removeprefix(prefix)] = [cell["page"], _box(cell), meaning, stood.get(one, [])]
    boxes = {row["claim_id"]: (row["page"], _box(row)) for row in claims}
    return {
        "pages": {str(page): size for page, size in pages.items()},
        "cells": found,
        "identities": results,
        "names": list(names),
        "claims": boxes,
        "findings": {
            row["finding_id"]: {
                "page": row["page"],
                "cell": short(row["cell_id"]),
                "others": [short(cell) for cell in row["operand_cell_ids"]],
                "claim": row["identity_key"] if row["identity_key"] in boxes else None,
            }
            for row in findings
        },
    }


def _box(row: Row) -> list[float]:
    return [round(row[name], 2) for name in ("x0", "top", "x1", "bottom")]
