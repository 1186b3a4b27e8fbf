-- What each finding explains: the identities that do not hold because of it, or not together, and the sentences
-- of the narrative that contradict the figure at fault. None of them is a finding of its own.
with told as (
    select
        causes.contradiction_id,
        causes.finding_kind as symptom_kind,
        causes.document_id,
        causes.identity_id,
        causes.identity_key,
        results.statement_id,
        coalesce(
            sentences.sentence_zh,
            '第' || results.page || '页：' || identities.title_zh || '（四舍五入范围内）。'
        ) as sentence_zh,
        coalesce(
            sentences.sentence_en, 'Page ' || results.page || ': ' || identities.title_en || ' (within rounding).'
        ) as sentence_en,
        results.expected_yuan,
        results.reported_yuan,
        results.difference_yuan,
        results.page,
        results.cell_id
    from {{ ref('int_finding_causes') }} as causes
    inner join {{ ref('fct_identity_results') }} as results
        on
            causes.disclosure_id = results.disclosure_id
            and causes.identity_id = results.identity_id
            and causes.identity_key = results.identity_key
    inner join {{ source('identities', 'identities') }} as identities on causes.identity_id = identities.identity_id
    left join {{ ref('int_identity_sentences') }} as sentences
        on
            causes.disclosure_id = sentences.disclosure_id
            and causes.identity_id = sentences.identity_id
            and causes.identity_key = sentences.identity_key
    union all by name
    select
        causes.contradiction_id,
        causes.finding_kind as symptom_kind,
        causes.document_id,
        claims.identity_id,
        causes.identity_key,
        claims.statement_id,
        claims.sentence_zh,
        claims.sentence_en,
        claims.expected_yuan,
        claims.reported_yuan,
        claims.difference_yuan,
        claims.page,
        claims.cell_id
    from {{ ref('int_finding_causes') }} as causes
    inner join {{ ref('int_findings_of_claims') }} as claims
        on
            causes.document_id = claims.document_id
            and causes.finding_kind = claims.finding_kind
            and causes.identity_key = claims.identity_key
),

-- By what a contradiction may be a finding: its own name, or that of the one identity that it is.
names as (
    select
        contradiction_id,
        '' as disclosure_id,
        '' as identity_id,
        contradiction_id as identity_key
    from {{ ref('int_contradictions') }}
    union all
    select
        contradiction_id,
        symptoms[1].disclosure_id as disclosure_id,
        symptoms[1].identity_id as identity_id,
        symptoms[1].identity_key as identity_key
    from {{ ref('int_contradictions') }}
    where len(symptoms) = 1
)

select
    findings.finding_id,
    told.symptom_kind,
    told.document_id,
    told.statement_id,
    told.identity_id,
    told.identity_key,
    told.sentence_zh,
    told.sentence_en,
    told.expected_yuan,
    told.reported_yuan,
    told.difference_yuan,
    told.page,
    told.cell_id
from told
inner join names on told.contradiction_id = names.contradiction_id
inner join {{ ref('mart_findings') }} as findings
    on
        names.identity_key = findings.identity_key
        and names.identity_id = coalesce(findings.identity_id, '')
        and names.disclosure_id = case when findings.identity_id is null then '' else findings.disclosure_id end
order by
    findings.finding_id,
    told.symptom_kind,
    told.page,
    told.identity_id,
    told.identity_key
