{#-
    The level of a functional code (3, 5, 7 digits: class 1, section 2, item 3) or an economic code
    (3, 5 digits: class 1, section 2); 0 for the 合计 row, NULL for a row that is not a code.
-#}
{% macro code_level(row_key) -%}
    case
        when {{ row_key }} = 'total' then 0
        when regexp_full_match({{ row_key }}, '[0-9]{3}') then 1
        when regexp_full_match({{ row_key }}, '[0-9]{5}') then 2
        when regexp_full_match({{ row_key }}, '[0-9]{7}') then 3
    end
{%- endmacro %}

{#- The code one level up: 2080505 -> 20805 -> 208; NULL above a class. -#}
{% macro parent_code(row_key) -%}
    case
        when regexp_full_match({{ row_key }}, '[0-9]{5}|[0-9]{7}') then left({{ row_key }}, length({{ row_key }}) - 2)
    end
{%- endmacro %}

{#-
    A code dimension: the codes of the lists with the years of each of their names, and the codes that only
    documents print. `code` names the code in the result, `target` and `rule` what it is mapped to and by
    which rule; `leading` are further columns of the list.
-#}
{% macro code_dimension(row_kind, code, target, rule, leading=[]) -%}
with listed as (
    select * from {{ ref('int_code_list') }}
    where row_kind = '{{ row_kind }}'
),

seen as (
    select * from {{ ref('int_codes_seen') }}
    where row_kind = '{{ row_kind }}'
),

beginnings as (
    select
        to_code_name_id as code_name_id,
        list(distinct succession_kind order by succession_kind) as kinds
    from {{ ref('int_code_successions') }}
    where to_code_name_id is not null
    group by to_code_name_id
),

ends as (
    select
        from_code_name_id as code_name_id,
        list(distinct succession_kind order by succession_kind) as kinds
    from {{ ref('int_code_successions') }}
    where from_code_name_id is not null
    group by from_code_name_id
)

select
    coalesce(l.code_name_id, s.code || '-seen') as code_name_id,
    {%- for column in leading %}
        l.{{ column }},
    {%- endfor %}
    coalesce(l.code, s.code) as {{ code }},
    coalesce(l.name_zh, s.name_printed) as name_zh,
    l.name_en,
    {{ code_level('coalesce(l.code, s.code)') }} as code_level,
    {{ parent_code('coalesce(l.code, s.code)') }} as parent_code,
    l.valid_from,
    l.valid_to,
    l.is_from_known,
    l.is_to_known,
    coalesce(b.kinds, []) as began_as,
    coalesce(e.kinds, []) as went_on_as,
    l.target_code as {{ target }},
    l.mapping_rule as {{ rule }},
    l.code is not null as is_in_code_list,
    l.list_source,
    s.first_seen_year,
    s.last_seen_year,
    coalesce(s.n_documents, 0) as n_documents
from listed as l
full join seen as s on l.code = s.code
left join beginnings as b on l.code_name_id = b.code_name_id
left join ends as e on l.code_name_id = e.code_name_id
{%- endmacro %}
