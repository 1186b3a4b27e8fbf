-- In which document, on which page and where on it, is an amount printed?
-- $amount = 0: the amount in yuan
select
    doc.source_path,
    c.page,
    c.printed_text,
    round(c.x0, 1) as x0,
    round(c.top, 1) as top,
    l.statement_id,
    l.row_label,
    l.column_id,
    l.amount_yuan,
    c.cell_id
from intermediate.int_line_items as l
inner join fct_cells as c on l.cell_id = c.cell_id
inner join dim_document as doc on l.document_id = doc.document_id
where l.amount_yuan = $amount::decimal(18, 2)
order by doc.source_path, c.page, c.cell_id
