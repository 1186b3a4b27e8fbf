-- The cells of the figures that were added up to what an identity expects: one row per answer x term x cell.
with added_up as (
    select
        answer_number,
        unnest(amount_numbers) as amount_number
    from {{ ref('int_identity_operands') }}
    where term_number > 0
)

select
    added_up.answer_number,
    amounts.cell_id
from added_up
inner join {{ ref('int_identity_amounts') }} as amounts on added_up.amount_number = amounts.amount_number
