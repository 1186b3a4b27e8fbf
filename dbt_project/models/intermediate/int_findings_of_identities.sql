-- Findings: identities that do not hold (violated), or hold barely (improbable), and that nothing explains
-- together with others (int_finding_causes). What is suspected of one alone is said after its own words.
with suspected as (
    select
        c.symptoms[1].disclosure_id as disclosure_id,
        c.symptoms[1].identity_id as identity_id,
        c.symptoms[1].identity_key as identity_key,
        s.n_tied,
        s.suspicion_zh,
        s.suspicion_en
    from {{ ref('int_contradictions') }} as c
    inner join {{ ref('int_contradiction_sentences') }} as s on c.contradiction_id = s.contradiction_id
    where not s.is_finding and len(c.symptoms) = 1
),

operands as (
    select
        r.answer_number,
        list(c.cell_id order by c.cell_id) as cell_ids
    from {{ ref('int_identity_results') }} as r
    inner join {{ ref('int_identity_operand_cells') }} as c on r.answer_number = c.answer_number
    where r.verdict in ('violated', 'improbable')
    group by r.answer_number
)

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
    s.sentence_zh || coalesce(u.suspicion_zh, '') as sentence_zh,
    s.sentence_en || coalesce(u.suspicion_en, '') as sentence_en,
    r.expected_yuan,
    r.reported_yuan,
    r.difference_yuan,
    r.page,
    r.cell_id,
    coalesce(o.cell_ids, []) as operand_cell_ids
from {{ ref('int_identity_results') }} as r
inner join {{ source('identities', 'identities') }} as t on r.identity_id = t.identity_id
inner join {{ ref('int_identity_sentences') }} as s
    on r.disclosure_id = s.disclosure_id and r.identity_id = s.identity_id and r.key = s.identity_key
left join operands as o on r.answer_number = o.answer_number
left join suspected as u
    on
        r.disclosure_id = u.disclosure_id
        and r.identity_id = u.identity_id
        and r.key = u.identity_key
        -- That any of its figures may be wrong, an identity says itself.
        and u.n_tied < r.n_operands + case when r.cell_id is null then 0 else 1 end
