"""Web server, daemon and workers load the code location at the same time: none sees half a manifest."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipelines.settings import Settings
from pipelines.warehouse import manifest
from pipelines.warehouse.dbt_runner import DbtRun
from pipelines.warehouse.manifest import ManifestError, manifest_of

CONTENT = json.dumps({"nodes": {"model.juesuan.fct_cells": {}}})


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(raw=tmp_path / "raw", data=tmp_path / "data")


def test_a_process_that_comes_while_another_parses_gets_a_whole_manifest(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen_meanwhile: list[str] = []

    def parse(
        settings: Settings, arguments: list[str], *, warehouse: Path, target: Path, logs: Path
    ) -> DbtRun:
        target.mkdir(parents=True, exist_ok=True)
        (target / "manifest.json").write_text(CONTENT[: len(CONTENT) // 2], encoding="utf-8")
        if not seen_meanwhile:
            seen_meanwhile.append("")  # the second process parses without a third one
            seen_meanwhile[0] = manifest_of(settings).read_text(encoding="utf-8")
        (target / "manifest.json").write_text(CONTENT, encoding="utf-8")
        return DbtRun(True, (), "")

    monkeypatch.setattr(manifest, "run_dbt", parse)
    first = manifest_of(settings)
    assert seen_meanwhile == [CONTENT]
    assert first.read_text(encoding="utf-8") == CONTENT
    assert list(first.parent.iterdir()) == [first], "nothing of the parsing is left beside it"


def test_it_is_made_once_for_a_project_and_anew_when_the_project_has_changed(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed: list[Path] = []

    def parse(
        settings: Settings, arguments: list[str], *, warehouse: Path, target: Path, logs: Path
    ) -> DbtRun:
        parsed.append(target)
        target.mkdir(parents=True, exist_ok=True)
        (target / "manifest.json").write_text(CONTENT, encoding="utf-8")
        return DbtRun(True, (), "")

    monkeypatch.setattr(manifest, "run_dbt", parse)
    first = manifest_of(settings)
    assert manifest_of(settings) == first
    assert len(parsed) == 1
    monkeypatch.setattr(manifest, "dbt_project_version", lambda settings: "f" * 64)
    second = manifest_of(settings)
    assert len(parsed) == 2
    assert list(second.parent.iterdir()) == [second], "the manifest of the project as it was is gone"


def test_a_project_that_cannot_be_parsed_is_an_error_that_says_why(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(manifest, "run_dbt", lambda *_, **__: DbtRun(False, ("model x: no such column",), ""))
    with pytest.raises(ManifestError, match="no such column"):
        manifest_of(settings)
    assert not list((settings.data / "dbt_manifest").iterdir())
