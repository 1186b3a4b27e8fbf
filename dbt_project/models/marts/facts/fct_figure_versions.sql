-- Every printed amount of every readable version, superseded ones too, with the days from which and until which it
-- was what was known. As of a day: `known_from <= day and (known_until is null or known_until > day)`. For sums over
-- what counts now, use the other facts.
select
    md5(i.cell_id || '/' || i.row_key || '/' || i.column_id || '/' || i.side) as figure_id,
    d.disclosure_id,
    i.document_id,
    d.department_id,
    d.region_code,
    d.fiscal_year,
    d.document_kind,
    k.version_number,
    d.document_status,
    k.known_from,
    k.known_from_basis,
    k.known_until,
    i.statement_id,
    i.statement_number,
    i.row_kind,
    i.row_key,
    nullif(i.side, '') as side,
    i.row_label,
    i.column_id,
    i.amount_yuan,
    i.amount_printed,
    i.unit,
    i.page,
    i.cell_id
from {{ ref('stg_line_items') }} as i
inner join {{ ref('int_known_from') }} as k on i.document_id = k.document_id
inner join {{ ref('int_documents') }} as d on i.document_id = d.document_id
