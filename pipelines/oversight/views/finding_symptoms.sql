select
    s.finding_id,
    s.symptom_kind,
    s.document_id,
    s.identity_id,
    s.identity_key,
    s.sentence_zh,
    s.sentence_en,
    s.expected_yuan,
    s.reported_yuan,
    s.difference_yuan,
    s.page,
    s.cell_id
from mart_finding_symptoms as s
inner join mart_findings as f on s.finding_id = f.finding_id
inner join dim_department as p on f.department_id = p.department_id
where
    ($with_specimens or not p.is_synthetic)
    and f.finding_kind <> 'register_disagrees'
order by
    s.finding_id, s.symptom_kind, s.document_id, s.page, s.identity_id, s.identity_key, s.sentence_zh, s.cell_id
