-- Files of the raw folder that were not read, not wholly, or of which it could not be told whose they
-- are: their figures count nowhere, so that they must be seen somewhere.
select
    d.document_id,
    d.published_name,
    d.source_path,
    d.department_published as document_name,
    p.department_name,
    d.region_code,
    r.region_name,
    d.fiscal_year,
    d.document_kind,
    d.outcome,
    case
        when d.document_status = 'not_identified' then 'not_identified'
        else nullif(d.outcome_reason, '')
    end as outcome_reason,
    case
        when d.document_status = 'not_identified'
            then 'Read, but department, year or kind could not be told: a row in the register says them.'
        else nullif(d.outcome_message, '')
    end as outcome_message,
    d.page_count
from {{ ref('int_documents') }} as d
inner join {{ ref('dim_region') }} as r on d.region_code = r.region_code
left join {{ ref('dim_department') }} as p on d.department_id = p.department_id
where d.is_in_raw and (d.outcome <> 'read' or d.document_status = 'not_identified')
order by d.source_path
