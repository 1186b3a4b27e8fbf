"""What a trial reads otherwise than what counts: by figure, statement and document.

A figure is the same where the same cell holds the same amount and means the same. What is left over is paired
by what it means on its page (its table was cut otherwise, so that its cells have other names), then by its
cell; what still has no partner was added or removed. Everything else a reading holds (cells, claims, notes …)
is compared as rows: that they differ is told by their number, so that nothing changes untold.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, get_args

import duckdb

from pipelines.warehouse.datasets import CELLS, DOCUMENTS, LINE_ITEMS, PER_DOCUMENT, STATEMENTS, Dataset
from pipelines.warehouse.lake import UNKNOWN_REGION, Lake, connect

ChangeKind = Literal[
    "added",
    "removed",
    "value",
    "meaning",
    "value_and_meaning",
    "moved",
    "described",
    "statement_gained",
    "statement_lost",
    "outcome",
    "document",
    "rows",
]
CHANGE_KINDS: tuple[str, ...] = get_args(ChangeKind)
#: What a number of changes of a kind is called.
KIND_WORDS = {
    "added": "figure(s) added",
    "removed": "figure(s) removed",
    "value": "with another amount",
    "meaning": "with another meaning",
    "value_and_meaning": "with another amount and meaning",
    "moved": "the same in a cell of another name",
    "described": "the same with another label, unit or quality of reading",
    "statement_gained": "statement(s) gained",
    "statement_lost": "statement(s) lost",
    "outcome": "document(s) with another outcome",
    "document": "fact(s) about documents",
    "rows": "dataset(s) of a document with other rows",
}

# What an amount stands for.
_MEANING = ("statement_id", "row_kind", "row_key", "side", "column_id")
# What else is said of it, which the marts show.
_DESCRIBED = ("row_label", "row_path", "column_path", "unit", "precision_yuan", "reading_quality")
_ITEM = ("cell_id", "page", *_MEANING, *_DESCRIBED, "amount_yuan", "amount_printed")
_BOX = ("text", "x0", "top", "x1", "bottom")
# What a row of `documents` says of the document rather than of its reading.
_OF_THE_READING = frozenset({"extractor_version", "registration_version"})
_OUTCOME = ("outcome", "outcome_reason", "outcome_message")


@dataclass(frozen=True, slots=True)
class Figure:
    """One line item of a reading, with the printed cell it came from. ``meaning`` reads as a path."""

    cell_id: str
    page: int
    statement_id: str
    meaning: str
    described: tuple[Any, ...]
    amount_yuan: Decimal
    text: str
    box: tuple[float, float, float, float] | None
    label: str


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. ``old`` is what counts, ``new`` what the trial read; empty where there is none.

    Amounts are yuan. ``subject`` is the meaning of a figure, a statement form, a column of ``documents`` or a
    dataset; ``partition`` is the fiscal year and region under which the document counts, as ``2023|420100``.
    """

    kind: ChangeKind
    document_id: str
    source_path: str
    partition: str
    statement_id: str = ""
    page: int | None = None
    cell_old: str = ""
    cell_new: str = ""
    text_old: str = ""
    text_new: str = ""
    yuan_old: Decimal | None = None
    yuan_new: Decimal | None = None
    subject_old: str = ""
    subject_new: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """All differences of a trial, by document, and how many figures there are in both."""

    changes: tuple[Change, ...]
    n_documents: int
    n_figures_old: int
    n_figures_new: int

    def counts(self) -> dict[str, int]:
        """Differences by kind, in the order of the kinds."""
        counted = Counter(change.kind for change in self.changes)
        return {kind: counted[kind] for kind in get_args(ChangeKind) if counted[kind]}

    def by(self, key: Callable[[Change], str]) -> dict[str, dict[str, int]]:
        """The same by something else, such as the statement or the partition."""
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for change in self.changes:
            found[key(change)][change.kind] += 1
        order = {kind: place for place, kind in enumerate(CHANGE_KINDS)}
        return {
            name: dict(sorted(found[name].items(), key=lambda pair: order[pair[0]])) for name in sorted(found)
        }


