select
    statement_id,
    short_name,
    document_kind,
    name_zh,
    name_en,
    years_from,
    years_to
from {{ ref('stg_statement_forms') }}
