select
    m.document_kind,
    m.fiscal_year,
    m.functional_code,
    coalesce(c.name_zh, m.row_label) as name_zh,
    c.name_en,
    m.code_level,
    m.parent_code,
    m.is_leaf,
    m.amount_yuan,
    m.basic_yuan,
    m.project_yuan,
    m.previous_amount_yuan,
    m.change_yuan,
    m.change_ratio,
    m.break_kinds,
    m.statement_id,
    m.cell_id
from mart_purpose_year as m
left join dim_functional_code as c
    on
        m.functional_code = c.functional_code
        and m.fiscal_year between c.valid_from and coalesce(c.valid_to, 9999)
where m.department_id = $department_id
qualify row_number() over (partition by m.disclosure_id, m.functional_code order by c.valid_from desc) = 1
order by m.document_kind, m.functional_code, m.fiscal_year
