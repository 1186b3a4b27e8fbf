-- Printed amounts with the name of their row (a key printed twice in one statement gets a number)
-- and the row that it is printed under: its nearest printed ancestor by code, or by the path of
-- names where rows have no codes; 'total' for the outermost.
with items as (
    select
        line_items.document_id || '-' || line_items.statement_number as statement_key,
        line_items.row_key,
        line_items.row_number,
        line_items.column_id,
        line_items.amount_yuan,
        line_items.precision_yuan,
        line_items.page,
        line_items.cell_id,
        case
            when line_items.row_kind in ('line', 'project')
                then row_number() over (
                    partition by
                        line_items.document_id,
                        line_items.statement_number,
                        line_items.row_key,
                        line_items.column_id
                    order by line_items.row_number
                )
            else dense_rank() over (
                partition by line_items.document_id, line_items.statement_number, line_items.row_key
                order by line_items.row_number
            )
        end as repetition
    from {{ ref('int_line_items') }} as line_items
)

select
    items.statement_key,
    items.row_key,
    items.column_id,
    items.amount_yuan,
    items.precision_yuan,
    items.page,
    items.cell_id,
    rows_printed.row_name,
    rows_printed.parent_name,
    rows_printed.row_class
from items
inner join {{ ref('int_identity_rows') }} as rows_printed
    on
        items.statement_key = rows_printed.statement_key
        and items.row_key = rows_printed.row_key
        and items.repetition = rows_printed.repetition
