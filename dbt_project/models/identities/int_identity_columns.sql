-- Columns that statements print or identities name, numbered; 0 is that of a sum over all columns.
with named as (
    select column_id from {{ ref('int_line_items') }}
    union
    select unnest(printed_columns) as column_id
    from {{ ref('int_identity_statements') }}
    union
    select column_id from {{ source('identities', 'identity_terms') }}
    where column_id is not null
)

select
    column_id,
    row_number() over (order by column_id) as column_number
from named
union all
select
    '' as column_id,
    0 as column_number
