"""docs/threats.md names tests that exist, and what it says that no other test shows is shown here."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from pipelines.acquisition.intake import take_in
from pipelines.acquisition.inventory import take_inventory
from pipelines.settings import PROJECT_ROOT, Settings
from pipelines.warehouse.build import list_raw, read_new
from pipelines.warehouse.lake import Lake
from pipelines.warehouse.summary import summarise
from tests.acquisition.server import Clock, pdf
from tests.acquisition.test_governments import zipped
from tests.warehouse.fakes import put, understand_fake

PAGE = PROJECT_ROOT / "docs" / "threats.md"
# Packages that talk to models which follow instructions, or are such models.
TALKERS = re.compile(
    r"^(openai|anthropic|google-genai|google-generativeai|cohere|mistralai|ollama|litellm|langchain.*|"
    r"llama-.*|transformers|vllm|huggingface-hub|dashscope|zhipuai|qianfan)=="
)


@cache
def names_of_tests() -> frozenset[str]:
    return frozenset(
        node.name
        for path in (PROJECT_ROOT / "tests").rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )


def test_every_test_that_the_threats_name_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", PAGE.read_text(encoding="utf-8")))
    assert len(named) > 30
    assert sorted(named - names_of_tests()) == []


def test_every_threat_has_a_test_or_says_that_there_is_none() -> None:
    rows = [
        line.split(" | ") for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")
    ]
    assert len(rows) > 20
    bare = [row[1] for row in rows[2:] if "`test_" not in row[-1] and "none here" not in row[-1]]
    assert bare == []


@pytest.mark.parametrize(
    "name", ["../../out.pdf", "/tmp/juesuan-out.pdf", "..\\..\\out.pdf", "C:\\out.pdf", "a/../../../out.pdf"]
)
def test_an_archive_writes_nothing_outside_the_store(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "deep" / "er"
    (folder / "from").mkdir(parents=True)
    (folder / "from" / "all.zip").write_bytes(zipped((name, pdf("x"))))
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    take_in(folder / "raw", folder / "from", clock=Clock())
    new = {path for path in tmp_path.rglob("*") if path.is_file()} - before
    assert new
    assert all(path.is_relative_to(folder / "raw" / "acquired") for path in new)
    assert not Path("/tmp/juesuan-out.pdf").exists()
    assert len(take_inventory(folder / "raw").files) == 1, "and what it holds is not lost"


def test_names_that_are_sql_are_names(tmp_path: Path) -> None:
    """A folder, a file and a department may be called what they like."""
    evil = "o'); DROP TABLE documents; --"
    settings = Settings(raw=tmp_path / f"raw {evil}", data=tmp_path / f"data {evil}", workers=1)
    put(settings.raw / f"{evil}.pdf", "2023\n1.00\n")
    put(settings.raw / "plain.pdf", "blank\n")
    rows = f'path,department,region_code\n"{evil}.pdf","{evil}",420100\n'
    (settings.raw / "register.csv").write_text(rows, encoding="utf-8")
    documents, _ = read_new(settings, list_raw(settings), understand=understand_fake)
    assert {document.source_path for document in documents} == {f"{evil}.pdf", "plain.pdf"}
    lake = Lake(settings.lake)
    assert {entry.source_path for entry in lake.entries().values()} == {f"{evil}.pdf", "plain.pdf"}
    assert f"{evil}.pdf" in lake.inventory()
    assert [aside.source_path for aside in summarise(lake).set_aside] == ["plain.pdf"]


def test_nothing_listens_on_the_network_by_itself() -> None:
    """Dagster's UI has no login: it must stay on this machine, which is its default, and so must the site."""
    from dagster_webserver.cli import DEFAULT_WEBSERVER_HOST

    from pipelines.oversight.serving import HOST

    ui = re.search(r"dagster dev .*", (PROJECT_ROOT / "Makefile").read_text(encoding="utf-8"))
    assert ui
    assert not re.search(r"\s(-h|--host)\b", ui[0])
    assert HOST == DEFAULT_WEBSERVER_HOST == "127.0.0.1"


def lock() -> list[str]:
    text = (PROJECT_ROOT / "requirements.lock").read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def test_every_dependency_is_locked_with_its_hash() -> None:
    assert len(lock()) > 100
    assert [line.split()[0] for line in lock() if "==" not in line or "--hash=sha256:" not in line] == []


def test_no_library_that_talks_to_a_language_model_is_installed() -> None:
    assert [line.split()[0] for line in lock() if TALKERS.match(line)] == []


def test_an_audit_without_an_answer_fails() -> None:
    """pip-audit passes over what the service does not know, unless it is strict."""
    makefile = (PROJECT_ROOT / "Makefile").read_text(encoding="utf-8")
    audit = re.search(r"pip-audit .*", makefile)
    assert audit
    assert "--strict" in audit[0]
    assert "requirements.lock" in audit[0]
