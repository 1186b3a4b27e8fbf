select
    document_id::varchar as document_id,
    cell_id::varchar as cell_id,
    page::integer as page,
    amount_as_read::varchar as amount_as_read,
    amount_as_read_yuan::decimal(18, 2) as amount_as_read_yuan,
    amount_printed::varchar as amount_printed,
    amount_yuan::decimal(18, 2) as amount_yuan,
    unit::varchar as unit,
    candidates::varchar[] as candidates,
    proof::varchar[] as proof,
    repaired_together::varchar[] as repaired_together,
    sentence_zh::varchar as sentence_zh,
    sentence_en::varchar as sentence_en
from {{ source('lake', 'repairs') }}
order by cell_id
