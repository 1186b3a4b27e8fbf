"""What a build has to tell a person at its end: counts, what was set aside and why, where to look.

Everything is counted from the lake and the published warehouse, not from the run, so that a build
that had nothing to do tells the same as the one that did the work.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.warehouse.datasets import CELLS, DOCUMENTS, LINE_ITEMS, NOTES, RAW_INVENTORY, STATEMENTS
from pipelines.warehouse.lake import Lake, connect

# Printed like an amount of money: with decimals or thousands separators, full width or not, a minus
# sign or brackets. Whole numbers are left out: they are codes, line numbers and counts far more often.
AMOUNT_LIKE = r"^[(（]?[-−—－]?\d{1,3}(([,，]\d{3})+([.．]\d+)?|\d*[.．]\d+)[)）]?$"


@dataclass(frozen=True, slots=True)
class SetAside:
    """A document that is not in the warehouse, and why."""

    source_path: str
    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class Summary:
    """The state of a lake and its warehouse. Counts are over the documents in the raw folder now.

    ``cells_*`` count cells printed like amounts: those that became amounts, those the reading listed as
    not understood, and the rest (tables that are no statement).
    """

    n_files: int
    n_documents: int
    n_read: int
    n_read_in_part: int
    set_aside: tuple[SetAside, ...]
    n_pages: int
    n_statements: int
    n_stated_empty: int
    n_tables_not_understood: int
    n_amounts: int
    cells_in_amounts: int
    cells_listed: int
    cells_elsewhere: int
    notes: Mapping[str, int]
    verdicts: Mapping[str, int]
    findings: int | None

    @property
    def share_understood(self) -> float | None:
        """Of the amount-like cells in statements, the share that became amounts; None without any."""
        total = self.cells_in_amounts + self.cells_listed
        return None if total == 0 else self.cells_in_amounts / total


def summarise(lake: Lake, warehouse: Path | None = None) -> Summary:
    """Count what lies in the lake for the files of the raw folder, and the verdicts in the warehouse."""
    with connect() as connection:
        for dataset in (DOCUMENTS, CELLS, STATEMENTS, LINE_ITEMS, NOTES, RAW_INVENTORY):
            connection.execute(f"CREATE VIEW all_{dataset.name} AS FROM {lake.read(dataset)}")
        connection.execute(
            "CREATE TABLE documents AS SELECT d.* FROM all_documents AS d "
            "SEMI JOIN all_raw_inventory AS i ON d.document_id = i.document_id"
        )
        for name in ("cells", "statements", "line_items", "notes"):
            connection.execute(
                f"CREATE VIEW {name} AS SELECT x.* FROM all_{name} AS x "
                "SEMI JOIN (SELECT * FROM documents WHERE outcome != 'set_aside') AS d "
                "ON x.document_id = d.document_id"
            )
        outcomes = dict(connection.execute("SELECT outcome, count(*) FROM documents GROUP BY 1").fetchall())
        amount_like = f"regexp_matches(replace(trim(text), ' ', ''), '{AMOUNT_LIKE}')"
        in_amounts, listed, elsewhere = connection.execute(
            "SELECT count(*) FILTER (l.cell_id IS NOT NULL), "
            "count(*) FILTER (l.cell_id IS NULL AND n.cell_id IS NOT NULL), "
            "count(*) FILTER (l.cell_id IS NULL AND n.cell_id IS NULL) "
            f"FROM (SELECT cell_id FROM cells WHERE {amount_like}) AS c "
            "LEFT JOIN (SELECT DISTINCT cell_id FROM line_items) AS l USING (cell_id) "
            "LEFT JOIN (SELECT DISTINCT cell_id FROM notes) AS n USING (cell_id)"
        ).fetchone() or (0, 0, 0)
        notes = dict(connection.execute("SELECT kind, count(*) FROM notes GROUP BY 1 ORDER BY 1").fetchall())
        verdicts, findings = _verdicts(warehouse)
        return Summary(
            n_files=_one(connection, "SELECT count(*) FROM all_raw_inventory"),
            n_documents=_one(connection, "SELECT count(*) FROM documents"),
            n_read=outcomes.get("read", 0),
            n_read_in_part=outcomes.get("read_in_part", 0),
            set_aside=tuple(
                SetAside(*row)
                for row in connection.execute(
                    "SELECT source_path, outcome_reason, outcome_message FROM documents "
                    "WHERE outcome = 'set_aside' ORDER BY source_path"
                ).fetchall()
            ),
            n_pages=_one(connection, "SELECT coalesce(sum(page_count), 0) FROM documents"),
            n_statements=_one(connection, "SELECT count(*) FROM statements"),
            n_stated_empty=_one(connection, "SELECT count(*) FROM statements WHERE is_stated_empty"),
            n_tables_not_understood=notes.get("table_not_understood", 0),
            n_amounts=_one(connection, "SELECT count(*) FROM line_items"),
            cells_in_amounts=in_amounts,
            cells_listed=listed,
            cells_elsewhere=elsewhere,
            notes=notes,
            verdicts=verdicts,
            findings=findings,
        )


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return 0 if row is None else int(row[0])


def _verdicts(warehouse: Path | None) -> tuple[dict[str, int], int | None]:
    if warehouse is None or not warehouse.is_file():
        return {}, None
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        verdicts = connection.execute(
            "SELECT verdict, count(*) FROM main.fct_identity_results GROUP BY 1 ORDER BY 1"
        ).fetchall()
        return dict(verdicts), _one(connection, "SELECT count(*) FROM main.mart_findings")
