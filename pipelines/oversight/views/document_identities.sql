select
    r.identity_id,
    i.title_zh,
    i.title_en,
    r.identity_key,
    r.verdict,
    r.expected_yuan,
    r.reported_yuan,
    r.difference_yuan,
    r.cell_id,
    r.operand_cell_ids
from fct_identity_results as r
inner join dim_identity as i on r.identity_id = i.identity_id
where
    r.verdict <> 'not_evaluable'
    and r.result_id in (select o.result_id from results_of_document as o where o.document_id = $document_id)
order by r.identity_id, r.identity_key, r.result_id
