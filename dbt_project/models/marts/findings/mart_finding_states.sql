-- Where each finding stands: since when its documents show it, whether that is the newest day of the data, and
-- whether a person has looked at its figures or is asked to.
--
-- Known since: the day on which the last of the documents that it holds against each other came (fetched, else
-- published). Specimens have days of their own, so that they make no published finding old.
with dated as (
    select
        d.document_id,
        coalesce(d.fetched_at::date, d.published_at) as came_on,
        max(coalesce(d.fetched_at::date, d.published_at)) over (partition by d.is_synthetic) as newest_on
    from {{ ref('dim_document') }} as d
    where d.document_status = 'current'
),

cells as (
    select
        finding_id,
        unnest(list_concat([cell_id, suspect_cell_id], operand_cell_ids)) as cell_id
    from {{ ref('mart_findings') }}
    union
    select
        finding_id,
        cell_id
    from {{ ref('mart_finding_symptoms') }}
),

documents as (
    select
        finding_id,
        document_id
    from {{ ref('mart_findings') }}
    union
    select
        finding_id,
        left(cell_id, 16) as document_id
    from cells
    where cell_id is not null
),

known as (
    select
        o.finding_id,
        -- Of a document without a day nobody knows since when it shows it.
        case when count(*) = count(d.came_on) then max(d.came_on) end as known_since,
        max(d.newest_on) as newest_on
    from documents as o
    inner join dated as d on o.document_id = d.document_id
    group by o.finding_id
),

asked as (
    select
        c.finding_id,
        r.review_id,
        r.review_status,
        r.sentence_zh,
        r.sentence_en
    from {{ ref('mart_review') }} as r
    inner join cells as c on r.cell_id = c.cell_id
    union
    select
        f.finding_id,
        r.review_id,
        r.review_status,
        r.sentence_zh,
        r.sentence_en
    from {{ ref('mart_review') }} as r
    inner join {{ ref('mart_findings') }} as f on r.document_id = f.document_id and r.page = f.page
    where r.question_kind = 'look_at_page'
),

reviews as (
    select
        finding_id,
        count(*) filter (where review_status = 'open') as n_open,
        string_agg(sentence_zh, ' ' order by review_id) filter (where review_status = 'decided') as decided_zh,
        string_agg(sentence_en, ' ' order by review_id) filter (where review_status = 'decided') as decided_en
    from asked
    group by finding_id
)

select
    f.finding_id,
    f.department_id,
    f.fiscal_year,
    k.known_since,
    k.known_since = k.newest_on as is_new,
    case
        when r.n_open > 0 then 'waits'
        when r.decided_zh is not null then 'decided'
        else 'not_asked'
    end as review_state,
    r.decided_zh,
    r.decided_en
from {{ ref('mart_findings') }} as f
left join known as k on f.finding_id = k.finding_id
left join reviews as r on f.finding_id = r.finding_id