def compare(counting: Lake, trial: Lake, document_ids: Iterable[str]) -> Comparison:
    """Compare what counts with what was tried, of documents that both lakes hold."""
    ids = sorted(set(document_ids))
    if not ids:
        return Comparison((), 0, 0, 0)
    with connect() as connection:
        for side, lake in (("old", counting), ("new", trial)):
            files = lake.files_of(ids)
            for dataset in PER_DOCUMENT:
                below = lake.root / dataset.name
                of_dataset = [file for id_ in ids for file in files[id_] if file.is_relative_to(below)]
                _view(connection, f"{side}_{dataset.name}", of_dataset)
        changes = [
            *_of_documents(connection),
            *_of_statements(connection),
            *_of_figures(connection),
            *_of_rows(connection),
        ]
        (n_old, n_new) = connection.execute(
            "SELECT (SELECT count(*) FROM old_line_items), (SELECT count(*) FROM new_line_items)"
        ).fetchall()[0]
    changes.sort(key=_place)
    return Comparison(tuple(changes), len(ids), n_old, n_new)


def pair_figures(
    old: Sequence[Figure], new: Sequence[Figure]
) -> Iterator[tuple[Figure | None, Figure | None]]:
    """Figures of one document, each with its partner in the other reading; None where it has none."""
    left_old, left_new = list(old), list(new)
    # Most certain first: what is paired by one key is not asked for by the next.
    for key in (
        lambda figure: (figure.cell_id, figure.meaning, figure.amount_yuan),
        lambda figure: (figure.page, figure.meaning, figure.label, figure.amount_yuan),
        lambda figure: figure.cell_id,
        lambda figure: (figure.page, figure.meaning),
    ):
        pairs, left_old, left_new = _paired(left_old, left_new, key)
        yield from pairs
    yield from ((figure, None) for figure in left_old)
    yield from ((None, figure) for figure in left_new)


def _paired(
    old: Sequence[Figure], new: Sequence[Figure], key: Callable[[Figure], Hashable]
) -> tuple[list[tuple[Figure, Figure]], list[Figure], list[Figure]]:
    waiting: dict[Hashable, list[Figure]] = defaultdict(list)
    for figure in new:
        waiting[key(figure)].append(figure)
    pairs, left = [], []
    for figure in old:
        partner = next((one for one in waiting[key(figure)] if _may_be_one(figure, one)), None)
        if partner is None:
            left.append(figure)
        else:
            waiting[key(figure)].remove(partner)
            pairs.append((figure, partner))
    taken = {id(partner) for _, partner in pairs}
    return pairs, left, [figure for figure in new if id(figure) not in taken]


def _may_be_one(old: Figure, new: Figure) -> bool:
    """Cells of one name that lie apart are two: the table was cut otherwise, and its cells renamed."""
    if old.cell_id != new.cell_id or old.box is None or new.box is None:
        return True
    return max(old.box[0], new.box[0]) <= min(old.box[2], new.box[2]) and max(old.box[1], new.box[1]) <= min(
        old.box[3], new.box[3]
    )


def _kind_of(old: Figure | None, new: Figure | None) -> ChangeKind | None:
    if old is None:
        return "added"
    if new is None:
        return "removed"
    is_value, is_meaning = old.amount_yuan != new.amount_yuan, old.meaning != new.meaning
    if is_value and is_meaning:
        return "value_and_meaning"
    if is_value or is_meaning:
        return "value" if is_value else "meaning"
    if old.described != new.described or old.text != new.text:
        return "described"
    return "moved" if old.cell_id != new.cell_id else None


