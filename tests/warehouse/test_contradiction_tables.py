"""The search for contradictions over the tables of a warehouse: none is lost, whoever shares the search."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.warehouse import contradiction_tables
from pipelines.warehouse.contradiction_tables import contradictions_table

#: Equations of a department, each of a figure that two others, of 1 and 2 yuan, add up to.
OF_A_DEPARTMENT = 25
#: Of each department: a total that its two parts do not add up to, and one that they do.
DEPARTMENTS = ("420100-a", "420100-b", "420100-c")
WEIGHTS = """
    create table weights as
    select d as department_id, d || '/2023' as disclosure_id, i.identity_id, '' as identity_key,
        'eq' as relation, i.verdict, d || f.figure_id as figure_id, false as is_blank, f.weight
    from unnest($departments) as t (d),
        (values ('wrong', 'violated'), ('right', 'exact')) as i (identity_id, verdict),
        (values ('-total', 1), ('-basic', -1), ('-project', -1), ('-sum', 1), ('-one', -1), ('-two', -1))
            as f (figure_id, weight)
    where (i.identity_id = 'wrong') = (f.figure_id in ('-total', '-basic', '-project'))
"""
FIGURES = """
    create table figures as
    select d as department_id, d || f.figure_id as figure_id, false as is_blank, d || f.figure_id as cell_id,
        d || '-1' as statement_key, f.figure_id as row_key, 'amount' as column_id,
        f.amount::decimal(18, 2) as amount_yuan, 100::decimal(18, 4) as precision_yuan, '万元' as unit,
        0 as row_place
    from unnest($departments) as t (d),
        (values ('-total', 1310000), ('-basic', 900000), ('-project', 310000),
            ('-sum', 500000), ('-one', 200000), ('-two', 300000)) as f (figure_id, amount)
"""


@pytest.mark.parametrize("departments", [1, 1_500])
def test_one_contradiction_among_many_departments_is_found(departments: int) -> None:
    """More rows than one look at a result fetches: none is lost, whatever the number."""
    wrong = departments - 1
    with duckdb.connect() as connection:
        connection.execute(
            f"""
            create table figures as
            select
                printf('department-%05d', department) as department_id,
                printf('%05d-%03d-%s', department, equation, part) as figure_id,
                false as is_blank,
                figure_id as cell_id,
                printf('%05d-01', department) as statement_key,
                part as row_key,
                'total' as column_id,
                (case part when 'sum' then if(department = {wrong} and equation = 7, 30000, 3)
                    when 'one' then 1 else 2 end)::decimal(18, 2) as amount_yuan,
                0.01::decimal(18, 2) as precision_yuan,
                '元' as unit,
                0 as row_place
            from range({departments}) as d (department), range({OF_A_DEPARTMENT}) as e (equation),
                unnest(['sum', 'one', 'other']) as p (part)
            """
        )
        connection.execute(
            f"""
            create table weights as
            select
                department_id,
                'disclosure of ' || department_id as disclosure_id,
                'sum_of_two' as identity_id,
                left(figure_id, 9) as identity_key,
                'eq' as relation,
                if(department_id = 'department-{wrong:05d}' and figure_id like '%-007-%', 'violated', 'exact')
                    as verdict,
                figure_id,
                if(row_key = 'sum', 1, -1) as weight
            from figures
            """
        )
        rows = contradictions_table(connection, connection.table("weights"), connection.table("figures"))
        found = rows.select("department_id, suspects[1].figure_id, len(symptoms)").fetchall()
    name = f"department-{wrong:05d}"
    assert found == [(name, f"{wrong:05d}-007-sum", 1)]


@pytest.fixture
def tables(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    # A file: departments are shared only where there is a folder to write in.
    with duckdb.connect(tmp_path / "warehouse.duckdb") as connection:
        for sql in (WEIGHTS, FIGURES):
            connection.execute(sql, {"departments": list(DEPARTMENTS)})
        yield connection


def found(connection: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    table = contradictions_table(connection, connection.table("weights"), connection.table("figures"))
    return table.fetchall()


def test_each_department_s_contradiction_is_found_in_the_order_of_departments(
    tables: duckdb.DuckDBPyConnection,
) -> None:
    rows = found(tables)
    assert [row[1] for row in rows] == list(DEPARTMENTS)
    assert {row[2] for row in rows} == {"figure"}


def test_departments_shared_by_processes_give_the_same_table(
    tables: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once = found(tables)
    # More figures than fit one share once ended the build: two results were read side by side.
    monkeypatch.setattr(contradiction_tables, "SHARE_OF_WEIGHTS", 1)
    assert found(tables) == at_once
    left = tables.execute("select table_name from duckdb_tables() where temporary").fetchall()
    assert left == [("contradictions_found",)]


def test_a_process_that_fails_is_no_empty_table(
    tables: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contradiction_tables, "SHARE_OF_WEIGHTS", 1)
    tables.execute("update weights set weight = null where department_id = '420100-b'")
    with pytest.raises(RuntimeError, match="contradictions: TypeError"):
        found(tables)


def test_nothing_to_explain_is_an_empty_table(tables: duckdb.DuckDBPyConnection) -> None:
    for name in ("weights", "figures"):
        tables.execute(f"delete from {name}")
    assert found(tables) == []
