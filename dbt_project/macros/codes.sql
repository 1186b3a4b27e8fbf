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
    A code dimension: the codes of a list with the years of each of their names, and the codes that only
    documents print. `code` names the code in the result, `inherited` the column of the list that holds
    for a whole code and so for the codes under it.
-#}
{% macro code_dimension(row_kind, code_list, code, inherited) -%}
with listed as (
    select
        l.*,
        coalesce(l.{{ inherited }}, p.{{ inherited }}) as inherited
    from {{ ref(code_list) }} as l
    left join {{ ref(code_list) }} as p
        on
            l.parent_code = p.code
            and l.valid_from between p.valid_from and coalesce(p.valid_to, 9999)
),

seen as (
    select * from {{ ref('int_codes_seen') }}
    where row_kind = '{{ row_kind }}'
)

select
    coalesce(l.code || '-' || l.valid_from, s.code || '-seen') as code_name_id,
    coalesce(l.code, s.code) as {{ code }},
    coalesce(l.name_zh, s.name_printed) as name_zh,
    l.name_en,
    {{ code_level('coalesce(l.code, s.code)') }} as code_level,
    {{ parent_code('coalesce(l.code, s.code)') }} as parent_code,
    l.valid_from,
    l.valid_to,
    l.inherited as {{ inherited }},
    l.code is not null as is_in_code_list,
    s.first_seen_year,
    s.last_seen_year,
    coalesce(s.n_documents, 0) as n_documents
from listed as l
full join seen as s on l.code = s.code
{%- endmacro %}
