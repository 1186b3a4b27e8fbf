"""Claims of the narrative: sentences over line and page ends, what a figure is, what it must agree with."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipelines.extraction.model import Box, Page, ReadDocument, TextLine
from pipelines.statements.catalogue import load_catalogue
from pipelines.statements.claims import load_grammar, read_claims
from pipelines.statements.narrative import sentences


def document(*pages: list[str]) -> ReadDocument:
    """A document of running text: one list of printed lines per page."""
    made = []
    for number, lines in enumerate(pages, start=1):
        printed = tuple(
            TextLine(number, text, Box(80, 100 + 20 * at, 500, 114 + 20 * at))
            for at, text in enumerate(lines)
        )
        made.append(Page(number, 595, 842, 0, printed, ()))
    return ReadDocument("d" * 16, "read", len(made), tuple(made), ())


def test_a_sentence_broken_by_the_page_end_is_one_and_keeps_the_place_of_each_figure() -> None:
    read = document(
        [
            "一、收入支出决算总体情况说明",
            "2023年度收、支总计3, 295.68 万元。与上年相比，收、支总计各",
            "- 1 -",
        ],
        ["增加 85.51 万元，增长2.7%。"],
    )
    assert [s.text for s in sentences(read)] == [
        "2023年度收、支总计3,295.68万元。",
        "与上年相比,收、支总计各增加85.51万元,增长2.7%。",
    ]
    claims = read_claims(read, "final_accounts")
    assert [(c.claim_kind, c.value, c.unit, c.precision, c.direction, c.page) for c in claims] == [
        ("amount", Decimal("32956800"), "yuan", Decimal("100"), "none", 1),
        ("change", Decimal("855100"), "yuan", Decimal("100"), "increase", 2),
        ("growth", Decimal("2.7"), "percent", Decimal("0.1"), "increase", 2),
    ]
    assert claims[0].about == "final_summary/grand_total_revenue/amount"
    assert claims[0].section == "一、收入支出决算总体情况说明"
    assert claims[1].box.top == 100


@pytest.mark.parametrize(
    ("sentence", "kind", "value", "direction"),
    [
        ("比上年减少12.5万元。", "change", "125000", "decrease"),
        ("比上年下降10.97%。", "growth", "10.97", "decrease"),
        ("占本年支出合计的99.21%。", "share", "99.21", "none"),
        ("完成年初预算的118.7%。", "completion", "118.7", "none"),
        ("年初预算为2776.35万元。", "initial_budget", "27763500", "none"),
        ("全年预算为321.02万元。", "adjusted_budget", "3210200", "none"),
        ("支出决算为1.2亿元。", "final", "120000000", "none"),
        ("安排14,348,853.34元。", "amount", "14348853.34", "none"),
    ],
)
def test_the_words_before_a_figure_say_what_it_is(
    sentence: str, kind: str, value: str, direction: str
) -> None:
    (claim,) = read_claims(document([sentence]), None)
    assert (claim.claim_kind, claim.value, claim.direction) == (kind, Decimal(value), direction)


def test_counts_years_and_codes_are_no_claims() -> None:
    assert read_claims(document(["2023年共有车辆4辆，接待109批次，设备1台（套）。"]), "final_accounts") == ()


def test_a_sentence_without_figures_names_the_subject_of_the_next() -> None:
    read = document(["1. 一般公共服务支出（类）。主要用于：日常运转。年初预算为 2196. 49 万元。"])
    (claim,) = read_claims(read, "final_accounts")
    assert claim.subject == "1.一般公共服务支出(类)"


def test_running_heads_do_not_run_into_sentences() -> None:
    pages = [["某某局 2023 年决算", f"第{n}项支出决算为"] for n in range(1, 5)]
    pages[3] = ["某某局 2023 年决算", "5万元。"]
    (claim,) = read_claims(document(*pages), "final_accounts")
    assert "某某局" not in claim.sentence
    assert claim.page == 4


def test_the_same_words_mean_another_statement_in_a_budget() -> None:
    text = ["（一）收入预算总计 10,150.48 万元。1.其他资金收入预算总计 80 万元。"]
    first, second = read_claims(document(text), "budget")
    assert first.about == "budget_summary/grand_total_revenue/amount"
    assert second.about == ""


def test_what_claims_are_about_are_figures_the_catalogue_knows() -> None:
    forms = [known.form for known in load_catalogue().forms]
    columns = {(form.id, column.id) for form in forms for column in form.columns}
    named = {(about[0], about[2]) for about in (s.about.split("/") for s in load_grammar().subjects)}
    assert named <= columns
