"""Thousands of documents out of a hundred: readings of generated PDFs, given to other departments.

Ten thousand PDFs take hours to read, so a hundred of the generator's are read into a lake of their own
(``make_templates``, ``read_templates``). Then these readings, with all their cells, statements, figures,
claims, stated sums and notes, are given to as many departments as are wanted: a file in the raw folder for
each, its row of the register (``lay_down``), and its Parquet files in the lake as the product writes them
(``fill``). One copy in twenty has a wrong digit, so that there is something to find. Everything after is the
product's own.
"""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb

from pipelines.acquisition.inventory import take_inventory
from pipelines.settings import PROJECT_ROOT, Settings
from pipelines.warehouse.build import list_raw, read_new
from pipelines.warehouse.datasets import DOCUMENTS, LINE_ITEMS, PER_DOCUMENT, Dataset
from pipelines.warehouse.lake import Lake
from pipelines.warehouse.reading import DocumentRead
from pipelines.warehouse.versions import extractor_version, registration_version
from tests.corpus.random_documents import write_random
from tests.corpus.raw import register_text

#: Departments of a region: with two documents a year, a partition (year, region) holds 100 documents.
DEPARTMENTS = 50
#: Documents of a department: four years of budget and final accounts, as the generator makes them.
OF_DEPARTMENT = 8
#: Departments whose documents are copied: those with most amounts, more than 400 a document.
RICHEST = 4
#: One copy in so many has a wrong digit in a figure.
ONE_WRONG_IN = 20
#: Copies written by one statement.
BATCH = 200


@dataclass(frozen=True, slots=True)
class Template:
    """A generated document that was read: its row of the register and its id."""

    document_id: str
    row: dict[str, str]


@dataclass(frozen=True, slots=True)
class Job:
    """A copy to be made: of which template, for which region and department, the how manieth."""

    template: Template
    region: int
    department: int
    number: int


def make_templates(folder: Path, count: int, seed: int) -> list[Path]:
    """Write ``count`` generated PDFs below ``folder``; their paths in the order of the register."""
    write_random(folder / "raw", seed, count)
    return [folder / "raw" / row["path"] for row in _read(folder / "raw" / "register.csv")]


def read_templates(folder: Path) -> tuple[DocumentRead, ...]:
    """Read every PDF of ``make_templates`` into their lake, as a build does."""
    settings = Settings.from_environment(raw=folder / "raw", data=folder / "data")
    documents, _ = read_new(settings, list_raw(settings))
    return documents


def templates(folder: Path) -> list[Template]:
    """The documents that are copied, in the order of the register."""
    rows = _read(folder / "raw" / "register.csv")
    with duckdb.connect() as connection:
        items = Lake(folder / "data" / "lake").read(LINE_ITEMS)
        amounts = dict(connection.execute(f"SELECT document_id, count(*) FROM {items} GROUP BY 1").fetchall())
    of_department: dict[str, int] = {}
    for row in rows:
        of_department[row["department"]] = of_department.get(row["department"], 0) + amounts.get(
            row["sha256"][:16], 0
        )
    richest = sorted(of_department, key=lambda name: (-of_department[name], name))[:RICHEST]
    return [Template(row["sha256"][:16], row) for row in rows if row["department"] in richest]


