"""What should be published and is not here, is late or not whole: from ``mart_publication``, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

_KINDS = {"budget": "部门预算", "final_accounts": "部门决算"}
# Specimens are nobody's omission.
_OUTSTANDING = """
    select
        p.region_code, p.department_id, p.department_name, p.fiscal_year, p.document_kind,
        p.publication_status, p.due_on, p.due_basis, p.days_late
    from main.mart_publication as p
    left join main.dim_department as d on p.department_id = d.department_id
    where p.publication_status in ('missing', 'late', 'incomplete')
        and ($with_specimens or not coalesce(d.is_synthetic, false))
    order by p.region_code, p.department_name, p.department_id, p.fiscal_year, p.document_kind
"""


@dataclass(frozen=True, slots=True)
class Outstanding:
    """One publication that is missing, late or incomplete; ``days_late`` counts from ``due_on``."""

    region_code: str
    department_id: str
    department_name: str
    fiscal_year: int
    document_kind: str
    status: str
    due_on: date
    due_basis: str
    days_late: int | None

    @property
    def key(self) -> str:
        """By what it is known from one day to the next: a missing one that comes late is another."""
        return f"{self.department_id}|{self.fiscal_year}|{self.document_kind}|{self.status}"

    def said(self) -> str:
        """The publication in a sentence, Chinese first, as for a list of what to ask for."""
        what = f"{self.department_name}{self.fiscal_year}年{_KINDS[self.document_kind]}"
        day = f"{self.due_on.isoformat()}{'（推定）' if self.due_basis == 'presumed' else ''}"
        if self.status == "missing":
            return f"{what}：应于{day}前公开，至今未见 (missing, due {self.due_on})"
        if self.status == "late":
            return f"{what}：应于{day}前公开，逾期{self.days_late}天 (late by {self.days_late} days)"
        return f"{what}：已公开，但不完整 (incomplete)"


def outstanding(warehouse: Path, *, with_specimens: bool = False) -> tuple[Outstanding, ...]:
    """What is outstanding as of the warehouse's day, sorted by region and department.

    Raises ``duckdb.Error`` where the warehouse cannot be read or has no ``mart_publication``.
    """
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        rows = connection.execute(_OUTSTANDING, {"with_specimens": with_specimens}).fetchall()
    return tuple(Outstanding(*row) for row in rows)


def newly(found: Sequence[Outstanding], told: Sequence[str]) -> tuple[Outstanding, ...]:
    """Those not told of before; ``told`` holds the keys that were."""
    known = set(told)
    return tuple(one for one in found if one.key not in known)
