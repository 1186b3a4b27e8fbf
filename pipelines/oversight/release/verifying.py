"""Verifying a release: that it is whole, that its forms agree, that what it says of itself is true.

Nothing but the release is needed; with the raw folder its documents are compared too, with the digest that
was told when it was made every byte is. Checksums show what was changed by chance; the rest shows what was
changed on purpose and the checksums with it.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import yaml

from pipelines.acquisition.inventory import hash_file
from pipelines.oversight.release import checks
from pipelines.oversight.release.bill_of_materials import problem_of_sbom
from pipelines.oversight.release.checks import Problem
from pipelines.oversight.release.layout import (
    CHANGES,
    CHECKSUMS,
    COUNTS,
    DATABASE,
    DOCUMENTS,
    PACKAGE,
    SBOM,
    ReleaseError,
    files_of,
    hash_of,
    read_checksums,
)
from pipelines.oversight.release.lists import Marts, open_marts

#: What reading a file that is not what it should be ends in.
_UNREADABLE = (
    *(duckdb.Error, yaml.YAMLError, csv.Error, OSError),
    *(ValueError, LookupError, TypeError, AttributeError),
)


def verify_release(folder: Path, *, digest: str = "", raw: Path | None = None) -> tuple[Problem, ...]:
    """Everything that is wrong with a release, the files first; empty where it is as it was made.

    ``digest`` is the hash of its checksums as told by ``juesuan release``; ``raw`` a folder that holds the
    documents. Raises ``ReleaseError`` where the folder is no release.
    """
    problems = list(verify_files(folder))
    if digest and hash_of(folder / CHECKSUMS) != digest.lower():
        problems.append(
            Problem(
                "digest",
                CHECKSUMS,
                f"has the digest {hash_of(folder / CHECKSUMS)}, not {digest}",
            )
        )
    try:
        marts = open_marts(folder)
    except (duckdb.Error, OSError) as error:
        return (
            *problems,
            Problem("unreadable", "parquet/", f"the tables cannot be read: {_first_line(error)}"),
        )
    with marts.connection:
        for path, check in _CHECKS:
            problems += _asked(path, lambda check=check: check(folder, marts))  # type: ignore[misc]
        if raw is not None:
            problems += _asked(DOCUMENTS, lambda: _documents_in(raw, marts))
    return tuple(problems)


def verify_files(folder: Path) -> tuple[Problem, ...]:
    """What the checksums say: files changed, missing, or there without being in them.

    Raises ``ReleaseError`` where there are no checksums to read.
    """
    sums = read_checksums(folder)
    there = set(files_of(folder)) - {CHECKSUMS}
    problems = []
    for path in sorted(there | set(sums)):
        file = folder / path
        if path not in there:
            problems.append(Problem("missing file", path, "is missing"))
        elif path not in sums:
            problems.append(Problem("extra file", path, "does not belong to the release"))
        elif file.is_symlink():
            problems.append(Problem("changed file", path, "is a link and no file"))
        elif hash_of(file) != sums[path]:
            problems.append(Problem("changed file", path, "has been changed: its checksum is another"))
    return tuple(problems)


def _asked(path: str, check: Callable[[], Iterator[Problem]]) -> list[Problem]:
    """The problems a check finds; that it cannot be asked at all is one too."""
    try:
        return list(check())
    except _UNREADABLE as error:
        return [Problem("unreadable", path, f"cannot be read as it should be: {_first_line(error)}")]


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _sbom(folder: Path, _: Marts) -> Iterator[Problem]:
    if said := problem_of_sbom(folder / SBOM):
        yield Problem("bill of materials", SBOM, f"is not a CycloneDX bill of materials: {said}")


def _documents_in(raw: Path, marts: Marts) -> Iterator[Problem]:
    for path, sha256 in marts.connection.execute(
        "SELECT source_path, sha256 FROM dim_document ORDER BY source_path"
    ).fetchall():
        file = raw / path
        if not file.resolve().is_relative_to(raw.resolve()) or not file.is_file():
            yield Problem("document", DOCUMENTS, f"{path} is not in {raw}")
        elif hash_file(file) != sha256:
            yield Problem("document", DOCUMENTS, f"{path} in {raw} is not the file the release was read from")


def _package(folder: Path, marts: Marts) -> Iterator[Problem]:
    package = json.loads((folder / PACKAGE).read_text(encoding="utf-8"))
    yield from checks.package(folder, marts, package)


def _papers(folder: Path, marts: Marts) -> Iterator[Problem]:
    package = json.loads((folder / PACKAGE).read_text(encoding="utf-8"))
    yield from checks.papers(folder, marts, package)


def _changes(folder: Path, marts: Marts) -> Iterator[Problem]:
    package = json.loads((folder / PACKAGE).read_text(encoding="utf-8"))
    yield from checks.changes(folder, marts, str(package["juesuan"]["last_release"]))


#: Each check with the file a reader should look at when it cannot be asked.
_CHECKS: tuple[tuple[str, Callable[[Path, Marts], Iterator[Problem]]], ...] = (
    (DATABASE, checks.database),
    ("csv/", checks.csv_files),
    (DOCUMENTS, checks.documents),
    (COUNTS, checks.counted),
    (PACKAGE, _package),
    (CHANGES, _changes),
    ("parquet/", checks.figures),
    ("parquet/", checks.identities),
    (PACKAGE, _papers),
    (SBOM, _sbom),
)

__all__ = ["Problem", "ReleaseError", "verify_files", "verify_release"]
