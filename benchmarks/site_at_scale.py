"""The comparison site of thousands of departments: time, memory, size, first view, one department changed.

``python -m benchmarks.site_at_scale WAREHOUSE --departments 5000 --years 10``. The departments of a built
warehouse are copied, under other names, into other regions and earlier years, all marked as specimens.
No PDF and no cell is: pages of documents are not in it. Exit status 1 where a page has more to load before
a click than it may, or a change of one department touches a page of another. Memory is what all processes had
resident at one time, pages that they share counted once.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import resource
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from pipelines.oversight.site import build_site
from pipelines.settings import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Response

#: Kilobytes a page may load before a click, and how much slower the processor of the visitor is made.
MOST_KILOBYTES = 500
SLOWER = 4
REGIONS = 150
# Between two looks at the memory of the processes.
LOOK_SECONDS = 0.5
#: Tables of single figures: pages of documents ask for them, and there are none.
LEFT_EMPTY = (
    "fct_cells", "fct_expenditure_by_economic", "fct_expenditure_by_function", "fct_figure_versions",
    "fct_identity_operands", "fct_repairs", "fct_revenue_by_function", "fct_stated_sums",
    "fct_statement_totals", "fct_statements", "fct_three_public",
)  # fmt: skip
# What becomes of a column in copy c.copy and period c.period.
CHANGED = {
    "department_id": "c.region_code || '-' || left(md5(department_id || c.copy), 8)",
    "parent_department_id": "c.region_code || '-' || left(md5(parent_department_id || c.copy), 8)",
    "region_code": "c.region_code",
    "region_name": "c.region_name",
    "department_name": "department_name || '（样例第' || c.copy || '号）'",
    "fiscal_year": "(fiscal_year - c.period * c.span)::integer",
    "disclosure_id": "disclosure_id || '-' || c.copy || '-' || c.period",
    "document_id": "left(md5(document_id || c.copy || '-' || c.period), 16)",
    "finding_id": "left(md5(finding_id || c.copy || '-' || c.period), 16)",
    "restatement_id": "md5(restatement_id || c.copy || '-' || c.period)",
    "operand_cell_ids": "[]::varchar[]",
    "is_synthetic": "true",
}


def generate(source: Path, target: Path, departments: int, years: int) -> int:
    """Copy the departments of ``source`` until there are as many as asked, ``years`` back; how many."""
    with duckdb.connect(str(target)) as connection:
        connection.execute("set enable_progress_bar = false")
        connection.execute(f"attach '{source}' as source (read_only)")
        (held, first, last) = connection.execute(
            "select count(distinct department_id), min(fiscal_year), max(fiscal_year) "
            "from source.mart_department_year"
        ).fetchone() or (0, 0, 0)
        span = last - first + 1
        copies, periods = -(-departments // held), -(-years // span)
        connection.execute(
            "create temp table copies as select i.range as copy, p.range as period, $span as span, "
            "$last as last_year, $years as years, r.region_code, r.region_name "
            "from range($copies) as i cross join range($periods) as p inner join "
            "(select region_code, region_name, row_number() over (order by region_code) - 1 as place "
            "from (select distinct on (region_code) region_code, region_name from source.dim_region "
            "where region_code not like '%00' order by all) limit $regions) as r "
            "on i.range % $regions = r.place",
            {"copies": copies, "periods": periods, "span": span, "last": last, "years": years,
             "regions": REGIONS},
        )  # fmt: skip
        tables = connection.execute(
            "select table_name, list(column_name) from duckdb_columns() "
            "where database_name = 'source' and schema_name = 'main' group by all order by 1"
        ).fetchall()
        for table, columns in tables:
            connection.execute(f"create table {table} as {_copied(table, columns)}")
        (count,) = connection.execute("select count(*) from dim_department").fetchone() or (0,)
    return int(count)


def _copied(table: str, columns: list[str]) -> str:
    if table in LEFT_EMPTY:
        return f"from source.{table} limit 0"
    if "department_id" not in columns and "finding_id" not in columns:
        return f"from source.{table}"
    changed = ", ".join(f"{CHANGED[name]} as {name}" for name in columns if name in CHANGED)
    sql = f"select t.* replace ({changed}) from source.{table} as t cross join copies as c"
    if "fiscal_year" in columns:
        # Years that only this table has would be there twice: as they are, and as another period's.
        return (
            f"{sql} where fiscal_year > c.last_year - c.span and fiscal_year <= c.last_year "
            "and fiscal_year - c.period * c.span > c.last_year - c.years"
        )
    if "finding_id" in columns:
        return sql
    return f"{sql} where c.period = 0"


def built(settings: Settings) -> None:
    """Build the site and say what it took."""
    started, spent = time.monotonic(), _processor_seconds()
    with _Resident() as resident:
        written = build_site(settings)
    seconds = time.monotonic() - started
    print(
        f"{seconds:,.0f} s by the clock, {_processor_seconds() - spent:,.0f} s of processors, "
        f"at most {resident.most / 2**20:.2f} GB, "
        f"load {os.getloadavg()[0]:.0f}; {written.n_files:,} files, {written.n_bytes / 2**20:,.0f} MB; "
        f"{written.n_units:,} departments and codes made, {written.n_changed:,} files new or changed",
        flush=True,
    )


def _processor_seconds() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


class _Resident:
    """The most kilobytes that this process and those it started had resident at one time."""

    def __init__(self) -> None:
        self.most = 0
        self._ended = threading.Event()
        self._watch = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> _Resident:
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._watch.join()

    def _look(self) -> None:
        while not self._ended.wait(LOOK_SECONDS):
            self.most = max(self.most, sum(map(_proportional, _with_children(os.getpid()))))


def _with_children(pid: int) -> Iterator[int]:
    yield pid
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in path.read_text(encoding="utf-8").split():
                yield from _with_children(int(child))


def _proportional(pid: int) -> int:
    """Kilobytes of a process, its part of those that it shares; none where it has ended."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0


