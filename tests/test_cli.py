"""The command line: its exit statuses are a contract with scripts, its help teaches."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import duckdb
import pytest
from rich.cells import cell_len
from rich.console import Console
from typer.testing import CliRunner

from pipelines.cli import build_report
from pipelines.cli.app import app
from pipelines.cli.exit_codes import ExitCode
from pipelines.cli.querying import named_queries
from pipelines.cli.terminal import TerminalProgress, fitting, render
from pipelines.settings import PROJECT_ROOT, Settings
from pipelines.warehouse import build as build_module
from pipelines.warehouse.build import BuildFailedError, Built
from pipelines.warehouse.locking import build_lock
from pipelines.warehouse.pool import FailureReason
from pipelines.warehouse.reading import CHANGED, LIMIT_REASONS
from pipelines.warehouse.reading_checks import INCONSISTENT
from pipelines.warehouse.remedies import REMEDIES
from pipelines.warehouse.reviewing import EXCLUDED
from pipelines.warehouse.summary import Duplicate, SetAside, Summary

RUNNER = CliRunner()


def juesuan(*arguments: str) -> Any:
    return RUNNER.invoke(app, list(arguments))


def summary(*set_aside: SetAside) -> Summary:
    return Summary(
        n_files=25,
        n_documents=24,
        duplicates=(Duplicate("b/copy.pdf", "b/first.pdf"),),
        n_read=22 - len(set_aside),
        n_read_in_part=2,
        set_aside=set_aside,
        n_pages=480,
        n_statements=180,
        n_stated_empty=20,
        n_tables_not_understood=3,
        n_amounts=5000,
        cells_in_amounts=4950,
        cells_listed=50,
        notes={},
        verdicts={"exact": 4000, "violated": 2},
        findings=5,
    )


def built(*set_aside: SetAside) -> Built:
    return Built((), 24, ("row 3: column kind: no such kind",), True, None, summary(*set_aside))


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    (tmp_path / "raw").mkdir()
    return tmp_path / "raw"


def test_help_shows_first_steps_and_what_exit_statuses_mean() -> None:
    text = juesuan("--help").stdout
    for expected in (
        "juesuan build",
        "juesuan inspect",
        "juesuan query --list",
        "Exit status",
        "documents were set aside",
    ):
        assert expected in text
    for command in ("build", "inspect", "query"):
        assert juesuan(command, "--help").exit_code == 0


def test_a_missing_or_empty_folder_is_a_mistake_of_the_caller(tmp_path: Path, raw: Path) -> None:
    missing = juesuan("build", "--raw", str(tmp_path / "nowhere"), "--data", str(tmp_path / "data"))
    assert missing.exit_code == ExitCode.USAGE
    assert "there is no folder" in missing.stderr
    empty = juesuan("build", "--raw", str(raw), "--data", str(tmp_path / "data"))
    assert empty.exit_code == ExitCode.USAGE
    assert "no PDF in" in empty.stderr


def test_a_data_folder_that_cannot_be_used_is_named(tmp_path: Path, raw: Path) -> None:
    taken = tmp_path / "a file"
    taken.write_text("", encoding="utf-8")
    for data in (taken, taken / "below it"):
        result = juesuan("build", "--raw", str(raw), "--data", str(data))
        assert result.exit_code == ExitCode.USAGE
        assert f"the data folder {data} cannot be used" in result.stderr
        assert "--data" in result.stderr


def test_a_wrong_raw_folder_leaves_no_data_folder_behind(tmp_path: Path) -> None:
    juesuan("build", "--raw", str(tmp_path / "nowhere"), "--data", str(tmp_path / "data"))
    assert not (tmp_path / "data").exists()


def test_a_full_disk_ends_the_build_with_a_message(
    tmp_path: Path, raw: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> Built:
        raise OSError(28, "No space left on device", str(tmp_path / "data" / "lake"))

    monkeypatch.setattr(build_module, "build", fails)
    result = juesuan("build", "--raw", str(raw), "--data", str(tmp_path / "data"))
    assert result.exit_code == ExitCode.FAILED
    assert "No space left on device" in result.stderr
    assert "lake" in result.stderr


def test_a_bad_setting_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUESUAN_MAX_PAGES", "many")
    result = juesuan("build", "--data", str(tmp_path))
    assert result.exit_code == ExitCode.USAGE
    assert "JUESUAN_MAX_PAGES" in result.stderr


def test_another_build_at_work(tmp_path: Path, raw: Path) -> None:
    with build_lock(tmp_path / "data"):
        result = juesuan("build", "--raw", str(raw), "--data", str(tmp_path / "data"), "--wait", "0")
    assert result.exit_code == ExitCode.BUSY
    assert "another build is at work" in result.stderr


def test_exit_statuses_of_a_build(tmp_path: Path, raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = ("build", "--raw", str(raw), "--data", str(tmp_path / "data"))
    monkeypatch.setattr(build_module, "build", lambda *_, **__: built())
    assert juesuan(*arguments).exit_code == ExitCode.DONE
    aside = SetAside("a.pdf", "encrypted", "The file wants a password.")
    monkeypatch.setattr(build_module, "build", lambda *_, **__: built(aside))
    result = juesuan(*arguments)
    assert result.exit_code == ExitCode.SET_ASIDE
    assert "a.pdf: The file wants a password. [encrypted]" in result.stdout

    decided = SetAside("b.pdf", EXCLUDED, "excluded by 王会计 on 2026-03-05: 不是本单位的文件")
    after_a_decision = replace(built(), summary=replace(summary(), excluded=(decided,)))
    monkeypatch.setattr(build_module, "build", lambda *_, **__: after_a_decision)
    result = juesuan(*arguments)
    assert result.exit_code == ExitCode.DONE, "a reviewer's decision is no trouble"
    assert "0 set aside, 1 excluded by a reviewer" in result.stdout

    def fails(*_: object, **__: object) -> Built:
        raise BuildFailedError("dbt", "1 problem(s)", ("model.juesuan.x: it broke",))

    monkeypatch.setattr(build_module, "build", fails)
    result = juesuan(*arguments)
    assert result.exit_code == ExitCode.FAILED
    assert "model.juesuan.x: it broke" in result.stderr
    assert "build failed: dbt: 1 problem(s)" in result.stderr


def test_the_report_is_something_a_person_can_act_on(tmp_path: Path) -> None:
    console = Console(record=True, width=200)
    settings = Settings(raw=tmp_path / "raw", data=tmp_path / "data")
    build_report.report(settings, built(SetAside("a.pdf", "no_text", "All pages are blank.")), console)
    text = console.export_text()
    for expected in (
        "register    row 3: column kind: no such kind",
        "23 read (2 in part), 1 set aside (0 now, 24 before); 480 pages",
        "same bytes  b/copy.pdf: the same bytes as b/first.pdf, counted once",
        "180 recognised, 20 of them stated empty, 3 tables not understood",
        "5,000 printed amounts, each with page and cell; 99.00% of the amount-like cells",
        "4,000 exact, 2 violated",
        str(settings.warehouse),
        f"juesuan inspect {settings.raw / 'a.pdf'}",
    ):
        assert " ".join(expected.split()) in " ".join(text.split()), expected


def test_every_reason_for_setting_aside_comes_with_what_to_do() -> None:
    read = (PROJECT_ROOT / "pipelines" / "extraction" / "read.py").read_text(encoding="utf-8")
    reasons = set(re.findall(r"^``(\w+)``  ", read, re.MULTILINE)) | {
        *get_args(FailureReason),
        *LIMIT_REASONS,
    }
    assert set(REMEDIES) == reasons | {"not_a_disclosure", CHANGED, EXCLUDED, INCONSISTENT}


@pytest.mark.parametrize("width", [60, 100, 160])
def test_nothing_runs_over_the_edge_of_a_terminal(width: int, tmp_path: Path) -> None:
    console = Console(record=True, width=width, force_terminal=True)
    settings = Settings(raw=tmp_path / "raw", data=tmp_path / "data")
    long = SetAside(
        "区/" + "城市更新和房屋管理局" * 6 + ".pdf", "broken", "The PDF is cut off or damaged. " * 4
    )
    build_report.report(settings, built(long), console)
    columns = ("department_name", "page", "amount_yuan", "sentence_zh", "sentence_en")
    row = ("上海市普陀区城市更新局", 7, Decimal("1234567.89"), "第七页，" * 90, "On page 7 " * 60)
    console.print(fitting(columns, [row], width))
    console.print(fitting([f"column_{number}" for number in range(30)], [tuple("x" * 30)], width))
    copied = ("warehouse", "data docs", "next")
    lines = console.export_text().splitlines()
    assert [text for text in lines if cell_len(text) > width and not text.startswith(copied)] == []
    (amount,) = [text for text in lines if "1,234,567.89" in text]
    assert "7" in amount, "figures are not wrapped"


def test_plain_lines_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    progress = TerminalProgress(Console(force_terminal=False, width=200))
    progress.begin(40, "reading documents")
    for number in range(40):
        progress.advance("set aside: x.pdf: broken" if number == 7 else "")
    progress.end()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "reading documents: 40"
    assert "  set aside: x.pdf: broken" in lines
    assert lines[-1] == "reading documents: 40 of 40"
    assert len(lines) == 12, "at every tenth, not at every document"


def test_amounts_stay_exact_in_every_form() -> None:
    amount = Decimal("12345678901234.10")
    columns, rows = ("部门", "amount"), [("信息中心", amount), (None, Decimal("0.00"))]
    assert json.loads(str(render(columns, rows, "json"))) == [
        {"部门": "信息中心", "amount": "12345678901234.10"},
        {"部门": None, "amount": "0.00"},
    ]
    assert render(columns, rows, "csv") == "部门,amount\n信息中心,12345678901234.10\n,0.00"
    console = Console(record=True, width=80)
    console.print(render(columns, rows, "table"))
    assert "12,345,678,901,234.10" in console.export_text()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        connection.execute("CREATE TABLE t AS SELECT 1 AS a, '局' AS b UNION ALL SELECT 2, '厅' ORDER BY a")
    return tmp_path


def test_query_in_sql(data: Path) -> None:
    result = juesuan("query", "FROM t WHERE a = $a::int", "--set", "a=2", "-f", "csv", "--data", str(data))
    assert (result.exit_code, result.stdout) == (ExitCode.DONE, "a,b\n2,厅\n")


def test_a_table_for_people_is_bounded_and_says_how_much_there_is(data: Path) -> None:
    sql = "SELECT i FROM range(1234) AS r(i)"
    shown = juesuan("query", sql, "--data", str(data))
    assert len(shown.stdout.splitlines()) == 1 + 50
    assert "the first 50 of 1,234 row(s)" in shown.stderr
    assert "--limit 0" in shown.stderr
    assert len(juesuan("query", sql, "--limit", "7", "--data", str(data)).stdout.splitlines()) == 1 + 7
    for whole in (("--limit", "0"), ("-f", "csv")):
        result = juesuan("query", sql, *whole, "--data", str(data))
        assert len(result.stdout.splitlines()) == 1 + 1234
        assert "the first" not in result.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("query", "SELECT nothing FROM t"), "nothing"),
        (("query", "no-such-example"), "juesuan query --list"),
        (("query", "DROP TABLE t"), "read-only"),
        (("query", "FROM t", "-f", "xml"), "table, csv or json"),
        (("query", "FROM t", "--set", "a"), "NAME=VALUE"),
        (("query", " "), "nothing to ask"),
        (("query", "/* only a remark */"), "no statement"),
        (("query", "findings", "--set", "nobody=x"), "no parameter nobody"),
    ],
)
def test_a_query_that_cannot_run_says_why(data: Path, arguments: tuple[str, ...], said: str) -> None:
    result = juesuan(*arguments, "--data", str(data))
    assert result.exit_code == ExitCode.USAGE
    assert said in result.stderr


def test_a_warehouse_that_is_none_is_to_be_made_anew(tmp_path: Path) -> None:
    (tmp_path / "warehouse.duckdb").write_text("not a database", encoding="utf-8")
    result = juesuan("query", "findings", "--data", str(tmp_path))
    assert result.exit_code == ExitCode.USAGE
    assert "juesuan build --full" in result.stderr


def test_without_a_warehouse_the_next_command_is_told(tmp_path: Path) -> None:
    result = juesuan("query", "findings", "--data", str(tmp_path))
    assert result.exit_code == ExitCode.USAGE
    assert "juesuan build" in result.stderr


def test_every_example_says_what_it_answers() -> None:
    queries = named_queries()
    assert len(queries) >= 10
    for query in queries.values():
        assert query.question.endswith("?"), query.name
        assert all(f"${parameter.name}" in query.sql.split("select", 1)[1] for parameter in query.parameters)
    listed = juesuan("query", "--list").stdout
    assert all(name in listed for name in queries)
    assert juesuan("query", "trace", "--show").stdout.startswith("-- In which document")


def test_a_file_that_is_no_pdf_is_set_aside_with_its_reason(tmp_path: Path) -> None:
    path = tmp_path / "x.pdf"
    path.write_text("this is no PDF", encoding="utf-8")
    result = juesuan("inspect", str(path))
    assert result.exit_code == ExitCode.SET_ASIDE
    assert "set aside" in result.stdout
    assert "→ look what it is" in result.stdout
    found = json.loads(juesuan("inspect", str(path), "--json").stdout)
    assert found["outcome"] == "set_aside"
    assert found["problems"][0]["message"]


def test_a_real_document_inspected(corpus: Path, tmp_path: Path) -> None:
    picture = tmp_path / "page.png"
    path = corpus / "310107-social-work" / "2024-final-accounts.pdf"
    result = juesuan("inspect", str(path), "--picture", str(picture), "--page", "6")
    assert result.exit_code == ExitCode.DONE
    for expected in (
        "2024 部门决算 final accounts",
        "final_general_basic",
        "3,078,200.00",
        "stated empty",
        "exact",
    ):
        assert expected in result.stdout
    assert picture.read_bytes().startswith(b"\x89PNG")
