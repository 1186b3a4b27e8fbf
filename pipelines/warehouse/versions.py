"""What decides whether something must be done again: versions made of content.

A document is read again when its bytes, the code and data that read it, or what the register or a
reviewer says of it have changed. The warehouse is built again when the lake, the dbt project, the
identities or a library that takes part have changed. All versions are hashes of content, never times
of change.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from functools import cache
from importlib.metadata import version
from pathlib import Path

from pipelines.acquisition.model import FoundFile, Reviewed
from pipelines.settings import PROJECT_ROOT, Settings, chosen_reader

PACKAGE = Path(__file__).resolve().parent.parent

# What takes part in reading, besides the two rooms themselves.
_READING_LIBRARIES = ("pdfplumber", "pdfminer.six", "pypdfium2")
_READING_SOURCES = (
    "extraction",
    "statements",
    "warehouse/datasets.py",
    "warehouse/rows.py",
    "warehouse/reading.py",
    "warehouse/reading_checks.py",
    "warehouse/reviewing.py",
)
# What takes part in repairing recognised figures, besides the identities and the SQL that evaluates them.
_REPAIR_SOURCES = tuple(
    f"warehouse/{name}.py"
    for name in (
        "repair",
        "repairing",
        "proposals",
        "equations",
        "intervals",
        "identities",
        "identity_tables",
        "identity_schema",
    )
)
_SOURCE_SUFFIXES = {".py", ".yaml", ".yml", ".json", ".csv", ".sql", ".md"}

_BUILD_LIBRARIES = ("dbt-core", "dbt-duckdb", "duckdb", "great-expectations")


@cache
def extractor_version() -> str:
    """Version of everything that turns a PDF into rows, as 12 hex digits.

    Over the source and catalogue of the rooms ``extraction`` and ``statements``, the shape of the
    datasets, the versions of the PDF libraries, and which of the two readers was chosen.
    """
    digest = hashlib.sha256(f"reader={chosen_reader()}\n".encode())
    for part in _READING_SOURCES:
        _add_files(digest, PACKAGE, PACKAGE / part)
    for library in _READING_LIBRARIES:
        digest.update(f"{library}=={version(library)}\n".encode())
    return digest.hexdigest()[:12]


@cache
def repair_version() -> str:
    """Version of everything that repairs recognised figures, as 12 hex digits.

    Over that code, the identities and the SQL that evaluates them. Only documents with recognised figures
    depend on it: a new identity reads scans again, and no other document.
    """
    digest = hashlib.sha256(f"duckdb=={version('duckdb')}\n".encode())
    for part in _REPAIR_SOURCES:
        _add_files(digest, PACKAGE, PACKAGE / part)
    for part in ("expectations/identities", "dbt_project/models/identities", "dbt_project/macros"):
        _add_files(digest, PROJECT_ROOT, PROJECT_ROOT / part)
    return digest.hexdigest()[:12]


def reading_version(extractor: str, is_recognised: bool) -> str:
    """The version a document is stored under that ``extractor`` read, with or without recognised figures."""
    return f"{extractor}+{repair_version()}" if is_recognised else extractor


def registration_version(file: FoundFile) -> str:
    """Version of what is said of a file, as 12 hex digits: by the register (its path too) and by reviewers.

    In which row a reviewer says it does not count.
    """
    text = json.dumps(asdict(file.registered), default=str, ensure_ascii=False, sort_keys=True)
    if file.reviewed != Reviewed():
        text += repr(file.reviewed)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def build_version(settings: Settings, lake_content: Iterable[object]) -> str:
    """Version of everything the warehouse is made of, as 16 hex digits.

    ``lake_content`` lists what lies in the lake in a fixed order (documents with their versions, the
    inventory); the dbt project, ``expectations/``, the warehouse's own code and libraries are added.
    """
    digest = hashlib.sha256()
    for item in lake_content:
        digest.update(repr(item).encode())
    digest.update(dbt_project_version(settings).encode())
    _add_files(digest, settings.expectations, settings.expectations)
    _add_files(digest, PACKAGE, PACKAGE / "warehouse")
    _add_files(digest, PACKAGE, PACKAGE / "statements")
    for library in _BUILD_LIBRARIES:
        digest.update(f"{library}=={version(library)}\n".encode())
    return digest.hexdigest()[:16]


def made_with() -> dict[str, str]:
    """Versions of what a warehouse is made with, for people: the program, its extractor, the libraries."""
    named = {name: version(name) for name in ("juesuan", *_READING_LIBRARIES, *_BUILD_LIBRARIES)}
    return {"extractor": extractor_version(), **named}


def dbt_project_version(settings: Settings) -> str:
    """Version of the dbt project's own files, as 64 hex digits."""
    digest = hashlib.sha256()
    for part in ("models", "macros", "seeds", "tests", "dbt_project.yml", "profiles.yml"):
        _add_files(digest, settings.dbt_project, settings.dbt_project / part)
    return digest.hexdigest()


def _add_files(digest: hashlib._Hash, root: Path, path: Path) -> None:
    if path.is_file():
        digest.update(f"{path.relative_to(root).as_posix()}\n".encode())
        digest.update(path.read_bytes())
    elif path.is_dir():
        for file in sorted(path.rglob("*")):
            if file.is_file() and file.suffix in _SOURCE_SUFFIXES:
                _add_files(digest, root, file)
