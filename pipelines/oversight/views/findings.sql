select
    f.finding_id,
    f.finding_kind,
    f.severity,
    f.department_id,
    f.department_name,
    f.region_code,
    f.region_name,
    f.fiscal_year,
    f.document_kind,
    f.document_id,
    f.published_name,
    f.statement_name_zh,
    f.statement_name_en,
    f.identity_id,
    f.identity_key,
    f.sentence_zh,
    f.sentence_en,
    f.question_zh,
    f.question_en,
    f.expected_yuan,
    f.reported_yuan,
    f.difference_yuan,
    f.page,
    f.cell_id,
    f.operand_cell_ids,
    f.suspect_cell_id,
    f.is_read_by_ocr,
    s.known_since,
    s.is_new,
    s.review_state,
    s.decided_zh,
    s.decided_en
from mart_findings as f
inner join mart_finding_states as s on f.finding_id = s.finding_id
inner join dim_department as p on f.department_id = p.department_id
-- What differs from the register of this site says as much of the register as of the department.
where
    ($with_specimens or not p.is_synthetic)
    and f.finding_kind <> 'register_disagrees'
order by
    f.fiscal_year desc,
    case f.severity when 'critical' then 0 when 'high' then 1 when 'medium' then 2 else 3 end,
    f.region_code, f.department_id, f.document_kind, f.document_id, f.page, f.finding_id
