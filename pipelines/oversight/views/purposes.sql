select
    m.functional_code,
    max_by(coalesce(c.name_zh, m.row_label), m.fiscal_year) as name_zh,
    max_by(c.name_en, m.fiscal_year) as name_en,
    any_value(m.code_level) as code_level,
    any_value(m.parent_code) as parent_code,
    max_by(c.cofog_group, m.fiscal_year) as cofog_group,
    count(distinct m.department_id) as n_departments,
    min(m.fiscal_year) as first_year,
    max(m.fiscal_year) as last_year
from mart_purpose_year as m
inner join dim_department as p on m.department_id = p.department_id
left join dim_functional_code as c
    on
        m.functional_code = c.functional_code
        and m.fiscal_year between c.valid_from and coalesce(c.valid_to, 9999)
where
    m.code_level between 1 and 3
    and ($with_specimens or not p.is_synthetic)
group by m.functional_code
order by m.functional_code
