select
    statement_id::varchar as statement_id,
    short::varchar as short_name,
    document_kind::varchar as document_kind,
    name_zh::varchar as name_zh,
    name_en::varchar as name_en,
    years_from::integer as years_from,
    years_to::integer as years_to,
    nullif(fact_table::varchar, '') as fact_table,
    is_expected::boolean as is_expected
from {{ source('catalogue', 'statement_forms') }}
