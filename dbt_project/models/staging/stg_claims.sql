select
    document_id::varchar as document_id,
    claim_number::integer as claim_number,
    section::varchar as section,
    claim_kind::varchar as claim_kind,
    subject::varchar as subject,
    value::decimal(28, 6) as claimed_value,
    unit::varchar as unit,
    precision::decimal(28, 6) as claimed_precision,
    direction::varchar as direction,
    sentence::varchar as sentence,
    page::integer as page,
    x0::double as x0,
    top::double as top,
    x1::double as x1,
    bottom::double as bottom,
    read_by::varchar as read_by
from {{ source('lake', 'claims') }}
