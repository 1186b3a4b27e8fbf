select
    source_path::varchar as source_path,
    document_id::varchar as document_id
from {{ source('lake', 'raw_inventory') }}