def kilobytes(site: Path) -> bool:
    """Print the heaviest page of each kind, unpacked; whether none is too heavy."""
    found: dict[str, tuple[int, str]] = {}
    for path in site.rglob("*.html"):
        if "data_docs" not in path.parts:
            kind = path.relative_to(site).parts[1 if len(path.relative_to(site).parts) > 1 else 0]
            found[kind] = max(found.get(kind, (0, "")), (path.stat().st_size, path.name))
    for kind, (size, name) in sorted(found.items()):
        mark = " TOO MUCH" if size > MOST_KILOBYTES * 1024 else ""
        print(f"heaviest of {kind}: {size / 1024:,.0f} KB ({name}){mark}")
    return all(size <= MOST_KILOBYTES * 1024 for size, _ in found.values())


def one_changed(settings: Settings) -> bool:
    """Change a figure of one department and build again; whether no page of another changed."""
    with duckdb.connect(str(settings.warehouse)) as connection:
        (one,) = connection.execute(
            "select max(department_id) from mart_department_year_figures"
        ).fetchone() or ("",)
        connection.execute(
            "update mart_department_year_figures set amount_yuan = amount_yuan + 1 "
            "where department_id = $one",
            {"one": one},
        )
    before = {path: path.stat().st_mtime_ns for path in settings.site.rglob("*") if path.is_file()}
    built(settings)
    new = [path.relative_to(settings.site) for path, at in before.items() if path.stat().st_mtime_ns != at]
    kinds = Counter(path.parts[1] for path in new if len(path.parts) > 1)
    others = [
        path
        for path in new
        if {"department", "letter", "compare"} & set(path.parts) and one not in path.as_posix()
    ]
    print(f"changed: {one}; files changed by kind: {dict(kinds)}; of other departments: {len(others)}")
    return not others


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None: ...


def first_views(site: Path) -> bool:
    """Open pages in Chromium, its processor slower, its cache empty: until they are painted and loaded.

    Whether none loads too much before a click: itself, and the data its scripts ask for.
    """
    from playwright.sync_api import sync_playwright

    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        print("no Chromium: first views not measured")
        return True
    department = min(path.name for path in (site / "zh/department").glob("*.html"))
    region = min(path.name for path in (site / "zh/coverage").glob("[0-9]*.html"))
    heaviest = max((site / "zh/findings").glob("[0-9]*.html"), key=lambda path: path.stat().st_size).name
    pages = (
        "index.html",
        f"department/{department}",
        f"coverage/{region}",
        "compare.html",
        "findings/index.html",
        f"findings/{heaviest}",
    )
    is_light = True
    with (
        ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site))) as server,
        sync_playwright() as playwright,
    ):
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for page in pages:
            context = browser.new_context()
            tab = context.new_page()
            loaded_bytes: dict[str, int] = {}
            tab.on("response", partial(_count, loaded_bytes))
            context.new_cdp_session(tab).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
            tab.goto(f"http://127.0.0.1:{server.server_port}/zh/{page}", wait_until="load")
            painted, loaded = tab.evaluate(
                "() => [performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,"
                " performance.getEntriesByType('navigation')[0].loadEventEnd]"
            )
            tab.wait_for_load_state("networkidle")
            size = sum(loaded_bytes.values())
            mark = "" if size <= MOST_KILOBYTES * 1024 else " TOO MUCH"
            is_light = is_light and not mark
            print(
                f"{page}, {SLOWER} times slower: painted {painted:.0f} ms, loaded {loaded:.0f} ms, "
                f"{size / 1024:,.0f} KB of page and data{mark}"
            )
            context.close()
        browser.close()
        server.shutdown()
    return is_light


def _count(found: dict[str, int], answer: Response) -> None:
    """Add what was loaded of pages and data: not what all pages share."""
    if "/assets/" not in answer.url and answer.ok:
        found[answer.url] = int(answer.headers.get("content-length", 0))


def main() -> int:
    """Parse the command line, generate, build, measure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.site_at_scale", description=__doc__)
    parser.add_argument("warehouse", type=Path, help="a warehouse to copy departments from")
    parser.add_argument("--departments", type=int, default=500)
    parser.add_argument("--years", type=int, default=10)
    parser.add_argument("--keep", type=Path, help="a data folder to work in and to keep")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="site-at-scale-") as temporary:
        data = arguments.keep or Path(temporary)
        raw = data / "raw"
        raw.mkdir(parents=True, exist_ok=True)
        settings = Settings.from_environment(raw=raw, data=data)
        if not settings.warehouse.is_file():
            count = generate(
                arguments.warehouse.resolve(), settings.warehouse, arguments.departments, arguments.years
            )
            print(f"{count:,} departments (样例), {arguments.years} years", flush=True)
        built(settings)
        is_light = kilobytes(settings.site) & first_views(settings.site)
        return 0 if one_changed(settings) and is_light else 1


if __name__ == "__main__":
    sys.exit(main())
