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
    p.amount_yuan as previous_amount_yuan,
    m.amount_yuan - p.amount_yuan as change_yuan,
    try_cast((m.amount_yuan - p.amount_yuan) / nullif(p.amount_yuan, 0) as decimal(18, 6)) as change_ratio,
    m.gfsm_code,
    m.statement_id,
    m.cell_id
from mart_economic_year as m
left join mart_economic_year as p
    on
        m.department_id = p.department_id
        and m.document_kind = p.document_kind
        and m.economic_code = p.economic_code
        and m.fiscal_year = p.fiscal_year + 1
left join dim_economic_code as c on m.code_name_id = c.code_name_id
where m.department_id = $department_id
order by m.document_kind, m.economic_code, m.fiscal_year
