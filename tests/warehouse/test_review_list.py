"""The review list: each question once, with the row that decides it; what was decided, with its effect."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.warehouse.mini_lake import MiniLake
from tests.warehouse.models_of_lake import Models, models_of

# What the module makes once is made in one worker.
pytestmark = pytest.mark.xdist_group("review_list")

ON = date(2026, 3, 5)


def left(review_id: str) -> dict[str, Any]:
    said = {"reason": "印错", "decided_by": "王会计", "decided_on": ON}
    return {"review_id": review_id, "decision": "leave", "value": "", **said}


@pytest.fixture(scope="module")
def lake() -> MiniLake:
    lake = MiniLake()
    rows = [
        ("total", "合计", "", {"total": "12.00", "basic": "8.00", "project": "4.00"}),
        ("201", "一般公共服务支出", "", {"total": "7.00", "basic": "3.00", "project": "4.00"}),
        ("299", "没有这一类", "", {"total": "5.00", "basic": "5.00"}),
    ]
    document = lake.document(
        "a/2023.pdf",
        department="甲局",
        year=2023,
        kind="final_accounts",
        statements=[("final_expenditure", rows)],
    )
    lake.document("b.pdf", department="", year=None, kind=None)
    items = [row for row in lake.rows["line_items"] if row["document_id"] == document]
    items[0]["reading_quality"] = "doubtful"
    items[1] |= {"reading_quality": "corrected", "amount_as_read": "3.00"}

    def note(kind: str, message: str, text: str, place: str = "") -> None:
        cell = f"{document}-{place}" if place else ""
        about = {"document_id": document, "page": 9, "cell_id": cell}
        lake.rows["notes"].append({"kind": kind, "message": message, "text": text, **about})

    note(
        "table_not_understood",
        "table not understood; nearest forms: final_revenue 0.55 (header 0.50, unknown: 甲), "
        "final_fund 0.20 (no title)",
        "附表",
        "p0009-t01-r000-c00",
    )
    unread = "amount_not_understood"
    note(unread, "in a table that is not understood", "3.00", "p0009-t01-r001-c01")
    note("row_not_understood", "row not understood: 另行安排", "另行安排")
    note(unread, "row not understood: 另行安排", "1,000.50", "p0009-t02-r001-c02")
    note(unread, "row not understood: 另行安排", "1,000.50", "p0009-t02-r001-c03")
    note(unread, 'not one number that can be read: 1,9l0"7', '1,9l0"7', "p0009-t02-r002-c02")
    note("hidden_text", "text that no reader sees", "隐藏")
    note("statement_stated_empty", "stated empty", "空表")
    lake.rows["reviews"].append(
        {
            "document_id": document,
            "review_id": f"figure/{items[1]['cell_id']}",
            "decision": "correct",
            "cell_id": items[1]["cell_id"],
            "page": items[1]["page"],
            "old": "3.00",
            "new": "8.00",
            "text_read": "3.00",
            "state": "applied",
            "amount_before_yuan": Decimal(30000),
            "amount_after_yuan": Decimal(80000),
            "n_figures_added": 0,
            "n_figures_removed": 0,
            "n_figures_changed": 1,
            "reason": "看过原件",
            "decided_by": "王会计",
            "decided_on": ON,
        }
    )
    lake.rows["review_decisions"].append(left(f"page/{document}/gone"))
    return lake


@pytest.fixture(scope="module")
def models(lake: MiniLake, tmp_path_factory: pytest.TempPathFactory) -> Models:
    return models_of(lake, tmp_path_factory.mktemp("review"), ["mart_review", "fct_expenditure_by_function"])


def asked(models: Models, columns: str, where: str) -> list[tuple[Any, ...]]:
    return models.rows(f"select {columns} from mart_review where {where} order by review_id")


def test_every_question_is_asked_once(models: Models) -> None:
    kinds = models.rows(
        "select question_kind, count(*) from mart_review where review_status = 'open' group by 1 order by 1"
    )
    assert kinds == [
        ("document", 1),
        ("doubtful_figure", 1),
        ("look_at_page", 1),
        ("unknown_code", 1),
        ("unknown_row", 1),
        ("unknown_table", 1),
        ("unreadable_figure", 1),
    ]


def test_a_question_says_what_was_read_what_it_may_be_and_how_much_hangs_on_it(models: Models) -> None:
    ((candidates, row),) = asked(models, "candidates, row_to_add", "question_kind = 'unknown_table'")
    assert candidates == ["final_revenue 0.55", "final_fund 0.20"]
    assert row.endswith("-p0009-t01-r000-c00,statement,final_revenue,?,?,?")
    ((read, money),) = asked(models, "read_text, money_yuan", "question_kind = 'unknown_row'")
    assert (read, money) == ("另行安排", Decimal("20010000.00"))
    ((money,),) = asked(models, "money_yuan", "review_status = 'open' and question_kind = 'doubtful_figure'")
    assert money == Decimal("120000.00")
    ((money, file, row),) = asked(
        models, "money_yuan, decide_in, row_to_add", "question_kind = 'unknown_code'"
    )
    assert (money, file) == (Decimal("50000.00"), "dbt_project/seeds/functional_codes.csv")
    assert row == "299,没有这一类,?,class,,2023,,false,,?"


def test_a_row_to_add_is_one_row_of_its_file(models: Models) -> None:
    ((row,),) = asked(models, "row_to_add", "question_kind = 'unreadable_figure'")
    (fields,) = csv.reader([row])
    assert (fields[2], len(fields)) == ('1,9l0"7', 7)
    ((row, file),) = asked(models, "row_to_add, decide_in", "question_kind = 'document'")
    assert (row, file) == ("b.pdf,,?,?,?,?,?", "register.csv")


def test_what_was_decided_is_told_with_who_why_and_effect(models: Models) -> None:
    ((zh, effect_zh, effect_en),) = asked(models, "sentence_zh, effect_zh, effect_en", "decision = 'correct'")
    assert zh == "原识读“3.00”，人工更正为“8.00”（王会计，2026-03-05，理由：看过原件）"
    assert effect_zh == "金额由30,000.00元改为80,000.00元"
    assert effect_en == "30,000.00 yuan became 80,000.00"
    gone = asked(models, "effect_en", "decision = 'leave' and review_id like 'page/%'")
    assert gone == [("no such question is asked any more",)]


def test_a_question_that_is_left_is_off_the_list(lake: MiniLake, models: Models, tmp_path: Path) -> None:
    ((review_id,),) = asked(models, "review_id", "question_kind = 'unknown_code'")
    lake.rows["review_decisions"].append(left(review_id))
    again = models_of(lake, tmp_path, ["mart_review"])
    found = asked(again, "review_status, effect_en", f"review_id = '{review_id}'")
    assert found == [("decided", "off the list")]


def test_the_facts_keep_what_was_read(models: Models) -> None:
    facts = "select amount_printed, amount_as_read from fct_expenditure_by_function where "
    assert models.rows(facts + "reading_quality = 'corrected'") == [("8.00", "3.00")]
    assert len(models.rows(facts + "amount_as_read is null")) == 7


def test_a_finding_says_which_of_its_figures_a_reviewer_corrected(tmp_path: Path) -> None:
    lake = MiniLake()
    rows = [("total", "合计", "", {"total": "12.00", "basic": "9.00", "project": "4.00"})]
    lake.document(
        "a/2023.pdf",
        department="甲局",
        year=2023,
        kind="final_accounts",
        statements=[("final_expenditure", rows)],
    )
    # The total was never read: its cell held no figure before the correction.
    for item, as_read in zip(lake.rows["line_items"], ("", "3.00"), strict=False):
        item |= {"reading_quality": "corrected", "amount_as_read": as_read}
    found = models_of(lake, tmp_path, ["mart_findings"]).rows(
        "select sentence_zh, sentence_en, is_read_by_ocr from mart_findings "
        "where identity_id = 't3_row_total' or list_contains(operand_cell_ids, cell_id)"
    )
    ((zh, en, is_scan),) = found
    page = lake.rows["line_items"][0]["page"]
    assert not is_scan
    assert zh.endswith(
        f"（第{page}页12.00万元原未读出，第{page}页9.00万元原读作3.00，已由人工对照原件更正。）"
    )
    assert en.endswith(
        f" (12.00 万元 on page {page} was not read, 9.00 万元 on page {page} was read as 3.00 "
        "and corrected by a reviewer.)"
    )
