-- Files of the raw folder that were not read, or not wholly, and why.
select
    document_id,
    published_name,
    source_path,
    department_published as document_name,
    region_code,
    fiscal_year,
    document_kind,
    outcome,
    nullif(outcome_reason, '') as outcome_reason,
    nullif(outcome_message, '') as outcome_message,
    page_count
from {{ ref('int_documents') }}
where is_in_raw and outcome <> 'read'
