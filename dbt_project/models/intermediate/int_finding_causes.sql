-- Which findings are symptoms of a contradiction that is a finding itself, so that each cause is told once: the
-- identities that it explains, sentences of the narrative that give the figure as it would have to be, and
-- percentages of the narrative that follow from it as it would have to be.
-- One row per symptom; `contradiction_id` is its cause.
with causes as (
    select
        s.contradiction_id,
        c.contradiction_kind,
        c.statement_key,
        c.likely_unit,
        c.suspects[1].figure_id as figure_id,
        c.symptoms,
        s.is_finding,
        s.document_id,
        s.cell_id,
        s.value_yuan,
        s.low_yuan,
        s.high_yuan
    from {{ ref('int_contradictions') }} as c
    inner join {{ ref('int_contradiction_sentences') }} as s on c.contradiction_id = s.contradiction_id
    where s.is_finding
    union all by name
    -- One identity alone is a finding itself, of which any figure as likely as the first may be the cause.
    select
        c.contradiction_id,
        'figure' as contradiction_kind,
        c.symptoms,
        false as is_finding,
        c.suspect.figure_id,
        c.suspect.cell_id,
        c.suspect.value_yuan,
        c.suspect.low_yuan,
        c.suspect.high_yuan
    from (
        select
            alone.*,
            unnest(alone.suspects) as suspect
        from {{ ref('int_contradictions') }} as alone
        where alone.contradiction_kind = 'figure' and len(alone.symptoms) = 1
    ) as c
    anti join {{ ref('int_contradiction_sentences') }} as s
        on c.contradiction_id = s.contradiction_id and s.is_finding
    where c.suspect.is_tied
),

identities as (
    select
        contradiction_id,
        unnest(symptoms) as symptom
    from causes
    where is_finding
),

checked as (
    select
        k.document_id,
        k.disclosure_id,
        {{ claim_id('k') }} as claim_id,
        k.cell_id,
        k.compared_value,
        c.claimed_value as value_yuan,
        c.claimed_precision as precision_yuan,
        s.document_id || '-' || s.statement_number as statement_key,
        s.unit,
        s.document_id || '-' || s.statement_number || '/' || split_part(k.about, '/', 2) || '/' || k.column_id
            as place
    from {{ ref('int_claim_checks') }} as k
    inner join {{ ref('stg_claims') }} as c
        on k.document_id = c.document_id and k.claim_number = c.claim_number
    left join {{ ref('int_statements') }} as s
        on k.disclosure_id = s.disclosure_id and k.statement_id = s.statement_id
    where k.verdict = 'violated' and k.compared_with = 'statement'
),

-- Percentages of a printed total: worked out again with what the total would have to be.
shares as (
    select
        k.document_id,
        k.disclosure_id,
        {{ claim_id('k') }} as claim_id,
        k.cell_id,
        c.claimed_value::decimal(19, 6) as percent,
        c.claimed_precision::decimal(19, 6) as percent_width,
        k.compared_value::double * i.amount_yuan::double as hundredfold_numerator
    from {{ ref('int_claim_checks') }} as k
    inner join {{ ref('stg_claims') }} as c
        on k.document_id = c.document_id and k.claim_number = c.claim_number
    inner join {{ ref('int_line_items') }} as i on k.cell_id = i.cell_id
    where
        k.verdict = 'violated'
        and k.compared_with = 'figures'
        and c.relation = 'ratio'
        and not k.words_disagree
),

-- Two questions, each with an equality, so that DuckDB joins by hash and does not look at all pairs.
explained_claims as (
    select
        c.contradiction_id,
        k.document_id,
        k.claim_id,
        k.disclosure_id
    from checked as k
    inner join causes as c
        on
            c.contradiction_kind = 'figure'
            and coalesce(k.cell_id, k.place) = coalesce(c.cell_id, c.figure_id)
            and k.value_yuan between c.low_yuan - k.precision_yuan / 2 and c.high_yuan + k.precision_yuan / 2
    union all
    select
        c.contradiction_id,
        k.document_id,
        k.claim_id,
        k.disclosure_id
    from checked as k
    inner join causes as c
        on
            c.contradiction_kind = 'unit'
            and k.statement_key = c.statement_key
            and abs(k.value_yuan - k.compared_value * {{ unit_factor('k.unit') }} / {{ unit_factor('c.likely_unit') }})
            <= k.precision_yuan
)

select
    i.contradiction_id,
    r.document_id,
    'identity_' || r.verdict as finding_kind,
    i.symptom.identity_id,
    i.symptom.identity_key,
    i.symptom.disclosure_id
from identities as i
inner join {{ ref('int_identity_results') }} as r
    on
        i.symptom.disclosure_id = r.disclosure_id
        and i.symptom.identity_id = r.identity_id
        and i.symptom.identity_key = r.key
union all
select
    min(contradiction_id) as contradiction_id,
    document_id,
    'claim_contradicts_statement' as finding_kind,
    null as identity_id,
    claim_id as identity_key,
    disclosure_id
from explained_claims
group by all
union all
select
    min(c.contradiction_id) as contradiction_id,
    k.document_id,
    'claim_ratio_wrong' as finding_kind,
    null as identity_id,
    k.claim_id as identity_key,
    k.disclosure_id
from shares as k
inner join causes as c
    on
        c.contradiction_kind = 'figure'
        and k.cell_id = c.cell_id
        and c.value_yuan > 0
        and abs(k.hundredfold_numerator / c.value_yuan::double - k.percent) <= k.percent_width
group by all
