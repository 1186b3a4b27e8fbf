"""The marts as Parquet, to be taken away whole: of the departments that the site shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.oversight.digests import tables_by_department
from pipelines.oversight.rendering import Site


@dataclass(frozen=True, slots=True)
class Download:
    """A file to take away: its address from the root of the site, its rows, its bytes."""

    path: str
    n_rows: int
    n_bytes: int


def write_marts(site: Site) -> Sequence[Download]:
    """Write every mart that is by department as a Parquet file, its rows in one order."""
    connection = site.warehouse.connection
    found = []
    for table in tables_by_department(connection):
        if not table.startswith("mart_"):
            continue
        path = f"data/marts/{table}.parquet"
        with site.folder.opened(path) as target:
            quoted = str(target).replace("'", "''")
            # A mart of publications also names departments of which nothing is held.
            (n_rows,) = connection.execute(
                f"copy (select t.* from {table} as t left join dim_department as p "
                "on t.department_id = p.department_id "
                f"where {str(site.warehouse.with_specimens).lower()} or not coalesce(p.is_synthetic, false) "
                f"order by all) to '{quoted}' (format parquet, compression zstd)"
            ).fetchone() or (0,)
            n_bytes = target.stat().st_size
        found.append(Download(path, n_rows, n_bytes))
    return found
