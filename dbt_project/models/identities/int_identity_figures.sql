-- The figures that each identity weighs, where a verdict was reached on it: one row per disclosure x identity x
-- key x figure, `weight` in reported less expected. A place in which nothing is printed counts as a figure
-- (`is_blank`), nothing without width: it is called by statement, row and column.
with operands as (
    select
        answer_number,
        asked_number,
        key_row,
        key_column,
        -- In reported less expected.
        case when term_number = 0 then weight else -weight end as weight,
        cell_ids
    from {{ ref('int_identity_operands') }}
),

printed as (
    select
        answer_number,
        weight,
        unnest(cell_ids) as figure_id,
        false as is_blank
    from operands
),

blank as (
    select distinct
        o.answer_number,
        o.asked_number,
        o.weight,
        p.statement_key || '/' || p.row_name || '/' || coalesce(p.column_id, o.key_column) as figure_id,
        true as is_blank
    from operands as o
    inner join {{ ref('int_identity_places') }} as p
        on
            o.asked_number = p.asked_number
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
    select * exclude (asked_number) from blank
),

results as (
    select
        r.answer_number,
        r.disclosure_id,
        r.identity_id,
        r.key,
        i.relation,
        r.verdict
    from {{ ref('int_identity_results') }} as r
    inner join {{ source('identities', 'identities') }} as i on r.identity_id = i.identity_id
    where r.verdict <> 'not_evaluable'
),

weighed as (
    select
        f.answer_number,
        f.figure_id,
        f.is_blank,
        cast(sum(f.weight) as integer) as weight
    from figures as f
    semi join results as r on f.answer_number = r.answer_number
    group by f.answer_number, f.figure_id, f.is_blank
)

select
    results.*,
    weighed.figure_id,
    weighed.is_blank,
    weighed.weight
from results
inner join weighed on results.answer_number = weighed.answer_number
