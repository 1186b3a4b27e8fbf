"""Years of a table."""

from __future__ import annotations

from collections.abc import Sequence


def span(years: Sequence[int]) -> tuple[int, ...]:
    """All years from the first to the last: one without a figure is a gap that is seen."""
    return tuple(range(min(years), max(years) + 1)) if years else ()
