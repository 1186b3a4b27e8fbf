-- The figures that each identity weighs, where a verdict was reached on it: one row per disclosure x identity x
-- key x figure, `weight` in reported less expected. A place in which nothing is printed counts as a figure
-- (`is_blank`), nothing without width: it is called by statement, row and column.
with weights as (
    select distinct
        identity_id,
        term_number,
        weight
    from {{ source('identities', 'identity_terms') }}
),

operands as (
    select
        identity_id,
        disclosure_id,
        occurrence,
        term_number,
        key_row,
        key_column,
        {{ identity_key() }} as key,
        cell_ids
    from {{ ref('int_identity_operands') }}
),

printed as (
    select
        identity_id,
        disclosure_id,
        key,
        term_number,
        unnest(cell_ids) as figure_id,
        false as is_blank
    from operands
),

blank as (
    select distinct
        o.identity_id,
        o.disclosure_id,
        o.key,
        o.term_number,
        p.statement_key || '/' || p.row_name || '/' || coalesce(p.column_id, o.key_column) as figure_id,
        true as is_blank
    from operands as o
    inner join {{ ref('int_identity_places') }} as p
        on
            o.identity_id = p.identity_id
            and o.disclosure_id = p.disclosure_id
            and o.occurrence = p.occurrence
            and o.term_number = p.term_number
            and o.key_row = p.key_row
    anti join {{ ref('int_identity_amounts') }} as a
        on
            p.statement_key = a.statement_key
            and p.row_name = a.row_name
            and coalesce(p.column_id, o.key_column) = a.column_id
    where p.has_column
),

figures as (
    select * from printed
    union all
    select * from blank
)

select
    r.disclosure_id,
    r.identity_id,
    r.key,
    i.relation,
    r.verdict,
    f.figure_id,
    f.is_blank,
    cast(sum(case when f.term_number = 0 then w.weight else -w.weight end) as integer) as weight
from {{ ref('int_identity_results') }} as r
inner join {{ source('identities', 'identities') }} as i on r.identity_id = i.identity_id
inner join figures as f
    on r.identity_id = f.identity_id and r.disclosure_id = f.disclosure_id and r.key = f.key
inner join weights as w on f.identity_id = w.identity_id and f.term_number = w.term_number
where r.verdict <> 'not_evaluable'
group by all
