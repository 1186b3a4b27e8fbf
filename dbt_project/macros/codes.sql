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

{#-
    Two common table expressions: `earlier_codes`, where a code's money of the year before stands: under the code
    itself unless it was used again for something else, and under the codes that went over into it as a whole; and
    `year_before`, that money of each disclosure's codes. `spending` is the expression of the codes' money, with
    their `classification`; `code` its column; `classifications` those it may hold.
-#}
{% macro money_of_the_year_before(spending, code, classifications) -%}
    earlier_codes as (
        select distinct
            p.{{ code }},
            p.fiscal_year,
            p.{{ code }} as earlier_code
        from {{ spending }} as p
        where
            not exists (
                select 1
                from {{ ref('int_code_successions') }} as s
                where
                    p.classification = s.classification
                    and s.succession_kind = 'reused'
                    and p.{{ code }} = s.to_code
                    and p.fiscal_year = s.to_first_year
            )
        union
        select
            to_code as {{ code }},
            to_first_year as fiscal_year,
            from_code as earlier_code
        from {{ ref('int_code_successions') }}
        where
            classification in ('{{ classifications | join("', '") }}')
            and not is_break
            and from_code <> to_code
    ),

    year_before as (
        select
            c.disclosure_id,
            c.{{ code }},
            list(p.{{ code }} order by p.{{ code }}) as previous_codes,
            sum(p.amount_yuan)::decimal(18, 2) as amount_yuan
        from {{ spending }} as c
        inner join earlier_codes as e
            on c.{{ code }} = e.{{ code }} and c.fiscal_year = e.fiscal_year
        inner join {{ spending }} as p
            on
                c.department_id = p.department_id
                and c.document_kind = p.document_kind
                and e.earlier_code = p.{{ code }}
                and c.fiscal_year = p.fiscal_year + 1
                -- Another scope is no year before.
                and c.statement_id = p.statement_id
        group by c.disclosure_id, c.{{ code }}
    )
{%- endmacro %}
