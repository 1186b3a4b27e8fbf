"""``juesuan review``: what waits for a person, and what people decided, in words or as CSV."""

from __future__ import annotations

from typing import Any

import duckdb
from rich.console import Console
from rich.text import Text

from pipelines.cli.exit_codes import ExitCode
from pipelines.cli.terminal import line, messages, output, render
from pipelines.settings import Settings

_COLUMNS = {
    False: "review_id, question_kind, question_zh, question_en, department_name, fiscal_year, document_kind, "
    "source_path, page, cell_id, read_text, candidates, money_yuan, decide_in, row_to_add, how_zh, how_en",
    True: "review_id, question_kind, question_zh, question_en, department_name, fiscal_year, document_kind, "
    "source_path, page, cell_id, read_text, sentence_zh, sentence_en, effect_zh, effect_en, decision, "
    "decided_text, decision_reason, decided_by, decided_on",
}
# The largest sums first; what no sum is known of comes last, in the order it came up.
_QUERY = """
    select {columns} from mart_review
    where review_status = $status
        and ($kind = '' or question_kind = $kind)
        and ($department = '' or contains(department_name, $department))
    order by money_yuan desc nulls last, seen_order"""
_KINDS = """
    select question_kind, count(*) from mart_review
    where review_status = $status group by question_kind order by question_kind"""
_SHOWN = 100  # characters of what was read


def list_review(
    settings: Settings, *, kind: str, department: str, decided: bool, as_csv: bool, limit: int
) -> ExitCode:
    """Print the open questions, or what was decided, of the published warehouse; returns the exit status."""
    if not settings.warehouse.is_file():
        return _complain(f"there is no warehouse at {settings.warehouse}; make one with: juesuan build")
    status = "decided" if decided else "open"
    asked = {"status": status, "kind": kind, "department": department}
    try:
        with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
            kinds = dict(connection.execute(_KINDS, {"status": status}).fetchall())
            result = connection.execute(_QUERY.format(columns=_COLUMNS[decided]), asked)
            columns = [column[0] for column in result.description]
            rows = result.fetchall()
    except duckdb.Error as error:
        return _complain(f"{error}\nMake the warehouse anew with: juesuan build")
    if as_csv:
        output().print(render(columns, rows, "csv"), markup=False)
        return ExitCode.DONE
    if kind and kind not in kinds:
        listed = ", ".join(f"{name} ({count})" for name, count in kinds.items()) or "none"
        return _complain(f"no question of the kind {kind!r} is {status}; there are: {listed}")
    shown = rows[:limit] if limit else rows
    console = output()
    for row in shown:
        question = dict(zip(columns, row, strict=True))
        (_decided if decided else _open)(console, question)
        console.print()
    told = ", ".join(f"{count} {name}" for name, count in kinds.items()) or "nothing"
    more = f"; shown {len(shown)} of {len(rows)}, all of them: --limit 0" if len(shown) < len(rows) else ""
    line(console, status, told + more, "bold")
    return ExitCode.DONE


def _open(console: Console, question: dict[str, Any]) -> None:
    line(console, "question", f"{question['question_zh']} {question['question_en']}", "bold")
    _where(console, question)
    if question["candidates"]:
        line(console, "nearest", ", ".join(question["candidates"]))
    if question["money_yuan"] is not None:
        line(console, "at stake", f"{question['money_yuan']:,} yuan")
    if question["cell_id"]:
        line(console, "see it", f"juesuan show {question['cell_id']}", copied=True)
    line(console, "decide", f"{question['how_zh']} {question['how_en']}")
    line(console, "in", question["decide_in"], copied=True)
    line(console, "row", question["row_to_add"], "bold", copied=True)
    line(console, "id", question["review_id"], "dim", copied=True)


def _decided(console: Console, question: dict[str, Any]) -> None:
    line(console, "decided", f"{question['question_zh']} {question['question_en']}", "bold")
    _where(console, question)
    line(console, "", question["sentence_zh"])
    line(console, "", question["sentence_en"])
    line(console, "effect", f"{question['effect_zh']} {question['effect_en']}", "bold")
    line(console, "id", question["review_id"], "dim", copied=True)


def _where(console: Console, question: dict[str, Any]) -> None:
    document = " ".join(
        str(question[name])
        for name in ("department_name", "fiscal_year", "document_kind")
        if question[name] is not None
    )
    if document:
        line(console, "document", document)
    if question["source_path"]:
        page = f", page {question['page']}" if question["page"] is not None else ""
        line(console, "file", f"{question['source_path']}{page}")
    if question["read_text"]:
        text = " ".join(question["read_text"].split())
        line(console, "read", text if len(text) <= _SHOWN else text[:_SHOWN] + "…")


def _complain(message: str) -> ExitCode:
    messages().print(Text.assemble(("juesuan: ", "bold red"), message))
    return ExitCode.USAGE
