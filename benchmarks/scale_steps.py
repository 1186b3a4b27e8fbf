"""The steps of ``benchmarks.scale``, each run in a process of its own.

What a step leaves for the next lies in the data folder, as between the steps of a Dagster run. A step prints
one line of JSON with what it counted.
"""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.scale_documents import (
    fill,
    jobs_of,
    jobs_of_partition,
    lay_down,
    make_templates,
    read_templates,
    templates,
)
from pipelines.settings import Settings
from pipelines.warehouse import build as stages
from pipelines.warehouse.checking import Checked, ask_suites, checked_outcome
from pipelines.warehouse.packing import lake_to_count, packed_lake
from pipelines.warehouse.progress import Silent
from pipelines.warehouse.reference_data import write_reference_data
from pipelines.warehouse.summary import summarise
from pipelines.warehouse.transforming import transform_with_dbt

#: The one more partition: the last year of a region far behind those of ten thousand documents.
LAST_YEAR = 2024
ONE_MORE_REGION = 1000

QUERIES = {
    "one department's years": """
        SELECT fiscal_year, expenditure_total_budget_yuan, expenditure_total_final_yuan
        FROM mart_department_year WHERE department_name = $name ORDER BY fiscal_year""",
    "spending by class of function, all departments": """
        SELECT fiscal_year, functional_code, sum(amount_yuan) AS yuan FROM fct_expenditure_by_function
        WHERE statement_id = 'final_expenditure' AND expenditure_kind = 'total' AND code_level = 1
        GROUP BY ALL ORDER BY ALL""",
    "three-public spending against budget, by region": """
        SELECT d.region_code, t.fiscal_year, t.spending_kind, t.basis, sum(t.amount_yuan) AS yuan
        FROM fct_three_public AS t INNER JOIN dim_department AS d USING (department_id)
        GROUP BY ALL ORDER BY ALL""",
    "what to look at, the gravest first": """
        SELECT severity, department_name, fiscal_year, sentence_zh FROM mart_findings
        WHERE finding_kind <> 'register_disagrees'
        ORDER BY CASE severity WHEN 'critical' THEN 1 WHEN 'high' THEN 2 WHEN 'medium' THEN 3 ELSE 4 END,
            department_name, fiscal_year LIMIT 100""",
    "a figure's cell and page": """
        SELECT c.page, c.printed_text, c.x0, c.top, c.x1, c.bottom FROM fct_cells AS c WHERE c.cell_id = (
            SELECT cell_id FROM fct_statement_totals WHERE department_id = (
                SELECT department_id FROM dim_department WHERE department_name = $name
            ) ORDER BY cell_id LIMIT 1)""",
}


def settings_of(root: Path) -> Settings:
    """The settings of a root: its raw and data folder."""
    return Settings.from_environment(raw=root / "raw", data=root / "data")


def make(root: Path, count: int) -> dict[str, int]:
    """Generate the PDFs."""
    paths = make_templates(root, count, seed=7)
    return {"documents": len(paths), "bytes": sum(path.stat().st_size for path in paths)}


def read(root: Path) -> dict[str, int]:
    """Read the generated PDFs into the lake of the templates."""
    documents = read_templates(root)
    if failed := [document.message for document in documents if document.outcome == "set_aside"]:
        raise SystemExit(f"{len(failed)} documents were set aside: {failed[0]}")
    return {
        "documents": len(documents),
        "pages": sum(document.n_pages for document in documents),
        "line_items": sum(document.n_line_items for document in documents),
    }


def copies(root: Path, folder: Path, count: int) -> dict[str, int]:
    """Lay down ``count`` copies and write them into the lake: input, not a step of the product."""
    settings = settings_of(root)
    lay_down(settings.raw, jobs_of(templates(folder), count))
    made = fill(settings, folder)
    return {
        "documents": made,
        "lake_bytes": sum(path.stat().st_size for path in settings.lake.rglob("*.parquet")),
        "lake_files": sum(1 for _ in settings.lake.rglob("*.parquet")),
    }


def listing(root: Path) -> dict[str, int]:
    """List the raw folder and see that all of it is in the lake."""
    settings = settings_of(root)
    inventory = stages.list_raw(settings)
    write_reference_data(settings)
    read_now, held = stages.read_new(settings, inventory)
    if read_now:
        raise SystemExit(f"{len(read_now)} documents were read, all should be held")
    return {"documents": held}


def packing(root: Path) -> dict[str, int]:
    """Put what was read into few files, as a build does after reading: each document once."""
    packed = packed_lake(settings_of(root))
    return {"packed_files": sum(1 for _ in packed.root.rglob("*.parquet"))}


