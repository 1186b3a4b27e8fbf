select
    c.region_code,
    r.region_name,
    r.province_name,
    c.department_id,
    p.department_name,
    p.department_level,
    c.fiscal_year,
    c.document_kind,
    c.coverage_status,
    c.last_published_at,
    c.n_documents,
    c.n_set_aside,
    c.statements_missing
from mart_coverage as c
inner join dim_department as p on c.department_id = p.department_id
inner join dim_region as r on c.region_code = r.region_code
where $with_specimens or not p.is_synthetic
order by c.region_code, p.department_name, c.department_id, c.fiscal_year, c.document_kind
