"""The identities of one document as equations over its printed figures, each figure with its weight.

What an identity reads, and how it is judged, is the SQL's matter (``dbt_project/models/identities``):
this module only asks the models which cells stood in each verdict, with which weights, and which
places were blank. ``repair`` reckons with them; every verdict it relies on is judged again by the SQL.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import duckdb

from pipelines.warehouse.identities import Printed, judged
from pipelines.warehouse.identity_tables import IdentityTables

_KEY = """
    o.key_row || case when o.key_row <> '' and o.key_column <> '' then '|' else '' end || o.key_column
    || case when o.occurrence > 1 then '@' || o.occurrence else '' end"""
#: Cells of each identity with their weights in reported less expected; only where a verdict was reached.
_FIGURES = f"""
    with weights as (
        select distinct identity_id, term_number, weight from identity_terms
    ),
    cells as (
        select o.identity_id, o.disclosure_id, {_KEY} as key, unnest(o.cell_ids) as cell_id,
            case when o.term_number = 0 then w.weight else -w.weight end as weight
        from int_identity_operands as o
        inner join weights as w on o.identity_id = w.identity_id and o.term_number = w.term_number
    )
    select r.identity_id, r.key, i.relation, r.verdict, i.title_zh, i.title_en, c.cell_id, sum(c.weight)
    from int_identity_results as r
    inner join identities as i on r.identity_id = i.identity_id
    inner join cells as c
        on r.identity_id = c.identity_id and r.disclosure_id = c.disclosure_id and r.key = c.key
    where r.verdict <> 'not_evaluable'
    group by all
    order by r.identity_id, r.key, c.cell_id
"""
#: Places that an identity reads and in which no figure stands.
_BLANKS = f"""
    with asked as (
        select distinct identity_id, disclosure_id, occurrence, term_number, key_row, key_column
        from int_identity_operands
    )
    select distinct o.identity_id, {_KEY} as key,
        p.statement_key || '/' || p.row_name || '/' || coalesce(p.column_id, o.key_column) as place
    from asked as o
    inner join int_identity_places as p
        on o.identity_id = p.identity_id and o.disclosure_id = p.disclosure_id
        and o.occurrence = p.occurrence and o.term_number = p.term_number and o.key_row = p.key_row
    anti join int_identity_amounts as a
        on p.statement_key = a.statement_key and p.row_name = a.row_name
        and coalesce(p.column_id, o.key_column) = a.column_id
    where p.has_column
    order by all
"""


@dataclass(frozen=True, slots=True)
class Equation:
    """One identity at one key: the weighted sum of its figures is zero (``eq``) or not more (``le``).

    ``weights`` are those of each cell in reported less expected; ``blanks`` name the places that it
    reads and in which nothing is printed.
    """

    identity_id: str
    key: str
    relation: Literal["eq", "le"]
    weights: tuple[tuple[str, int], ...]
    blanks: frozenset[str] = frozenset()
    verdict: str = ""
    title_zh: str = ""
    title_en: str = ""

    @property
    def name(self) -> str:
        """The identity with its key, as people are told of it."""
        return f"{self.identity_id} [{self.key}]" if self.key else self.identity_id


def equations_of(printed: Printed, *, tables: IdentityTables | None = None) -> list[Equation]:
    """The equations of one document on which a verdict can be reached, ordered by identity and key.

    None for a document whose kind is not known. ``tables`` are the project's own identities unless given.
    """
    with judged([printed], tables=tables) as connection:
        blanks = _blanks(connection)
        found: dict[tuple[str, str], tuple[tuple[Any, ...], list[tuple[str, int]]]] = {}
        for identity_id, key, relation, verdict, zh, en, cell_id, weight in connection.execute(
            _FIGURES
        ).fetchall():
            _, weights = found.setdefault((identity_id, key), ((relation, verdict, zh, en), []))
            if weight:
                weights.append((cell_id, int(weight)))
    return [
        Equation(
            identity_id,
            key,
            relation,
            tuple(weights),
            frozenset(blanks.get((identity_id, key), ())),
            verdict,
            zh,
            en,
        )
        for (identity_id, key), ((relation, verdict, zh, en), weights) in found.items()
    ]


def _blanks(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for identity_id, key, place in connection.execute(_BLANKS).fetchall():
        if place is not None:
            found.setdefault((identity_id, key), []).append(place)
    return found