def _of_figures(connection: duckdb.DuckDBPyConnection) -> Iterator[Change]:
    """Differences of line items. Rows that are the same in both readings never leave the database."""
    listed = ", ".join(f"item.{name}" for name in _ITEM)
    box = ", ".join(f"cell.{name}" for name in _BOX)
    same = "document_id, " + ", ".join(f"{name}" for name in (*_ITEM, *_BOX[:1]))
    for side in ("old", "new"):
        connection.execute(
            f"CREATE TEMP TABLE figures_{side} AS SELECT item.document_id, {listed}, {box}, item.row_number "
            f"FROM {side}_{LINE_ITEMS.name} AS item "
            f"LEFT JOIN {side}_{CELLS.name} AS cell USING (document_id, cell_id)"
        )
    found: dict[str, dict[str, list[Figure]]] = defaultdict(lambda: {"old": [], "new": []})
    for side, other in (("old", "new"), ("new", "old")):
        rows = connection.execute(
            f"SELECT * FROM figures_{side} AS mine WHERE NOT EXISTS (FROM figures_{other} AS theirs WHERE "
            + " AND ".join(f"mine.{name} IS NOT DISTINCT FROM theirs.{name}" for name in same.split(", "))
            + ") ORDER BY document_id, page, row_number, cell_id"
        )
        while batch := rows.fetchmany(10_000):
            for row in batch:
                found[row[0]][side].append(_figure(row))
    where = _where(connection)
    for document_id in sorted(found):
        for old, new in pair_figures(found[document_id]["old"], found[document_id]["new"]):
            kind = _kind_of(old, new)
            if kind is not None:
                yield _figure_change(kind, document_id, where[document_id], old, new)


def _figure(row: Sequence[Any]) -> Figure:
    item = dict(zip(_ITEM, row[1:], strict=False))
    text, x0, top, x1, bottom, _ = row[1 + len(_ITEM) :]
    return Figure(
        cell_id=item["cell_id"],
        page=item["page"],
        statement_id=item["statement_id"],
        meaning="/".join(str(item[name] or "") for name in _MEANING),
        described=tuple(item[name] for name in _DESCRIBED),
        amount_yuan=item["amount_yuan"],
        text=item["amount_printed"] if text is None else text,
        box=None if x0 is None else (x0, top, x1, bottom),
        label=item["row_label"],
    )


def _figure_change(
    kind: ChangeKind, document_id: str, where: tuple[str, str], old: Figure | None, new: Figure | None
) -> Change:
    known = old or new
    assert known is not None
    subject_old, subject_new = (
        f"{figure.meaning} ({figure.label})" if figure is not None else "" for figure in (old, new)
    )
    if kind == "described" and old is not None and new is not None:
        subject_old, subject_new = (
            "; ".join(str(value) for value, other in zip(mine, theirs, strict=True) if value != other)
            or subject_old
            for mine, theirs in ((old.described, new.described), (new.described, old.described))
        )
    return Change(
        kind,
        document_id,
        *where,
        statement_id=known.statement_id,
        page=known.page,
        cell_old=old.cell_id if old else "",
        cell_new=new.cell_id if new else "",
        text_old=old.text if old else "",
        text_new=new.text if new else "",
        yuan_old=old.amount_yuan if old else None,
        yuan_new=new.amount_yuan if new else None,
        subject_old=subject_old,
        subject_new=subject_new,
    )


def _of_documents(connection: duckdb.DuckDBPyConnection) -> Iterator[Change]:
    """What became of each document, and what it is taken to be."""
    names = [column.name for column in DOCUMENTS.columns if column.name not in _OF_THE_READING]
    listed = ", ".join(names)
    old, new = (
        {
            row[0]: dict(zip(names, row, strict=True))
            for row in connection.execute(f"SELECT {listed} FROM {side}_{DOCUMENTS.name}").fetchall()
        }
        for side in ("old", "new")
    )
    for document_id, where in _where(connection).items():
        before, after = old[document_id], new[document_id]
        was, now = (": ".join(str(row[name]) for name in _OUTCOME if row[name]) for row in (before, after))
        if was != now:
            yield Change("outcome", document_id, *where, text_old=was, text_new=now, subject_old="outcome")
        for name in names:
            if name not in _OUTCOME and before[name] != after[name]:
                was, now = ("" if row[name] is None else str(row[name]) for row in (before, after))
                yield Change("document", document_id, *where, text_old=was, text_new=now, subject_old=name)


