"""Pages of departments, codes and groups, made in several processes, and only those whose data changed.

A unit is what is made together because it is of the same data: a department with its letter and its
documents, a code, or an international group. What was made of which data is written down beside the site
(``data/site.json``).
"""

from __future__ import annotations

import gc
import json
import multiprocessing
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipelines.oversight.department_pages import DepartmentUnit, write_departments
from pipelines.oversight.international_pages import GroupUnit, write_groups
from pipelines.oversight.purpose_pages import CodeUnit, write_codes
from pipelines.oversight.rendering import Site
from pipelines.oversight.views import Row, Warehouse
from pipelines.oversight.writing import Piece, SiteFolder

#: Documents and departments above which other processes are worth the time they take to start.
WORTH_PROCESSES = 40
# A task is as many departments as share one narrowing of the views, fewer where they have documents.
_DEPARTMENTS_TOGETHER = 40
_OF_A_DOCUMENT = 2
_CODES_TOGETHER = 10
# Objects that a process makes before it looks for those that only hold each other.
_NEW_BETWEEN_COLLECTIONS = 100_000
_CONFIG: Mapping[str, str | int] = {"threads": 1, "memory_limit": "1GB"}

Unit = DepartmentUnit | CodeUnit | GroupUnit
# Which units share a task (at most so much of their weight), and what writes them.
_WRITERS: Mapping[type[Unit], tuple[int, Callable[[Site, Sequence[Any]], Iterator[str]]]] = {
    DepartmentUnit: (_DEPARTMENTS_TOGETHER, write_departments),
    CodeUnit: (_CODES_TOGETHER, write_codes),
    GroupUnit: (_CODES_TOGETHER, write_groups),
}


@dataclass(frozen=True, slots=True)
class Ground:
    """What every process that makes pages must know."""

    warehouse: Path
    published: Path
    with_specimens: bool
    only_specimens: bool
    state: Row
    documents: frozenset[str]
    has_data_docs: bool

    def site(self, *, config: Mapping[str, str | int]) -> Site:
        """A site under way that joins the folder of the first process."""
        return Site(
            warehouse=Warehouse(self.warehouse, with_specimens=self.with_specimens, config=config),
            folder=SiteFolder(self.published, joined=True),
            state=self.state,
            only_specimens=self.only_specimens,
            documents=self.documents,
            has_data_docs=self.has_data_docs,
        )


@dataclass(slots=True)
class Made:
    """What the units of a site were made of and which files they gave, as kept from one site to the next."""

    path: Path
    program: str
    units: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)

    def before(self) -> Mapping[str, tuple[str, tuple[str, ...]]]:
        """The units of the last site; none where it was made by another program or the list is spoilt."""
        try:
            tree = json.loads(self.path.read_text(encoding="utf-8"))
            if tree["program"] != self.program:
                return {}
            return {key: (digest, tuple(paths)) for key, (digest, paths) in tree["units"].items()}
        except (OSError, ValueError, KeyError, TypeError):
            return {}

    def write(self) -> None:
        """Keep the list; after the site is swapped in, for it tells of that."""
        tree = {"program": self.program, "units": self.units}
        aside = self.path.with_name(f".{self.path.name}.next")
        aside.write_text(json.dumps(tree, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
        aside.replace(self.path)


def make_units(
    ground: Ground, folder: SiteFolder, units: Mapping[str, tuple[str, Unit]], made: Made, *, workers: int
) -> int:
    """Make the units whose digest is new and take the others as they are; how many were made.

    ``units`` are by key: digest and unit. Raises ``duckdb.Error`` as asking the warehouse does.
    """
    before = made.before()
    due: dict[str, tuple[str, Unit]] = {}
    for key, (digest, unit) in units.items():
        old = before.get(key)
        if old is not None and old[0] == digest and folder.keep(old[1]):
            made.units[key] = old
            folder.taken()
        else:
            due[key] = (digest, unit)
    for key, piece in _run(ground, {key: unit for key, (_, unit) in due.items()}, workers):
        folder.add(piece)
        made.units[key] = (due[key][0], piece.paths)
    folder.taken()
    return len(due)


def _run(ground: Ground, units: Mapping[str, Unit], workers: int) -> Iterator[tuple[str, Piece]]:
    weight = sum(1 + len(one.documents) if isinstance(one, DepartmentUnit) else 1 for one in units.values())
    tasks = list(_tasks(units))
    if workers == 1 or weight < WORTH_PROCESSES:
        site = ground.site(config={})
        with site.warehouse:
            for task in tasks:
                yield from _make(site, task)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_begin, initargs=(ground,)) as pool:
        for pieces in pool.map(_make_in_process, tasks):
            yield from pieces


def _tasks(units: Mapping[str, Unit]) -> Iterator[tuple[tuple[str, Unit], ...]]:
    for kind, (most, _) in _WRITERS.items():
        task: list[tuple[str, Unit]] = []
        weight = 0
        for key, unit in units.items():
            if not isinstance(unit, kind):
                continue
            own = 1 + (_OF_A_DOCUMENT * len(unit.documents) if isinstance(unit, DepartmentUnit) else 0)
            if task and weight + own > most:
                yield tuple(task)
                task, weight = [], 0
            task.append((key, unit))
            weight += own
        if task:
            yield tuple(task)


_site: list[Site] = []


def _begin(ground: Ground) -> None:
    # Rows come and go by the hundred thousand and are not in circles: to look for those is seldom worth it.
    gc.freeze()
    gc.set_threshold(_NEW_BETWEEN_COLLECTIONS)
    _site.append(ground.site(config=_CONFIG))


def _make_in_process(task: Sequence[tuple[str, Unit]]) -> list[tuple[str, Piece]]:
    return list(_make(_site[0], task))


def _make(site: Site, task: Sequence[tuple[str, Unit]]) -> Iterator[tuple[str, Piece]]:
    _, write = _WRITERS[type(task[0][1])]
    for (key, _), _ in zip(task, write(site, [unit for _, unit in task]), strict=True):
        yield key, site.folder.taken()
