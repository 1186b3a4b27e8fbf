"""The committed folder of documents: the seed and the panel, with their register."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipelines.statements.model import DocumentKind
from tests.corpus.document import Made, Plan, make
from tests.corpus.panel import panel_documents
from tests.corpus.seed_document import DEPARTMENT, seed_plan

REGISTER_COLUMNS = (
    "path",
    "sha256",
    "region_code",
    "department",
    "level",
    "fiscal_year",
    "kind",
    "part",
    "pages",
    "units_stated",
    "published_name",
    "obtained_from",
    "published_at",
    "is_synthetic",
    "note",
)


@dataclass(frozen=True, slots=True)
class Registered:
    """A file to be made and what its publisher says of it."""

    plan: Plan
    region_code: str
    kind: DocumentKind
    part: str
    published_name: str
    published_at: str
    note: str = ""
    units_stated: str = '{"万元": 9}'


def raw_documents() -> Iterator[Registered]:
    """Every document of ``raw/``, the seed first."""
    yield Registered(
        seed_plan(),
        "420100",
        "final_accounts",
        "",
        "2023年度武汉市信息中心（武汉市大数据中心）决算.pdf",
        "2024-10-12",
        f"set again from the figures of the published final accounts of {DEPARTMENT}; not the published file",
    )
    for each in panel_documents():
        yield Registered(
            each.plan,
            each.region_code,
            each.kind,
            each.part,
            each.published_name,
            each.published_at,
            each.note,
            each.units_stated,
        )


def register_row(entry: Registered, made: Made) -> dict[str, str]:
    """The row of ``register.csv``."""
    return {
        "path": entry.plan.document,
        "sha256": hashlib.sha256(made.pdf).hexdigest(),
        "region_code": entry.region_code,
        "department": entry.plan.department,
        "level": "department",
        "fiscal_year": str(entry.plan.year),
        "kind": entry.kind,
        "part": entry.part,
        "pages": str(made.pages),
        "units_stated": entry.units_stated,
        "published_name": entry.published_name,
        "obtained_from": "generated",
        "published_at": entry.published_at,
        "is_synthetic": "true",
        "note": entry.note,
    }


def make_raw(only: str = "") -> Iterator[tuple[Registered, Made]]:
    """Make the documents one after the other; ``only`` keeps those whose path contains it."""
    for entry in raw_documents():
        if only in entry.plan.document:
            yield entry, make(entry.plan)


def write_raw(folder: Path) -> int:
    """Write every document and ``register.csv`` below ``folder``; how many documents."""
    rows = []
    for entry, made in make_raw():
        path = folder / entry.plan.document
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(made.pdf)
        rows.append(register_row(entry, made))
    (folder / "register.csv").write_text(register_text(rows), encoding="utf-8")
    return len(rows)


def register_text(rows: list[dict[str, str]]) -> str:
    """The register as CSV."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, REGISTER_COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()
