-- How documents print the names of rows, once per document, statement form and row.
select
    document_id,
    statement_id,
    row_key,
    arg_min(row_kind, statement_number * 100000 + row_number) as row_kind,
    arg_min(row_label, statement_number * 100000 + row_number) as row_label
from {{ ref('int_line_items') }}
group by document_id, statement_id, row_key
