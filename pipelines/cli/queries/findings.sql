-- What should an overseer look at, and on which page does it stand?
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
    f.sentence_en,
    f.sentence_zh
from mart_findings as f
left join dim_document as d on f.document_id = d.document_id
where f.department_name like $department and f.finding_kind like $kind
order by
    case f.severity when 'critical' then 1 when 'high' then 2 when 'medium' then 3 else 4 end,
    f.department_name,
    f.fiscal_year,
    f.document_kind,
    f.page,
    f.finding_id
