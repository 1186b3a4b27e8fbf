-- The printed figures each answer was reckoned with, so that anyone can reckon it again: reported is the
-- sum of weight * amount over the figures of side 'reported', expected that over those of side 'expected'.
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
        term_number,
        {{ identity_key() }} as key,
        unnest(cell_ids) as cell_id
    from {{ ref('int_identity_operands') }}
)

select
    r.result_id,
    r.disclosure_id,
    r.identity_id,
    r.document_id,
    r.region_code,
    r.fiscal_year,
    case when o.term_number = 0 then 'reported' else 'expected' end as operand_side,
    cast(sum(w.weight) as integer) as weight,
    o.cell_id
from operands as o
inner join weights as w on o.identity_id = w.identity_id and o.term_number = w.term_number
inner join {{ ref('fct_identity_results') }} as r
    on o.identity_id = r.identity_id and o.disclosure_id = r.disclosure_id and o.key = r.identity_key
group by all
