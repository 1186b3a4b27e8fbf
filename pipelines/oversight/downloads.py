"""The marts as Parquet, to be taken away whole: of the departments that the site shows."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

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
    with tempfile.TemporaryDirectory(prefix="juesuan-marts-") as folder:
        for table in tables_by_department(connection):
            if not table.startswith("mart_"):
                continue
            target = Path(folder) / f"{table}.parquet"
            # A mart of publications also names departments of which nothing is held.
            (n_rows,) = connection.execute(
                f"copy (select t.* from {table} as t left join dim_department as p "
                "on t.department_id = p.department_id "
                f"where {str(site.warehouse.with_specimens).lower()} or not coalesce(p.is_synthetic, false) "
                f"order by all) to '{target}' (format parquet, compression zstd)"
            ).fetchone() or (0,)
            content = target.read_bytes()
            path = f"data/marts/{table}.parquet"
            site.folder.write(path, content)
            found.append(Download(path, n_rows, len(content)))
    return found
