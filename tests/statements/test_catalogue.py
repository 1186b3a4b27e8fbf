"""The catalogue: complete, consistent, and plain-spoken when an entry is wrong."""

from __future__ import annotations

import shutil
from collections import defaultdict
from pathlib import Path

import pytest

from pipelines.statements.catalogue import FOLDER, CatalogueError, load_catalogue, read_catalogue
from pipelines.statements.titles import title_scores

FINAL = [
    "final_summary",
    "final_revenue",
    "final_expenditure",
    "final_appropriation_summary",
    "final_general_expenditure",
    "final_general_basic",
    "final_fund",
    "final_state_capital",
    "final_three_public",
]


def test_the_nine_statements_of_final_accounts_have_their_short_names() -> None:
    catalogue = load_catalogue()
    assert [catalogue.form(name).form.short for name in FINAL] == [f"T{n}" for n in range(1, 10)]
    assert all(catalogue.form(name).document_kind == "final_accounts" for name in FINAL)


def test_every_form_is_found_by_its_own_titles() -> None:
    catalogue = load_catalogue()
    for known in catalogue.forms:
        for title in known.form.titles:
            assert title_scores(f"2023年度{title}", catalogue).get(known.id) == 1.0, (known.id, title)


def test_a_title_belongs_to_more_than_one_form_only_where_content_or_kind_tells_them_apart() -> None:
    shared = defaultdict(list)
    for title, known in load_catalogue().titles:
        shared[title, known.document_kind].append(known.form)
    for (title, _), forms in shared.items():
        # Codes or lines of another kind, or columns that only one of them prints.
        told = {(form.row_kind, form.lines, form.requires, form.one_row) for form in forms}
        assert len(told) == len(forms), (title, [form.id for form in forms])


def test_a_label_means_one_line_on_a_side_unless_its_section_tells() -> None:
    for known in load_catalogue().forms:
        for label, lines in known.by_label.items():
            keys = defaultdict(set)
            for line in lines:
                keys[line.side, line.line.under, line.after].add(line.line.key)
            assert all(len(found) == 1 for found in keys.values()), (known.id, label, dict(keys))


def test_every_amount_has_one_fact_table() -> None:
    catalogue = load_catalogue()
    fund = catalogue.form("final_fund")
    assert fund.fact_table("revenue", "total") == "fct_revenue_by_function"
    assert fund.fact_table("project", "21208") == "fct_expenditure_by_function"
    assert fund.fact_table("opening_balance", "total") == "fct_statement_totals"
    basic = catalogue.form("final_general_basic")
    assert basic.fact_table("amount", "30101") == "fct_expenditure_by_economic"
    assert basic.fact_table("amount", "personnel_total") == "fct_statement_totals"


def test_names_of_classes_that_changed_are_understood_in_every_year() -> None:
    lines = load_catalogue().form("budget_summary").by_label
    for label, code in {
        "文化体育与传媒支出": "207",
        "文化旅游体育与传媒支出": "207",
        "医疗卫生与计划生育支出": "210",
        "卫生健康支出": "210",
        "资源勘探信息等支出": "215",
        "资源勘探工业信息等支出": "215",
        "国土海洋气象等支出": "220",
        "自然资源海洋气象等支出": "220",
    }.items():
        assert {known.line.key for known in lines[label]} == {code}, label


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "catalogue"))


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        (
            "forms/budget.yaml",
            "row_kind: procurement",
            "row_kind: purchases",
            ["budget.yaml", "budget_procurement"],
        ),
        ("forms/budget.yaml", "    free_row_keys:", "    free_rows:", ["budget.yaml", "free_rows", "Extra"]),
        (
            "forms/budget.yaml",
            "requires: [project_total]",
            "requires: [nothing]",
            ["budget_project_target", "nothing"],
        ),
        (
            "forms/final_accounts.yaml",
            "lines: [basic_totals]",
            "lines: [basic]",
            ["final_appropriation_economic", "'basic'"],
        ),
        (
            "lines/final_revenue.yaml",
            "key: rev_business,",
            "key: Rev Business,",
            ["final_revenue.yaml", "Rev Business"],
        ),
        (
            "wording.yaml",
            "'\\([一二三四五六七八九十\\d]{1,3}\\)'",
            "'(('",
            ["wording.yaml", "regular expression"],
        ),
        (
            "header_words.yaml",
            "  会议费: [会议费支出]",
            "  会议费: [培训费支出]",
            ["header_words.yaml", "培训费"],
        ),
    ],
)
def test_a_wrong_entry_is_named(copy: Path, file: str, old: str, new: str, says: list[str]) -> None:
    path = copy / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        read_catalogue(copy)
    assert all(word in str(caught.value) for word in says), str(caught.value)
