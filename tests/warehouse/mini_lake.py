"""A lake of a few documents, every figure known by hand, written as Parquet the way the pipeline does.

Two departments, two years, final accounts and budgets; a version that was superseded, a file set aside,
a unit that publishes under its department's name, a blank form, a file taken out of the raw folder.
The catalogue is a small one of its own: the dbt project must work on any catalogue of that shape.
Amounts are given in 万元 as printed, two decimals.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipelines.warehouse.datasets import PER_DOCUMENT, PER_FOLDER, Dataset
from pipelines.warehouse.identity_schema import Identity
from pipelines.warehouse.identity_tables import flatten, write_identities
from pipelines.warehouse.lake import DocumentRows, Lake
from pipelines.warehouse.reference_data import STATEMENT_COLUMNS, STATEMENT_FORMS, STATEMENT_LINES

Row = tuple[str, str, str, dict[str, str]]
"""Row key, label as printed, side, and the printed amount of each column."""

TOTALS, REVENUE, SPENDING, ECONOMIC, THREE = (
    "fct_statement_totals",
    "fct_revenue_by_function",
    "fct_expenditure_by_function",
    "fct_expenditure_by_economic",
    "fct_three_public",
)

# Statement, short name, first year, Chinese name; the English one is the id.
_FORMS = """
final_summary T1 2017 收入支出决算总表
final_revenue T2 2017 收入决算表
final_expenditure T3 2017 支出决算表
final_general_expenditure T5 2017 一般公共预算财政拨款支出决算表
final_general_basic T6 2017 一般公共预算财政拨款基本支出决算表
final_fund T7 2017 政府性基金预算财政拨款收入支出决算表
final_state_capital T8 2020 国有资本经营预算财政拨款支出决算表
final_three_public T9 2017 财政拨款“三公”经费支出决算表
budget_summary B1 2017 收支预算总表
budget_general_expenditure B5 2017 一般公共预算支出预算表
budget_three_public B9 2017 “三公”经费预算表
budget_procurement B12 2017 政府采购预算表
budget_project_target B13 2017 财政项目支出绩效目标填报表
"""


def _form(line: str) -> tuple[Any, ...]:
    statement, short, year, name = line.split()
    kind = "budget" if statement.startswith("budget") else "final_accounts"
    name_en = statement.replace("_", " ")
    return (statement, short, kind, name, name_en, int(year), None, "", kind == "final_accounts")


FORMS = [_form(line) for line in _FORMS.strip().splitlines()]

GENERAL, FUND = "general_public", "government_fund"
KINDS = ("total", "basic", "project")
THREE_PUBLIC = ("total", "abroad", "vehicle_total", "vehicle_purchase", "vehicle_operation", "reception")


def _column(
    statement: str,
    column: str,
    fact: str,
    *,
    fund: str | None = None,
    kind: str | None = None,
    source: str | None = None,
    basis: str | None = None,
) -> tuple[Any, ...]:
    given = basis or ("budget" if statement.startswith("budget") else "final")
    return (statement, column, column, column, fund, kind, source, given, fact)


COLUMNS = [
    _column("final_summary", "amount", TOTALS),
    _column("budget_summary", "amount", TOTALS),
    *[_column("final_revenue", c, REVENUE, source=c) for c in ("total", "fiscal_appropriation", "other")],
    *[_column("final_expenditure", c, SPENDING, kind=c) for c in KINDS],
    *[_column("final_general_expenditure", c, SPENDING, kind=c, fund=GENERAL) for c in KINDS],
    *[_column("budget_general_expenditure", c, SPENDING, kind=c, fund=GENERAL) for c in KINDS],
    _column("final_general_basic", "amount", ECONOMIC, fund=GENERAL, kind="basic"),
    _column("final_fund", "opening_balance", TOTALS, fund=FUND),
    _column("final_fund", "revenue", REVENUE, fund=FUND, source="fiscal_appropriation"),
    *[_column("final_fund", c, SPENDING, kind=c, fund=FUND) for c in KINDS],
    _column("final_fund", "closing_balance", TOTALS, fund=FUND),
    *[
        _column(statement, f"{basis}_{kind}", THREE, basis=basis)
        for statement in ("final_three_public", "budget_three_public")
        for basis in ("budget", "final")
        for kind in THREE_PUBLIC
    ],
    _column("budget_procurement", "amount", "fct_procurement"),
    *[_column("budget_project_target", c, "fct_project_target") for c in ("project_total", "year_total")],
]

# Statement, row key, Chinese, English, side, fund, fact table.
LINES = [
    *[
        (statement, key, key, key, side, None, None)
        for statement in ("final_summary", "budget_summary")
        for side, keys in (
            ("revenue", ("rev_general_public", "rev_other", "revenue_total", "grand_total_revenue")),
            ("expenditure", ("expenditure_total", "closing_balance", "grand_total_expenditure")),
        )
        for key in keys
    ],
    ("final_general_basic", "personnel_total", "人员经费合计", "personnel", None, None, TOTALS),
    ("final_general_basic", "running_total", "公用经费合计", "running costs", None, None, TOTALS),
]

_WORDING = {
    "title": {"zh": "检验", "en": "a check"},
    "message": {
        "zh": "第{page}页，总表{key}：印为{reported}，应为{expected}，相差{difference}。",
        "en": "Page {page}, summary{key}: printed {reported}, should be {expected}, difference {difference}.",
    },
    "source": "made for tests",
    "document_kind": "final_accounts",
}

#: Three identities: one that the small lake satisfies, one it breaks, one over years.
IDENTITIES: list[dict[str, Any]] = [
    {
        **_WORDING,
        "id": "t3_row_total",
        "family": "row",
        "over": "rows",
        "reported": {"statement": "final_expenditure", "row": "$key", "column": "total"},
        "terms": [{"statement": "final_expenditure", "row": "$key", "columns": ["basic", "project"]}],
    },
    {
        **_WORDING,
        "id": "t1_balanced",
        "family": "column",
        "reported": {"statement": "final_summary", "row": "expenditure_total", "column": "amount"},
        "terms": [{"statement": "final_summary", "row": "revenue_total", "column": "amount"}],
    },
    {
        **_WORDING,
        "id": "t7_closing_opening",
        "family": "years",
        "reported": {"statement": "final_fund", "row": "total", "column": "opening_balance"},
        "terms": [
            {"statement": "final_fund", "row": "total", "column": "closing_balance", "year_offset": -1}
        ],
    },
]


def document_id(path: str, content: str = "") -> str:
    """The id of a document of the mini lake: as in the pipeline, 16 hex digits of a SHA-256."""
    return hashlib.sha256(f"{path}:{content}".encode()).hexdigest()[:16]


@dataclass
class MiniLake:
    """Documents added one by one, then written to a folder."""

    rows: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {dataset.name: [] for dataset in (*PER_DOCUMENT, *PER_FOLDER)}
    )

    def document(
        self,
        path: str,
        *,
        department: str,
        year: int | None,
        kind: str | None,
        region: str = "310107",
        content: str = "",
        in_raw: bool = True,
        statements: Sequence[tuple[str, Sequence[Row]]] = (),
        **fields: Any,
    ) -> str:
        """Add a document with its statements (an empty list of rows is a statement stated empty)."""
        key = document_id(path, content)
        self.rows["documents"].append(
            {
                "document_id": key,
                "sha256": key * 4,
                "source_path": path,
                "published_name": path.rsplit("/", 1)[-1],
                "department_name": department,
                "department_registered": "",
                "level": "department",
                "region_code": region,
                "fiscal_year": year,
                "document_kind": kind,
                "part": "",
                "page_count": 10,
                "is_scanned": False,
                "is_synthetic": True,
                "outcome": "read",
                "extractor_version": "1",
                **fields,
            }
        )
        if in_raw:
            self.rows["raw_inventory"].append({"source_path": path, "document_id": key})
        for number, (statement, lines) in enumerate(statements, start=1):
            self._statement(key, number, statement, lines)
        return key

    def _statement(self, document: str, number: int, statement: str, lines: Sequence[Row]) -> None:
        page, n_amounts = number + 1, 0
        for row, (key, label, side, amounts) in enumerate(lines, start=1):
            for column, (column_id, printed) in enumerate([("", label), *amounts.items()]):
                cell = self._cell(document, page, row, column, printed)
                if not column_id:
                    continue
                n_amounts += 1
                self.rows["line_items"].append(
                    {
                        "document_id": document,
                        "cell_id": cell,
                        "statement_number": number,
                        "statement_id": statement,
                        "row_kind": row_kind(statement, key),
                        "row_key": key,
                        "row_label": label,
                        "row_path": label,
                        "row_number": row,
                        "side": side,
                        "column_id": column_id,
                        "column_path": column_id,
                        "amount_yuan": Decimal(printed) * 10000,
                        "amount_printed": printed,
                        "unit": "万元",
                        "precision_yuan": Decimal(100),
                        "page": page,
                        "reading_quality": "text",
                    }
                )
        self.rows["statements"].append(
            {
                "document_id": document,
                "statement_number": number,
                "statement_id": statement,
                "title_printed": next(form[3] for form in FORMS if form[0] == statement),
                "label_printed": f"公开{number:02d}表",
                "first_page": page,
                "last_page": page,
                "unit": "万元",
                "department_printed": "",
                "is_stated_empty": not lines,
                "empty_sentence": "" if lines else "本部门没有此项收支，故本表无数据。",
                "score": 1.0,
                "n_rows": len(lines),
                "n_amounts": n_amounts,
                "printed_rows": [key for key, *_ in lines],
                "printed_columns": sorted({column for *_, amounts in lines for column in amounts}),
            }
        )

    def _cell(self, document: str, page: int, row: int, column: int, printed: str) -> str:
        name = f"{document}-p{page:04d}-t01-r{row:03d}-c{column:02d}"
        self.rows["cells"].append(
            {
                "document_id": document,
                "cell_id": name,
                "page": page,
                "table_number": 1,
                "row_number": row,
                "column_number": column,
                "row_span": 1,
                "column_span": 1,
                "text": printed,
                "x0": 100.0 * column,
                "top": 20.0 * row,
                "x1": 100.0 * column + 90,
                "bottom": 20.0 * row + 18,
                "page_width": 595.0,
                "page_height": 842.0,
                "read_by": "text",
            }
        )
        return name

    def recognised(self, document: str, quality: str) -> None:
        """Let a document be a scan whose figures were read so well: ``ocr`` or ``doubtful``."""
        for dataset, column, value in (
            ("line_items", "reading_quality", quality),
            ("cells", "read_by", "ocr"),
        ):
            for row in self.rows[dataset]:
                if row["document_id"] == document:
                    row[column] = value

    def repaired(self, document: str, printed: str, as_read: str) -> None:
        """Let the amounts ``printed`` of a scan have been recognised as ``as_read`` and repaired."""
        for row in self.rows["line_items"]:
            if row["document_id"] == document and row["amount_printed"] == printed:
                row |= {"reading_quality": "repaired", "amount_as_read": as_read}
                self.rows["repairs"].append(
                    {key: row[key] for key in ("document_id", "cell_id", "page", "unit", "amount_printed")}
                    | {
                        "amount_yuan": row["amount_yuan"],
                        "amount_as_read": as_read,
                        "amount_as_read_yuan": Decimal(as_read) * 10000,
                        "candidates": [f"{printed} (0.30)"],
                        "proof": ["t3_row_total [total]", "t3_rollup [total|project]"],
                        "repaired_together": [],
                        "sentence_zh": f"图像识别为{as_read}万元，更正为{printed}万元。",
                        "sentence_en": f"recognised as {as_read}, repaired to {printed}.",
                    }
                )

    def note(self, document: str, kind: str, message: str, page: int | None = None, text: str = "") -> None:
        """Add something the reading has to say."""
        self.rows["notes"].append(
            {
                "document_id": document,
                "kind": kind,
                "message": message,
                "page": page,
                "text": text,
                "cell_id": "",
            }
        )

    def claim(
        self, document: str, number: int, subject: str, value: str, sentence: str, **fields: Any
    ) -> None:
        """Add a claim: an amount in yuan printed to 0.01 万元, unless ``fields`` say else."""
        row: dict[str, Any] = {
            "document_id": document,
            "claim_number": number,
            "section": "三、支出决算情况说明",
            "claim_kind": "amount",
            "subject": subject,
            "about": "",
            "value": Decimal(value),
            "unit": "yuan",
            "precision": Decimal(100),
            "direction": "none",
            "sentence": sentence,
            "page": 8,
            "x0": 90.0,
            "top": 100.0,
            "x1": 500.0,
            "bottom": 112.0,
            "read_by": "text",
            "about_alternatives": [],
            "relation": "",
            "denominator_about": [],
            "other_kind": "",
            "other_about": [],
            "reason": "",
        }
        row |= fields
        digits = row["precision"] / (10_000 if row["unit"] == "yuan" else 1)
        shown = (row["value"] / (10_000 if row["unit"] == "yuan" else 1)).quantize(digits)
        row.setdefault("value_printed", f"{shown:,}" + ("万元" if row["unit"] == "yuan" else "%"))
        self.rows["claims"].append(row)

    def listed(self, document: str, number: int, name: str, about: Sequence[str], sentence: str) -> None:
        """Let the narrative list something as paid."""
        self.rows["listed_items"].append(
            {
                "document_id": document,
                "item_number": number,
                "section": "六、基本支出决算情况说明",
                "name": name,
                "about": list(about),
                "sentence": sentence,
                "page": 9,
            }
        )

    def fault(self, document: str, number: int, **fields: Any) -> None:
        """Let the narrative contradict itself."""
        self.rows["narrative_faults"].append(
            {
                "document_id": document,
                "fault_number": number,
                "kind": "text_broken",
                "rule": "reason_missing",
                "severity": "medium",
                "section": "一、总体情况说明",
                "printed": "主要原因是。",
                "expected": "",
                "sentence": "主要原因是。",
                "told_zh": "句子没有写完",
                "told_en": "the sentence is broken off",
                "page": 7,
                "x0": 90.0,
                "top": 100.0,
                "x1": 500.0,
                "bottom": 112.0,
            }
            | fields
        )

    def write(self, folder: Path) -> Path:
        """Write everything under ``folder`` as the pipeline does."""
        lake = Lake(folder)
        lake.prepare()
        for document in self.rows["documents"]:
            key = document["document_id"]
            rows = {
                dataset.name: [
                    _values(dataset, row) for row in self.rows[dataset.name] if row["document_id"] == key
                ]
                for dataset in PER_DOCUMENT
            }
            lake.write_document(DocumentRows(key, document["fiscal_year"], document["region_code"], rows))
        for folder_wide in PER_FOLDER:
            values = [_values(folder_wide, row) for row in self.rows[folder_wide.name]]
            lake.write_table(folder_wide, values, f"{folder_wide.name}/{folder_wide.name}.parquet")
        for dataset, values in (
            (STATEMENT_FORMS, FORMS),
            (STATEMENT_COLUMNS, COLUMNS),
            (STATEMENT_LINES, LINES),
        ):
            lake.write_table(dataset, values, f"catalogue/{dataset.name}.parquet")
        write_identities(
            flatten(Identity.model_validate(entry) for entry in IDENTITIES), folder / "identities"
        )
        return folder


def row_kind(statement: str, key: str) -> str:
    """What kind of row a key names in a statement."""
    if statement == "budget_procurement":
        return "procurement"
    if statement == "budget_project_target":
        return "project"
    if key == "total" or key.isdigit():
        return "economic" if statement == "final_general_basic" else "functional"
    return "line"


def _values(dataset: Dataset, row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row.get(column.name) for column in dataset.columns)
