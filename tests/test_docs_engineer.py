"""The engineer's page names every setting, exit status, reason, job and column there is, and no other."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from docs.examples import FOLDER
from pipelines import settings as settings_module
from pipelines.acquisition.register import RegisterRow
from pipelines.cli.exit_codes import ExitCode
from pipelines.settings import PROJECT_ROOT, Settings
from pipelines.statements.model import NoteKind
from pipelines.warehouse.pool import FailureReason
from pipelines.warehouse.reading import CHANGED, LIMIT_REASONS
from pipelines.warehouse.reading_checks import INCONSISTENT
from pipelines.warehouse.reviewing import EXCLUDED

PAGE = (FOLDER / "engineer.md").read_text(encoding="utf-8")


def section(heading: str) -> str:
    """The text under a second-level heading."""
    match = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert match, heading
    return match[1]


def first_column(text: str) -> list[str]:
    """The names in the first column of the tables of a text."""
    return [
        name
        for cell in re.findall(r"^\| (`[^|]*) \|", text, re.MULTILINE)
        for name in re.findall(r"`([^`]+)`", cell)
    ]


def test_settings_are_those_of_the_code() -> None:
    rows = re.findall(r"^\| `(JUESUAN_\w+)` \| ([^|]+) \|", section("Settings"), re.MULTILINE)
    assert [name for name, _ in rows] == sorted(
        set(re.findall(r"``(JUESUAN_\w+)``", settings_module.__doc__ or "")),
        key=(settings_module.__doc__ or "").index,
    )
    said = {name: text.strip("`") for name, text in rows}
    default = Settings.from_environment({})
    alerts = settings_module.alert_settings({})
    assert not any((alerts.smtp, alerts.smtp_password, alerts.sender, alerts.recipients, alerts.hook))
    nowhere = [f"JUESUAN_ALERT_{name}" for name in ("SMTP", "SMTP_PASSWORD", "FROM", "TO", "HOOK")]
    with_ducklake = Settings.from_environment({"JUESUAN_DUCKLAKE": "dbname=ducklake"})
    assert with_ducklake.ducklake is not None
    assert {name: said[name] for name in said if name != "JUESUAN_WORKERS"} == {
        "JUESUAN_RAW": default.raw.name,
        "JUESUAN_DATA": default.data.name,
        "JUESUAN_DOCUMENT_SECONDS": f"{default.limits.seconds:g}",
        "JUESUAN_DOCUMENT_MEMORY_MB": str(default.limits.memory_mb),
        "JUESUAN_MAX_PAGES": str(default.limits.max_pages),
        "JUESUAN_MAX_FILE_MB": str(default.limits.max_file_mb),
        "JUESUAN_RECYCLE_AFTER": str(default.recycle_after),
        "JUESUAN_BUILD_MEMORY_MB": str(default.build_memory_mb),
        "JUESUAN_CARRY_FROM": str(default.carry_from),
        "JUESUAN_READER": settings_module.chosen_reader({}),
        "JUESUAN_ROLLOUT": default.rollout,
        "JUESUAN_SOURCES": default.sources.relative_to(PROJECT_ROOT).as_posix(),
        "JUESUAN_AS_OF": "empty" if default.as_of is None else str(default.as_of),
        "JUESUAN_SCAN_THREADS": str(settings_module.scan_threads({})),
        "JUESUAN_UI": alerts.ui,
        **dict.fromkeys(nowhere, "empty"),
        "JUESUAN_ALERT_HOOK_FORM": alerts.hook_form,
        "JUESUAN_CELERY": "empty" if default.celery is None else str(default.celery),
        "JUESUAN_CHUNK_DOCUMENTS": "empty" if default.chunk_documents is None else "set",
        "JUESUAN_DUCKLAKE": "empty" if default.ducklake is None else default.ducklake.catalogue,
        "JUESUAN_DUCKLAKE_DATA": with_ducklake.ducklake.data.relative_to(Path.cwd()).as_posix(),
    }
    assert default.workers == settings_module.usable_cores()


def test_exit_statuses_are_those_of_the_command() -> None:
    said = re.findall(r"^\| (\d) \|", section("Exit status"), re.MULTILINE)
    assert [int(status) for status in said] == [code.value for code in ExitCode]


def test_every_reason_for_setting_aside_is_explained() -> None:
    read = (PROJECT_ROOT / "pipelines" / "extraction" / "read.py").read_text(encoding="utf-8")
    known = set(re.findall(r"^``(\w+)``  ", read, re.MULTILINE))
    known |= {*get_args(FailureReason), *LIMIT_REASONS, CHANGED, EXCLUDED, INCONSISTENT, "not_a_disclosure"}
    named = first_column(section("When a document is not read"))
    assert len(named) == len(set(named))
    assert set(named) == known


def test_reasons_that_a_retry_tries_again_are_named() -> None:
    text = section("When a document is not read")
    retried = re.search(r"depend on\s+limits \(([^)]*)\)", text)
    assert retried
    assert set(re.findall(r"`(\w+)`", retried[1])) == LIMIT_REASONS


def test_every_kind_of_note_is_explained() -> None:
    text = section("When something on a page is not understood")
    named = set(re.findall(r"`(\w+)`", text)) - {"mart_not_understood"}
    assert named == set(get_args(NoteKind))


def test_every_column_of_the_register_is_explained() -> None:
    named = first_column(section("A folder of PDFs and its register"))
    assert named == list(RegisterRow.model_fields)


def test_jobs_schedule_and_sensor_are_those_of_the_code_location() -> None:
    code = (PROJECT_ROOT / "pipelines" / "definitions.py").read_text(encoding="utf-8")
    jobs = re.findall(r'define_asset_job\(\s*"(\w+)"', code)
    text = section("Dagster")
    assert [name for name in first_column(text) if name in jobs] == jobs
    assert "`weekly`" in text
    assert "def weekly(" in code
    assert "`raw_folder_changes`" in text
    assert "raw_folder_changes" in code


def test_groups_of_the_asset_graph_are_explained() -> None:
    text = section("Dagster")
    for path in ("acquisition", "extraction", "statements"):
        assets = (PROJECT_ROOT / "pipelines" / path / "assets.py").read_text(encoding="utf-8")
        assert f'"{path}"' in assets
        assert f"| `{path}` |" in text
    dbt_groups = set(
        re.findall(
            r'"(warehouse_\w+)"',
            (PROJECT_ROOT / "pipelines" / "warehouse" / "dbt_assets.py").read_text(encoding="utf-8"),
        )
    )
    for group in dbt_groups:
        assert group in text or group.removeprefix("warehouse") in text, group


@pytest.mark.parametrize("picture", sorted((FOLDER / "pictures").glob("*.png")), ids=lambda path: path.name)
def test_pictures_are_small_and_shown(picture: Path) -> None:
    assert picture.stat().st_size < 300_000
    pages = [PROJECT_ROOT / "README.md", *FOLDER.glob("*.md")]
    assert any(f"pictures/{picture.name}" in page.read_text(encoding="utf-8") for page in pages)
