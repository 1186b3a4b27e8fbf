select
    document_id::varchar as document_id,
    cell_id::varchar as cell_id,
    page::integer as page,
    table_number::integer as table_number,
    row_number::integer as row_number,
    column_number::integer as column_number,
    row_span::integer as row_span,
    column_span::integer as column_span,
    text::varchar as printed_text,
    x0::double as x0,
    top::double as top,
    x1::double as x1,
    bottom::double as bottom,
    page_width::double as page_width,
    page_height::double as page_height,
    read_by::varchar as read_by,
    confidence::double as confidence
from {{ source('lake', 'cells') }}
order by cell_id
