-- The statements of current documents, also those printed empty.
select
    d.disclosure_id,
    d.department_id,
    d.region_code,
    d.fiscal_year,
    d.document_kind,
    s.*
from {{ ref('stg_statements') }} as s
inner join {{ ref('int_current_documents') }} as d on s.document_id = d.document_id
