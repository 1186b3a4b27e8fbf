"""What does not add up, reckoned again from the printed figures (勾稽关系). Needs no network."""

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
    # Each side is the sum of weight times amount; the facts hold each printed amount once.
    facts = (
        "fct_revenue_by_function",
        "fct_expenditure_by_function",
        "fct_expenditure_by_economic",
        "fct_statement_totals",
        "fct_three_public",
        "fct_procurement",
        "fct_project_target",
    )
    figures = " union all ".join(f"select cell_id, amount_yuan from {fact}" for fact in facts)
    reckoned = connection.sql(f"""
        with figures as ({figures})
        select i.title_zh, r.fiscal_year, r.verdict, r.reported_yuan, r.expected_yuan,
            coalesce(sum(o.weight * f.amount_yuan) filter (o.operand_side = 'reported'), 0) as reported_again,
            coalesce(sum(o.weight * f.amount_yuan) filter (o.operand_side = 'expected'), 0) as expected_again,
            d.source_path, r.page
        from fct_identity_results as r
        inner join dim_identity as i on r.identity_id = i.identity_id
        inner join dim_document as d on r.document_id = d.document_id
        left join fct_identity_operands as o on r.result_id = o.result_id
        left join figures as f on o.cell_id = f.cell_id
        where r.verdict <> 'not_evaluable'
        group by r.result_id, i.title_zh, r.fiscal_year, r.verdict, r.reported_yuan, r.expected_yuan,
            d.source_path, r.page
        order by abs(r.reported_yuan - r.expected_yuan) desc, r.result_id""").fetchall()
    return (reckoned,)


@app.cell
def _(mo, reckoned):
    # Whether the answers given are those the figures give: all of them, not only the violated ones.
    n_other = sum((row[3], row[4]) != (row[5], row[6]) for row in reckoned)
    n_answers = len(reckoned)
    head = ["| 关系 identity | 年度 | 印数 printed | 应为 expected | 差额 difference | 文件 file | 页 |"]
    rule = ["|---|---|---:|---:|---:|---|---:|"]
    lines = [
        f"| {title} | {year} | {reported:,} | {expected:,} | {reported - expected:,} | {path} | {page} |"
        for title, year, verdict, reported, expected, _, _, path, page in reckoned
        if verdict == "violated"
    ]
    table = "\n".join([*head, *rule, *lines[:10]])
    said = f"{n_answers:,} answers reckoned again, {n_other} of them otherwise than told."
    mo.md("# 不符 What does not add up\n\n" + said + "\n\n" + table)
    return n_answers, n_other, said, table


@app.cell
def _(said, table):
    print(said)
    print(table)
    return


if __name__ == "__main__":
    app.run()
