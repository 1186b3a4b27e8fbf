-- Every printed cell of the documents that count. The facts point here.
select
    d.disclosure_id,
    c.document_id,
    d.department_id,
    d.region_code,
    d.fiscal_year,
    d.document_kind,
    c.cell_id,
    c.page,
    c.table_number,
    c.row_number as table_row,
    c.column_number as table_column,
    c.row_span,
    c.column_span,
    c.printed_text,
    c.x0,
    c.top,
    c.x1,
    c.bottom,
    c.page_width,
    c.page_height,
    c.read_by,
    c.confidence
from {{ ref('stg_cells') }} as c
inner join {{ ref('int_current_documents') }} as d on c.document_id = d.document_id
