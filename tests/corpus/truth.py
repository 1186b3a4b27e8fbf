"""The truth of made documents as CSV: one row per printed amount of a statement."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from tests.corpus.document import TruthRow

COLUMNS = (
    "document",
    "page",
    "statement_id",
    "row_key",
    "row_label",
    "column_id",
    "printed",
    "yuan",
    "unit",
    "x0",
    "top",
    "x1",
    "bottom",
)


def write_truth(path: Path, rows: Iterable[TruthRow]) -> int:
    """Write the rows to ``path``; how many."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in rows:
            writer.writerow(
                [
                    row.document,
                    row.page,
                    row.statement_id,
                    row.row_key,
                    row.row_label,
                    row.column_id,
                    row.printed,
                    f"{row.yuan:.2f}",
                    row.unit,
                    *row.box,
                ]
            )
            count += 1
    return count
