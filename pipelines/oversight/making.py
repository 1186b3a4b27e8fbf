"""Pages of departments, codes, groups and findings, made in several processes, and only where data changed.

A unit is what is made together because it is of the same data: a department with its letter and its
documents, a code, an international group, or a list of findings. No process holds more than a few of them,
and DuckDB writes to disk what goes beyond its share of the memory (``JUESUAN_BUILD_MEMORY_MB``). What was
made of which data is written down beside the site (``data/site.json``).
"""

from __future__ import annotations

import contextlib
import gc
import json
import multiprocessing
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipelines.oversight.department_pages import DepartmentUnit, write_departments
from pipelines.oversight.finding_lists import FindingListUnit, write_finding_lists
from pipelines.oversight.international_pages import GroupUnit, write_groups
from pipelines.oversight.purpose_pages import CodeUnit, write_codes
from pipelines.oversight.rendering import Site
from pipelines.oversight.views import Row, Warehouse
from pipelines.oversight.writing import Piece, SiteFolder
from pipelines.settings import Settings

#: Documents and departments above which other processes are worth the time they take to start.
WORTH_PROCESSES = 40
# A task is as many departments as share one narrowing of the views, fewer where they have documents.
_DEPARTMENTS_TOGETHER = 40
_OF_A_DOCUMENT = 2
_FINDINGS_TOGETHER = 1_000
# DuckDB has half of what a build may have, the processes in equal parts, but each as much as it cannot do
# without; the other half is for what Python holds.
_PART_OF_DUCKDB = 2
_LEAST_MB = 200
# Objects that a process makes before it looks for those that only hold each other.
_NEW_BETWEEN_COLLECTIONS = 100_000

Unit = DepartmentUnit | CodeUnit | GroupUnit | FindingListUnit
# Which units share a task (at most so much of their weight), and what writes them. A code or a group may be
# of all departments: it is a task by itself, and those come first, so that no process is left with one.
_WRITERS: Mapping[type[Unit], tuple[int, Callable[[Site, Sequence[Any]], Iterator[str]]]] = {
    GroupUnit: (1, write_groups),
    CodeUnit: (1, write_codes),
    FindingListUnit: (_FINDINGS_TOGETHER, write_finding_lists),
    DepartmentUnit: (_DEPARTMENTS_TOGETHER, write_departments),
}


@contextlib.contextmanager
def duckdb_settings(settings: Settings) -> Iterator[Mapping[str, str | int]]:
    """What DuckDB may take in each process, and a folder for what is more, which goes afterwards."""
    each = max(_LEAST_MB, settings.build_memory_mb // _PART_OF_DUCKDB // (settings.workers + 1))
    spill = settings.data / ".site.spill"
    shutil.rmtree(spill, ignore_errors=True)  # what a killed process left
    spill.mkdir(parents=True)
    try:
        yield {"memory_limit": f"{each}MB", "temp_directory": str(spill / "first")}
    finally:
        shutil.rmtree(spill, ignore_errors=True)


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
    config: Mapping[str, str | int]

    def site(self) -> Site:
        """A site under way that joins the folder of the first process, in that process."""
        return self._site(self.config)

    def site_of_worker(self) -> Site:
        """The same in another process, which writes to disk beside the others."""
        spill = Path(str(self.config["temp_directory"])).with_name(str(os.getpid()))
        return self._site({**self.config, "threads": 1, "temp_directory": str(spill)})

    def _site(self, config: Mapping[str, str | int]) -> Site:
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
        site = ground.site()
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
            own = _weight(unit)
            if task and weight + own > most:
                yield tuple(task)
                task, weight = [], 0
            task.append((key, unit))
            weight += own
        if task:
            yield tuple(task)


def _weight(unit: Unit) -> int:
    if isinstance(unit, DepartmentUnit):
        return 1 + _OF_A_DOCUMENT * len(unit.documents)
    return unit.n_findings + unit.n_signals if isinstance(unit, FindingListUnit) else 1


_site: list[Site] = []


def _begin(ground: Ground) -> None:
    # Rows come and go by the hundred thousand and are not in circles: to look for those is seldom worth it.
    gc.freeze()
    gc.set_threshold(_NEW_BETWEEN_COLLECTIONS)
    _site.append(ground.site_of_worker())


def _make_in_process(task: Sequence[tuple[str, Unit]]) -> list[tuple[str, Piece]]:
    return list(_make(_site[0], task))


def _make(site: Site, task: Sequence[tuple[str, Unit]]) -> Iterator[tuple[str, Piece]]:
    _, write = _WRITERS[type(task[0][1])]
    for (key, _), _ in zip(task, write(site, [unit for _, unit in task]), strict=True):
        yield key, site.folder.taken()
