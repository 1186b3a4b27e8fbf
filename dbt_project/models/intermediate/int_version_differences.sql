-- What each version prints otherwise than the version before it, figure by figure: changed, added, removed. A row
-- that stands several times in a version (a 总计 on both sides, rows without codes) is paired in its order where
-- both versions have as many of it, and is left out where not: which is which cannot be known.
with pairs as (
    select
        document_id,
        earlier_document_id
    from {{ ref('int_known_from') }}
    where earlier_document_id is not null
),

versions as (
    select document_id from pairs
    union
    select earlier_document_id as document_id from pairs
),

amounts as (
    select
        i.document_id,
        i.statement_id,
        i.row_key,
        i.side,
        i.column_id,
        i.row_label,
        i.amount_yuan,
        i.page,
        i.cell_id,
        row_number() over (
            partition by i.document_id, i.statement_id, i.row_key, i.side, i.column_id
            order by i.statement_number, i.row_number, i.cell_id
        ) as occurrence,
        count(*) over (
            partition by i.document_id, i.statement_id, i.row_key, i.side, i.column_id
        ) as n_occurrences
    from {{ ref('stg_line_items') }} as i
    inner join {{ ref('int_known_from') }} as k on i.document_id = k.document_id
    -- Numbering the amounts of documents that have one version would be for nothing.
    semi join versions as v on i.document_id = v.document_id
),

statements as (
    -- A statement that only one of both holds is a matter of completeness, not of its figures.
    select distinct
        document_id,
        statement_id
    from amounts
),

compared as (
    select
        p.document_id,
        p.earlier_document_id,
        s.statement_id
    from pairs as p
    inner join statements as s on p.document_id = s.document_id
    inner join statements as e on p.earlier_document_id = e.document_id and s.statement_id = e.statement_id
),

now as (
    select
        c.earlier_document_id,
        a.*
    from compared as c
    inner join amounts as a on c.document_id = a.document_id and c.statement_id = a.statement_id
),

before as (
    select
        c.document_id as later_document_id,
        a.*
    from compared as c
    inner join amounts as a on c.earlier_document_id = a.document_id and c.statement_id = a.statement_id
)

select
    coalesce(n.document_id, b.later_document_id) as document_id,
    coalesce(n.earlier_document_id, b.document_id) as earlier_document_id,
    coalesce(n.statement_id, b.statement_id) as statement_id,
    coalesce(n.row_key, b.row_key) as row_key,
    coalesce(n.side, b.side) as side,
    coalesce(n.column_id, b.column_id) as column_id,
    coalesce(n.row_label, b.row_label) as row_label,
    case
        when b.cell_id is null then 'added'
        when n.cell_id is null then 'removed'
        else 'changed'
    end as change_kind,
    n.amount_yuan,
    n.page,
    n.cell_id,
    b.amount_yuan as earlier_yuan,
    b.page as earlier_page,
    b.cell_id as earlier_cell_id
from now as n
full join before as b
    on
        n.document_id = b.later_document_id
        and n.earlier_document_id = b.document_id
        and n.statement_id = b.statement_id
        and n.row_key = b.row_key
        and n.side = b.side
        and n.column_id = b.column_id
        and n.occurrence = b.occurrence
where
    case
        when n.cell_id is null or b.cell_id is null then coalesce(n.n_occurrences, b.n_occurrences) = 1
        else n.amount_yuan <> b.amount_yuan and n.n_occurrences = b.n_occurrences
    end
