select
    {{ claim_id('c') }} as claim_id,
    d.disclosure_id,
    c.document_id,
    d.department_id,
    d.region_code,
    d.fiscal_year,
    d.document_kind,
    c.claim_number,
    c.section,
    c.claim_kind,
    c.subject,
    c.claimed_value,
    c.claim_unit,
    c.claimed_precision,
    c.direction,
    c.sentence,
    c.page,
    c.x0,
    c.top,
    c.x1,
    c.bottom,
    c.read_by,
    k.compared_with,
    k.about,
    k.compared_value,
    k.difference,
    k.verdict,
    k.compared_page,
    k.cell_id
from {{ ref('stg_claims') }} as c
inner join {{ ref('int_current_documents') }} as d on c.document_id = d.document_id
inner join {{ ref('int_claim_checks') }} as k
    on c.document_id = k.document_id and c.claim_number = k.claim_number
