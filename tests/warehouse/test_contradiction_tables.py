"""The search for contradictions over the tables of a warehouse: none is lost, whoever shares the search."""

from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipelines.warehouse import contradiction_tables
from pipelines.warehouse.contradiction_arrays import Department
from pipelines.warehouse.contradiction_tables import contradictions_table

#: Equations of a department, each of a figure that two others, of 1 and 2 yuan, add up to.
OF_A_DEPARTMENT = 25
#: Of each department: a total that its two parts do not add up to, and one that they do.
DEPARTMENTS = ("420100-a", "420100-b", "420100-c")
WEIGHTS = """
    create table weights as
    select d as department_id, hash(d || i.identity_id) as answer_number, d || '/2023' as disclosure_id,
        i.identity_id, '' as key, 'eq' as relation, i.verdict, d || f.figure_id as figure_id,
        false as is_blank, f.weight
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


def table_of(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyRelation:
    """What is found in the tables of a test; those of weights say what their answers are called, too."""
    answers = connection.sql(
        "select distinct answer_number, disclosure_id, identity_id, key, verdict from weights"
    )
    return contradictions_table(connection, connection.table("weights"), connection.table("figures"), answers)


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
                hash(left(figure_id, 9)) as answer_number,
                'disclosure of ' || department_id as disclosure_id,
                'sum_of_two' as identity_id,
                left(figure_id, 9) as key,
                'eq' as relation,
                if(department_id = 'department-{wrong:05d}' and figure_id like '%-007-%', 'violated', 'exact')
                    as verdict,
                figure_id,
                if(row_key = 'sum', 1, -1) as weight
            from figures
            """
        )
        found = table_of(connection).select("department_id, suspects[1].figure_id, len(symptoms)").fetchall()
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
    return table_of(connection).fetchall()


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


#: Statements of a department that print the same table, in 万元 with two decimals: rows a to c and their sum
#: s, each with two parts and their total.
STATEMENTS = ("1", "2", "3")
ROWS, COLUMNS = "abcs", "xyt"


FIGURE_COLUMNS = {
    "department_id": "varchar",
    "figure_id": "varchar",
    "statement_key": "varchar",
    "row_key": "varchar",
    "column_id": "varchar",
    "amount_yuan": "decimal(18, 2)",
    "precision_yuan": "decimal(18, 4)",
    "unit": "varchar",
    "row_place": "integer",
}
WEIGHT_COLUMNS = {
    "department_id": "varchar",
    "answer_number": "bigint",
    "identity_id": "varchar",
    "figure_id": "varchar",
    "weight": "integer",
}


def statements_with_slips(rng: random.Random) -> list[tuple[str, str, str, str, int, str]]:
    """Figures of a department (statement, row, column, id, hundredths of 万元, unit), some of them wrong."""
    true = {(row, column): rng.randrange(10, 90_000) for row in "abc" for column in "xy"}
    true |= {("s", column): sum(true[row, column] for row in "abc") for column in "xy"}
    true |= {(row, "t"): true[row, "x"] + true[row, "y"] for row in ROWS}
    printed = {
        (statement, *place): amount + (rng.choice((-1, 0, 1)) if rng.random() < 0.2 else 0)
        for statement in STATEMENTS
        for place, amount in true.items()
    }
    slip = rng.choice(("none", "none", "digit", "digits", "exchange", "unit", "rows"))
    here = rng.choice(STATEMENTS)
    if slip in {"digit", "digits"}:
        for place in rng.sample(sorted(printed), 1 if slip == "digit" else 3):
            printed[place] += rng.choice((-1, 1)) * 10 ** rng.randrange(1, 5)
    elif slip == "exchange":
        one, other = rng.sample(ROWS, 2)
        printed[here, one, "x"], printed[here, other, "x"] = (
            printed[here, other, "x"],
            printed[here, one, "x"],
        )
    elif slip == "rows":
        for below, above in ("sc", "cb", "ba"):
            for column in COLUMNS:
                printed[here, below, column] = printed[here, above, column]
    return [
        (statement, row, column, f"{statement}{row}{column}", amount,
         "元" if slip == "unit" and statement == here else "万元")
        for (statement, row, column), amount in sorted(printed.items())
    ]  # fmt: skip


def test_a_part_of_a_department_is_explained_as_all_of_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Statements that a violated identity touches are looked at one by one: nothing else is found."""
    rng = random.Random(7)
    equations = [
        *(((f"{n}{r}t", 1), (f"{n}{r}x", -1), (f"{n}{r}y", -1)) for n in STATEMENTS for r in ROWS),
        *(((f"{n}s{c}", 1), *((f"{n}{r}{c}", -1) for r in "abc")) for n in STATEMENTS for c in COLUMNS),
        *(((f"{n}{r}t", 1), (f"{int(n) + 1}{r}t", -1)) for n in STATEMENTS[:-1] for r in ROWS),
    ]
    figures, weights = [], []
    for number in range(150):
        department = f"420100-{number:03d}"
        for statement, row, column, name, amount, unit in statements_with_slips(rng):
            yuan = Decimal(amount) / 100 if unit == "元" else Decimal(amount) * 100
            precision = Decimal("0.01") if unit == "元" else Decimal(100)
            key = f"{department}-{statement}"
            figures.append(
                (department, department + name, key, row, column, yuan, precision, unit, ROWS.index(row))
            )
        weights += [
            (department, 100 * number + n, f"{n:02d}", department + name, weight)
            for n, equation in enumerate(equations)
            for name, weight in equation
        ]
    with duckdb.connect() as connection:
        for table, columns, rows, constants in (
            ("figures", FIGURE_COLUMNS, figures, "'' as cell_id"),
            ("weights", WEIGHT_COLUMNS, weights, "'eq' as relation, '' as verdict, '' as key"),
        ):
            declared = ", ".join(f"{name} {kind}" for name, kind in columns.items())
            connection.execute(
                f"create table {table} as "
                f"select *, false as is_blank, department_id as disclosure_id, {constants} "
                f"from (select unnest(cast($rows as struct({declared})[]), max_depth := 2))",
                {"rows": [dict(zip(columns, row, strict=True)) for row in rows]},
            )
        in_part = found(connection)
        monkeypatch.setattr(Department, "is_reckonable", lambda self: False)
        assert found(connection) == in_part
    kinds = {row[2] for row in in_part}
    assert kinds == {"figure", "figures", "exchange", "unit", "rows"}
    assert {row[3] for row in in_part} == {False, True}


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
