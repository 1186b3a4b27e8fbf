-- Printed amounts with the number of their row and of their column. Numbered in the order of their cells: what is made
-- of millions of figures goes by number.
select
    rows_printed.printed_row,
    columns_printed.column_number,
    items.amount_yuan,
    items.precision_yuan,
    items.page,
    items.cell_id,
    row_number() over (order by items.cell_id) as amount_number
from {{ ref('int_identity_items') }} as items
inner join {{ ref('int_identity_rows') }} as rows_printed
    on
        items.printed_statement = rows_printed.printed_statement
        and items.row_key = rows_printed.row_key
        and items.repetition = rows_printed.repetition
inner join {{ ref('int_identity_columns') }} as columns_printed on items.column_id = columns_printed.column_id
