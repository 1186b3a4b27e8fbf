-- What a result in doubt is about, in words: its row and column as the document prints them, or as the
-- form calls them where it prints none; never the catalogue's id. One row per result that is violated or
-- improbable.
with keyed as (
    -- The key of a result is a row, a column or both, as its identity ranges over them; where it is
    -- neither, the cell in which the reported amount is printed says the rest. A key printed again has
    -- a number after `#`, a statement printed again one after `@`.
    select
        r.disclosure_id,
        r.identity_id,
        r.key as identity_key,
        r.document_id,
        r.statement_id,
        t.ranges_over,
        l.row_kind,
        l.row_label,
        case
            when t.ranges_over in ('rows', 'rows_and_columns')
                then regexp_replace(regexp_extract(r.key, '^([^|@]*)', 1), '#[0-9]+$', '')
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
        k.disclosure_id,
        k.identity_id,
        k.identity_key,
        k.document_id,
        k.statement_id,
        k.ranges_over,
        k.row_key,
        k.column_id,
        n.name_en as line_name_en,
        case
            -- A line of a form is known by a code that the page does not print.
            when n.row_key is null and coalesce(k.row_kind, p.row_kind) in ('functional', 'economic')
                then nullif(k.row_key, 'total')
        end as code,
        coalesce(
            nullif(k.row_label, ''),
            nullif(p.row_label, ''),
            n.name_zh,
            -- Free rows are called by the name they print; what is left are ids.
            case when not regexp_full_match(k.row_key, '[a-z0-9_]*') then k.row_key end
        ) as row_label
    from keyed as k
    left join {{ ref('int_row_names') }} as p
        on k.document_id = p.document_id and k.statement_id = p.statement_id and k.row_key = p.row_key
    left join {{ ref('stg_line_names') }} as n on k.statement_id = n.statement_id and k.row_key = n.row_key
),

named as (
    select
        k.*,
        c.name_zh as column_name_zh,
        c.name_en as column_name_en,
        nullif(concat_ws(' ', k.code, k.row_label), '') as row_words,
        coalesce(k.line_name_en, nullif(concat_ws(' ', k.code, k.row_label), '')) as row_words_en,
        k.ranges_over in ('rows', 'rows_and_columns') as is_by_row,
        k.ranges_over in ('columns', 'rows_and_columns') as is_by_column
    from labelled as k
    left join {{ ref('stg_statement_columns') }} as c
        on k.statement_id = c.statement_id and k.column_id = c.column_id
)

select
    disclosure_id,
    identity_id,
    identity_key,
    document_id,
    statement_id,
    row_key,
    row_label,
    column_id,
    column_name_zh,
    column_name_en,
    concat_ws('，', coalesce(row_label, code), column_name_zh) as subject_zh,
    -- The words of the identity name what it does not range over.
    {{ place_in_words('case when is_by_row then row_words end', 'case when is_by_column then column_name_zh end') }}
        as place_zh,
    {{
        place_in_english(
            'case when is_by_row then row_words_en end', 'case when is_by_column then column_name_en end'
        )
    }} as place_en
from named
