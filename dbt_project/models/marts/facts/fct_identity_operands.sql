-- The printed figures each answer was reckoned with, so that anyone can reckon it again: reported is the
-- sum of weight * amount over the figures of side 'reported', expected that over those of side 'expected'.
with results as (
    select
        i.answer_number,
        r.result_id,
        r.disclosure_id,
        r.identity_id,
        r.document_id,
        r.region_code,
        r.fiscal_year
    from {{ ref('int_identity_results') }} as i
    inner join {{ ref('fct_identity_results') }} as r
        on i.disclosure_id = r.disclosure_id and i.identity_id = r.identity_id and i.key = r.identity_key
),

operands as (
    select
        o.answer_number,
        o.term_number = 0 as is_reported,
        o.weight,
        unnest(o.cell_ids) as cell_id
    from {{ ref('int_identity_operands') }} as o
),

weighed as (
    select
        o.answer_number,
        o.is_reported,
        o.cell_id,
        cast(sum(o.weight) as integer) as weight
    from operands as o
    group by o.answer_number, o.is_reported, o.cell_id
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
    w.cell_id
from weighed as w
inner join results as r on w.answer_number = r.answer_number
