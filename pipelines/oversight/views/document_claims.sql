select
    claim_id,
    page,
    x0,
    top,
    x1,
    bottom
from fct_claims
where document_id = $document_id
order by claim_id
