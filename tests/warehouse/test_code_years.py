"""Codes over the years, on documents of 2017 to 2025 whose every figure is known by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.warehouse.mini_lake import MiniLake, Row
from tests.warehouse.models_of_lake import Models, models_of

# What the module makes once is made in one worker.
pytestmark = pytest.mark.xdist_group("code_years")

BUREAU = "示例市文化局"
WANTED = (
    "mart_purpose_year",
    "mart_economic_year",
    "mart_codes_proposed",
    "mart_code_coverage",
    "mart_codes_unmapped",
    "mart_international_year",
    "bridge_code_lineage",
    "int_findings_of_codes",
    "dim_functional_code",
)


def spending(*codes: tuple[str, str, int]) -> list[Row]:
    return [(code, name, "", {"total": f"{amount}.00"}) for code, name, amount in codes]


def basic(*codes: tuple[str, str, int]) -> list[Row]:
    return [(code, name, "", {"amount": f"{amount}.00"}) for code, name, amount in codes]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Models:
    lake = MiniLake()

    def add(year: int, functions: list[Row], objects: list[Row]) -> None:
        lake.document(
            f"bureau/{year}.pdf",
            department=BUREAU,
            region="420100",
            year=year,
            kind="final_accounts",
            statements=[("final_expenditure", functions), ("final_general_basic", objects)],
        )

    fund, other = ("303", "对个人和家庭的补助", 9), ("301", "工资福利支出", 9)
    add(2017, spending(("2070406", "电影", 50)), basic(fund, ("30311", "住房公积金", 9)))
    add(
        2018,
        spending(
            ("207", "文化体育与传媒支出", 60),
            ("20704", "新闻出版广播影视", 60),
            ("2070406", "电影", 60),
            ("20805", "行政事业单位离退休", 7),
        ),
        basic(other, ("30113", "住房公积金", 9), ("30311", "代缴社会保险费", 1)),
    )
    add(
        2019,
        spending(
            ("207", "文化旅游体育与传媒支出", 66),
            ("20706", "新闻出版电影", 66),
            ("2070607", "电影", 66),
            # Its name since 2020, printed a year too early.
            ("20805", "行政事业单位养老支出", 8),
        ),
        basic(other, ("30113", "住房公积金", 9)),
    )
    add(
        2020,
        spending(
            ("20805", "行政事业单位养老支出", 9),
            ("2089901", "其他社会保障和就业支出", 3),
            ("20751", "没有这一款", 2),
            # The year of its change is not known: no finding in 2019 to 2021.
            ("2082805", "部队供应", 1),
        ),
        basic(("501", "机关工资福利支出", 4), ("50101", "工资奖金津补贴", 4)),
    )
    add(
        2021,
        spending(("20805", "行政事业单位养老支出", 9), ("2089999", "其他社会保障和就业支出", 4)),
        basic(other, ("30113", "住房公积金", 9)),
    )
    return models_of(lake, tmp_path_factory.mktemp("codes") / "lake", WANTED)


def test_a_purpose_is_followed_over_a_move(models: Models) -> None:
    rows = models.rows(
        "select m.fiscal_year, m.functional_code, m.amount_yuan, l.is_break "
        "from bridge_code_lineage as l inner join mart_purpose_year as m "
        "on l.related_code = m.functional_code "
        "and m.fiscal_year between l.related_valid_from and coalesce(l.related_valid_to, 9999) "
        "where l.code_name_id = '2070607-2019' order by 1"
    )
    assert rows == [
        (2017, "2070406", Decimal(500_000), False),
        (2018, "2070406", Decimal(600_000), False),
        (2019, "2070607", Decimal(660_000), False),
    ]


def test_a_split_is_a_break(models: Models) -> None:
    rows = models.rows(
        "select related_code, related_valid_from, direction, succession_kinds, is_break "
        "from bridge_code_lineage where code_name_id = '20704-2017' and n_steps > 0 order by 1"
    )
    assert rows == [("20706", 2019, "later", ["split"], True), ("20708", 2019, "later", ["split"], True)]


def test_a_code_used_again_is_another_purpose(models: Models) -> None:
    lineage = (
        "select related_code, related_name_zh from bridge_code_lineage "
        "where code_name_id = ? and n_steps > 0 order by 1"
    )
    assert models.rows(lineage, "30311-2007") == [("30113", "住房公积金")]
    assert models.rows(lineage, "30311-2018") == []
    assert models.rows(lineage, "30113-2018") == [("30311", "住房公积金")]


def test_the_year_before_is_taken_from_the_code_that_moved(models: Models) -> None:
    rows = models.rows(
        "select fiscal_year, functional_code, previous_amount_yuan, change_yuan, previous_codes, break_kinds "
        "from mart_purpose_year where functional_code in ('2070607', '2089999') order by 1"
    )
    assert rows == [
        (2019, "2070607", Decimal(600_000), Decimal(60_000), ["2070406"], []),
        (2021, "2089999", Decimal(30_000), Decimal(10_000), ["2089901"], []),
    ]


def test_what_breaks_a_comparison_is_marked_also_above(models: Models) -> None:
    rows = models.rows(
        "select functional_code, previous_amount_yuan, break_kinds from mart_purpose_year "
        "where fiscal_year = 2019 and functional_code in ('207', '20706') order by 1"
    )
    # Tourism joined the class; radio and television left the section.
    assert rows == [
        ("207", Decimal(600_000), ["merged", "moved", "renamed"]),
        ("20706", None, ["moved", "split"]),
    ]
    assert models.rows(
        "select break_kinds from mart_purpose_year where functional_code = '20805' and fiscal_year = 2020"
    ) == [([],)]


def test_names_of_other_years_are_findings_where_the_year_is_known(models: Models) -> None:
    rows = models.rows("select finding_kind, identity_key, sentence_zh from int_findings_of_codes order by 2")
    assert [row[:2] for row in rows] == [
        ("unknown_code", "functional/20751"),
        ("name_of_other_year", "functional/20805"),
    ]
    assert rows[1][2].endswith("2019年科目表中的名称是“行政事业单位离退休”。")


def test_what_the_list_does_not_have_is_proposed_with_its_documents(models: Models) -> None:
    rows = models.rows(
        "select code, proposal_kind, name_printed, first_seen_year, n_documents, len(document_ids) "
        "from mart_codes_proposed order by 1"
    )
    assert rows == [("20751", "new_code", "没有这一款", 2020, 1, 1)]
    assert models.rows(
        "select is_in_code_list, valid_from, list_source from dim_functional_code "
        "where functional_code = '20751'"
    ) == [(False, None, None)]


def test_both_economic_classifications_are_known(models: Models) -> None:
    rows = models.rows(
        "select classification, economic_code, gfsm_code, amount_yuan from mart_economic_year "
        "where is_leaf and fiscal_year in (2018, 2020) order by fiscal_year, economic_code"
    )
    assert rows == [
        ("economic", "30113", "21", Decimal(90_000)),
        ("economic", "30311", "27", Decimal(10_000)),
        ("government", "50101", "211", Decimal(40_000)),
    ]


def test_an_economic_code_used_again_is_a_break_and_its_money_is_followed(models: Models) -> None:
    # 30311 was 住房公积金 to 2017, since 2018 代缴社会保险费; 住房公积金 is 30113 since.
    rows = models.rows(
        "select fiscal_year, economic_code, previous_amount_yuan, change_yuan, previous_codes, break_kinds "
        "from mart_economic_year where economic_code in ('30113', '30311') and fiscal_year > 2017 "
        "order by all"
    )
    ninety = Decimal(90_000)
    assert rows == [
        (2018, "30113", ninety, Decimal(0), ["30311"], []),
        (2018, "30311", None, None, [], ["reused"]),
        (2019, "30113", ninety, Decimal(0), ["30113"], []),
        (2021, "30113", None, None, [], []),
    ]
    # The class above it took money from another class.
    assert models.rows(
        "select break_kinds from mart_economic_year where economic_code = '301' and fiscal_year = 2018"
    ) == [(["merged", "moved", "split"],)]


def test_money_by_international_group_is_that_of_whole_codes_and_the_rest_says_why(models: Models) -> None:
    rows = models.rows(
        "select scheme, group_code, no_group_because, code, amount_yuan, cell_id is not null "
        "from mart_international_year where fiscal_year = 2020 order by scheme, code"
    )
    assert rows == [
        ("COFOG", None, "not_in_list", "20751", Decimal(20_000), True),
        ("COFOG", None, "several_functions", "20805", Decimal(90_000), True),
        ("COFOG", None, "not_decided", "2082805", Decimal(10_000), True),
        ("COFOG", None, "several_functions", "2089901", Decimal(30_000), True),
        ("GFSM 2014", "211", None, "50101", Decimal(40_000), True),
    ]


def test_the_money_that_is_listed_and_mapped_is_told_by_year(models: Models) -> None:
    rows = models.rows(
        "select scheme, amount_yuan, listed_yuan, mapped_yuan, listed_ratio from mart_code_coverage "
        "where fiscal_year = 2020 order by 1"
    )
    assert rows == [
        ("COFOG", Decimal(150_000), Decimal(130_000), None, Decimal("0.866667")),
        ("GFSM 2014", Decimal(40_000), Decimal(40_000), Decimal(40_000), Decimal(1)),
    ]
    unmapped = models.rows(
        "select code, unmapped_because from mart_codes_unmapped where scheme = 'COFOG' order by 1"
    )
    assert dict(unmapped) == {
        "20751": "not_in_list",
        "20805": "several_functions",
        "2082805": "not_decided",
        "2089901": "several_functions",
        "2089999": "several_functions",
    }


def test_a_lineage_has_each_name_once(models: Models) -> None:
    assert models.rows("select count(*) from bridge_code_lineage") == models.rows(
        "select count(*) from (select distinct code_name_id, related_code_name_id from bridge_code_lineage)"
    )
