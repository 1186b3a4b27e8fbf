"""Thousands of documents, each in files of its own, are read into a table within the memory there is."""

from __future__ import annotations

import os
import re
from pathlib import Path

import duckdb
import pytest

from pipelines.settings import PROJECT_ROOT
from tests.warehouse.small_lake import small_lake

STAGING = PROJECT_ROOT / "dbt_project" / "models" / "staging"
DOCUMENTS = 1_500
MEMORY_MB = 300


@pytest.mark.parametrize("dataset", ["documents", "statements", "line_items"])
def test_a_table_of_many_files_needs_no_block_for_each(tmp_path: Path, dataset: str) -> None:
    lake, _ = small_lake()
    lake.write(tmp_path / "lake")
    # The widest file of the dataset, as so many documents.
    source = max((tmp_path / "lake" / dataset).rglob("*.parquet"), key=lambda path: path.stat().st_size)
    (tmp_path / dataset).mkdir()
    for number in range(DOCUMENTS):
        os.link(source, tmp_path / dataset / f"{number:05d}.parquet")
    model = (STAGING / f"stg_{dataset}.sql").read_text(encoding="utf-8")
    sql = re.sub(
        r"\{\{ source\('lake', '\w+'\) \}\}",
        f"read_parquet('{tmp_path}/{dataset}/*.parquet', hive_partitioning = false, union_by_name = true)",
        model,
    )
    config: dict[str, str | int] = {"memory_limit": f"{MEMORY_MB}MB", "threads": 2}
    with duckdb.connect(str(tmp_path / "built.duckdb"), config=config) as connection:
        connection.execute("set enable_external_file_cache = false")
        connection.execute(f"create table made as {sql}")
        (read,) = connection.execute("select count(*) from made").fetchone() or (0,)
        (held,) = connection.execute(f"select count(*) from '{source}'").fetchone() or (0,)
    assert read == DOCUMENTS * held > 0
