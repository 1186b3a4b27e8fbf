"""Whether the rows of ``review/`` can be used and still speak of what is read.

One that does not keeps everything from being published: a correction that is silently left out is a
figure that silently changes back. All rows that do not fit are told at once.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.acquisition.model import Inventory
from pipelines.acquisition.review import CORRECTIONS, DECISIONS, Review
from pipelines.statements.catalogue import load_catalogue
from pipelines.warehouse.datasets import REVIEWS
from pipelines.warehouse.lake import Lake, LakeEntry, connect

_LOOK = "look at the page (juesuan inspect FILE --picture DIR), then mend the row or take it out"
_SHOWN = 60  # characters of a text in a message


@dataclass(frozen=True, slots=True)
class _Effect:
    """What the last reading said of a row."""

    old: str
    new: str
    text_read: str | None
    state: str


@dataclass(frozen=True, slots=True)
class _Asked:
    """A row that the reading of a document has to apply: where it stands, what it says of what."""

    place: str
    review_id: str
    subject: str
    old: str
    new: str
    is_exclusion: bool = False


def unusable_rows(inventory: Inventory) -> tuple[str, ...]:
    """The rows that cannot be applied to any reading, in words, with file and row."""
    forms = {form.form.id for form in load_catalogue().forms}
    unknown = [
        f"{DECISIONS} row {each.row}: column value: there is no statement form {each.value!r}; dim_statement "
        "lists them (juesuan query 'from dim_statement')"
        for each in inventory.decisions
        if each.decision == "statement" and each.value not in forms
    ]
    return (*inventory.review_problems, *unknown)


def stale_rows(lake: Lake, review: Review) -> tuple[str, ...]:
    """The rows that the reading of their document could not apply, in words, with file and row.

    Rows about a document that is set aside wait: nothing of it is published, so nothing is wrong.
    """
    asked = _asked(review)
    if not asked:
        return ()  # a file of each document need not be opened
    entries = lake.entries()
    effects = _effects(lake)
    said = []
    for row in asked:
        problem = _problem(row, entries.get(row.subject[:16]), effects.get(row.review_id))
        if problem:
            said.append(f"{row.place}: {problem}")
    return tuple(said)


def _asked(review: Review) -> list[_Asked]:
    """The rows that readings depend on."""
    return [
        *(
            _Asked(f"{CORRECTIONS} row {c.row}", f"figure/{c.cell_id}", c.cell_id, c.old, c.new)
            for c in review.corrections
        ),
        *(
            _Asked(f"{DECISIONS} row {d.row}", d.review_id, d.subject, "", d.value, d.decision == "exclude")
            for d in review.decisions
            if d.decision != "leave"
        ),
    ]


def _problem(row: _Asked, entry: LakeEntry | None, effect: _Effect | None) -> str:
    """What keeps a row from being applied, in words; empty where nothing does."""
    if entry is None:
        return f"no document {row.subject[:16]} was ever read; is it of another raw folder? Take the row out"
    if entry.outcome == "set_aside" and not row.is_exclusion:
        return ""
    if effect is None or (effect.old, effect.new) != (row.old, row.new):
        return (
            f"{entry.source_path} has not been read since the row was written (is it still in the raw "
            "folder? In Dagster, run its partition): read it, or take the row out"
        )
    if effect.state == "text_differs":
        return (
            f"{entry.source_path}: cell {row.subject}: the row says that {_shown(row.old)} was read; what is "
            f"read there now is {_shown(effect.text_read or '')}; {_LOOK}"
        )
    if effect.state in ("cell_missing", "table_missing"):
        what = "cell" if effect.state == "cell_missing" else "table beginning with the cell"
        return f"{entry.source_path}: there is no {what} {row.subject} any more; {_LOOK}"
    return ""


def _shown(text: str) -> str:
    text = " ".join(text.split())
    if not text:
        return "nothing"
    return repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "…")


def _effects(lake: Lake) -> dict[str, _Effect]:
    with connect() as connection:
        rows = connection.execute(
            f"SELECT review_id, old, new, text_read, state FROM {lake.read(REVIEWS)}"
        ).fetchall()
    return {review_id: _Effect(*rest) for review_id, *rest in rows}
