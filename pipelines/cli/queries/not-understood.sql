-- What was printed in a table and not understood, and where?
select
    department_name,
    published_name,
    note_kind,
    page,
    message,
    printed_text
from mart_not_understood
order by department_name, published_name, document_id, page, cell_id
