"""“三公” spending by kind, and a department against its peers. Needs no network."""

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
    # What is printed blank is NULL, and stays out of a median: it is not zero.
    peers = connection.sql("""
        select p.department_name, t.fiscal_year, t.spending_kind, t.budget_in_final_yuan, t.final_yuan,
            median(t.final_yuan) over (partition by t.fiscal_year, t.spending_kind) as median_yuan,
            count(t.final_yuan) over (partition by t.fiscal_year, t.spending_kind) as departments
        from mart_three_public_year as t
        inner join dim_department as p on t.department_id = p.department_id
        where p.department_level = 'department'
        order by p.department_name, t.fiscal_year, t.spending_kind""").fetchall()
    return (peers,)


@app.cell
def _(mo, peers):
    latest = max(row[1] for row in peers)

    def shown(amount):
        return "—" if amount is None else f"{amount:,.2f}"

    head = ["| 部门 department | 项目 kind | 预算 budget, 元 | 决算 final, 元 | 中位数 median | 部门数 |"]
    rule = ["|---|---|---:|---:|---:|---:|"]
    lines = [
        f"| {name} | {kind} | {shown(budget)} | {shown(final)} | {shown(median)} | {departments} |"
        for name, year, kind, budget, final, median, departments in peers
        if year == latest
    ]
    table = "\n".join([*head, *rule, *lines])
    mo.md(f"# “三公”经费 {latest}\n\n" + table)
    return latest, table


@app.cell
def _(table):
    print(table)
    return


if __name__ == "__main__":
    app.run()
