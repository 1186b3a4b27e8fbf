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
        amount_numbers
    from {{ ref('int_identity_operands') }}
),

printed as (
    select
        answer_number,
        weight,
        unnest(amount_numbers) as amount_number
    from operands
),

blank as (
    select distinct
        o.answer_number,
        o.asked_number,
        o.weight,
        s.statement_key || '/' || r.row_name || '/' || c.column_id as figure_id,
        true as is_blank
    from operands as o
    inner join {{ ref('int_identity_places') }} as p
        on
            o.asked_number = p.asked_number
            and o.key_row = p.key_row
    anti join {{ ref('int_identity_amounts') }} as a
        on p.printed_row = a.printed_row and coalesce(p.column_number, o.key_column) = a.column_number
    inner join {{ ref('int_identity_rows') }} as r on p.printed_row = r.printed_row
    inner join {{ ref('int_identity_statements') }} as s on r.printed_statement = s.printed_statement
    inner join {{ ref('int_identity_columns') }} as c on coalesce(p.column_number, o.key_column) = c.column_number
    where p.has_column
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

-- Added up by number, which is shorter than what a figure is called.
numbered as (
    select
        p.answer_number,
        p.amount_number,
        cast(sum(p.weight) as integer) as weight
    from printed as p
    semi join results as r on p.answer_number = r.answer_number
    group by p.answer_number, p.amount_number
),

weighed as (
    select
        n.answer_number,
        a.cell_id as figure_id,
        false as is_blank,
        n.weight
    from numbered as n
    inner join {{ ref('int_identity_amounts') }} as a on n.amount_number = a.amount_number
    union all
    select
        b.answer_number,
        b.figure_id,
        b.is_blank,
        cast(sum(b.weight) as integer) as weight
    from blank as b
    semi join results as r on b.answer_number = r.answer_number
    group by b.answer_number, b.figure_id, b.is_blank
)

select
    results.*,
    weighed.figure_id,
    weighed.is_blank,
    weighed.weight
from results
inner join weighed on results.answer_number = weighed.answer_number
