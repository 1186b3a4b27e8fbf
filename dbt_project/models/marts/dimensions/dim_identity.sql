-- The accounting identities that are asked of the figures, as written down in expectations/.
select
    identity_id,
    family,
    document_kind,
    title_zh,
    title_en,
    severity,
    years_first,
    years_last,
    statements,
    source
from {{ source('identities', 'identities') }}
