"""Long lists over several pages: no page has more to load than a visitor reads before a click."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Part(Generic[Item]):
    """One page of a list: its path, its number from 1, the paths of all parts, its items."""

    path: str
    number: int
    paths: tuple[str, ...]
    items: tuple[Item, ...]


def parts(
    stem: str, items: Sequence[Item], most: int, *, lines: Callable[[Item], int] = lambda _: 1
) -> Iterator[Part[Item]]:
    """The list in pages of at most ``most`` lines: ``stem.html``, ``stem-2.html`` and so on; at least one.

    ``lines`` says how many an item takes. An item is never divided: one longer than a page has its own.
    """
    pages: list[list[Item]] = [[]]
    held = 0
    for item in items:
        own = lines(item)
        if pages[-1] and held + own > most:
            pages.append([])
            held = 0
        pages[-1].append(item)
        held += own
    paths = tuple(
        f"{stem}.html" if number == 0 else f"{stem}-{number + 1}.html" for number in range(len(pages))
    )
    for number, (path, own_items) in enumerate(zip(paths, pages, strict=True)):
        yield Part(path, number + 1, paths, tuple(own_items))
