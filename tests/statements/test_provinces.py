"""Forms of other provinces: every amount as it is meant, and never as something else."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

import pytest

from pipelines.statements import understand
from pipelines.statements.catalogue import load_catalogue
from pipelines.statements.model import DocumentKind
from pipelines.statements.titles import SAME_MEANING, find_title, in_document_of, title_core
from tests.statements.builders import Merged, document, kinds, table
from tests.statements.printed_tables import FOLDER, Case, cases, read_case

FILES = ("budgets.yaml", "final_accounts.yaml", "held_out.yaml", "later.yaml")
CASES = {case.name: case for case in chain.from_iterable(cases(file) for file in FILES)}
UNKNOWN = "某某事项"


@pytest.mark.parametrize("name", CASES)
def test_a_form_of_another_province_is_read(name: str) -> None:
    result = read_case(CASES[name])
    assert not result.wrong
    assert not result.missing
    assert result.statements == ((CASES[name].statement,) if CASES[name].statement else ())


def _titles() -> list[dict[str, str]]:
    with (FOLDER / "titles.tsv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t"))


@pytest.mark.parametrize("row", _titles(), ids=lambda row: " ".join(list(row.values())[1:3]))
def test_a_title_seen_on_an_official_page_is_known(row: dict[str, str]) -> None:
    catalogue = load_catalogue()
    kind: DocumentKind = "budget" if "(budget)" in row["place and year"] else "final_accounts"
    found = in_document_of(find_title([row["title as printed"]], catalogue), kind, catalogue)
    own = {
        form
        for form, score in found.scores.items()
        if score >= SAME_MEANING and catalogue.form(form).document_kind == kind
    }
    if row["statements it may be"] != "none":
        assert own == set(row["statements it may be"].split())
    else:
        # Not a statement of a department's money, and said so.
        title = title_core(row["title as printed"], catalogue)
        rules = [rule for rule in catalogue.not_statements.rules if rule.title]
        assert any(re.search(rule.title, title) for rule in rules if rule.title)


def _texts(case: Case) -> Iterator[tuple[int, int]]:
    for r, row in enumerate(case.rows):
        for i, entry in enumerate(row):
            text = entry.text if isinstance(entry, Merged) else entry
            if text and not any(character.isdigit() for character in text):
                yield r, i


def _with_unknown_word(case: Case, r: int, i: int) -> Case:
    row = list(case.rows[r])
    entry = row[i]
    row[i] = replace(entry, text=UNKNOWN) if isinstance(entry, Merged) else UNKNOWN
    return replace(case, rows=(*case.rows[:r], tuple(row), *case.rows[r + 1 :]))


# Rows that print any name as their own (projects, purchases, units) take this one too, and where both
# budgets stand beside each other the other is called by its name only.
OWN_NAMES = {"procurement", "project", "unit"}


def _is_total_of_a_twin(line: str, case: Case) -> bool:
    """Whether an amount is the same column's total in a statement of the same title.

    收入总表 is by unit or by function: where nobody knows the word above the names, its 合计 is what it is.
    """
    meant, _, got = line.partition(": ")
    statement, _, place = got.partition(" ")
    catalogue = load_catalogue()
    if statement not in {known.id for known in catalogue.forms} or not place.startswith("total/"):
        return False
    titles = [set(catalogue.form(form).form.titles) for form in (statement, case.statement)]
    return meant.split(" ")[0] == place and bool(titles[0] & titles[1])


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_word_that_nobody_knows_makes_no_amount_mean_something_else(name: str) -> None:
    case = CASES[name]
    for r, i in _texts(case):
        entry = case.rows[r][i]
        word = entry.text if isinstance(entry, Merged) else entry
        if "预算数" in word:
            continue
        result = read_case(_with_unknown_word(case, r, i))
        free = {item.row_key for item in result.understood.line_items if item.row_kind in OWN_NAMES}
        wrong = [line for line in result.wrong if not _is_total_of_a_twin(line, case)]
        assert [line for line in wrong if not any(f" {key}/" in line for key in free)] == [], word


REVENUE = [["项目", "预算数"], ["一、一般公共预算拨款", "9.00"], ["收入总计", "9.00"]]
TITLED = ["收入总体情况表"]


def _understood(cover: list[str], *leads: list[str]) -> tuple[set[str], list[str]]:
    tables = [table(lead, REVENUE, page=2 + 2 * n) for n, lead in enumerate(leads)]
    doc = document(*tables, cover=["某局2023年部门预算", *cover])
    found = understand(doc)
    return {item.unit for item in found.line_items}, kinds(found)


def test_a_unit_on_the_cover_counts_for_all_statements() -> None:
    assert _understood(["单位：万元"], TITLED, TITLED)[0] == {"万元"}


def test_a_unit_on_the_cover_does_not_count_where_a_statement_prints_another() -> None:
    units, notes = _understood(["单位：万元"], TITLED, [*TITLED, "单位：元"])
    assert units == {"元"}
    assert "unit_not_stated" in notes


def test_the_unit_of_one_statement_is_not_the_next_ones() -> None:
    units, notes = _understood([], [*TITLED, "单位：万元"], TITLED)
    assert units == {"万元"}
    assert notes.count("unit_not_stated") == 1


def test_a_table_not_understood_says_what_the_nearest_forms_lack() -> None:
    doc = document(
        table(["支出总表", "单位：万元"], [["姓名", "电话", "合计"], ["张三", "甲", "3.00"]]),
        cover=["某局2023年部门预算"],
    )
    note = next(n for n in understand(doc).notes if n.kind == "table_not_understood")
    assert "budget_expenditure_by_function" in note.message
    assert "rows 0.00, unknown: 张三 甲" in note.message
    assert "no column 基本支出" in note.message
