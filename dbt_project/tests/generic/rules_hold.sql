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
    {%- if execute %}
{%- set nodes = graph.nodes.values() | selectattr('name', 'equalto', model.identifier) | rejectattr('resource_type', 'equalto', 'test') -%}
{%- set asked = [] -%}
{%- set pointing = {} -%}
{%- for column in (nodes | first).columns.values() -%}
    {%- for rule in column.config.meta.get('rules', []) -%}
        {%- set kind = rule if rule is string else (rule.keys() | first) -%}
        {%- if kind == 'not_null' -%}
            {%- do asked.append(_null_cases(model, column.name)) -%}
        {%- elif kind == 'unique' -%}
            {%- do asked.append(_repeated_cases(model, [column.name], 'unique')) -%}
        {%- elif kind == 'accepted_values' -%}
            {%- do asked.append(_other_cases(model, column.name, rule[kind])) -%}
        {%- elif kind == 'relationships' -%}
            {%- do pointing.setdefault((rule[kind].to, rule[kind].field), []).append((column.name, rule[kind].get('where'))) -%}
        {%- else -%}
            {%- do exceptions.raise_compiler_error(model.identifier ~ '.' ~ column.name ~ ': there is no rule ' ~ kind) -%}
        {%- endif -%}
    {%- endfor -%}
{%- endfor -%}
{%- for columns in unique_together -%}
    {%- do asked.append(_repeated_cases(model, columns, 'unique_together')) -%}
{%- endfor -%}
{%- for (name, field), columns in pointing.items() -%}
    {%- set others = ([model] + refers_to) | selectattr('identifier', 'equalto', name) | list -%}
    {%- if not others -%}
        {%- do exceptions.raise_compiler_error(model.identifier ~ '.' ~ columns[0][0] ~ ': ' ~ name ~ ' is not among what refers_to lists') -%}
    {%- endif -%}
    {%- do asked.append(_dangling_cases(model, columns, others[0], field)) -%}
{%- endfor -%}
{%- if not asked -%}
    {%- do exceptions.raise_compiler_error(model.identifier ~ ' has no rules') -%}
{%- endif %}
select *
from ({% for cases in asked %}
{{ cases }}{{ '' if loop.last else '\nunion all' }}{% endfor %}
)
where n_cases > 0
{%- else %}
select 1
{%- endif %}
{% endtest %}
