"""The panel."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.corpus.document import Plan


@dataclass(frozen=True, slots=True)
class PanelDocument:
    """A document of the panel and its place in the register."""

    plan: Plan
    region_code: str
    kind: str
    part: str
    published_name: str
    published_at: str
    note: str
    units_stated: str


def panel_documents() -> Iterator[PanelDocument]:
    """All documents of the panel."""
    yield from ()
