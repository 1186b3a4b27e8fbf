-- Findings: what contradicts itself in a narrative, without any statement beside it.
select
    f.finding_kind,
    '' as question_about,
    f.severity,
    f.document_id,
    null::varchar as statement_id,
    null::varchar as identity_id,
    f.fault_id as identity_key,
    '第' || f.page || '页，文字说明' || coalesce({{ quoted('f.section') }}, '') || '：' || f.told_zh || '：'
    || {{ quoted('f.sentence') }} as sentence_zh,
    'Page ' || f.page || ', narrative' || coalesce(' ' || f.section, '') || ': ' || f.told_en || ': ' || f.sentence
        as sentence_en,
    null::decimal(18, 2) as expected_yuan,
    null::decimal(18, 2) as reported_yuan,
    null::decimal(18, 2) as difference_yuan,
    f.page,
    null::varchar as cell_id,
    []::varchar[] as operand_cell_ids,
    -- Where the sentence stands: it has no cell.
    f.sentence,
    f.x0,
    f.top,
    f.x1,
    f.bottom
from {{ ref('stg_narrative_faults') }} as f
inner join {{ ref('int_current_documents') }} as d on f.document_id = d.document_id
