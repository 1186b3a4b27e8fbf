-- Printed amounts with the row of their statement: `repetition` is the how manyeth row of its key it is. A code
-- printed again is a row of its own. What stands in one line by its meaning may be printed one below the other: the
-- funds of a project, “三公” with a row for each kind.
with items as (
    select
        statements.printed_statement,
        line_items.row_kind,
        line_items.row_key,
        line_items.row_number,
        line_items.column_id,
        line_items.amount_yuan,
        line_items.precision_yuan,
        line_items.page,
        line_items.cell_id
    from {{ ref('int_line_items') }} as line_items
    inner join {{ ref('int_identity_statements') }} as statements
        on
            line_items.document_id = statements.document_id
            and line_items.statement_number = statements.statement_number
),

-- Few are: the others need not be put in order.
repeated as (
    select
        printed_statement,
        row_key
    from items
    group by printed_statement, row_key
    having min(row_number) <> max(row_number) or count(*) <> count(distinct column_id)
)

select
    items.*,
    1 as repetition
from items
anti join repeated on items.printed_statement = repeated.printed_statement and items.row_key = repeated.row_key
union all
select
    items.*,
    case
        when items.row_kind in ('line', 'project')
            then row_number() over (
                partition by items.printed_statement, items.row_key, items.column_id
                order by items.row_number
            )
        else dense_rank() over (
            partition by items.printed_statement, items.row_key
            order by items.row_number
        )
    end as repetition
from items
semi join repeated on items.printed_statement = repeated.printed_statement and items.row_key = repeated.row_key
