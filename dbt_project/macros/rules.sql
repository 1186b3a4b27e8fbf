{#- The query of rules_hold (tests/generic): a row for each rule that is broken. -#}
{% macro broken_rules(model, unique_together, refers_to) -%}
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
{%- endmacro %}

{#- What a test of rules_hold fails with: its broken rules, or 0 where there is none. -#}
{% macro broken_rules_told() -%}
case when count(*) > 0 then error(
    string_agg(
        column_name || ' ' || rule || ': ' || n_cases || ' case(s), such as ' || coalesce(example, 'NULL'),
        '; ' order by column_name, rule
    )
)::integer else 0 end
{%- endmacro %}

{#- Each of these is one rule, or relationships to one table: column_name, rule, n_cases, example. -#}
{% macro _null_cases(model, column) -%}
select '{{ column }}' as column_name, 'not_null' as rule, count(*) as n_cases, null::varchar as example
from {{ model }} where {{ column }} is null
{%- endmacro %}

{% macro _other_cases(model, column, accepted) -%}
select
    '{{ column }}' as column_name, 'accepted_values' as rule, count(*) as n_cases, min({{ column }})::varchar as example
from {{ model }} where {{ column }} not in ({% for value in accepted %}'{{ value }}'{{ ', ' if not loop.last }}{% endfor %})
{%- endmacro %}

{#- NULLs of one column do not repeat each other; of several, they do, as in a grouping. -#}
{% macro _repeated_cases(model, columns, rule) -%}
select
    '{{ columns | join(', ') }}' as column_name, '{{ rule }}' as rule, count(*) as n_cases, min(example) as example
from (
    select concat_ws(' / ', {{ columns | join(', ') }}) as example from {{ model }}
    {% if columns | length == 1 %}where {{ columns[0] }} is not null{% endif %}
    group by {{ columns | join(', ') }} having count(*) > 1
)
{%- endmacro %}

{#- All columns that point to one column of another table, in one look at it. -#}
{% macro _dangling_cases(model, columns, other, field) -%}
select column_name, 'relationships' as rule, count(*) as n_cases, min(value) as example
from ({% for column, where in columns %}
    select '{{ column }}' as column_name, {{ column }}::varchar as value
    from {{ model }} where {{ column }} is not null{% if where %} and ({{ where }}){% endif %}
    {{- '' if loop.last else '\n    union all' }}{% endfor %}
) as pointing
anti join {{ other }} as other on pointing.value = other.{{ field }}::varchar
group by column_name
{%- endmacro %}
