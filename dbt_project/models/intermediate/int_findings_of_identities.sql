-- Findings: identities that do not hold (violated), or hold barely (improbable).
select
    'identity_' || r.verdict as finding_kind,
    t.family as question_about,
    case
        when r.verdict = 'improbable' then 'low'
        when t.severity = 'stop' then 'critical'
        else 'high'
    end as severity,
    r.document_id,
    r.statement_id,
    r.identity_id,
    r.key as identity_key,
    s.sentence_zh,
    s.sentence_en,
    r.expected_yuan,
    r.reported_yuan,
    r.difference_yuan,
    r.page,
    r.cell_id,
    r.operand_cell_ids
from {{ ref('int_identity_results') }} as r
inner join {{ source('identities', 'identities') }} as t on r.identity_id = t.identity_id
inner join {{ ref('int_identity_sentences') }} as s
    on r.disclosure_id = s.disclosure_id and r.identity_id = s.identity_id and r.key = s.identity_key
