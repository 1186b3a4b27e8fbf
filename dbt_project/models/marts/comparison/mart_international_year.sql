-- The money of each leaf code in each disclosure, once (its widest statement by function, and of basic expenditure by
-- economic code), with the COFOG group or GFSM 2014 category that the whole code belongs to, or why there is none.
-- Nothing is apportioned and nothing guessed.
with money as (
    select
        'COFOG' as scheme,
        'functional' as code_kind,
        functional_code as code,
        * exclude (functional_code)
    from {{ ref('mart_purpose_year') }}
    where is_leaf
    union all by name
    select
        'GFSM 2014' as scheme,
        'economic' as code_kind,
        economic_code as code,
        * exclude (economic_code, code_name_id)
    from {{ ref('mart_economic_year') }}
    where is_leaf
)

select
    m.department_id,
    m.region_code,
    m.fiscal_year,
    m.document_kind,
    m.scheme,
    l.target_code as group_code,
    case
        when l.target_code is not null then null
        when l.code_name_id is null then 'not_in_list'
        else coalesce(l.mapping_rule, 'not_decided')
    end as no_group_because,
    m.code_kind,
    m.code,
    coalesce(l.name_zh, m.row_label) as name_zh,
    m.amount_yuan,
    l.code_name_id,
    m.disclosure_id,
    m.document_id,
    m.statement_id,
    m.page,
    m.cell_id
from money as m
left join {{ ref('int_code_list') }} as l
    on
        m.code_kind = l.row_kind
        and m.code = l.code
        and m.fiscal_year between l.valid_from and coalesce(l.valid_to, 9999)
