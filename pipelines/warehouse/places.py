"""Where a figure stands: from the id of a cell or of a finding to a place on a page of a published file.

Either in the published warehouse (any fact, any finding) or in one document that was just read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from pipelines.acquisition.inventory import hash_file
from pipelines.extraction.model import Box, Cell, cell_id
from pipelines.settings import Settings
from pipelines.statements.catalogue import load_catalogue
from pipelines.warehouse.identities import default_tables
from pipelines.warehouse.identity_tables import TABLES
from pipelines.warehouse.inspection import Inspected

#: The name of a cell: document, page, table on page, row, column (``extraction.model.cell_id``).
CELL_ID = re.compile(r"([0-9a-f]{16})-p(\d{4,})-t(\d{2,})-r(\d{3,})-c(\d{2,})")
_LINE_ITEM = """
    select statement_id, row_key, row_label, row_path, column_id, column_path, amount_yuan, unit
    from intermediate.int_line_items where cell_id = ? limit 1"""
_REPAIR = "select sentence_zh, sentence_en from fct_repairs where cell_id = ?"
_DECIDED = """
    select sentence_zh, sentence_en from mart_review
    where cell_id = ? and decision in ('correct', 'confirm')"""
_IDENTITIES = """
    select identity_id, identity_key, verdict, reported_yuan, expected_yuan, difference_yuan,
        cell_id = $id as is_reported
    from fct_identity_results
    where cell_id = $id or result_id in (select result_id from fct_identity_operands where cell_id = $id)
    order by identity_id, identity_key"""


class PlaceError(LookupError):
    """The id leads nowhere; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class StoodIn:
    """An identity that a figure stands in: what is printed and what the other figures give, in yuan."""

    identity_id: str
    title_zh: str
    title_en: str
    key: str
    verdict: str
    is_reported: bool
    reported_yuan: Decimal | None
    expected_yuan: Decimal | None
    difference_yuan: Decimal | None


@dataclass(frozen=True, slots=True)
class Place:
    """A place on a page and what stands there.

    ``cells`` are framed, ``others`` (operands of the finding) outlined with a dashed line where they
    stand on the same page; ``elsewhere`` are the ids of those that do not. ``sentences`` are a
    finding as the question to the department, Chinese and English; ``repaired`` says in both, where the
    figure was recognised as another than ``amount_yuan``, what was read and why it was repaired,
    ``decided`` in both what a person saw there. The meaning is empty for a cell that is no amount of a
    statement.
    """

    id: str
    source_path: str
    sha256: str
    document: str
    page: int
    cells: tuple[Cell, ...] = ()
    others: tuple[Cell, ...] = ()
    elsewhere: tuple[str, ...] = ()
    printed_text: str = ""
    statement: str = ""
    row: str = ""
    column: str = ""
    amount_yuan: Decimal | None = None
    unit: str = ""
    why_not_understood: str = ""
    identities: tuple[StoodIn, ...] = ()
    sentences: tuple[str, ...] = ()
    repaired: tuple[str, ...] = ()
    decided: tuple[str, ...] = ()


def place_in_warehouse(settings: Settings, id_: str) -> Place:
    """The place of a cell or a finding of the published warehouse, by its id.

    Raises ``PlaceError`` where there is no warehouse, no such id, or a finding that stands on no page.
    """
    if not settings.warehouse.is_file():
        raise PlaceError(f"there is no warehouse at {settings.warehouse}; make one with: juesuan build")
    try:
        with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
            if CELL_ID.fullmatch(id_):
                return _cell_place(connection, id_)
            return _finding_place(connection, id_)
    except duckdb.Error as error:
        raise PlaceError(f"{settings.warehouse} cannot be asked: {error}") from error


