-- The sums that statements state of themselves (表下注: 27行=（1+2+…+8）行), each held against its printed figures.
select
    r.document_id || '-s' || lpad(r.sum_number::varchar, 4, '0') as stated_sum_id,
    d.disclosure_id,
    r.document_id,
    d.department_id,
    d.region_code,
    d.fiscal_year,
    d.document_kind,
    r.statement_id,
    r.statement_number,
    r.axis as sum_axis,
    r.footnote,
    r.place as sum_place,
    r.verdict,
    r.expected_yuan,
    r.reported_yuan,
    r.difference_yuan,
    r.tolerance_yuan,
    r.page,
    r.cell_id,
    r.operand_cell_ids
from {{ ref('int_stated_sum_results') }} as r
inner join {{ ref('int_current_documents') }} as d on r.document_id = d.document_id
