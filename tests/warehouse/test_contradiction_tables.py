"""The search for contradictions over the tables of a warehouse."""

from __future__ import annotations

import duckdb
import pytest

from pipelines.warehouse.contradiction_tables import contradictions_table

#: Equations of a department, each of a figure that two others, of 1 and 2 yuan, add up to.
OF_A_DEPARTMENT = 25


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
