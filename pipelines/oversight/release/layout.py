"""What stands where in a release, and how its files are read.

::

    2025-09-20/
      README.md  LICENSE  CITATION.cff    for people: what it is, how to cite it
      datapackage.json                    Frictionless Data Package, made of dbt's descriptions
      juesuan.duckdb                      the marts, for DuckDB
      parquet/TABLE.parquet               the same, a file each
      csv/TABLE.csv                       the same, safe to open in a spreadsheet
      documents.csv                       the documents, their hashes, where they were obtained
      counts.csv                          rows by region and year, in the warehouse and in the release
      changes.csv                         figures that differ from the last release
      sbom.cdx.json                       what the program is made of (CycloneDX)
      SHA256SUMS                          of all other files, for ``sha256sum -c``
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb

DATABASE = "juesuan.duckdb"
PACKAGE = "datapackage.json"
DOCUMENTS = "documents.csv"
COUNTS = "counts.csv"
CHANGES = "changes.csv"
SBOM = "sbom.cdx.json"
CITATION = "CITATION.cff"
README = "README.md"
LICENSE = "LICENSE"
CHECKSUMS = "SHA256SUMS"
#: What marks a specimen, on its pages and here.
SYNTHETIC = "样例 SYNTHETIC"

#: The facts that hold printed amounts, each exactly once, with the column that names the row.
FIGURES = {
    "fct_revenue_by_function": "functional_code",
    "fct_expenditure_by_function": "functional_code",
    "fct_expenditure_by_economic": "economic_code",
    "fct_statement_totals": "row_key",
    "fct_three_public": "row_key",
    "fct_procurement": "item_path",
    "fct_project_target": "project_name",
}

_LINE = re.compile(r"([0-9a-f]{64})  (.+)")


class ReleaseError(RuntimeError):
    """A release cannot be made or read; the message says why and what to do."""


def parquet_of(table: str) -> str:
    """Path of a table's Parquet file within a release."""
    return f"parquet/{table}.parquet"


def csv_of(table: str) -> str:
    """Path of a table's CSV file within a release."""
    return f"csv/{table}.csv"


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str | Path) -> str:
    """A text as an SQL literal."""
    return "'" + str(text).replace("'", "''") + "'"


def open_duckdb() -> duckdb.DuckDBPyConnection:
    """A connection in memory that fetches no extension: a release comes from anywhere."""
    return duckdb.connect(
        config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
    )


def hash_of(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def files_of(folder: Path) -> Iterator[str]:
    """Every file and link below a folder, as a path with forward slashes, in order."""
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_dir():
            yield path.relative_to(folder).as_posix()


def read_checksums(folder: Path) -> dict[str, str]:
    """``SHA256SUMS`` as path -> hash. Raises ``ReleaseError`` where there is none or it is not one."""
    path = folder / CHECKSUMS
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise ReleaseError(f"{path} cannot be read, so this is not a release: {error}") from error
    sums: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        match = _LINE.fullmatch(line)
        if match is None or match[2] in sums or Path(match[2]).is_absolute() or ".." in Path(match[2]).parts:
            raise ReleaseError(f"{path} line {number} is not a hash and a path within the release: {line!r}")
        sums[match[2]] = match[1]
    return sums


_FIGURE = "cell_id, amount_yuan, amount_printed, amount_as_read, fiscal_year, disclosure_id"


def figures_sql() -> str:
    """All printed amounts of a release, by cell."""
    return " UNION ALL ".join(f"SELECT {_FIGURE} FROM {table}" for table in FIGURES)
