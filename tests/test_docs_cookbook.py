"""The cookbook's questions, its query on a release, and the notebooks: they run, and answer as they say."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from docs.examples import examples_of, markdown_table
from pipelines.oversight.release.layout import DATABASE
from pipelines.oversight.release.storing import store_tables
from pipelines.settings import PROJECT_ROOT
from tests.built_raw import GROUP, BuiltRaw

pytestmark = pytest.mark.xdist_group(GROUP)

PAGE = PROJECT_ROOT / "docs" / "cookbook.md"
NOTEBOOKS = sorted((PROJECT_ROOT / "docs" / "notebooks").glob("*.py"))


@pytest.fixture(scope="module")
def release(built_raw: BuiltRaw, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of a release, without what stands beside it."""
    folder = tmp_path_factory.mktemp("release")
    store_tables(built_raw.data / "warehouse.duckdb", folder)
    return folder


def test_there_are_twenty_questions_with_results() -> None:
    questions = re.findall(r"^## (\d+)\. .*\?$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert questions == [str(number) for number in range(1, 21)]
    examples = list(examples_of(PAGE))
    assert len(examples) == 20
    assert all(example.shown.count("\n") > 2 for example in examples), "a result without rows answers nothing"


def test_the_query_on_a_release_gives_what_is_shown(release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    match = re.search(r"```sql\n(attach .*?)```\n\n(\|.*?)\n\n", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert match
    monkeypatch.chdir(release)
    attach, query = match[1].split(";", 1)
    with duckdb.connect() as connection:
        connection.execute(attach)
        result = connection.execute(query)
        columns = [column[0] for column in result.description or ()]
        assert markdown_table(columns, result.fetchall()) == match[2] + "\n"


def test_the_questions_run_on_a_release_unchanged(release: Path, built_raw: BuiltRaw) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"attach '{release / DATABASE}' as juesuan (read_only); use juesuan")
        for example in examples_of(PAGE):
            result = connection.execute(example.code)
            columns = [column[0] for column in result.description or ()]
            assert markdown_table(columns, result.fetchall()) == example.shown, example.line


def test_three_notebooks_are_named_on_the_page() -> None:
    assert len(NOTEBOOKS) == 3
    text = PAGE.read_text(encoding="utf-8")
    assert all(f"notebooks/{notebook.name}" in text for notebook in NOTEBOOKS)


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_without_network(notebook: Path, release: Path, tmp_path: Path) -> None:
    """On the database of a release, in a process whose every connection would fail."""
    (tmp_path / "sitecustomize.py").write_text(
        "import socket\n\ndef refused(*_, **__):\n    raise OSError('a notebook asked the network')\n\n"
        "socket.socket.connect = refused\nsocket.getaddrinfo = refused\n",
        encoding="utf-8",
    )
    environment = {
        **os.environ,
        "JUESUAN_DATABASE": str(release / DATABASE),
        "PYTHONPATH": str(tmp_path),
        "HOME": str(tmp_path),
    }
    finished = subprocess.run(
        [sys.executable, str(notebook)], env=environment, capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0, finished.stderr
    assert "asked the network" not in finished.stderr
    with duckdb.connect(str(release / DATABASE), read_only=True) as connection:
        (answer,) = connection.execute(EXPECTED[notebook.stem]).fetchone() or (None,)
    assert str(answer) in finished.stdout, finished.stdout[:2000]


#: Something each of them prints, asked in another way.
EXPECTED = {
    "execution": """
        select format('{:,}', max(expenditure_total_final_yuan)::bigint) from mart_department_year
        where expenditure_execution_ratio is not null""",
    "three_public": """
        select format('{:,}', max(amount_yuan)::bigint) from fct_three_public
        where document_kind = 'final_accounts' and basis = 'final' and fiscal_year =
            (select max(fiscal_year) from fct_three_public)""",
    "identities": """
        select format('{:,}', count(*)) || ' answers reckoned again, 0 of them otherwise than told.'
        from fct_identity_results where verdict <> 'not_evaluable'""",
}
