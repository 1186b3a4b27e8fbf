select
    r.fiscal_year,
    r.document_kind,
    r.restatement_kind,
    r.change_kind,
    s.name_zh as statement_zh,
    s.name_en as statement_en,
    r.row_label,
    r.earlier_yuan,
    r.amount_yuan,
    r.difference_yuan,
    r.document_id,
    r.page,
    r.cell_id,
    r.earlier_document_id,
    r.earlier_page,
    r.earlier_cell_id,
    r.claim_id,
    r.known_from
from fct_restatements as r
left join (select distinct on (statement_id) statement_id, name_zh, name_en from dim_statement order by all) as s
    on r.statement_id = s.statement_id
where r.department_id = $department_id
order by r.fiscal_year desc, r.document_kind, r.restatement_kind, r.page, r.restatement_id
