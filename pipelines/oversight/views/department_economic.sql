select
    m.document_kind,
    m.fiscal_year,
    m.economic_code,
    coalesce(c.name_zh, m.row_label) as name_zh,
    c.name_en,
    m.code_level,
    m.parent_code,
    m.is_leaf,
    m.amount_yuan,
    m.previous_amount_yuan,
    m.change_yuan,
    m.change_ratio,
    m.break_kinds,
    m.gfsm_code,
    m.statement_id,
    m.cell_id
from mart_economic_year as m
left join dim_economic_code as c on m.code_name_id = c.code_name_id
where m.department_id = $department_id
order by m.document_kind, m.economic_code, m.fiscal_year