def jobs_of(known: Sequence[Template], documents: int) -> list[Job]:
    """``documents`` copies: departments one after the other, fifty a region, eight documents each."""
    jobs = []
    for number in range(documents):
        department, of_department = divmod(number, OF_DEPARTMENT)
        template = known[department % RICHEST * OF_DEPARTMENT + of_department]
        jobs.append(Job(template, department // DEPARTMENTS, department % DEPARTMENTS, number))
    return jobs


def jobs_of_partition(known: Sequence[Template], *, region: int, year: int) -> list[Job]:
    """One partition: the documents of ``year`` of all departments of one region."""
    of_year = [template for template in known if template.row["fiscal_year"] == str(year)]
    return [
        Job(of_year[2 * (department % RICHEST) + which], region, department, 2 * department + which)
        for department in range(DEPARTMENTS)
        for which in range(2)
    ]


def lay_down(raw: Path, jobs: Sequence[Job]) -> int:
    """Write a file for each copy, which says what it is, and the register; how many files are registered."""
    raw.mkdir(parents=True, exist_ok=True)
    register = raw / "register.csv"
    rows = _read(register) if register.is_file() else []
    for job in jobs:
        code, place = _regions()[job.region]
        name = f"{place}样例第{job.department + 1}局"
        path = raw / f"{code}-sample-{job.department:03d}" / job.template.row["path"].rsplit("/", 1)[1]
        path.parent.mkdir(exist_ok=True)
        said = {
            "template": job.template.document_id,
            "department": name,
            "region": code,
            "number": job.number,
        }
        path.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
        own = {
            "path": path.relative_to(raw).as_posix(),
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "region_code": code,
            "department": name,
        }
        rows.append({**job.template.row, **own})
    register.write_text(register_text(rows), encoding="utf-8")
    return len(rows)


def fill(settings: Settings, templates_folder: Path) -> int:
    """Write the copies that lie in the raw folder and not yet in the lake; how many."""
    lake = Lake(settings.lake)
    lake.prepare()
    held = set(lake.entries())
    new = []
    for file in take_inventory(settings.raw).files:
        if file.document_id in held:
            continue
        said = json.loads((settings.raw / file.source_path).read_text(encoding="utf-8"))
        new.append(
            (
                said["template"],
                file.document_id,
                file.sha256,
                file.source_path,
                said["department"],
                said["region"],
                registration_version(file),
                file.size_bytes,
                said["number"] % ONE_WRONG_IN == 0,
            )
        )
    with duckdb.connect() as connection:
        connection.execute(_JOBS)
        for dataset in PER_DOCUMENT:
            source = Lake(templates_folder / "data" / "lake").read(dataset)
            connection.execute(f"CREATE TABLE {dataset.name} AS FROM {source}")
        connection.execute(_WRONG_CELLS)
        for first in range(0, len(new), BATCH):
            connection.execute("DELETE FROM jobs")
            connection.executemany(
                "INSERT INTO jobs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", new[first : first + BATCH]
            )
            for dataset in PER_DOCUMENT:
                _copy(connection, dataset, settings.lake)
    return len(new)


_JOBS = """
CREATE TABLE jobs (old VARCHAR, new VARCHAR, sha256 VARCHAR, source_path VARCHAR, department VARCHAR,
                   region VARCHAR, registration VARCHAR, size_bytes BIGINT, is_wrong BOOLEAN)"""
# The first figure of each template that begins with a 1: copies with a wrong digit have a 2 there.
_WRONG_CELLS = """
CREATE TABLE wrong_cells AS SELECT document_id, min(cell_id) AS cell_id FROM line_items
WHERE regexp_full_match(amount_printed, '1[0-9, ]*(\\.[0-9]+)?') GROUP BY 1"""
_IS_WRONG = "(j.is_wrong AND t.cell_id = w.cell_id)"
_OWN = {
    "documents": {
        "sha256": "j.sha256",
        "source_path": "j.source_path",
        "department_name": "j.department",
        "department_registered": "j.department",
        "region_code": "j.region",
        "extractor_version": "$version",
        "registration_version": "j.registration",
        "size_bytes": "j.size_bytes",
    },
    "line_items": {
        "amount_printed": f"CASE WHEN {_IS_WRONG} THEN '2' || t.amount_printed[2:] ELSE t.amount_printed END",
        "amount_yuan": (
            f"CASE WHEN {_IS_WRONG} THEN regexp_replace('2' || t.amount_printed[2:], '[, ]', '', 'g')"
            "::DECIMAL(18, 2) * (CASE t.unit WHEN '万元' THEN 10000 ELSE 1 END) ELSE t.amount_yuan END"
        ),
    },
}


def _copy(connection: duckdb.DuckDBPyConnection, dataset: Dataset, lake: Path) -> None:
    """One dataset of all jobs, a file each, in its partition as the lake names it."""
    own = _OWN.get(dataset.name, {})
    columns = []
    for column in dataset.columns:
        value = own.get(column.name)
        if column.name == "document_id":
            value = "j.new"
        elif column.name == "cell_id":
            value = "replace(t.cell_id, j.old, j.new)"
        value = (value or f't."{column.name}"').replace("$version", f"'{extractor_version()}'")
        columns.append(f'({value})::{column.type} AS "{column.name}"')
    aside = lake / f".{dataset.name}"
    shutil.rmtree(aside, ignore_errors=True)
    wrong = "LEFT JOIN wrong_cells AS w ON w.document_id = j.old" if dataset == LINE_ITEMS else ""
    connection.execute(
        f"COPY (SELECT {', '.join(columns)}, "
        "d.fiscal_year AS of_year, j.region AS of_region, j.new AS of_document "
        f"FROM jobs AS j INNER JOIN {DOCUMENTS.name} AS d ON d.document_id = j.old "
        f"INNER JOIN {dataset.name} AS t ON t.document_id = j.old {wrong}) "
        f"TO '{aside}' (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (of_year, of_region, of_document))"
    )
    there = set()
    for file in aside.glob("*/*/*/*.parquet"):
        year, region, document = (part.partition("=")[2] for part in file.parts[-4:-1])
        target = lake / dataset.name / f"fiscal_year={year}" / f"region_code={region}" / f"{document}.parquet"
        target.parent.mkdir(parents=True, exist_ok=True)
        file.replace(target)
        there.add(document)
    shutil.rmtree(aside, ignore_errors=True)
    # Documents without rows have a file too.
    empty = lake / dataset.name / "fiscal_year=0" / "region_code=000000" / "_empty.parquet"
    places = connection.execute(
        f"SELECT d.fiscal_year, j.region, j.new FROM jobs AS j "
        f"INNER JOIN {DOCUMENTS.name} AS d ON d.document_id = j.old"
    ).fetchall()
    for year, region, document in places:
        if document not in there:
            target = lake / dataset.name / f"fiscal_year={year}" / f"region_code={region}"
            target.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(empty, target / f"{document}.parquet")


@cache
def _regions() -> list[tuple[str, str]]:
    """Codes and names of counties, in the order of the list."""
    return [
        (row["region_code"], row["name_zh"])
        for row in _read(PROJECT_ROOT / "dbt_project" / "seeds" / "regions.csv")
        if row["level"] == "county"
        and row["first_listed_year"] <= "2020"
        and row["last_listed_year"] >= "2026"
    ]


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [dict(row) for row in csv.DictReader(file)]
