select
    document_id::varchar as document_id,
    cell_id::varchar as cell_id,
    statement_number::integer as statement_number,
    statement_id::varchar as statement_id,
    row_kind::varchar as row_kind,
    row_key::varchar as row_key,
    row_label::varchar as row_label,
    row_path::varchar as row_path,
    row_number::integer as row_number,
    coalesce(side, '')::varchar as side,
    column_id::varchar as column_id,
    column_path::varchar as column_path,
    amount_yuan::decimal(18, 2) as amount_yuan,
    amount_printed::varchar as amount_printed,
    unit::varchar as unit,
    precision_yuan::decimal(18, 4) as precision_yuan,
    page::integer as page,
    reading_quality::varchar as reading_quality,
    nullif(amount_as_read::varchar, '') as amount_as_read
from {{ source('lake', 'line_items') }}
order by cell_id, row_key
