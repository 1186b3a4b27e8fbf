-- What is there and what is not: department x fiscal year x kind, for every year and kind that somebody of the
-- same region published. That a document is not held here does not say that it was not published.
with expected as (
    select distinct
        region_code,
        fiscal_year,
        document_kind
    from {{ ref('dim_disclosure') }}
)

select
    p.department_id,
    e.region_code,
    e.fiscal_year,
    e.document_kind,
    case
        when d.disclosure_id is null then 'not_held'
        when len(d.current_document_ids) = 0 then 'set_aside'
        when not d.is_complete then 'incomplete'
        when d.n_set_aside > 0 then 'in_part'
        else 'complete'
    end as coverage_status,
    d.disclosure_id,
    d.first_published_at,
    d.last_published_at,
    coalesce(d.n_documents, 0)::integer as n_documents,
    coalesce(d.n_set_aside, 0)::integer as n_set_aside,
    coalesce(d.statements_missing, []) as statements_missing
from expected as e
inner join {{ ref('dim_department') }} as p on e.region_code = p.region_code
left join {{ ref('dim_disclosure') }} as d
    on
        p.department_id = d.department_id
        and e.fiscal_year = d.fiscal_year
        and e.document_kind = d.document_kind
