"""Departments under several names: proposed by likeness and by reforms, one only where a row says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.warehouse.mini_lake import MiniLake
from tests.warehouse.models_of_lake import Models, models_of

# What the module makes once is made in one worker.
pytestmark = pytest.mark.xdist_group("department_history")

WANTED = (
    "mart_departments_proposed",
    "dim_department_name",
    "bridge_department_succession",
    "dim_department",
)
NAMES = (
    "create table department_names as select * from (values {rows}) "
    "as t(region_code, other_name, current_name, relation, first_year, last_year, source)"
)


def lake() -> MiniLake:
    made = MiniLake()
    for name, years in (
        ("示例市工商行政管理局", (2017, 2018)),
        ("示例市质量技术监督局", (2017, 2018)),
        ("示例市市场监督管理局", (2019, 2020)),
        ("示例市环境保护局", (2017, 2018)),
        ("示例市生态环境局", (2019,)),
        ("示例市民政局", (2018, 2019)),
        ("示例市文化艺术研究院", (2018,)),
        ("示例市文化艺术研究所", (2019,)),
        # Alike, but both published for 2018: two bodies.
        ("示例市第一中级人民法院", (2018,)),
        ("示例市第二中级人民法院", (2018,)),
    ):
        for year in years:
            made.document(
                f"{name}/{year}.pdf", department=name, region="420100", year=year, kind="final_accounts"
            )
    return made


def built(folder: Path, *rows: str) -> Models:
    table = NAMES.format(rows=", ".join(rows)) if rows else ""
    return models_of(lake(), folder, WANTED, *([table] if table else []))


def test_likeness_and_reforms_propose(tmp_path: Path) -> None:
    rows = built(tmp_path / "lake").rows(
        "select earlier_name, later_name, proposed_because, proposed_relation "
        "from mart_departments_proposed order by 1"
    )
    assert rows == [
        ("示例市工商行政管理局", "示例市市场监督管理局", "reform", "predecessor"),
        ("示例市文化艺术研究院", "示例市文化艺术研究所", "similar_name", "earlier"),
        ("示例市环境保护局", "示例市生态环境局", "reform", "earlier"),
        ("示例市质量技术监督局", "示例市市场监督管理局", "reform", "predecessor"),
    ]


def test_nothing_is_one_without_a_row_of_data(tmp_path: Path) -> None:
    models = built(tmp_path / "lake")
    assert models.rows("select count(*) from dim_department") == [(10,)]
    assert models.rows("select count(*) from bridge_department_succession") == [(0,)]


@pytest.fixture(scope="module")
def accepted(tmp_path_factory: pytest.TempPathFactory) -> Models:
    return built(
        tmp_path_factory.mktemp("accepted") / "lake",
        "('420100', '示例市环境保护局', '示例市生态环境局', 'earlier', 2019, 2018, '公告')",
        "('420100', '示例市工商行政管理局', '示例市市场监督管理局', 'predecessor', 2019, 2018, '公告')",
        "('420100', '示例市文化艺术研究所', '示例市民政局', 'unit_of', null, null, '决算单位构成')",
    )


def test_a_row_makes_two_names_one_department_with_both_in_its_history(accepted: Models) -> None:
    rows = accepted.rows(
        "select department_name, current_name, name_relation, first_fiscal_year, last_fiscal_year, "
        "name_source from dim_department_name where current_name = '示例市生态环境局' order by 4"
    )
    assert rows == [
        ("示例市环境保护局", "示例市生态环境局", "earlier", 2017, 2018, "公告"),
        ("示例市生态环境局", "示例市生态环境局", "current", 2019, 2019, None),
    ]
    assert accepted.rows("select count(*) from dim_department") == [(9,)]


def test_a_predecessor_stays_a_department_and_leads_to_the_other(accepted: Models) -> None:
    rows = accepted.rows(
        "select f.department_name, t.department_name, b.first_year from bridge_department_succession as b "
        "inner join dim_department as f on b.from_department_id = f.department_id "
        "inner join dim_department as t on b.to_department_id = t.department_id"
    )
    assert rows == [("示例市工商行政管理局", "示例市市场监督管理局", 2019)]


def test_a_unit_has_its_department_by_a_row(accepted: Models) -> None:
    rows = accepted.rows(
        "select p.department_name from dim_department as u inner join dim_department as p "
        "on u.parent_department_id = p.department_id where u.department_name = '示例市文化艺术研究所'"
    )
    assert rows == [("示例市民政局",)]


def test_what_is_decided_is_proposed_no_more(accepted: Models) -> None:
    rows = accepted.rows("select earlier_name from mart_departments_proposed order by 1")
    assert rows == [("示例市文化艺术研究院",), ("示例市质量技术监督局",)]