def dbt(root: Path) -> dict[str, int]:
    """Build and test all models, from a folder that dbt has worked in before."""
    settings = settings_of(root)
    folder = settings.building / "scale"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    built = transform_with_dbt(settings, folder, whole=True)
    return {"warehouse_bytes": built.stat().st_size}


def checks(root: Path) -> dict[str, int]:
    """Ask the suites."""
    settings = settings_of(root)
    folder = settings.building / "scale"
    checked = checked_outcome(ask_suites(settings, folder / settings.warehouse.name, folder))
    if checked.stops:
        raise SystemExit(f"not publishable: {checked.stops[:5]}")
    return {"rules": checked.n_checks, "broken": checked.n_broken}


def publication(root: Path) -> dict[str, int]:
    """Publish what was built, and count as a build does at its end."""
    settings = settings_of(root)
    folder = settings.building / "scale"
    version = stages.warehouse_version(settings)
    stages.release(settings, folder / settings.warehouse.name, folder, version, Checked((), 0, 0))
    summary = summarise(lake_to_count(settings), settings.warehouse)
    return {"findings": summary.findings or 0, "amounts": summary.n_amounts}


def queries(root: Path) -> dict[str, float]:
    """Milliseconds of each query: the best of five, each on a connection of its own."""
    warehouse = settings_of(root).warehouse
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        name = connection.execute(
            "SELECT department_name FROM dim_department ORDER BY hash(department_id) LIMIT 1"
        ).fetchall()[0][0]
    taken = {}
    for title, sql in QUERIES.items():
        parameters = {"name": name} if "$name" in sql else {}
        times = []
        for _ in range(5):
            with duckdb.connect(str(warehouse), read_only=True) as connection:
                began = time.perf_counter()
                rows = connection.execute(sql, parameters).fetchall()
                times.append(1000 * (time.perf_counter() - began))
            if not rows:
                raise SystemExit(f"no answer: {title}")
        taken[title] = min(times)
    return taken


def again(root: Path) -> dict[str, int]:
    """A build with nothing new."""
    built = stages.build(settings_of(root))
    if built.published or built.documents:
        raise SystemExit("the second pass found something to do")
    return {"documents": len(built.documents)}


def whole(root: Path) -> dict[str, Any]:
    """One build of all that the lake holds, nothing to read: seconds of its stages, and what it judged."""
    settings = settings_of(root)
    clock = _Clock()
    built = stages.build(settings, full=True, progress=clock)
    if built.documents or built.checked is None:
        raise SystemExit(f"{len(built.documents)} documents were read, all should be held")
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        counts = {
            name: connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0]
            for name, table in (
                ("disclosures", "dim_disclosure"),
                ("identities_judged", "fct_identity_results"),
                ("claims", "fct_claims"),
                ("findings", "mart_findings"),
            )
        }
    return {**counts, "rules": built.checked.n_checks, **clock.stages()}


class _Clock(Silent):
    """When each stage of a build began."""

    def __init__(self) -> None:
        self.began = [("listing_s", time.monotonic())]

    def stage(self, message: str) -> None:
        for words, name in (("(dbt)", "dbt_s"), ("(Great Expectations)", "checks_and_publication_s")):
            if words in message:
                self.began.append((name, time.monotonic()))

    def stages(self) -> dict[str, float]:
        """Seconds of each stage, the last until now."""
        ends = [*(at for _, at in self.began[1:]), time.monotonic()]
        return {name: end - at for (name, at), end in zip(self.began, ends, strict=True)}


def more(root: Path, folder: Path) -> dict[str, int]:
    """The copies of one partition more: input, not a step of the product."""
    settings = settings_of(root)
    lay_down(settings.raw, jobs_of_partition(templates(folder), region=ONE_MORE_REGION, year=LAST_YEAR))
    return {"documents": fill(settings, folder)}


def one_more(root: Path) -> dict[str, int]:
    """A build with one partition more in the lake: all models, checks and publication."""
    built = stages.build(settings_of(root))
    if not built.published:
        raise SystemExit("one partition more was not published")
    return {"documents": built.summary.n_documents}


_STEPS: dict[str, Callable[..., dict[str, Any]]] = {
    "make": lambda root, count: make(root, int(count)),
    "read": read,
    "copies": lambda root, folder, count: copies(root, Path(folder), int(count)),
    "listing": listing,
    "packing": packing,
    "dbt": dbt,
    "checks": checks,
    "publication": publication,
    "queries": queries,
    "whole": whole,
    "again": again,
    "more": lambda root, folder: more(root, Path(folder)),
    "one_more": one_more,
}

if __name__ == "__main__":
    _, step, where, *rest = sys.argv
    print(json.dumps(_STEPS[step](Path(where), *rest), ensure_ascii=False))
