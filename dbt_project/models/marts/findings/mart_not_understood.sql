-- What the reading of a document that counts had to leave out: never guessed, never silently dropped.
select
    d.disclosure_id,
    n.document_id,
    o.published_name,
    d.department_id,
    p.department_name,
    d.region_code,
    r.region_name,
    d.fiscal_year,
    d.document_kind,
    n.note_kind,
    n.message,
    n.page,
    n.printed_text,
    n.cell_id
from {{ ref('int_notes') }} as n
inner join {{ ref('int_current_documents') }} as d on n.document_id = d.document_id
inner join {{ ref('int_documents') }} as o on n.document_id = o.document_id
inner join {{ ref('dim_department') }} as p on d.department_id = p.department_id
inner join {{ ref('dim_region') }} as r on d.region_code = r.region_code
order by
    d.region_code,
    p.department_name,
    d.fiscal_year,
    d.document_kind,
    n.document_id,
    n.page,
    n.cell_id,
    n.message