def place_in_document(found: Inspected, id_: str) -> Place:
    """The place of a cell in a document that was just read.

    Raises ``PlaceError`` where the id is none, is of another file, or no such cell was read.
    """
    match = CELL_ID.fullmatch(id_)
    if match is None:
        raise PlaceError(f"{id_!r} is no cell id; one looks like 0123456789abcdef-p0008-t01-r007-c04")
    document_id = found.file.document_id
    if match[1] != document_id:
        raise PlaceError(
            f"the cell is of the document {match[1]}; {found.file.source_path} is {document_id}: "
            "another file, or the file has changed since"
        )
    cells = {
        cell_id(document_id, cell): cell
        for table in found.understood.tables
        for part in table.parts
        for cell in part.cells
    }
    if id_ not in cells:
        raise PlaceError(f"no cell {id_} was read; the page has {_listed(cells, int(match[2]))}")
    item = next((item for item in found.understood.line_items if item.cell_id == id_), None)
    note = next((note for note in found.understood.notes if note.cell_id == id_), None)
    what = found.understood.identification
    place = Place(
        id=id_,
        source_path=found.file.source_path,
        sha256=found.file.sha256,
        document=_document(what.department_name, what.fiscal_year, what.kind),
        page=cells[id_].page,
        cells=(cells[id_],),
        printed_text=cells[id_].text,
        why_not_understood=note.message if note else "",
        repaired=next(((r.sentence_zh, r.sentence_en) for r in found.repairs if r.cell_id == id_), ()),
        identities=tuple(
            StoodIn(
                result.identity_id,
                result.title_zh,
                result.title_en,
                result.key,
                result.verdict,
                result.cell_id == id_,
                result.reported_yuan,
                result.expected_yuan,
                result.difference_yuan,
            )
            for result in found.identities
            if id_ == result.cell_id or id_ in result.operand_cell_ids
        ),
    )
    if item is None:
        return place
    return _with_meaning(
        place,
        (
            item.statement_id,
            item.row_key,
            item.row_label,
            item.row_path,
            item.column_id,
            item.column_path,
            item.amount_yuan,
            item.unit,
        ),
    )


def raw_file(settings: Settings, place: Place) -> Path:
    """The published file a place of the warehouse is in.

    Raises ``PlaceError`` where it is gone from the raw folder or is no longer the file that was read.
    """
    path = settings.raw / place.source_path
    if not path.is_file():
        raise PlaceError(
            f"the file is not there: {path}; no picture can be drawn (another raw folder: --raw)"
        )
    if hash_file(path) != place.sha256:
        raise PlaceError(
            f"{path} has changed since the warehouse was built: what stands there now is not what was "
            "read; no picture is drawn. Bring the warehouse up to date with: juesuan build"
        )
    return path


def _cell_place(connection: duckdb.DuckDBPyConnection, id_: str) -> Place:
    row = connection.execute(
        "select c.document_id, c.page, c.printed_text from fct_cells as c where c.cell_id = ?", [id_]
    ).fetchone()
    if row is None:
        raise PlaceError(_no_such_cell(connection, id_))
    document_id, page, printed = row
    source_path, sha256, document = _document_of(connection, document_id)
    place = Place(
        id=id_,
        source_path=source_path,
        sha256=sha256,
        document=document,
        page=page,
        cells=_cells(connection, [id_]),
        printed_text=printed or "",
        identities=_stood_in(connection, id_),
    )
    meaning = connection.execute(_LINE_ITEM, [id_]).fetchone()
    if meaning is not None:
        repaired = connection.execute(_REPAIR, [id_]).fetchone()
        decided = connection.execute(_DECIDED, [id_]).fetchone()
        return _with_meaning(replace(place, repaired=repaired or (), decided=decided or ()), meaning)
    why = connection.execute("select message from mart_not_understood where cell_id = ?", [id_]).fetchone()
    return replace(place, why_not_understood=why[0] if why else "")


def _finding_place(connection: duckdb.DuckDBPyConnection, id_: str) -> Place:
    row = connection.execute(
        "select finding_id, document_id, page, cell_id, operand_cell_ids, identity_key, "
        "question_zh, question_en from mart_findings where finding_id = ?",
        [id_],
    ).fetchone()
    if row is None:
        raise PlaceError(
            f"{id_!r} is neither a cell_id nor a finding_id of the warehouse; "
            'mart_findings has both columns: juesuan query "select finding_id, cell_id from mart_findings"'
        )
    _, document_id, page, cell, operands, key, zh, en = row
    if document_id is None or page is None:
        raise PlaceError(f"this finding stands on no page (something is missing): {zh} {en}")
    sentences = (zh, en)
    claim = _claim(connection, key)
    if claim is not None:
        # The finding is about a sentence; the figure it contradicts is the cell.
        source_path, sha256, document = _document_of(connection, document_id)
        named = [one for one in (cell, *operands) if one]
        others = [one for one in named if _is_on(one, document_id, page)]
        return Place(
            id=id_,
            source_path=source_path,
            sha256=sha256,
            document=document,
            page=page,
            cells=(claim,),
            others=_cells(connection, others),
            elsewhere=tuple(one for one in named if one not in others),
            printed_text=claim.text,
            sentences=sentences,
        )
    if cell is not None:
        place = replace(_cell_place(connection, cell), id=id_)
    else:
        # A blank has no cell of its own: the figures it should be the sum of show where it should stand.
        source_path, sha256, document = _document_of(connection, document_id)
        place = Place(id_, source_path, sha256, document, page)
    others = [one for one in operands if _is_on(one, document_id, place.page)]
    return replace(
        place,
        others=_cells(connection, others),
        elsewhere=tuple(one for one in operands if one not in others),
        sentences=sentences,
    )


