"""What a build has to tell a person at its end: counts, what was set aside and why, where to look.

Everything is counted from the lake (packed, where it is) and the published warehouse, not from the run, so
that a build that had nothing to do tells the same as the one that did the work.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipelines.settings import Settings
from pipelines.warehouse.datasets import DOCUMENTS, LINE_ITEMS, NOTES, RAW_INVENTORY, STATEMENTS
from pipelines.warehouse.lake import Lake, connect
from pipelines.warehouse.packing import lake_to_count
from pipelines.warehouse.publish import published_version
from pipelines.warehouse.reviewing import EXCLUDED


@dataclass(frozen=True, slots=True)
class SetAside:
    """A document that is not in the warehouse, and why."""

    source_path: str
    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A file with the same bytes as another: the document is read once, from ``read_from``."""

    source_path: str
    read_from: str


@dataclass(frozen=True, slots=True)
class Summary:
    """The state of a lake and its warehouse. Counts are over the documents in the raw folder now.

    ``cells_*`` count the amount-like cells, which the room statements accounts for one by one (what that
    is, ``statements/amounts.py`` says): those that became amounts, and those it lists as not understood.
    ``excluded`` are documents that a reviewer decided are not to count: unlike those of ``set_aside`` they
    wait for nobody.
    """

    n_files: int
    n_documents: int
    duplicates: tuple[Duplicate, ...]
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
    notes: Mapping[str, int]
    verdicts: Mapping[str, int]
    findings: int | None
    excluded: tuple[SetAside, ...] = ()

    @property
    def share_understood(self) -> float | None:
        """Of the amount-like cells in statements, the share that became amounts; None without any."""
        total = self.cells_in_amounts + self.cells_listed
        return None if total == 0 else self.cells_in_amounts / total


def summary_of(settings: Settings, version: str) -> Summary:
    """The summary of lake and warehouse as they are now, by their ``version`` (``build_version``).

    Counting opens the files of each document, so what was counted of a published warehouse is kept.
    """
    if published_version(settings) != version:
        return summarise(lake_to_count(settings), settings.warehouse)
    kept = settings.data / "summary.json"
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
        record = json.loads(kept.read_text(encoding="utf-8"))
        if record["version"] == version:
            return _summary(record["summary"])
    summary = summarise(lake_to_count(settings), settings.warehouse)
    temporary = kept.with_suffix(".part")
    record = {"version": version, "summary": asdict(summary)}
    temporary.write_text(json.dumps(record, ensure_ascii=False) + "\n", encoding="utf-8")
    temporary.replace(kept)
    return summary


def _summary(record: Mapping[str, Any]) -> Summary:
    """A summary out of what ``asdict`` made of it."""
    return Summary(
        **{
            **record,
            "duplicates": tuple(Duplicate(**each) for each in record["duplicates"]),
            "set_aside": tuple(SetAside(**each) for each in record["set_aside"]),
            "excluded": tuple(SetAside(**each) for each in record["excluded"]),
        }
    )


def summarise(lake: Lake, warehouse: Path | None = None) -> Summary:
    """Count what lies in the lake for the files of the raw folder, and the verdicts in the warehouse."""
    with connect() as connection:
        # Tables: a view would open the file of each document in every query.
        connection.execute(f"CREATE TABLE all_raw_inventory AS FROM {lake.read(RAW_INVENTORY)}")
        connection.execute(
            "CREATE TABLE documents AS SELECT document_id, source_path, outcome, outcome_reason, "
            f"outcome_message, page_count FROM {lake.read(DOCUMENTS)} AS d "
            "SEMI JOIN all_raw_inventory AS i ON d.document_id = i.document_id"
        )
        for dataset, columns in (
            (STATEMENTS, "is_stated_empty"),
            (LINE_ITEMS, "cell_id"),
            (NOTES, "kind, cell_id"),
        ):
            connection.execute(
                f"CREATE TABLE {dataset.name} AS SELECT {columns} FROM {lake.read(dataset)} AS x "
                "SEMI JOIN (SELECT * FROM documents WHERE outcome != 'set_aside') AS d "
                "ON x.document_id = d.document_id"
            )
        outcomes = dict(connection.execute("SELECT outcome, count(*) FROM documents GROUP BY 1").fetchall())
        notes = dict(connection.execute("SELECT kind, count(*) FROM notes GROUP BY 1 ORDER BY 1").fetchall())
        verdicts, findings = _verdicts(warehouse)
        not_read = tuple(
            SetAside(*row)
            for row in connection.execute(
                "SELECT source_path, outcome_reason, outcome_message FROM documents "
                "WHERE outcome = 'set_aside' ORDER BY source_path"
            ).fetchall()
        )
        return Summary(
            n_files=_one(connection, "SELECT count(*) FROM all_raw_inventory"),
            n_documents=_one(connection, "SELECT count(*) FROM documents"),
            duplicates=tuple(
                Duplicate(*row)
                for row in connection.execute(
                    "SELECT i.source_path, d.source_path FROM all_raw_inventory AS i "
                    "INNER JOIN documents AS d ON i.document_id = d.document_id "
                    "WHERE i.source_path != d.source_path ORDER BY ALL"
                ).fetchall()
            ),
            n_read=outcomes.get("read", 0),
            n_read_in_part=outcomes.get("read_in_part", 0),
            set_aside=tuple(each for each in not_read if each.reason != EXCLUDED),
            excluded=tuple(each for each in not_read if each.reason == EXCLUDED),
            n_pages=_one(connection, "SELECT coalesce(sum(page_count), 0) FROM documents"),
            n_statements=_one(connection, "SELECT count(*) FROM statements"),
            n_stated_empty=_one(connection, "SELECT count(*) FROM statements WHERE is_stated_empty"),
            n_tables_not_understood=notes.get("table_not_understood", 0),
            n_amounts=_one(connection, "SELECT count(*) FROM line_items"),
            cells_in_amounts=_one(connection, "SELECT count(DISTINCT cell_id) FROM line_items"),
            cells_listed=_one(
                connection,
                "SELECT count(DISTINCT n.cell_id) FROM notes AS n ANTI JOIN line_items AS l "
                "ON n.cell_id = l.cell_id WHERE n.kind = 'amount_not_understood' AND n.cell_id != ''",
            ),
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
