"""A property: what is drawn, and what must hold of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis.strategies import SearchStrategy

from pipelines.extraction.model import ReadDocument


@dataclass(frozen=True)
class Property:
    """``check`` raises for a value of ``values`` of which the property does not hold; ``show`` prints one."""

    name: str
    values: SearchStrategy[Any]
    check: Callable[[Any], None]
    show: Callable[[Any], str] = repr


def shown(value: Any) -> str:
    """Documents, alone or in pairs, as their lines and the rows of their tables."""
    if isinstance(value, tuple):
        return "\n  and ".join(map(shown, value))
    if not isinstance(value, ReadDocument):
        return repr(value)
    texts = [repr([line.text for line in page.lines]) for page in value.pages if page.lines]
    for table in value.tables:
        texts.append(
            f"lead {[line.text for line in table.lead]} trail {[line.text for line in table.trail]} "
            f"repeated {table.repeated_header_rows} broken {table.broken_rows}"
        )
        for part in table.parts:
            cells = [(c.row, c.column, c.row_span, c.column_span, c.text) for c in part.cells]
            texts.append(f"  page {part.page}: {cells}")
    return "\n".join(texts)
