select
    d.document_id,
    d.department_id,
    p.department_name,
    d.fiscal_year,
    d.document_kind,
    d.document_part,
    d.published_name,
    d.page_count,
    d.is_scanned,
    d.is_synthetic,
    d.published_at,
    d.obtained_from
from dim_document as d
inner join dim_department as p on d.department_id = p.department_id
where
    d.document_status = 'current'
    and ($with_specimens or not p.is_synthetic)
order by d.document_id
