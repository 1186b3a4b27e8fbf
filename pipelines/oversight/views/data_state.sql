select
    count(*) filter (where d.document_status = 'current') as n_documents,
    count(distinct d.department_id) filter (where d.document_status = 'current') as n_departments,
    coalesce(sum(d.page_count) filter (where d.document_status = 'current'), 0)::bigint as n_pages,
    min(d.fiscal_year) filter (where d.document_status = 'current') as first_year,
    max(d.fiscal_year) filter (where d.document_status = 'current') as last_year,
    max(coalesce(d.fetched_at::date, d.published_at)) as data_date,
    count(*) filter (where d.document_status in ('set_aside', 'not_identified')) as n_set_aside
from dim_document as d
where $with_specimens or not d.is_synthetic
