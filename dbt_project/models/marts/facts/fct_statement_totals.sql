select
    {{ fact_keys('i') }},
    i.row_kind,
    i.row_key,
    i.row_label,
    i.code_level,
    i.side,
    i.column_id,
    i.fund,
    i.expenditure_kind,
    i.basis,
    {{ fact_amount('i') }}
from {{ line_items_of_this_fact() }} as i
