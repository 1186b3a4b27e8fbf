-- What should an overseer look at, on which page does it stand, and what is to be asked of the department?
-- $department = %: name of the department, with % for anything
-- $kind = %: kind of finding, e.g. identity_violated, claim_contradicts_statement
select
    f.severity,
    f.department_name,
    f.fiscal_year,
    f.document_kind,
    f.finding_kind,
    f.published_name,
    d.source_path,
    f.page,
    -- What was found (sentence_zh, sentence_en), and what to ask about it.
    f.question_zh,
    f.question_en,
    -- To see its figures on the page: juesuan show FINDING_ID
    f.finding_id
from mart_findings as f
left join dim_document as d on f.document_id = d.document_id
where
    f.department_name like $department
    and f.finding_kind like $kind
    -- As much about our own register as about the document: listed where it is asked for.
    and (f.finding_kind <> 'register_disagrees' or $kind = 'register_disagrees')
order by
    case f.severity when 'critical' then 1 when 'high' then 2 when 'medium' then 3 else 4 end,
    f.department_name,
    f.fiscal_year,
    f.document_kind,
    f.suspect_cell_id,
    f.page,
    f.finding_id
