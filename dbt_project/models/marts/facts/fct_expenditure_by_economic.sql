select
    {{ fact_keys('i') }},
    i.row_key as economic_code,
    i.row_label,
    i.code_level,
    i.parent_code,
    i.is_leaf,
    i.expenditure_kind,
    i.fund,
    i.column_id,
    i.basis,
    {{ fact_amount('i') }}
from {{ line_items_of_this_fact() }} as i
