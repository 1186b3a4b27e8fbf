-- Amounts that a newer version of a document prints otherwise than the version before it, though
-- the row and column are the same. Rows that stand twice in a version are left out: which is which
-- cannot be known.
with versions as (
    select
        n.document_id,
        o.document_id as earlier_document_id
    from {{ ref('int_documents') }} as n
    inner join {{ ref('int_documents') }} as o
        on
            n.disclosure_id = o.disclosure_id
            and n.document_part = o.document_part
            and n.document_id <> o.document_id
            and o.outcome <> 'set_aside'
    where n.is_current and o.document_status = 'superseded'
    qualify row_number() over (partition by n.document_id order by o.version_number desc) = 1
),

amounts as (
    select
        document_id,
        statement_id,
        row_key,
        side,
        column_id,
        any_value(row_label) as row_label,
        any_value(amount_yuan) as amount_yuan,
        any_value(page) as page,
        any_value(cell_id) as cell_id
    from {{ ref('stg_line_items') }}
    group by document_id, statement_id, row_key, side, column_id
    having count(*) = 1
)

select
    v.document_id,
    v.earlier_document_id,
    n.statement_id,
    n.row_key,
    n.row_label,
    n.side,
    n.column_id,
    o.amount_yuan as earlier_yuan,
    n.amount_yuan,
    n.page,
    n.cell_id,
    o.page as earlier_page
from versions as v
inner join amounts as n on v.document_id = n.document_id
inner join amounts as o
    on
        v.earlier_document_id = o.document_id
        and n.statement_id = o.statement_id
        and n.row_key = o.row_key
        and n.side = o.side
        and n.column_id = o.column_id
where n.amount_yuan <> o.amount_yuan
