select
    d.document_id,
    d.fiscal_year,
    d.document_kind,
    d.document_part,
    d.version_number,
    d.document_status,
    d.published_name,
    d.page_count,
    d.is_scanned,
    d.is_synthetic,
    d.published_at,
    d.fetched_at,
    d.obtained_from,
    d.outcome,
    d.outcome_message,
    s.statements_missing
from dim_document as d
left join dim_disclosure as s on d.disclosure_id = s.disclosure_id
where d.department_id = $department_id
order by d.fiscal_year desc, d.document_kind, d.document_part, d.version_number desc, d.document_id
