"""Pages drawn in guarded workers: rendering opens the untrusted PDF once more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.extraction.model import Cell, Table
from pipelines.settings import Settings
from pipelines.warehouse.pool import Finished, run_guarded

#: Seconds that drawing one page may take; a page that takes longer is shown without its picture.
SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class PageDrawing:
    """A page to be drawn; the fields are those of ``extraction.picture.page_picture``."""

    path: Path
    page: int
    tables: tuple[Table, ...] = ()
    marked: tuple[Cell, ...] = ()
    dashed: tuple[Cell, ...] = ()
    scale: float = 1.5
    turn: int = 0


def draw_pages(settings: Settings, drawings: Sequence[PageDrawing]) -> Iterator[Finished[PageDrawing, bytes]]:
    """Draw pages, several at a time, each to a PNG; yields them as they are done, in any order.

    A page that crashes its worker or runs over a limit ends as a ``Failure``, the others go on.
    """
    return run_guarded(
        draw,
        drawings,
        workers=settings.workers,
        seconds=min(SECONDS, settings.limits.seconds),
        memory_mb=settings.limits.memory_mb,
        recycle_after=200,
        preload=("pipelines.extraction.picture",),
        writable=(),
    )


def draw(drawing: PageDrawing) -> bytes:
    """Draw one page; runs in a worker."""
    from pipelines.extraction.picture import page_picture

    return page_picture(
        drawing.path,
        drawing.page,
        tables=drawing.tables,
        marked=drawing.marked,
        dashed=drawing.dashed,
        scale=drawing.scale,
        turn=drawing.turn,
    )
