"""Long lists over several pages: no page has more to load than a visitor reads before a click."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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


def parts(stem: str, items: Sequence[Item], most: int) -> Iterator[Part[Item]]:
    """The list in pages of at most ``most``: ``stem.html``, ``stem-2.html`` and so on; at least one page."""
    count = max(1, -(-len(items) // most))
    paths = tuple(f"{stem}.html" if number == 0 else f"{stem}-{number + 1}.html" for number in range(count))
    for number, path in enumerate(paths):
        yield Part(path, number + 1, paths, tuple(items[number * most : (number + 1) * most]))
