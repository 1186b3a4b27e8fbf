-- Amounts of scanned pages that were recognised as another figure and proved by the identities: what was
-- read, what it was repaired to, and the proof. The facts hold the repaired amount.
select
    d.disclosure_id,
    r.document_id,
    d.department_id,
    d.region_code,
    d.fiscal_year,
    d.document_kind,
    i.statement_id,
    i.statement_number,
    r.page,
    r.cell_id,
    r.amount_as_read,
    r.amount_as_read_yuan,
    r.amount_printed,
    r.amount_yuan,
    r.unit,
    r.candidates,
    r.proof,
    r.repaired_together,
    r.sentence_zh,
    r.sentence_en
from {{ ref('stg_repairs') }} as r
inner join {{ ref('int_current_documents') }} as d on r.document_id = d.document_id
inner join {{ ref('int_line_items') }} as i on r.cell_id = i.cell_id
