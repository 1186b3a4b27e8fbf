-- What a result in doubt is about, in words: its row as printed in the document (its key where none is)
-- and its column. One row per result that is violated or improbable.
with row_names as (
    select
        document_id,
        statement_id,
        row_key,
        arg_min(row_label, statement_number * 100000 + row_number) as row_label
    from {{ ref('int_line_items') }}
    group by document_id, statement_id, row_key
),

keyed as (
    -- The key of a result is a row, a column or both, as its identity ranges over them; where it is
    -- neither, the cell in which the reported amount is printed says the rest.
    select
        r.disclosure_id,
        r.identity_id,
        r.key as identity_key,
        r.document_id,
        r.statement_id,
        case
            when t.ranges_over in ('rows', 'rows_and_columns') then regexp_extract(r.key, '^([^|@]*)', 1)
            else coalesce(l.row_key, '')
        end as row_key,
        case t.ranges_over
            when 'columns' then regexp_extract(r.key, '^([^@]*)', 1)
            when 'rows_and_columns' then regexp_extract(r.key, '[|]([^@]*)', 1)
            else coalesce(l.column_id, '')
        end as column_id
    from {{ ref('int_identity_results') }} as r
    inner join {{ source('identities', 'identities') }} as t on r.identity_id = t.identity_id
    left join {{ ref('int_line_items') }} as l on r.cell_id = l.cell_id
    where r.verdict in ('violated', 'improbable')
),

labelled as (
    select
        k.*,
        -- The one row of a one-line statement has no label.
        coalesce(
            nullif(n.row_label, ''), case k.row_key when 'total' then '合计' else nullif(k.row_key, '') end
        ) as row_label
    from keyed as k
    left join row_names as n
        on k.document_id = n.document_id and k.statement_id = n.statement_id and k.row_key = n.row_key
)

select
    k.disclosure_id,
    k.identity_id,
    k.identity_key,
    k.document_id,
    k.statement_id,
    k.row_key,
    k.row_label,
    k.column_id,
    c.name_zh as column_name_zh,
    c.name_en as column_name_en,
    concat_ws('，', k.row_label, c.name_zh) as subject_zh
from labelled as k
left join {{ ref('stg_statement_columns') }} as c
    on k.statement_id = c.statement_id and k.column_id = c.column_id
