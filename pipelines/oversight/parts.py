"""Long lists over several pages: no page has more to load than a visitor reads before a click."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

Item = TypeVar("Item")
# Pages of a list that all of them name.
_ALL_NAMED = 30


@dataclass(frozen=True, slots=True)
class Part(Generic[Item]):
    """One page of a list: its path, its number from 1, the paths of all parts, its items."""

    path: str
    number: int
    paths: tuple[str, ...]
    items: tuple[Item, ...]

    @property
    def near(self) -> tuple[int, ...]:
        """The numbers of the pages that this page leads to: all where they are few.

        Of many the first and the last, those beside it, and ten of each power of ten around it: so a page
        says little of the others, and any of them is as many clicks away as its number has digits.
        """
        last = len(self.paths)
        if last <= _ALL_NAMED:
            return tuple(range(1, last + 1))
        found = {1, self.number - 1, self.number, self.number + 1, last}
        step = 1
        while step < last:
            begin = self.number // (10 * step) * 10 * step
            found.update(range(begin, begin + 10 * step + 1, step))
            step *= 10
        return tuple(sorted(number for number in found if 1 <= number <= last))


def parts(
    stem: str, items: Iterable[Item], most: int, *, sizes: Iterable[int] | None = None
) -> Iterator[Part[Item]]:
    """The list in pages of at most ``most`` lines: ``stem.html``, ``stem-2.html`` and so on; at least one.

    ``sizes`` says how many lines each item takes (one, where it is not given): with it ``items`` may come
    one after the other and only those of one page are held. An item is never divided: one longer than a
    page has its own.
    """
    if sizes is None:
        items = list(items)
        sizes = [1] * len(items)
    counts = [0]
    held = 0
    for own in sizes:
        if counts[-1] and held + own > most:
            counts.append(0)
            held = 0
        counts[-1] += 1
        held += own
    paths = tuple(
        f"{stem}.html" if number == 0 else f"{stem}-{number + 1}.html" for number in range(len(counts))
    )
    left = iter(items)
    for number, (path, count) in enumerate(zip(paths, counts, strict=True)):
        yield Part(path, number + 1, paths, tuple(islice(left, count)))
