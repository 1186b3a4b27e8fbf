select
    statement_id::varchar as statement_id,
    row_key::varchar as row_key,
    name_zh::varchar as name_zh,
    name_en::varchar as name_en,
    nullif(side::varchar, '') as side,
    nullif(fund::varchar, '') as fund,
    nullif(fact_table::varchar, '') as fact_table
from {{ source('catalogue', 'statement_lines') }}
