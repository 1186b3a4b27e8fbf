select
    document_id::varchar as document_id,
    sum_number::integer as sum_number,
    term_number::integer as term_number,
    statement_number::integer as statement_number,
    statement_id::varchar as statement_id,
    axis::varchar as axis,
    footnote::varchar as footnote,
    place::varchar as place,
    weight::integer as weight,
    printed_number::integer as printed_number,
    state::varchar as state,
    nullif(cell_id, '')::varchar as cell_id,
    page::integer as page
from {{ source('lake', 'stated_sums') }}
order by document_id, sum_number, term_number
