select
    page,
    table_number,
    table_row,
    table_column,
    row_span,
    column_span,
    printed_text,
    x0,
    top,
    x1,
    bottom,
    page_width,
    page_height,
    read_by,
    confidence,
    cell_id
from fct_cells
where document_id = $document_id
order by page, table_number, table_row, table_column, cell_id
