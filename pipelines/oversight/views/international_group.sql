-- What a department spends in the group, and the codes it is the sum of (rows with a code).
select
    m.department_id,
    p.department_name,
    p.department_level,
    m.document_kind,
    m.fiscal_year,
    m.code,
    any_value(m.name_zh) as name_zh,
    sum(m.amount_yuan)::decimal(18, 2) as amount_yuan,
    case when m.code is not null then any_value(m.cell_id) end as cell_id
from mart_international_year as m
inner join dim_department as p on m.department_id = p.department_id
where
    m.scheme = $scheme
    and starts_with(m.group_code, $group_code)
    and ($with_specimens or not p.is_synthetic)
group by grouping sets (
    (m.region_code, m.department_id, p.department_name, p.department_level, m.document_kind, m.fiscal_year),
    (m.region_code, m.department_id, p.department_name, p.department_level, m.document_kind, m.fiscal_year, m.code)
)
order by m.document_kind, m.region_code, p.department_name, m.department_id, m.code nulls first, m.fiscal_year
