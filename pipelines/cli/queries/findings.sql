-- What should an overseer look at, and on which page does it stand?
-- $department = %: name of the department, with % for anything
-- $kind = %: kind of finding, e.g. identity_violated, claim_contradicts_statement
select
    severity,
    department_name,
    fiscal_year,
    document_kind,
    finding_kind,
    published_name,
    page,
    sentence_en,
    sentence_zh
from mart_findings
where department_name like $department and finding_kind like $kind
order by
    case severity when 'critical' then 1 when 'high' then 2 when 'medium' then 3 else 4 end,
    department_name,
    fiscal_year,
    document_kind,
    page,
    finding_id
