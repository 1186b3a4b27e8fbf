select
    m.department_id,
    p.department_name,
    p.department_level,
    m.document_kind,
    m.fiscal_year,
    m.amount_yuan,
    m.previous_amount_yuan,
    m.change_yuan,
    m.change_ratio,
    m.previous_codes,
    m.break_kinds,
    m.statement_id,
    m.cell_id
from mart_economic_year as m
inner join dim_department as p on m.department_id = p.department_id
where
    m.economic_code = $economic_code
    and ($with_specimens or not p.is_synthetic)
order by m.document_kind, m.region_code, p.department_name, m.department_id, m.fiscal_year
