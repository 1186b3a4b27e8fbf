select
    fiscal_year,
    document_kind,
    measure,
    amount_yuan,
    previous_amount_yuan,
    change_yuan,
    change_ratio,
    cell_id
from mart_department_year_figures
where department_id = $department_id
order by measure, document_kind, fiscal_year
