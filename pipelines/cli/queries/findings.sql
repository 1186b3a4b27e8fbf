-- What should an overseer look at, and on which page does it stand?
-- $department = %: name of the department, with % for anything
-- $kind = %: kind of finding, e.g. identity_violated
select
    d.department_name,
    f.fiscal_year,
    f.document_kind,
    f.finding_kind,
    f.page,
    f.sentence_en,
    f.sentence_zh
from mart_findings as f
left join dim_department as d on f.department_id = d.department_id
where coalesce(d.department_name, '') like $department and f.finding_kind like $kind
order by d.department_name, f.fiscal_year, f.document_kind, f.page, f.finding_id
