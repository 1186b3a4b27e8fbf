select
    p.department_id,
    p.department_name,
    p.earlier_names,
    p.department_level,
    p.parent_department_id,
    p.region_code,
    r.region_name,
    r.province_name,
    p.is_synthetic,
    p.first_fiscal_year,
    p.last_fiscal_year,
    (
        select count(*) from dim_document as d
        where d.department_id = p.department_id and d.document_status = 'current'
    ) as n_documents,
    (
        select count(*) from mart_findings as f
        where f.department_id = p.department_id and f.finding_kind <> 'register_disagrees'
    ) as n_findings
from dim_department as p
inner join dim_region as r on p.region_code = r.region_code
where $with_specimens or not p.is_synthetic
order by p.region_code, p.department_name, p.department_id
