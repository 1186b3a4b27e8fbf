select
    {{ result_id('r') }} as result_id,
    r.disclosure_id,
    r.identity_id,
    r.key as identity_key,
    r.document_id,
    d.department_id,
    r.region_code,
    r.fiscal_year,
    r.document_kind,
    r.statement_id,
    r.expected_yuan,
    r.reported_yuan,
    r.difference_yuan,
    r.tolerance_yuan,
    r.verdict,
    r.n_operands,
    r.page,
    r.cell_id,
    r.not_evaluable_because
from {{ ref('int_identity_results') }} as r
inner join {{ ref('int_current_documents') }} as d on r.document_id = d.document_id
