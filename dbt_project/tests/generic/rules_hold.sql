{#-
Every rule of a table holds: those of its columns (`config.meta.rules` beside each, where it is declared once) and
`unique_together`, lists of columns in all of which no two rows agree.

    config: {meta: {rules: [not_null, unique, {accepted_values: [a, b]}, {relationships: {to: dim_x, field: y}}]}}

One test a table and not one a rule: a test costs dbt far more than DuckDB. Each row that the query returns is a
broken rule, with the column, the number of cases and one of them; they are what the failure says (`fail_calc`).
NULL breaks `not_null` alone. `refers_to` are the tables that relationships point to: dbt must know them before it
looks at columns.
-#}
{% test rules_hold(model, unique_together=[], refers_to=[]) %}
    {{ config(fail_calc = broken_rules_told()) }}
    {{ broken_rules(model, unique_together, refers_to) if execute else 'select 1' }}
{% endtest %}
