select
    document_id::varchar as document_id,
    kind::varchar as note_kind,
    message::varchar as message,
    page::integer as page,
    text::varchar as printed_text,
    nullif(cell_id::varchar, '') as cell_id
from {{ source('lake', 'notes') }}
order by document_id, page, cell_id, message
