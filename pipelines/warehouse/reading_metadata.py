"""What a reading run tells in the Dagster UI: tables of outcomes in Markdown, a picture of a statement."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from pipelines.extraction.model import Box, Cell, Table
from pipelines.settings import Settings
from pipelines.warehouse.datasets import CELLS, DOCUMENTS, LINE_ITEMS, NOTES, PER_DOCUMENT, STATEMENTS
from pipelines.warehouse.drawing import PageDrawing, draw_pages
from pipelines.warehouse.lake import Lake, connect
from pipelines.warehouse.reading import DocumentRead
from pipelines.warehouse.reviewing import EXCLUDED

# Rows of a Markdown table; the rest can be queried.
LISTED = 50
# Documents left for the alerts.
WATCHED = 1000


def rows_by_document(lake: Lake) -> dict[str, dict[str, int]]:
    """How many rows each dataset holds of each document: by dataset, then by document id."""
    counts = "SELECT document_id, count(*) FROM {} GROUP BY 1"
    with connect() as connection:
        return {
            dataset.name: dict(connection.execute(counts.format(lake.read(dataset))).fetchall())
            for dataset in PER_DOCUMENT
        }


def counts_by(lake: Lake, dataset: str, column: str, document_ids: Collection[str]) -> dict[str, int]:
    """How many rows of ``statements`` or ``notes`` these documents have, by a column."""
    source = {"statements": STATEMENTS, "notes": NOTES}[dataset]
    with connect() as connection:
        return dict(
            connection.execute(
                f"SELECT {column}, count(*) FROM {lake.read(source)} "
                "WHERE list_contains($ids, document_id) GROUP BY 1 ORDER BY 2 DESC, 1",
                {"ids": sorted(document_ids)},
            ).fetchall()
        )


def set_aside_table(lake: Lake, document_ids: Collection[str]) -> str:
    """The documents set aside, with their reasons, in Markdown."""
    with connect() as connection:
        found = connection.execute(
            f"SELECT source_path, outcome_reason, outcome_message FROM {lake.read(DOCUMENTS)} "
            "WHERE outcome = 'set_aside' AND list_contains($ids, document_id) ORDER BY source_path",
            {"ids": sorted(document_ids)},
        ).fetchall()
    return markdown_table(("document", "reason", "what happened"), found) if found else "none"


def reading_table(documents: Sequence[DocumentRead]) -> str:
    """The documents read in this run, the slowest first, in Markdown."""
    rows = [
        (
            read.source_path,
            read.outcome,
            read.n_pages,
            read.n_statements,
            read.n_line_items,
            f"{read.seconds:.1f}",
        )
        for read in sorted(documents, key=lambda read: -read.seconds)
    ]
    headings = ("document", "outcome", "pages", "statements", "amounts", "seconds")
    return markdown_table(headings, rows) if rows else "nothing to read"


def set_aside_rows(documents: Sequence[DocumentRead]) -> list[dict[str, str]]:
    """The documents that this run set aside, as data for the alerts; a limited number.

    Without those that a reviewer excluded: a decision is no news to anybody.
    """
    return [
        {"source_path": read.source_path, "reason": read.reason, "message": read.message}
        for read in documents
        if read.outcome == "set_aside" and read.reason != EXCLUDED
    ][:WATCHED]


def counts_table(counts: Mapping[str, int], heading: str) -> str:
    """Counts by name, in Markdown."""
    return markdown_table((heading, "count"), list(Counter(counts).most_common())) if counts else "none"


def markdown_table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table of at most ``LISTED`` rows; says how many are left out."""
    lines = ["| " + " | ".join(headings) + " |", "|" + "---|" * len(headings)]
    lines += ["| " + " | ".join(_cell(value) for value in row) + " |" for row in rows[:LISTED]]
    if len(rows) > LISTED:
        lines.append(f"\nand {len(rows) - LISTED} more")
    return "\n".join(lines)


def statement_picture(settings: Settings, document_ids: Collection[str]) -> str:
    """A statement as printed with the cells that became amounts outlined, as a Markdown image.

    The document is opened in a guarded worker like any other time. Empty where there is no statement
    or the page cannot be drawn.
    """
    lake = Lake(settings.lake)
    with connect() as connection:
        page = connection.execute(
            f"SELECT d.source_path, l.document_id, l.page, count(*) FROM {lake.read(LINE_ITEMS)} AS l "
            f"JOIN {lake.read(DOCUMENTS)} AS d USING (document_id) WHERE list_contains($ids, l.document_id) "
            "GROUP BY ALL ORDER BY 4 DESC, 1, 3 LIMIT 1",
            {"ids": sorted(document_ids)},
        ).fetchone()
        if page is None:
            return ""
        source_path, document_id, number, _ = page
        boxes = connection.execute(
            f"SELECT c.x0, c.top, c.x1, c.bottom FROM {lake.read(CELLS)} AS c "
            "WHERE c.document_id = $1 AND c.page = $2 "
            f"AND c.cell_id IN (SELECT cell_id FROM {lake.read(LINE_ITEMS)} WHERE document_id = $1)",
            [document_id, number],
        ).fetchall()
    cells = tuple(Cell(number, 1, 0, 0, 1, 1, "", Box(*box)) for box in boxes)
    edges = Box(
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )
    table = Table(number, 1, 0, 0, cells, edges, "none")
    drawing = PageDrawing(settings.raw / source_path, number, tables=(table,), scale=1.0)
    for finished in draw_pages(settings, [drawing]):
        if finished.result is not None:
            image = base64.b64encode(finished.result).decode("ascii")
            return f"{source_path}, page {number}\n\n![page {number}](data:image/png;base64,{image})"
    return ""


def _cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")
