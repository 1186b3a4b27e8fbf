-- The documents whose figures count: one per part of a disclosure. Everything that reaches a mart
-- besides dim_document comes through here.
select
    document_id,
    disclosure_id,
    department_id,
    region_code,
    fiscal_year,
    document_kind,
    document_part,
    document_level
from {{ ref('int_documents') }}
where is_current
