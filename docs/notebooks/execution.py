"""What was budgeted and what was spent, by department and year (预算执行). Needs no network."""

import marimo

app = marimo.App()


@app.cell
def _():
    import os

    import duckdb
    import marimo as mo

    # A warehouse, or the DuckDB file of a release.
    database = os.environ.get("JUESUAN_DATABASE", "data/warehouse.duckdb")
    connection = duckdb.connect(database, read_only=True)
    return connection, mo


@app.cell
def _(connection):
    executed = connection.sql("""
        select department_name, fiscal_year,
            expenditure_total_budget_yuan as budget_yuan,
            expenditure_total_final_yuan as final_yuan,
            round(100 * expenditure_execution_ratio, 1) as percent,
            is_synthetic
        from mart_department_year
        where expenditure_execution_ratio is not null
        order by department_name, fiscal_year""").fetchall()
    return (executed,)


@app.cell
def _(executed, mo):
    # A bar for each year from zero; the mark is 100 %, and what is above it was added during the year.
    lines = [
        f"| {name}{' 样例' if specimen else ''} | {year} | {budget:,} | {final:,} | {percent} % | "
        f"{'█' * round(percent / 10)} |"
        for name, year, budget, final, percent, specimen in executed
    ]
    head = ["| 部门 department | 年度 year | 预算 budget, 元 | 决算 final, 元 | % | |"]
    rule = ["|---|---|---:|---:|---:|---|"]
    table = "\n".join([*head, *rule, *lines])
    mo.md("# 预算执行 Execution\n\n" + table)
    return (table,)


@app.cell
def _(table):
    print(table)
    return


if __name__ == "__main__":
    app.run()
