select
    facts.statement_number,
    facts.statement_id,
    facts.row_key,
    facts.row_label,
    facts.column_id,
    facts.amount_yuan,
    facts.reading_quality,
    facts.cell_id,
    coalesce(r.sentence_zh, v.sentence_zh) as repair_zh,
    coalesce(r.sentence_en, v.sentence_en) as repair_en
from (
    select statement_number, statement_id, functional_code as row_key, row_label, column_id, amount_yuan, reading_quality, cell_id, document_id from fct_revenue_by_function
    union all
    select statement_number, statement_id, functional_code, row_label, column_id, amount_yuan, reading_quality, cell_id, document_id from fct_expenditure_by_function
    union all
    select statement_number, statement_id, economic_code, row_label, column_id, amount_yuan, reading_quality, cell_id, document_id from fct_expenditure_by_economic
    union all
    select statement_number, statement_id, row_key, row_label, column_id, amount_yuan, reading_quality, cell_id, document_id from fct_statement_totals
    union all
    select statement_number, statement_id, row_key, row_label, column_id, amount_yuan, reading_quality, cell_id, document_id from fct_three_public
    union all
    select statement_number, statement_id, item_path, row_label, column_id, amount_yuan, reading_quality, cell_id, document_id from fct_procurement
    union all
    select statement_number, statement_id, project_name, row_label, column_id, amount_yuan, reading_quality, cell_id, document_id from fct_project_target
) as facts
left join fct_repairs as r on facts.cell_id = r.cell_id
left join mart_review as v on facts.cell_id = v.cell_id and v.decision in ('correct', 'confirm')
where facts.document_id = $document_id
order by facts.cell_id
