"""Rooms pass data downward only: what a room imports lies above it, in itself, or belongs to all."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.settings import PROJECT_ROOT

PACKAGE = PROJECT_ROOT / "pipelines"
# In the order a document takes.
ROOMS = ("acquisition", "extraction", "statements", "warehouse", "oversight", "operations")
# What is no room: the settings are everyone's, those of Dagster are for the modules that speak to it.
FOR_ALL = {"pipelines.settings", "pipelines.failures"}
FOR_DAGSTER = {"pipelines.dagster_settings", "pipelines.dagster_retries"}
PDF = {"pdfplumber", "pdfminer", "pypdfium2", "pypdfium2_raw", "fitz", "pypdf"}
DAGSTER = {"dagster", "dagster_dbt", "dagster_celery", "dagster_postgres"}
# Modules of the rooms that speak to Dagster; all work is in the others.
SPEAKS_DAGSTER = {
    "assets",
    "check_assets",
    "dbt_assets",
    "jobs",
    "lake_specs",
    "partitions",
    "reading_assets",
    "runs",
    "sensors",
}


def imported(path: Path) -> Iterator[str]:
    """Every module a file imports, also inside functions and under TYPE_CHECKING, by its full name."""
    package = ".".join(path.relative_to(PROJECT_ROOT).with_suffix("").parts[:-1])
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) + 1 - node.level] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            if module == "pipelines":
                yield from (f"{module}.{alias.name}" for alias in node.names)
            else:
                yield module


def modules(room: str) -> list[Path]:
    return sorted((PACKAGE / room).rglob("*.py"))


def may_import(room: str, module: str, speaks_dagster: bool) -> bool:
    if not module.startswith("pipelines"):
        return True
    if module in FOR_ALL or (speaks_dagster and module in FOR_DAGSTER):
        return True
    return module.split(".")[1:2] in [[above] for above in ROOMS[: ROOMS.index(room) + 1]]


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_knows_only_the_rooms_before_it(room: str) -> None:
    wrong = [
        f"{path.relative_to(PACKAGE)} imports {module}"
        for path in modules(room)
        for module in imported(path)
        if not may_import(room, module, path.stem in SPEAKS_DAGSTER)
    ]
    assert modules(room)
    assert wrong == []


@pytest.mark.parametrize(
    ("room", "libraries"), [("statements", PDF), ("acquisition", PDF), ("extraction", {"duckdb", "dbt"})]
)
def test_a_room_does_not_know_what_is_another_rooms(room: str, libraries: set[str]) -> None:
    assert [
        f"{path.relative_to(PACKAGE)} imports {module}"
        for path in modules(room)
        for module in imported(path)
        if module.split(".")[0] in libraries
    ] == []


@pytest.mark.parametrize("room", ROOMS)
def test_only_assets_speak_to_dagster(room: str) -> None:
    assert [
        f"{path.relative_to(PACKAGE)} imports {module}"
        for path in modules(room)
        if path.stem not in SPEAKS_DAGSTER
        for module in imported(path)
        if module.split(".")[0] in DAGSTER
    ] == []


def test_the_walk_sees_imports_in_every_form() -> None:
    """A test that overlooks an import proves nothing."""
    path = PACKAGE / "acquisition" / "assets.py"
    assert "pipelines.acquisition.inventory" in set(imported(path))
    assert not may_import("acquisition", "pipelines.warehouse.build", speaks_dagster=True)
    assert not may_import("extraction", "pipelines.cli.app", speaks_dagster=False)
    assert not may_import("extraction", "pipelines", speaks_dagster=False)
    assert may_import("warehouse", "pipelines.extraction.model", speaks_dagster=False)
    everywhere = {module for path in modules("warehouse") for module in imported(path)}
    assert "pipelines.extraction.picture" in everywhere, "imported inside a function only"
