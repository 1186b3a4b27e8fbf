-- What only the narrative tells of a year, by measure, with the first sentence that tells it. A measure that a
-- disclosure tells twice and not alike is not here: nothing is known of it.
select
    department_id,
    region_code,
    fiscal_year,
    document_kind,
    measure as told_measure,
    claimed_value as told_value,
    claim_unit as told_unit,
    disclosure_id,
    document_id,
    claim_id,
    page
from {{ ref('fct_claims') }}
where measure is not null
qualify
    min(claimed_value) over (partition by disclosure_id, measure)
    = max(claimed_value) over (partition by disclosure_id, measure)
    and row_number() over (partition by disclosure_id, measure order by document_id, claim_number) = 1
order by region_code, department_id, fiscal_year, document_kind, told_measure
