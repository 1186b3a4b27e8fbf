select
    f.department_id,
    p.department_name,
    f.fiscal_year,
    f.document_kind,
    f.previous_amount_yuan,
    f.amount_yuan,
    f.change_yuan,
    f.change_ratio,
    f.cell_id
from mart_department_year_figures as f
inner join dim_department as p on f.department_id = p.department_id
where
    f.measure = 'expenditure_total'
    and f.document_kind = $document_kind
    and f.change_yuan is not null
    and p.department_level = 'department'
    and ($with_specimens or not p.is_synthetic)
    and f.fiscal_year = $fiscal_year
order by abs(f.change_yuan) desc, f.department_id
limit 10
