select
    document_id::varchar as document_id,
    statement_number::integer as statement_number,
    statement_id::varchar as statement_id,
    title_printed::varchar as title_printed,
    label_printed::varchar as label_printed,
    first_page::integer as first_page,
    last_page::integer as last_page,
    unit::varchar as unit,
    department_printed::varchar as department_printed,
    is_stated_empty::boolean as is_stated_empty,
    empty_sentence::varchar as empty_sentence,
    score::double as score,
    n_rows::integer as n_rows,
    n_amounts::integer as n_amounts,
    coalesce(printed_rows, [])::varchar[] as printed_rows,
    coalesce(printed_columns, [])::varchar[] as printed_columns
from {{ source('lake', 'statements') }}
order by document_id, statement_number
