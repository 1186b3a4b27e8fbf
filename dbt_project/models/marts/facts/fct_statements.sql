-- The statements of documents that count, as printed, also those printed empty: a sentence that there
-- is nothing is a statement of zero, not a missing statement.
select
    document_id || '-s' || lpad(statement_number::varchar, 2, '0') as printed_statement_id,
    disclosure_id,
    document_id,
    department_id,
    region_code,
    fiscal_year,
    document_kind,
    statement_id,
    statement_number,
    nullif(title_printed, '') as title_printed,
    nullif(label_printed, '') as label_printed,
    first_page,
    last_page,
    nullif(unit, '') as unit,
    nullif(department_printed, '') as department_printed,
    is_stated_empty,
    nullif(empty_sentence, '') as empty_sentence,
    n_rows,
    n_amounts,
    score
from {{ ref('int_statements') }}
