-- Last year's figures as this year's text implies them: an amount that names one printed figure, less its change
-- against last year, beside what last year's document of the same kind prints there. A change against the budget or
-- of both sides in one breath is no change of that figure over the year.
with changes as (
    select
        c.document_id,
        c.claim_number,
        c.claimed_value * case c.direction when 'decrease' then -1 else 1 end as change_yuan,
        c.claimed_precision as change_precision,
        c.sentence,
        c.page,
        g.denominator_claim as amount_claim
    from {{ ref('stg_claims') }} as c
    -- A growth rate follows from a change and the amount it changed to.
    inner join {{ ref('stg_claims') }} as g
        on
            c.document_id = g.document_id
            and c.claim_number = g.numerator_claim
            and g.relation = 'growth'
    where
        c.claim_kind = 'change'
        and c.claim_unit = 'yuan'
        and c.direction in ('increase', 'decrease')
        and abs(c.claimed_value) < 10000000000000
        and regexp_matches(coalesce(c.subject, ''), '上年|去年')
        and not regexp_matches(coalesce(c.subject, ''), '预算数|年初预算|各$')
)

select
    ch.document_id,
    {{ claim_id('ch') }} as claim_id,
    p.statement_id,
    p.row_key,
    p.side,
    p.column_id,
    any_value(p.row_label) as row_label,
    (any_value(a.claimed_value) - any_value(ch.change_yuan))::decimal(18, 2) as implied_yuan,
    ((any_value(a.claimed_precision) + any_value(ch.change_precision) + any_value(p.precision_yuan)) / 2)
    ::decimal(18, 4) as tolerance_yuan,
    any_value(ch.page) as page,
    p.document_id as earlier_document_id,
    any_value(p.amount_yuan) as earlier_yuan,
    any_value(p.page) as earlier_page,
    any_value(p.cell_id) as earlier_cell_id
from changes as ch
inner join {{ ref('stg_claims') }} as a on ch.document_id = a.document_id and ch.amount_claim = a.claim_number
inner join {{ ref('int_current_documents') }} as d on ch.document_id = d.document_id
inner join {{ ref('int_line_items') }} as p
    on
        d.department_id = p.department_id
        and d.document_kind = p.document_kind
        and d.fiscal_year = p.fiscal_year + 1
        and a.about = p.statement_id || '/' || p.row_key || '/' || p.column_id
group by ch.document_id, ch.claim_number, p.statement_id, p.row_key, p.side, p.column_id, p.document_id
having count(*) = 1