def _of_statements(connection: duckdb.DuckDBPyConnection) -> Iterator[Change]:
    """Statements gained and lost. One of a form on a page is the same as one of that form there before."""
    where = _where(connection)
    for side in ("old", "new"):
        connection.execute(
            f"CREATE TEMP TABLE statements_{side} AS SELECT document_id, statement_id, first_page, "
            "row_number() OVER (PARTITION BY document_id, statement_id, first_page "
            f"ORDER BY statement_number) AS place, title_printed FROM {side}_{STATEMENTS.name}"
        )
    kinds: tuple[tuple[str, str, ChangeKind], ...] = (
        ("old", "new", "statement_lost"),
        ("new", "old", "statement_gained"),
    )
    for mine, other, kind in kinds:
        rows = connection.execute(
            f"SELECT document_id, statement_id, first_page, title_printed FROM statements_{mine} "
            f"ANTI JOIN statements_{other} USING (document_id, statement_id, first_page, place) ORDER BY ALL"
        ).fetchall()
        for document_id, statement_id, page, title in rows:
            yield Change(
                kind,
                document_id,
                *where[document_id],
                statement_id=statement_id,
                page=page,
                text_old=title if mine == "old" else "",
                text_new=title if mine == "new" else "",
            )


def _of_rows(connection: duckdb.DuckDBPyConnection) -> Iterator[Change]:
    """How many rows of the other datasets only one of the readings has."""
    where = _where(connection)
    for dataset in PER_DOCUMENT:
        if dataset in (LINE_ITEMS, DOCUMENTS):
            continue
        listed = ", ".join(f'"{column.name}"' for column in dataset.columns)
        only = {
            side: dict(
                connection.execute(
                    f"SELECT document_id, count(*) FROM (SELECT {listed} FROM {side}_{dataset.name} "
                    f"EXCEPT ALL SELECT {listed} FROM {other}_{dataset.name}) GROUP BY document_id"
                ).fetchall()
            )
            for side, other in (("old", "new"), ("new", "old"))
        }
        for document_id in sorted({*only["old"], *only["new"]}):
            n_old, n_new = (str(only[side].get(document_id, 0)) for side in ("old", "new"))
            yield Change(
                "rows",
                document_id,
                *where[document_id],
                text_old=n_old,
                text_new=n_new,
                subject_old=dataset.name,
            )


def _where(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, str]]:
    """Path and partition of each document, as it counts."""
    rows = connection.execute(
        f"SELECT document_id, source_path, fiscal_year, region_code FROM old_{DOCUMENTS.name} ORDER BY 1"
    ).fetchall()
    return {
        id_: (path, f"{'unknown' if year is None else year}|{region or UNKNOWN_REGION}")
        for id_, path, year, region in rows
    }


def _view(connection: duckdb.DuckDBPyConnection, name: str, files: Sequence[Path]) -> None:
    """A dataset's files as a view. A column that an older program did not write is NULL in it."""
    dataset = _DATASETS[name.split("_", 1)[1]]
    escaped = ", ".join("'" + str(file).replace("'", "''") + "'" for file in files)
    empty = ", ".join(f'NULL::{column.type} AS "{column.name}"' for column in dataset.columns)
    connection.execute(
        f"CREATE VIEW {name} AS SELECT {empty} WHERE false UNION ALL BY NAME "
        f"SELECT * FROM read_parquet([{escaped}], hive_partitioning = false, union_by_name = true)"
    )


_DATASETS: dict[str, Dataset] = {dataset.name: dataset for dataset in PER_DOCUMENT}


def _place(change: Change) -> tuple[Any, ...]:
    return (
        change.source_path,
        change.document_id,
        CHANGE_KINDS.index(change.kind) if change.page is None else -1,
        change.page or 0,
        change.cell_old or change.cell_new,
        change.kind,
    )
