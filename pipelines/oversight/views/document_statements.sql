select
    f.statement_number,
    f.statement_id,
    s.name_zh,
    s.name_en,
    f.title_printed,
    f.label_printed,
    f.unit,
    f.first_page,
    f.last_page,
    f.is_stated_empty,
    f.empty_sentence,
    f.n_amounts
from fct_statements as f
inner join dim_statement as s on f.statement_id = s.statement_id
where f.document_id = $document_id
order by f.statement_number
