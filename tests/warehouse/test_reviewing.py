"""What a reviewer says of a cell or a table, applied before a document is understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from pipelines.acquisition.model import Correction, Decision, Reviewed
from pipelines.extraction.model import Doubt, JoinedTable, ReadDocument
from pipelines.statements import understand
from pipelines.statements.model import UnderstoodDocument
from pipelines.warehouse.repairing import repair
from pipelines.warehouse.reviewing import ReviewedReading, understand_reviewed
from tests.statements.builders import CODE_HEAD, Entry, document, table

ON = date(2026, 3, 5)
ROWS: list[list[Entry]] = [
    *CODE_HEAD,
    ["合计", "", "12.00", "8.00", "4.00"],
    ["201", "一般公共服务支出", "12.00", "8.00", "4.00"],
    ["2O103", "政府办公厅（室）及相关机构事务", "12.00", "8.00", "4.O0"],
]


def statement() -> JoinedTable:
    return table(["2023年度支出决算表", "单位：万元"], ROWS)


def cell(row: int, column: int) -> str:
    return f"0123456789abcdef-p0001-t01-r{row:03d}-c{column:02d}"


def correction(row: int, column: int, old: str, new: str) -> Correction:
    return Correction(cell(row, column), old, new, "看过原件", "王会计", ON)


def reviewed(read: ReadDocument, *said: Correction | Decision) -> ReviewedReading:
    def understood(seen: ReadDocument, decided: Mapping[str, str]) -> UnderstoodDocument:
        return understand(seen, file_name="2023年度部门决算.pdf", decided=decided)

    corrections = tuple(one for one in said if isinstance(one, Correction))
    decisions = tuple(one for one in said if isinstance(one, Decision))
    return understand_reviewed(read, Reviewed(corrections, decisions), understood)


def figures(found: ReviewedReading) -> dict[tuple[str, str], tuple[Decimal, str, str]]:
    return {
        (item.row_key, item.column_id): (item.amount_yuan, item.reading_quality, item.amount_as_read)
        for item in found.understood.line_items
    }


def test_a_figure_that_could_not_be_read_becomes_a_fact_that_says_so() -> None:
    read = document(statement())
    found = reviewed(read, correction(4, 0, "2O103", "20103"), correction(4, 4, "4.O0", "4.00"))
    assert figures(found)["20103", "project"] == (Decimal("40000.00"), "corrected", "4.O0")
    assert figures(found)["20103", "basic"] == (Decimal("80000.00"), "text", "")
    code, figure = found.effects
    # Without its code the row is not understood, whatever stands in it.
    assert (code.state, code.n_figures_added, code.n_figures_changed) == ("applied", 3, 0)
    assert (figure.state, figure.n_figures_added) == ("applied", 1)
    assert (figure.amount_before_yuan, figure.amount_after_yuan) == (None, Decimal("40000.00"))
    assert read.tables[0].parts[0].cells != found.document.tables[0].parts[0].cells
    assert not [note for note in found.understood.notes if note.kind == "amount_not_understood"]


def test_a_row_that_does_not_fit_changes_nothing_and_says_why() -> None:
    found = reviewed(
        document(statement()), correction(3, 2, "21.00", "13.00"), correction(9, 2, "1.00", "2.00")
    )
    assert figures(found)["201", "total"] == (Decimal("120000.00"), "text", "")
    assert [(one.state, one.text_read) for one in found.effects] == [
        ("text_differs", "12.00"),
        ("cell_missing", None),
    ]


def test_a_confirmed_figure_of_a_scan_is_in_doubt_no_more_and_is_never_repaired() -> None:
    doubted = Doubt(0, "8", (("3", 0.4),))
    joined = statement()
    part = joined.parts[0]
    cells = tuple(
        replace(one, read_by="ocr", confidence=0.5, doubts=(doubted,) if one.text == "8.00" else ())
        for one in part.cells
    )
    scan = document(replace(joined, parts=(replace(part, cells=cells),)))
    assert figures(reviewed(scan))["201", "basic"][1] == "doubtful"
    found = reviewed(scan, correction(3, 3, "8.00", "8.00"))
    understood, repairs = repair(found.document, found.understood)
    qualities = {(item.row_key, item.column_id): item.reading_quality for item in understood.line_items}
    assert qualities["201", "basic"] == "confirmed"
    assert qualities["201", "total"] == "doubtful"
    assert cell(3, 3) not in {one.cell_id for one in repairs}
    assert found.effects[0].decision == "confirm"


def test_a_table_is_the_statement_that_a_reviewer_says() -> None:
    untitled = table(
        ["附件", "单位：万元"], [*CODE_HEAD, ["201", "一般公共服务支出", "12.00", "8.00", "4.00"]]
    )
    before = reviewed(document(untitled))
    assert before.understood.statements == ()
    (note,) = [one for one in before.understood.notes if one.kind == "table_not_understood"]
    assert note.cell_id == cell(0, 0)
    decision = Decision(f"table/{note.cell_id}", "statement", "final_expenditure", "见前页", "王会计", ON)
    found = reviewed(document(untitled), decision)
    assert [one.statement_id for one in found.understood.statements] == ["final_expenditure"]
    assert figures(found)["201", "project"][0] == Decimal("40000.00")
    assert [(one.state, one.n_figures_added) for one in found.effects] == [("applied", 3)]


def test_a_table_that_is_no_statement_leaves_no_question() -> None:
    decision = Decision(f"table/{cell(0, 0)}", "no_statement", "", "名录", "王会计", ON)
    found = reviewed(document(statement()), decision)
    assert found.understood.line_items == ()
    assert {note.kind for note in found.understood.notes} == {"not_a_statement"}
    assert found.effects[0].n_figures_removed > 0


def test_a_form_or_a_table_that_is_not_there_is_told() -> None:
    unknown = Decision(f"table/{cell(0, 0)}", "statement", "no_such_form", "?", "王会计", ON)
    missing = Decision(f"table/{cell(7, 7)}", "no_statement", "", "?", "王会计", ON)
    found = reviewed(document(statement()), unknown, missing)
    assert [one.state for one in found.effects] == ["form_unknown", "table_missing"]
    assert found.understood.line_items
