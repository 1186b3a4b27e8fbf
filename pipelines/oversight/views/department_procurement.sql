select
    document_kind,
    fiscal_year,
    item_path,
    row_label,
    is_leaf,
    basis,
    amount_yuan,
    statement_id,
    column_id,
    cell_id
from fct_procurement
where department_id = $department_id
qualify row_number() over (
    partition by disclosure_id, item_path
    order by statement_id, column_id <> 'amount', statement_number, row_number, cell_id
) = 1
order by document_kind, item_path <> 'total', item_path, fiscal_year
