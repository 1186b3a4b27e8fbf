"""The identities of one document as equations over its printed figures, each figure with its weight.

What an identity reads, and how it is judged, is the SQL's matter (``dbt_project/models/identities``):
``int_identity_figures`` says which figures stood in each verdict, with which weights, and which
places were blank. ``repair`` reckons with them; every verdict it relies on is judged again by the SQL.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pipelines.warehouse.identities import Printed, judged
from pipelines.warehouse.identity_tables import IdentityTables
from pipelines.warehouse.models_in_memory import build

_FIGURES = """
    select
        f.identity_id, f.key, f.relation, f.verdict, i.title_zh, i.title_en, f.figure_id, f.is_blank, f.weight
    from int_identity_figures as f
    inner join identities as i on f.identity_id = i.identity_id
    order by f.identity_id, f.key, f.figure_id
"""


@dataclass(frozen=True, slots=True)
class Equation:
    """One identity at one key: the weighted sum of its figures is zero (``eq``) or not more (``le``).

    ``weights`` are those of each cell in reported less expected; ``blanks`` name the places that it
    reads and in which nothing is printed. ``disclosure_id`` is the disclosure that it is asked of.
    """

    identity_id: str
    key: str
    relation: Literal["eq", "le"]
    weights: tuple[tuple[str, int], ...]
    blanks: frozenset[str] = frozenset()
    verdict: str = ""
    title_zh: str = ""
    title_en: str = ""
    disclosure_id: str = ""

    @property
    def name(self) -> str:
        """The identity with its key, as people are told of it."""
        return f"{self.identity_id} [{self.key}]" if self.key else self.identity_id


def equations_of(printed: Printed, *, tables: IdentityTables | None = None) -> list[Equation]:
    """The equations of one document on which a verdict can be reached, ordered by identity and key.

    None for a document whose kind is not known. ``tables`` are the project's own identities unless given.
    """
    with judged([printed], tables=tables) as connection:
        build(connection, ["int_identity_figures"])
        found: dict[tuple[str, str], tuple[Literal["eq", "le"], str, str, str]] = {}
        weights: dict[tuple[str, str], list[tuple[str, int]]] = {}
        blanks: dict[tuple[str, str], set[str]] = {}
        for identity_id, key, relation, verdict, zh, en, figure_id, is_blank, weight in connection.execute(
            _FIGURES
        ).fetchall():
            found.setdefault((identity_id, key), (relation, verdict, zh, en))
            if is_blank:
                blanks.setdefault((identity_id, key), set()).add(figure_id)
            elif weight:
                weights.setdefault((identity_id, key), []).append((figure_id, weight))
    return [
        Equation(
            identity_id,
            key,
            relation,
            tuple(weights.get((identity_id, key), ())),
            frozenset(blanks.get((identity_id, key), ())),
            verdict,
            zh,
            en,
        )
        for (identity_id, key), (relation, verdict, zh, en) in found.items()
    ]
