-- What was printed in a table and not understood, and where?
select
    doc.source_path,
    n.note_kind,
    n.page,
    n.message,
    n.printed_text
from mart_not_understood as n
inner join dim_document as doc on n.document_id = doc.document_id
order by doc.source_path, n.page, n.cell_id
