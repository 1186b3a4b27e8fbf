"""Years of weekly runs over an invented region, in fast motion, with all that goes wrong in years.

Departments publish a budget in spring and final accounts in autumn: some late, some with a wrong figure that
a later file corrects, some renamed, one that is dissolved and publishes no more. A file of the raw folder
says which document it is, and is read without error (``tests/corpus/perfect_documents.py``). What stands in
for dbt and the checks is that of ``dying_builds``; listing, lake, pool, versions, lock and publication are
the product's own.
"""

from __future__ import annotations

import json
import os
import random
import signal
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from pipelines.acquisition.model import FoundFile
from pipelines.warehouse.reading import Understanding
from tests.corpus.figures import simulate
from tests.corpus.panel import KIND_PATH, Department, department_documents
from tests.corpus.perfect_documents import understanding
from tests.corpus.random_documents import FIELDS, random_profile
from tests.corpus.raw import register_text

MISHAPS = ("killed", "worker killed", "full disk", "broken identities", "bad extractor")


@dataclass(frozen=True, slots=True)
class Published:
    """A file that is published: where it lies, what it says it is, its row of the register."""

    path: str
    content: str
    row: dict[str, str]


@dataclass(frozen=True, slots=True)
class Week:
    """A week: its Monday, what is published in it, and what goes wrong with its run (empty: nothing)."""

    day: date
    published: tuple[Published, ...]
    mishap: str


def weeks(first: int, last: int, *, departments: int, seed: int) -> Iterator[Week]:
    """All weeks from January of ``first`` to December of ``last``; the same seed gives the same.

    Every kind of mishap meets a week in which something is published, again and again.
    """
    rng = random.Random(seed)
    of_week: dict[date, list[Published]] = {}
    for number in range(departments):
        renamed_in = first + 2 + number if number % 3 == 0 else last + 9
        until = last - 1 if departments > 1 and number == departments - 1 and last > first + 1 else last
        for year in range(first, until + 1):
            for kind, month in (("budget", 2), ("final_accounts", 9)):
                day = date(year, month, 1) + timedelta(weeks=rng.choice([0, 0, 1, 2, 2, 3, 12]))
                of_year = year if kind == "budget" else year - 1
                said = {"number": number, "seed": seed, "year": of_year, "kind": kind}
                said["name"] = f"样例第{number + 1}{'新' if year >= renamed_in else ''}局"
                said["wrong"] = rng.random() < 0.2
                _publish(of_week, said, day, 1)
                if said["wrong"]:
                    _publish(of_week, {**said, "wrong": False}, day + timedelta(weeks=rng.randint(2, 8)), 2)
    day, end, turn = _monday(date(first, 1, 1)), date(last, 12, 31), 0
    while day <= end:
        published = tuple(of_week.get(day, ()))
        mishap = ""
        if published and (turn := turn + 1) % 2 == 0:
            mishap = MISHAPS[turn // 2 % len(MISHAPS)]
        yield Week(day, published, mishap)
        day += timedelta(weeks=1)


def publish(raw: Path, week: Week) -> None:
    """Lay the week's files into the raw folder and add their rows to the register."""
    rows = raw / "rows.json"
    known = json.loads(rows.read_text(encoding="utf-8")) if rows.is_file() else []
    for each in week.published:
        path = raw / each.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(each.content, encoding="utf-8")
        known.append(each.row)
    raw.mkdir(parents=True, exist_ok=True)
    rows.write_text(json.dumps(known, ensure_ascii=False), encoding="utf-8")
    (raw / "register.csv").write_text(register_text(known), encoding="utf-8")


def understand_planned(path: Path, file: FoundFile, max_pages: int) -> Understanding:
    """What a file of ``publish`` says it is, read without error; one figure is wrong where it says so."""
    said = json.loads(path.read_text(encoding="utf-8"))
    department = _department(said["seed"], said["number"], said["name"])
    (planned,) = department_documents(department, said["year"], said["kind"], with_faults=False)
    found = understanding(planned, file.document_id)
    return _times(found, 10, only_first=True) if said["wrong"] else found


def understand_badly(path: Path, file: FoundFile, max_pages: int) -> Understanding:
    """A bad version of the reader: it loses sight of the decimal point everywhere."""
    return _times(understand_planned(path, file, max_pages), 100, only_first=False)


def understand_until_killed(path: Path, file: FoundFile, max_pages: int) -> Understanding:
    """The worker is killed over its document, as by a kernel without memory."""
    os.kill(os.getpid(), signal.SIGKILL)
    return understand_planned(path, file, max_pages)


def _times(found: Understanding, factor: int, *, only_first: bool) -> Understanding:
    items = [
        replace(item, amount_yuan=item.amount_yuan * Decimal(factor))
        if place == 0 or not only_first
        else item
        for place, item in enumerate(found.understood.line_items)
    ]
    return replace(found, understood=replace(found.understood, line_items=tuple(items)))


@lru_cache(maxsize=64)
def _department(seed: int, number: int, name: str) -> Department:
    rng = random.Random(f"{seed}-{number}")
    profile = random_profile(rng, name, sorted(FIELDS)[number % len(FIELDS)])
    years = simulate(profile, 2008, 2030, f"{seed}-{number}")
    return Department(f"420100-sample-{number:03d}", name, "420100", "hubei", {}, years)


def _publish(of_week: dict[date, list[Published]], said: dict[str, object], day: date, version: int) -> None:
    kind, year = str(said["kind"]), said["year"]
    name = f"{year}-{KIND_PATH[kind]}{'' if version == 1 else '-corrected'}.pdf"
    path = f"420100-sample-{said['number']:03d}/{name}"
    row = {
        "path": path,
        "region_code": "420100",
        "department": str(said["name"]),
        "level": "department",
        "fiscal_year": str(year),
        "kind": kind,
        "published_name": name,
        "obtained_from": "generated",
        "published_at": day.isoformat(),
        "is_synthetic": "true",
    }
    content = json.dumps(said, ensure_ascii=False)
    of_week.setdefault(_monday(day), []).append(Published(path, content, row))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
