"""What both readers make of the same documents: statements, amounts and cells of each, and what differs.

    python -m benchmarks.readers_agree FOLDER...

Every PDF below the folders is read with pdfplumber and with pdfium, and understood. A cell differs where one
of them has none at that place, or another text; one that differs by blanks only is counted apart. An amount
differs where cell, statement, row, column or value are other. Ends with 1 where an amount differs, or a cell
by more than its blanks.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipelines.extraction import read_document
from pipelines.extraction.model import ReadDocument
from pipelines.settings import Reader
from pipelines.statements import understand
from tests.extraction.readers import differences

READERS: tuple[Reader, Reader] = ("pdfplumber", "pdfium")
_DOCUMENT_ID = "0" * 16


@dataclass(frozen=True, slots=True)
class Compared:
    """One document as both readers have it, each number for pdfplumber and for pdfium."""

    name: str
    pages: int
    left_to_reference: int
    statements: tuple[int, int]
    amounts: tuple[int, int]
    cells: tuple[int, int]
    cells_differ: int
    blanks_differ: int
    amounts_differ: int
    #: Kinds of other differences, of pages and lines, with how many pages have them.
    others: tuple[tuple[str, int], ...]


class _Left(logging.Handler):
    """Counts the pages that pdfium left to the reference."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.count += "read by pdfplumber" in record.getMessage()


def _texts(document: ReadDocument) -> Iterator[tuple[tuple[int, int, int, int], str]]:
    for page in document.pages:
        for table in page.tables:
            for cell in table.cells:
                yield (cell.page, cell.table, cell.row, cell.column), cell.text


def compare(path: Path) -> Compared:
    """Read one document with both and hold the readings against each other."""
    left = _Left()
    log = logging.getLogger("pipelines.extraction.read")
    level, goes_up = log.level, log.propagate
    log.setLevel(logging.INFO)
    log.propagate = False
    log.addHandler(left)
    try:
        one, two = (read_document(path, _DOCUMENT_ID, reader=reader) for reader in READERS)
    finally:
        log.removeHandler(left)
        log.setLevel(level)
        log.propagate = goes_up
    meanings = [understand(document, file_name=path.name) for document in (one, two)]
    statements = [len(meaning.statements) for meaning in meanings]
    items = [
        Counter(
            (i.cell_id, i.statement_number, i.statement_id, i.row_key, i.column_id, i.amount_yuan)
            for i in meaning.line_items
        )
        for meaning in meanings
    ]
    cells = [dict(_texts(document)) for document in (one, two)]
    differing = [
        place for place in cells[0].keys() | cells[1].keys() if cells[0].get(place) != cells[1].get(place)
    ]
    blanks = [
        place
        for place in differing
        if all(place in each for each in cells)
        and "".join(cells[0][place].split()) == "".join(cells[1][place].split())
    ]
    kinds = Counter(each.kind for each in differences(one, two) if not each.kind.startswith("cell"))
    return Compared(
        name=f"{path.parent.name}/{path.name}",
        pages=one.page_count,
        left_to_reference=left.count,
        statements=(statements[0], statements[1]),
        amounts=(len(meanings[0].line_items), len(meanings[1].line_items)),
        cells=(len(cells[0]), len(cells[1])),
        cells_differ=len(differing) - len(blanks),
        blanks_differ=len(blanks),
        amounts_differ=((items[0] - items[1]) + (items[1] - items[0])).total(),
        others=tuple(sorted(kinds.items())),
    )


def _summed(pairs: list[tuple[int, int]]) -> tuple[int, int]:
    return sum(one for one, _ in pairs), sum(two for _, two in pairs)


def report(found: list[Compared]) -> str:
    """A Markdown table, a row a document and the sums."""
    lines = [
        "| document | pages | left to pdfplumber | statements | amounts | cells | cells differ "
        "| by blanks only | amounts differ | other differences (pages) |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---|",
    ]
    kinds: Counter[str] = Counter()
    for each in found:
        kinds.update(dict(each.others))
    total = Compared(
        "**all**",
        sum(each.pages for each in found),
        sum(each.left_to_reference for each in found),
        _summed([each.statements for each in found]),
        _summed([each.amounts for each in found]),
        _summed([each.cells for each in found]),
        sum(each.cells_differ for each in found),
        sum(each.blanks_differ for each in found),
        sum(each.amounts_differ for each in found),
        tuple(sorted(kinds.items())),
    )
    for each in [*found, total]:
        pairs = " | ".join(f"{a} / {b}" for a, b in (each.statements, each.amounts, each.cells))
        others = ", ".join(f"{kind} {count}" for kind, count in each.others)
        lines.append(
            f"| {each.name} | {each.pages} | {each.left_to_reference} | {pairs} | {each.cells_differ} "
            f"| {each.blanks_differ} | {each.amounts_differ} | {others} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Compare every PDF below the folders and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folders", type=Path, nargs="+")
    arguments = parser.parse_args()
    paths = [path for folder in arguments.folders for path in sorted(folder.rglob("*.pdf"))]
    if not paths:
        parser.error("no PDF below the folders")
    found = [compare(path) for path in paths]
    print(report(found))
    sys.exit(any(each.cells_differ or each.amounts_differ for each in found))


if __name__ == "__main__":
    main()
