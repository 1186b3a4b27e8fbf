-- Files of the raw folder that were not read, not wholly, or of which it could not be told whose they
-- are: their figures count nowhere, so that they must be seen somewhere.
select
    document_id,
    published_name,
    source_path,
    department_published as document_name,
    region_code,
    fiscal_year,
    document_kind,
    outcome,
    case
        when document_status = 'not_identified' then 'not_identified'
        else nullif(outcome_reason, '')
    end as outcome_reason,
    case
        when document_status = 'not_identified'
            then 'Read, but department, year or kind could not be told: a row in the register says them.'
        else nullif(outcome_message, '')
    end as outcome_message,
    page_count
from {{ ref('int_documents') }}
where is_in_raw and (outcome <> 'read' or document_status = 'not_identified')
