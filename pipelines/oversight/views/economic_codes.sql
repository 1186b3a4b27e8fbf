select
    m.economic_code,
    max_by(coalesce(c.name_zh, m.row_label), m.fiscal_year) as name_zh,
    max_by(c.name_en, m.fiscal_year) as name_en,
    any_value(m.classification) as classification,
    any_value(m.code_level) as code_level,
    any_value(m.parent_code) as parent_code,
    max_by(m.gfsm_code, m.fiscal_year) as gfsm_code,
    count(distinct m.department_id) as n_departments,
    min(m.fiscal_year) as first_year,
    max(m.fiscal_year) as last_year
from mart_economic_year as m
inner join dim_department as p on m.department_id = p.department_id
left join dim_economic_code as c on m.code_name_id = c.code_name_id
where
    m.code_level between 1 and 2
    and ($with_specimens or not p.is_synthetic)
group by m.economic_code
order by m.economic_code
