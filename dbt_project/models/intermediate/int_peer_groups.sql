-- Who is compared with whom: departments (or units) of the same level of government that do the same class of
-- work, by the functional class on which each spends most in the year.
with main_class as (
    select
        department_id,
        fiscal_year,
        arg_max(functional_code, amount_yuan) as main_class
    from {{ ref('mart_purpose_year') }}
    where code_level = 1 and document_kind = 'final_accounts'
    group by department_id, fiscal_year
)

select
    m.department_id,
    m.fiscal_year,
    m.main_class,
    d.department_level,
    r.region_level,
    concat_ws('/', r.region_level, d.department_level, m.main_class) as peer_group
from main_class as m
inner join {{ ref('dim_department') }} as d on m.department_id = d.department_id
inner join {{ ref('dim_region') }} as r on d.region_code = r.region_code
where r.region_level is not null and d.department_level is not null
