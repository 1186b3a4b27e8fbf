"""The seed document (Wuhan Information Center, final accounts 2023) set again from its figures."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.corpus.contents import Amount, Content, parse_printed
from tests.corpus.document import (
    Block,
    Heading,
    ListLine,
    Plan,
    Prose,
    StatementBlock,
    TextTable,
    TitlePage,
)
from tests.corpus.forms import Form, load_family

HERE = Path(__file__).parent
DEPARTMENT = "武汉市信息中心（武汉市大数据中心）"
DOCUMENT = "420100-information-center/2023-final-accounts.pdf"


def seed_contents() -> dict[str, Content]:
    """The nine statements, every amount with the figure as printed."""
    data = yaml.safe_load((HERE / "seed.yaml").read_text(encoding="utf-8"))
    codes = tuple(data["codes"])
    contents = {}
    for statement_id, rows in data["statements"].items():
        amounts = {
            (row_key, column_id): Amount(parse_printed(printed, "万元"), printed)
            for row_key, columns in rows.items()
            for column_id, printed in columns.items()
        }
        by_function = statement_id in ("final_revenue", "final_expenditure", "final_general_expenditure")
        contents[statement_id] = Content(statement_id, amounts, codes if by_function else ())
    for statement_id in ("final_fund", "final_state_capital"):
        contents[statement_id] = Content(statement_id, is_empty=True)
    return contents


def seed_plan() -> Plan:
    """The document in the order of the original, statements between the second and the third part."""
    text = yaml.safe_load((HERE / "seed_text.yaml").read_text(encoding="utf-8"))
    contents = seed_contents()
    blocks = [_block(each) for each in text["before"]]
    for form in load_family("hubei", "final_accounts").forms:
        settings = {**form.settings, **text["forms"].get(form.statement_id, {})}
        blocks.append(StatementBlock(Form(form.statement_id, settings), contents[form.statement_id]))
    blocks += [_block(each) for each in text["after"]]
    return Plan(DOCUMENT, "2023年度武汉市信息中心（武汉市大数据中心）决算", DEPARTMENT, 2023, tuple(blocks))


def _block(data: Mapping[str, Any] | str) -> Block:
    """A block of ``seed_text.yaml``: a bare string is a paragraph, else one key names the kind."""
    if isinstance(data, str):
        return Prose(data)
    kind, value = next(iter(data.items()))
    if kind == "cover":
        return TitlePage(tuple(value), str(data.get("date", "")))
    if kind in ("part", "section", "subsection"):
        level = ("part", "section", "subsection").index(kind)
        return Heading(str(value), level, bool(data.get("new_page", kind == "part")))
    if kind == "list":
        return ListLine(str(value), float(data.get("indent", 2)), bool(data.get("bold", False)))
    if kind == "table":
        return TextTable(
            tuple(tuple(str(c) for c in row) for row in value), tuple(data["widths"]), data.get("title", "")
        )
    raise KeyError(kind)
