-- What waits for a person, and what people have decided: the review list. Open questions say which row of which file
-- decides them; decided ones who decided, why, and what it changed. seen_order: the order in which questions came up,
-- by when their document was fetched.
with both_sides as (
    select
        'open' as review_status,
        q.review_id,
        q.question_kind,
        q.document_id,
        q.department_id,
        q.page,
        q.cell_id,
        q.read_text,
        q.candidates,
        q.money_yuan,
        q.decide_in,
        q.row_to_add,
        null::varchar as decision,
        null::varchar as decided_text,
        null::varchar as decision_reason,
        null::varchar as decided_by,
        null::date as decided_on,
        null::varchar as sentence_zh,
        null::varchar as sentence_en,
        null::varchar as effect_zh,
        null::varchar as effect_en
    from {{ ref('int_review_questions') }} as q
    anti join {{ ref('stg_review_decisions') }} as d on q.review_id = d.review_id
    union all
    select
        'decided' as review_status,
        r.review_id,
        r.question_kind,
        r.document_id,
        d.department_id,
        r.page,
        r.cell_id,
        r.read_text,
        r.candidates,
        r.money_yuan,
        null as decide_in,
        null as row_to_add,
        r.decision,
        r.decided_text,
        r.reason as decision_reason,
        r.decided_by,
        r.decided_on,
        r.sentence_zh,
        r.sentence_en,
        r.effect_zh,
        r.effect_en
    from {{ ref('int_review_decided') }} as r
    left join {{ ref('int_documents') }} as d on r.document_id = d.document_id
)

select
    b.review_id,
    b.review_status,
    b.question_kind,
    k.name_zh as question_zh,
    k.name_en as question_en,
    b.document_id,
    d.source_path,
    b.department_id,
    p.department_name,
    d.fiscal_year,
    d.document_kind,
    b.page,
    b.cell_id,
    b.read_text,
    b.candidates,
    b.money_yuan,
    b.decide_in,
    b.row_to_add,
    case when b.review_status = 'open' then k.how_zh end as how_zh,
    case when b.review_status = 'open' then k.how_en end as how_en,
    b.decision,
    b.decided_text,
    b.decision_reason,
    b.decided_by,
    b.decided_on,
    b.sentence_zh,
    b.sentence_en,
    b.effect_zh,
    b.effect_en,
    row_number() over (
        order by coalesce(d.fetched_at::date, d.published_at) nulls first, d.source_path, b.page, b.cell_id, b.review_id
    )::integer as seen_order
from both_sides as b
inner join {{ ref('review_kinds') }} as k on b.question_kind = k.question_kind
left join {{ ref('int_documents') }} as d on b.document_id = d.document_id
left join {{ ref('dim_department') }} as p on b.department_id = p.department_id
