"""Small warehouses to be released, and releases to be tampered with."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb

from pipelines.oversight.release.layout import CHECKSUMS, PACKAGE, files_of, hash_of, parquet_of
from pipelines.settings import Settings
from tests.built_raw import RAW

#: The department whose documents a small warehouse holds.
DEPARTMENT = "%样例文化馆"


def small_warehouse(source: Path, data: Path, statements: Sequence[str] = ()) -> Settings:
    """A data folder whose warehouse holds one department and its region, after ``statements``."""
    settings = Settings(raw=RAW, data=data)
    data.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, settings.warehouse)
    with duckdb.connect(str(settings.warehouse)) as connection:
        kept = f"(select department_id from main.dim_department where department_name like '{DEPARTMENT}')"
        columns = connection.execute(
            "select table_name, list(column_name) from duckdb_columns() where schema_name = 'main' group by 1"
        ).fetchall()
        for table, names in columns:
            if table != "dim_department" and "department_id" in names:
                connection.execute(f"delete from {table} where department_id is distinct from {kept}")
            elif table != "dim_department" and "disclosure_id" in names:
                connection.execute(
                    f"delete from {table} where disclosure_id not in "
                    f"(select disclosure_id from dim_disclosure where department_id = {kept})"
                )
        connection.execute(f"delete from dim_department where department_name not like '{DEPARTMENT}'")
        connection.execute(
            "delete from dim_region where region_code not in (select region_code from dim_department)"
        )
        for statement in statements:
            connection.execute(statement)
    return settings


def copied(release: Path, to: Path) -> Path:
    """A copy whose files can be replaced, not changed in place: they are linked."""
    shutil.copytree(release, to, copy_function=os.link)
    return to


def replaced(path: Path, change: Callable[[str], str]) -> None:
    """Put a changed text in the place of a file."""
    text = path.read_bytes().decode("utf-8")
    changed = change(text)
    assert changed != text, "the test would tamper with nothing"
    path.unlink()
    path.write_bytes(changed.encode("utf-8"))


def signed_again(folder: Path) -> None:
    """What a careful forger does: hashes and sizes in the data package, and the checksums, made anew."""
    package = json.loads((folder / PACKAGE).read_text(encoding="utf-8"))
    for resource in package["resources"]:
        path = folder / resource["path"]
        if path.is_file():
            resource |= {"bytes": path.stat().st_size, "hash": f"sha256:{hash_of(path)}"}
    (folder / PACKAGE).unlink()
    (folder / PACKAGE).write_text(json.dumps(package, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    sums = [f"{hash_of(folder / path)}  {path}\n" for path in files_of(folder) if path != CHECKSUMS]
    (folder / CHECKSUMS).unlink()
    (folder / CHECKSUMS).write_text("".join(sums), encoding="utf-8")


def parquet_changed(folder: Path, table: str, change: str) -> None:
    """Put a changed table in the place of a Parquet file; ``change`` is an UPDATE or DELETE of ``t``."""
    path = folder / parquet_of(table)
    with duckdb.connect() as connection:
        connection.execute(f"create table t as from read_parquet('{path}')")
        connection.execute(change)
        path.unlink()
        connection.execute(f"copy t to '{path}' (format parquet, compression zstd)")


def database_changed(path: Path, statement: str) -> None:
    """Run a statement on a DuckDB file, without changing the file it is linked to."""
    aside = path.with_suffix(".aside")
    shutil.copyfile(path, aside)
    with duckdb.connect(str(aside)) as connection:
        connection.execute(statement)
    path.unlink()
    aside.rename(path)
