select
    document_id::varchar as document_id,
    item_number::integer as item_number,
    section::varchar as section,
    name::varchar as item_name,
    about::varchar[] as about,
    sentence::varchar as sentence,
    page::integer as page
from {{ source('lake', 'listed_items') }}
order by document_id, item_number
