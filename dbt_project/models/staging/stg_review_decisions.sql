select
    review_id::varchar as review_id,
    decision::varchar as decision,
    nullif(value::varchar, '') as decided_text,
    reason::varchar as reason,
    decided_by::varchar as decided_by,
    decided_on::date as decided_on
from {{ source('lake', 'review_decisions') }}
