select
    statement_id::varchar as statement_id,
    column_id::varchar as column_id,
    name_zh::varchar as name_zh,
    name_en::varchar as name_en,
    nullif(fund::varchar, '') as fund,
    nullif(expenditure_kind::varchar, '') as expenditure_kind,
    nullif(revenue_source::varchar, '') as revenue_source,
    nullif(basis::varchar, '') as basis,
    nullif(fact_table::varchar, '') as fact_table
from {{ source('catalogue', 'statement_columns') }}
