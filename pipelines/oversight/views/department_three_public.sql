select
    fiscal_year,
    spending_kind,
    budget_yuan,
    budget_in_final_yuan,
    final_yuan,
    budget_cell_id,
    budget_in_final_cell_id,
    final_cell_id
from mart_three_public_year
where department_id = $department_id
order by spending_kind, fiscal_year