def _claim(connection: duckdb.DuckDBPyConnection, claim_id: str | None) -> Cell | None:
    """A sentence of the narrative as a place on its page: one that is a claim, or contradicts itself."""
    row = connection.execute(
        "select page, sentence, x0, top, x1, bottom from fct_claims where claim_id = $id "
        "union all select page, sentence, x0, top, x1, bottom from intermediate.int_findings_of_narrative "
        "where identity_key = $id",
        {"id": claim_id or ""},
    ).fetchone()
    return None if row is None else Cell(row[0], 0, 0, 0, 1, 1, row[1], Box(*row[2:]))


def _cells(connection: duckdb.DuckDBPyConnection, ids: Sequence[str]) -> tuple[Cell, ...]:
    rows: list[tuple[Any, ...]] = connection.execute(
        "select page, table_number, table_row, table_column, row_span, column_span, printed_text, "
        "x0, top, x1, bottom from fct_cells where list_contains($ids, cell_id) order by cell_id",
        {"ids": list(ids)},
    ).fetchall()
    return tuple(
        Cell(page, table, row, column, row_span, column_span, text or "", Box(*box))
        for page, table, row, column, row_span, column_span, text, *box in rows
    )


def _document_of(connection: duckdb.DuckDBPyConnection, document_id: str) -> tuple[str, str, str]:
    row = connection.execute(
        "select d.source_path, d.sha256, p.department_name, d.fiscal_year, d.document_kind "
        "from dim_document as d left join dim_department as p on d.department_id = p.department_id "
        "where d.document_id = ?",
        [document_id],
    ).fetchone()
    if row is None:
        raise PlaceError(f"the warehouse holds no document {document_id}")
    return row[0], row[1], _document(row[2] or "", row[3], row[4])


def _no_such_cell(connection: duckdb.DuckDBPyConnection, id_: str) -> str:
    row = connection.execute(
        "select source_path, document_status from dim_document where document_id = ?", [id_[:16]]
    ).fetchone()
    if row is None:
        return f"the warehouse holds no document {id_[:16]}, so no cell {id_}"
    if row[1] != "current":
        return (
            f"{id_} is a cell of {row[0]}, whose document is {row[1]} and not in the facts; "
            f"look at the file itself: juesuan inspect FILE --cell {id_}"
        )
    return f"{row[0]} has no cell {id_}"


def _stood_in(connection: duckdb.DuckDBPyConnection, id_: str) -> tuple[StoodIn, ...]:
    titles = _titles()
    return tuple(
        StoodIn(
            identity,
            titles.get(identity, (identity, ""))[0],
            titles.get(identity, ("", identity))[1],
            key,
            verdict,
            bool(is_reported),
            reported,
            expected,
            difference,
        )
        for (
            identity,
            key,
            verdict,
            reported,
            expected,
            difference,
            is_reported,
        ) in connection.execute(_IDENTITIES, {"id": id_}).fetchall()
    )


def _titles() -> dict[str, tuple[str, str]]:
    names = list(TABLES["identities"])
    at = [names.index(name) for name in ("identity_id", "title_zh", "title_en")]
    return {str(row[at[0]]): (str(row[at[1]]), str(row[at[2]])) for row in default_tables().identities}


def _with_meaning(place: Place, meaning: Sequence[Any]) -> Place:
    statement_id, row_key, row_label, row_path, column_id, column_path, amount, unit = meaning
    form = load_catalogue().form(statement_id)
    column = form.column(column_id)
    label = row_path or row_label
    return replace(
        place,
        statement=f"{form.form.name_zh} {form.form.name_en} ({statement_id})",
        row=f"{label} ({row_key})" if label != row_key else row_key,
        column=f"{column.name_zh} {column.name_en} ({column_id}); header {column_path}",
        amount_yuan=amount,
        unit=unit,
    )


def _document(department: str, year: int | None, kind: str | None) -> str:
    named = {"budget": "部门预算 budget", "final_accounts": "部门决算 final accounts"}.get(kind or "", "")
    return " ".join(part for part in (department, str(year or ""), named) if part)


def _is_on(id_: str, document_id: str, page: int) -> bool:
    match = CELL_ID.fullmatch(id_)
    return match is not None and match[1] == document_id and int(match[2]) == page


def _listed(cells: dict[str, Cell], page: int) -> str:
    tables = sorted({cell.table for cell in cells.values() if cell.page == page})
    if not tables:
        return "no table"
    return "the tables " + ", ".join(f"t{table:02d}" for table in tables)
