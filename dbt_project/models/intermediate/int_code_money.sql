-- The money of each code in each disclosure, once: leaves of its widest statement by function and by economic
-- code, with what the list of that year says of the code.
select
    'COFOG' as scheme,
    'functional' as code_kind,
    m.fiscal_year,
    m.functional_code as code,
    m.amount_yuan,
    l.code_name_id,
    l.target_code,
    l.mapping_rule
from {{ ref('mart_purpose_year') }} as m
left join {{ ref('int_code_list') }} as l
    on
        l.row_kind = 'functional'
        and m.functional_code = l.code
        and m.fiscal_year between l.valid_from and coalesce(l.valid_to, 9999)
where m.is_leaf
union all
select
    'GFSM 2014' as scheme,
    'economic' as code_kind,
    m.fiscal_year,
    m.economic_code as code,
    m.amount_yuan,
    l.code_name_id,
    l.target_code,
    l.mapping_rule
from {{ ref('mart_economic_year') }} as m
left join {{ ref('int_code_list') }} as l on m.code_name_id = l.code_name_id
where m.is_leaf
