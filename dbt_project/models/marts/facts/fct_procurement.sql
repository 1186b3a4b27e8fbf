with items as (select * from {{ line_items_of_this_fact() }}),

parents as (
    select distinct
        above.document_id,
        above.statement_number,
        above.row_key
    from items as above
    inner join items as below
        on
            above.document_id = below.document_id
            and above.statement_number = below.statement_number
            and starts_with(below.row_key, above.row_key || '/')
)

select
    {{ fact_keys('i') }},
    i.row_key as item_path,
    i.row_label,
    i.row_key <> 'total' and p.row_key is null as is_leaf,
    i.column_id,
    i.basis,
    {{ fact_amount('i') }}
from items as i
left join parents as p
    on
        i.document_id = p.document_id
        and i.statement_number = p.statement_number
        and i.row_key = p.row_key
