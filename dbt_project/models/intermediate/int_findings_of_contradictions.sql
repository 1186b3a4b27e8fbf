-- Findings: what explains several identities that do not hold, or cannot hold together, in one.
with symptoms as (
    select
        f.contradiction_id,
        t.severity,
        r.answer_number,
        r.cell_id
    from {{ ref('int_finding_causes') }} as f
    inner join {{ ref('int_identity_results') }} as r
        on
            f.disclosure_id = r.disclosure_id
            and f.identity_id = r.identity_id
            and f.identity_key = r.key
    inner join {{ source('identities', 'identities') }} as t on f.identity_id = t.identity_id
),

seen as (
    select
        contradiction_id,
        severity,
        cell_id
    from symptoms
    union all
    select
        s.contradiction_id,
        s.severity,
        c.cell_id
    from symptoms as s
    inner join {{ ref('int_identity_operand_cells') }} as c on s.answer_number = c.answer_number
),

cells as (
    select
        contradiction_id,
        coalesce(list(distinct cell_id order by cell_id) filter (where cell_id is not null), []) as cell_ids,
        bool_or(severity = 'stop') as is_critical
    from seen
    group by contradiction_id
)

select
    case s.contradiction_kind
        when 'figure' then 'figure_contradicted'
        when 'exchange' then 'figures_exchanged'
        when 'unit' then 'unit_contradicted'
        when 'rows' then 'rows_displaced'
        else 'identities_contradict'
    end as finding_kind,
    '' as question_about,
    case when s.is_joint then 'low' when cells.is_critical then 'critical' else 'high' end as severity,
    s.document_id,
    s.statement_id,
    null::varchar as identity_id,
    s.contradiction_id as identity_key,
    s.sentence_zh,
    s.sentence_en,
    s.value_yuan as expected_yuan,
    s.amount_yuan as reported_yuan,
    (s.amount_yuan - s.value_yuan)::decimal(18, 2) as difference_yuan,
    s.page,
    s.cell_id,
    list_filter(cells.cell_ids, cell -> cell is distinct from s.cell_id) as operand_cell_ids
from {{ ref('int_contradiction_sentences') }} as s
inner join cells on s.contradiction_id = cells.contradiction_id
where s.is_finding
