with asked as (
    select result_id from results_of_document where document_id = $document_id
),

operands as (
    select
        o.result_id,
        list(o.cell_id order by o.cell_id) as cell_ids
    from fct_identity_operands as o
    semi join asked on o.result_id = asked.result_id
    where o.operand_side = 'expected'
    group by o.result_id
)

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
    coalesce(operands.cell_ids, []) as operand_cell_ids
from fct_identity_results as r
semi join asked on r.result_id = asked.result_id
inner join dim_identity as i on r.identity_id = i.identity_id
left join operands on r.result_id = operands.result_id
where r.verdict <> 'not_evaluable'
order by r.identity_id, r.identity_key, r.result_id
