-- Which kind of spending a column means is its name in the catalogue without the basis before it.
select
    {{ fact_keys('i') }},
    i.row_key,
    i.row_label,
    regexp_replace(i.column_id, '^(budget|final)_', '') as spending_kind,
    coalesce(nullif(regexp_extract(i.column_id, '^(budget|final)_', 1), ''), i.basis) as basis,
    i.column_id,
    {{ fact_amount('i') }}
from {{ line_items_of_this_fact() }} as i
