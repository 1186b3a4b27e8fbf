select
    {{ fact_keys('i') }},
    i.row_key as project_name,
    i.row_label,
    i.column_id,
    i.basis,
    {{ fact_amount('i') }}
from {{ line_items_of_this_fact() }} as i
