-- The printed figures each answer was reckoned with, so that anyone can reckon it again: reported is the
-- sum of weight * amount over the figures of side 'reported', expected that over those of side 'expected'.
with results as (
    select
        r.answer_number,
        {{ result_id('r') }} as result_id,
        r.disclosure_id,
        r.identity_id,
        r.document_id,
        r.region_code,
        r.fiscal_year
    from {{ ref('int_identity_results') }} as r
    inner join {{ ref('int_current_documents') }} as d on r.document_id = d.document_id
),

operands as (
    select
        o.answer_number,
        o.term_number = 0 as is_reported,
        o.weight,
        unnest(o.amount_numbers) as amount_number
    from {{ ref('int_identity_operands') }} as o
),

weighed as (
    select
        o.answer_number,
        o.is_reported,
        o.amount_number,
        cast(sum(o.weight) as integer) as weight
    from operands as o
    group by o.answer_number, o.is_reported, o.amount_number
)

select
    r.result_id,
    r.disclosure_id,
    r.identity_id,
    r.document_id,
    r.region_code,
    r.fiscal_year,
    case when w.is_reported then 'reported' else 'expected' end as operand_side,
    w.weight,
    a.cell_id
from weighed as w
inner join results as r on w.answer_number = r.answer_number
inner join {{ ref('int_identity_amounts') }} as a on w.amount_number = a.amount_number
