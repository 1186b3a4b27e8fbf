-- From when to when each readable file is what was known of its part of a disclosure. A file is known from the day
-- it was published; where that day is not registered, from the day it was fetched; where neither is, from the
-- beginning of the year its kind is published in (budgets: the fiscal year, final accounts: the year after), which
-- `known_from_basis` says. A version supersedes the one before from the day it is known, and never earlier.
with dated as (
    select
        document_id,
        disclosure_id,
        version_group,
        version_number,
        coalesce(
            published_at,
            fetched_at::date,
            make_date((fiscal_year + case document_kind when 'budget' then 0 else 1 end)::bigint, 1, 1)
        ) as dated_from,
        case
            when published_at is not null then 'published'
            when fetched_at is not null then 'fetched'
            else 'assumed'
        end as known_from_basis
    from {{ ref('int_documents') }}
    where
        disclosure_id is not null
        and outcome <> 'set_aside'
        and document_status not in ('blank_form', 'not_identified')
),

known as (
    select
        document_id,
        disclosure_id,
        version_group,
        version_number,
        known_from_basis,
        -- A version that says what it supersedes may bear an earlier date than that.
        max(dated_from) over (
            partition by disclosure_id, version_group
            order by version_number
            rows between unbounded preceding and current row
        ) as known_from
    from dated
)

select
    document_id,
    disclosure_id,
    version_group,
    version_number,
    known_from,
    known_from_basis,
    lead(known_from) over (partition by disclosure_id, version_group order by version_number) as known_until,
    lag(document_id) over (partition by disclosure_id, version_group order by version_number) as earlier_document_id
from known
