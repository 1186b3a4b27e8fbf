"""The documents of the small lake that the dbt tests build from, and the figures they know by hand."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from tests.warehouse.mini_lake import MiniLake, Row, document_id

BUREAU, CENTRE, ARCHIVE = "示例区城市更新局", "示例市信息中心", "示例省档案馆"


def small_lake() -> tuple[MiniLake, dict[str, str]]:
    """The small lake and the document ids in it by a short name."""
    lake = MiniLake()
    ids: dict[str, str] = {}
    for year, extra in ((2022, 0), (2023, 10)):
        ids[f"bureau_final_{year}"] = lake.document(
            f"bureau/{year}-final.pdf",
            department=BUREAU,
            year=year,
            kind="final_accounts",
            published_at=date(year + 1, 9, 20),
            statements=bureau_final(extra),
        )
        ids[f"bureau_budget_{year}"] = lake.document(
            f"bureau/{year}-budget.pdf",
            department=BUREAU,
            year=year,
            kind="budget",
            published_at=date(year, 2, 10),
            statements=bureau_budget(extra),
        )
        ids[f"centre_final_{year}"] = lake.document(
            f"centre/{year}-final.pdf",
            department=CENTRE,
            region="420100",
            year=year,
            kind="final_accounts",
            published_at=date(year + 1, 10, 8),
            statements=[("final_summary", summary(50, 0, 50)), ("final_fund", [])],
        )
    # Published again with another figure: the later one counts.
    ids["centre_budget_old"] = lake.document(
        "centre/2023-budget.pdf",
        department=CENTRE,
        region="420100",
        year=2023,
        kind="budget",
        content="old",
        published_at=date(2023, 2, 1),
        statements=[("budget_summary", summary(40, 0, 40))],
    )
    ids["centre_budget_new"] = lake.document(
        "centre/2023-budget-corrected.pdf",
        department=CENTRE,
        region="420100",
        year=2023,
        kind="budget",
        content="new",
        published_at=date(2023, 3, 1),
        statements=[("budget_summary", summary(41, 0, 41))],
    )
    ids["taken_down"] = lake.document(
        "centre/2022-budget.pdf",
        department=CENTRE,
        region="420100",
        year=2022,
        kind="budget",
        in_raw=False,
        statements=[("budget_summary", summary(39, 0, 39))],
    )
    # A unit that publishes under the name of its department.
    ids["bureau_unit"] = lake.document(
        "bureau/2023-budget-unit.pdf",
        department=BUREAU,
        level="unit",
        year=2023,
        kind="budget",
        part="unit",
        statements=[("budget_summary", summary(70, 0, 70))],
    )
    ids["broken"] = lake.document(
        "broken.pdf",
        department="",
        region="000000",
        year=None,
        kind=None,
        outcome="set_aside",
        outcome_reason="not_a_pdf",
        outcome_message="The file does not begin like a PDF.",
    )
    ids["nobody"] = lake.document(
        "nobody.pdf",
        department="",
        year=None,
        kind="budget",
        statements=[("budget_summary", summary(9, 0, 9))],
    )
    ids["blank_form"] = lake.document(
        "form.pdf", department="", level="form", year=2023, kind="final_accounts"
    )
    lake.note(ids["bureau_final_2023"], "row_not_understood", "A row of T3 has no code.", 4, "其他")
    lake.note(ids["centre_final_2023"], "table_not_understood", "table not understood", 3, "支出表")
    lake.note(
        ids["bureau_final_2023"],
        "register_disagrees",
        "fiscal_year: the register says 2024, the document 2023",
    )
    lake.claim(
        ids["bureau_final_2023"],
        1,
        "final_summary/expenditure_total/amount",
        "1300000",
        "本年支出合计130.00万元。",
    )
    versions(lake, ids)
    return lake, ids


def versions(lake: MiniLake, ids: dict[str, str]) -> None:
    """Budgets of one department, each year with two files of which it must be known which counts."""

    def add(name: str, year: int, amount: int, **fields: Any) -> None:
        statements = [("budget_summary", summary(amount, 0, amount))] if amount else []
        statements = fields.pop("statements", statements)
        ids[name] = lake.document(
            f"archive/{name}.pdf",
            department=ARCHIVE,
            region="320000",
            year=year,
            kind="budget",
            statements=statements,
            **fields,
        )

    # Published the same day: the one fetched later.
    add("same_day_early", 2018, 1, published_at=date(2018, 2, 1), fetched_at=datetime(2020, 1, 1))
    add("same_day_late", 2018, 2, published_at=date(2018, 2, 1), fetched_at=datetime(2020, 1, 2))
    # Nothing known of either: the last by path, so that every build decides the same.
    add("unknown_a", 2019, 3)
    add("unknown_b", 2019, 4)
    # A newer file that cannot be read takes nothing away.
    add("readable", 2020, 5, published_at=date(2020, 2, 1))
    add("unreadable", 2020, 0, published_at=date(2020, 3, 1), outcome="set_aside", outcome_reason="encrypted")
    # Text and tables apart, without a register to say so.
    add("tables", 2021, 6)
    add("words", 2021, 0)
    # One says itself which it supersedes, whatever the dates.
    add("corrected", 2022, 8, published_at=date(2022, 1, 1))
    lake.rows["documents"][-1]["supersedes_document_id"] = document_id("archive/superseded.pdf")
    add("superseded", 2022, 7, published_at=date(2022, 5, 1))
    # Published whole, then its statements again as a file of their own: no figure may count twice.
    add("whole", 2023, 9, published_at=date(2023, 2, 1))
    add("statements_again", 2023, 10, part="tables", published_at=date(2023, 3, 1))
    # Two files that complete each other, which no register tells apart: none replaces the other.
    add("first_half", 2024, 11)
    other_half = [("budget_general_expenditure", [("total", "合计", "", {"total": "12.00"})])]
    add("other_half", 2024, 0, statements=other_half)


def summary(revenue: int, other: int, expenditure: int) -> list[Row]:
    """A two-sided summary in 万元: revenue lines, one class of expenditure, totals."""
    column = "amount"

    def line(key: str, label: str, side: str, value: int) -> Row:
        return (key, label, side, {column: f"{value}.00"})

    return [
        line("rev_general_public", "一、一般公共预算财政拨款收入", "revenue", revenue),
        line("rev_other", "八、其他收入", "revenue", other),
        line("201", "一、一般公共服务支出", "expenditure", expenditure),
        line("revenue_total", "本年收入合计", "revenue", revenue + other),
        line("expenditure_total", "本年支出合计", "expenditure", expenditure),
        line("closing_balance", "年末结转和结余", "expenditure", revenue + other - expenditure),
        line("grand_total_revenue", "总计", "revenue", revenue + other),
        line("grand_total_expenditure", "总计", "expenditure", revenue + other),
    ]


def bureau_final(extra: int) -> list[tuple[str, list[Row]]]:
    """Nine statements less the ones a test does not need; project spending grows by ``extra`` 万元."""
    spending = [
        ("total", "合计", "", _spending(80, 40 + extra)),
        ("201", "一般公共服务支出", "", _spending(80, 40 + extra)),
        ("20103", "政府办公厅（室）及相关机构事务", "", _spending(80, 40 + extra)),
        ("2010301", "行政运行", "", {"total": "80.00", "basic": "80.00"}),
        (
            "2010399",
            "其他政府办公厅（室）及相关机构事务支出",
            "",
            {"total": f"{40 + extra}.00", "project": f"{40 + extra}.00"},
        ),
    ]
    return [
        ("final_summary", summary(120 + extra, 5, 120 + extra)),
        (
            "final_revenue",
            [
                (
                    "total",
                    "合计",
                    "",
                    {
                        "total": f"{125 + extra}.00",
                        "fiscal_appropriation": f"{120 + extra}.00",
                        "other": "5.00",
                    },
                ),
                (
                    "201",
                    "一般公共服务支出",
                    "",
                    {
                        "total": f"{125 + extra}.00",
                        "fiscal_appropriation": f"{120 + extra}.00",
                        "other": "5.00",
                    },
                ),
            ],
        ),
        ("final_expenditure", spending),
        ("final_general_expenditure", spending),
        (
            "final_general_basic",
            [
                ("301", "工资福利支出", "", {"amount": "60.00"}),
                ("30101", "基本工资", "", {"amount": "35.50"}),
                ("30113", "住房公积金", "", {"amount": "24.50"}),
                ("302", "商品和服务支出", "", {"amount": "20.00"}),
                ("30201", "办公费", "", {"amount": "20.00"}),
                *([] if extra else [("32999", "没有这个科目", "", {"amount": "0.00"})]),
                ("personnel_total", "人员经费合计", "", {"amount": "60.00"}),
                ("running_total", "公用经费合计", "", {"amount": "20.00"}),
            ],
        ),
        (
            "final_fund",
            [
                ("total", "合计", "", _fund()),
                ("212", "城乡社区支出", "", _fund()),
                ("21208", "国有土地使用权出让收入安排的支出", "", _fund()),
                ("2299901", "其他支出", "", {"total": "1.00"}),
            ],
        ),
        ("final_state_capital", []),
        (
            "final_three_public",
            [
                (
                    "total",
                    "合计",
                    "",
                    {
                        "budget_total": "6.00",
                        "budget_abroad": "0.00",
                        "budget_vehicle_total": "4.00",
                        "budget_reception": "2.00",
                        "final_total": "3.00",
                        "final_vehicle_total": "2.50",
                        "final_reception": "0.50",
                    },
                )
            ],
        ),
    ]


def bureau_budget(extra: int) -> list[tuple[str, list[Row]]]:
    """The budget of the same department: 100 万元 and the same growth."""
    return [
        ("budget_summary", summary(100 + extra, 0, 100 + extra)),
        (
            "budget_general_expenditure",
            [
                ("201", "一般公共服务支出", "", _spending(70, 30 + extra)),
                # Its name up to 2019, printed later.
                *([] if extra else [("20805", "行政事业单位离退休", "", {"total": "0.00"})]),
                ("total", "合计", "", _spending(70, 30 + extra)),
            ],
        ),
        ("budget_procurement", [("台式计算机", "台式计算机", "", {"amount": "3.20"})]),
        (
            "budget_project_target",
            [("更新项目", "更新项目", "", {"project_total": "30.00", "year_total": "15.00"})],
        ),
    ]


def _spending(basic: int, project: int) -> dict[str, str]:
    return {"total": f"{basic + project}.00", "basic": f"{basic}.00", "project": f"{project}.00"}


def _fund() -> dict[str, str]:
    return {
        "opening_balance": "2.00",
        "revenue": "9.00",
        "total": "8.00",
        "project": "8.00",
        "closing_balance": "3.00",
    }
