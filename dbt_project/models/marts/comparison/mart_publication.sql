-- Who must publish what by when, and whether it is here: department x fiscal year x kind.
--
-- Expected is what mart_coverage expects (what somebody of the region published for that year and kind) and
-- what the list of publishers says (specimens only where they are held). By when is the date of approval and
-- the days of the budget law; the approval of the department's own by the finance authority wins over that of the
-- whole by the congress. Where no approval is known the day is presumed: then a missing document is one to ask
-- for, and none is late.
-- The day as of which this holds is an input (JUESUAN_AS_OF), else the day of the newest document held, else the
-- end of the last fiscal year held.
with as_of as (
    select
        coalesce(
            {{ given_as_of() }},
            max(greatest(fetched_at::date, published_at)),
            make_date(max(fiscal_year), 12, 31)
        ) as as_of_date
    from {{ ref('int_documents') }}
),

listed as (
    select
        {{ department_key("p.region_code", normalised_name("p.department")) }} as department_id,
        p.department as department_name,
        p.region_code,
        p.is_synthetic,
        years.fiscal_year::integer as fiscal_year,
        p.document_kind
    from {{ ref('publishers') }} as p
    cross join as_of as a
    cross join
        unnest(range(p.years_from, coalesce(p.years_to, year(a.as_of_date)) + 1)) as years (fiscal_year)
),

expected as (
    select
        c.department_id,
        d.department_name,
        c.region_code,
        c.fiscal_year,
        c.document_kind
    from {{ ref('mart_coverage') }} as c
    inner join {{ ref('dim_department') }} as d on c.department_id = d.department_id
    union all
    select
        l.department_id,
        coalesce(d.department_name, l.department_name) as department_name,
        l.region_code,
        l.fiscal_year,
        l.document_kind
    from listed as l
    left join {{ ref('dim_department') }} as d on l.department_id = d.department_id
    where
        (not l.is_synthetic or d.is_synthetic)
        and not exists (
            select 1
            from {{ ref('mart_coverage') }} as c
            where
                c.department_id = l.department_id
                and c.fiscal_year = l.fiscal_year
                and c.document_kind = l.document_kind
        )
),

approved as (
    select
        e.department_id,
        e.fiscal_year,
        e.document_kind,
        a.approved_by,
        a.approved_on,
        (a.approved_on + r.days_to_publish::integer)::date as due_on,
        r.basis,
        a.source
    from expected as e
    inner join {{ ref('approvals') }} as a
        on
            e.region_code = a.region_code
            and e.fiscal_year = a.fiscal_year
            and e.document_kind = a.document_kind
            and (
                a.department is null
                or {{ normalised_name("a.department") }} = {{ normalised_name("e.department_name") }}
            )
    inner join {{ ref('publication_rules') }} as r
        on a.approved_by = r.approved_by and a.document_kind = r.document_kind
    qualify
        row_number() over (
            partition by e.department_id, e.fiscal_year, e.document_kind
            order by a.department is null, a.approved_by = 'congress', a.approved_on, a.source
        ) = 1
),

due as (
    select
        e.*,
        coalesce(a.approved_by, 'presumed') as due_basis,
        a.approved_on,
        coalesce(
            a.due_on,
            make_date(e.fiscal_year + r.presumed_years_later, r.presumed_month, r.presumed_day)
        ) as due_on,
        coalesce(a.basis, r.basis) as due_rule,
        a.source as approval_source
    from expected as e
    left join approved as a
        on
            e.department_id = a.department_id
            and e.fiscal_year = a.fiscal_year
            and e.document_kind = a.document_kind
    inner join {{ ref('publication_rules') }} as r
        on r.approved_by = 'presumed' and e.document_kind = r.document_kind
)

select
    d.department_id,
    d.department_name,
    d.region_code,
    d.fiscal_year,
    d.document_kind,
    case
        when c.disclosure_id is not null and c.coverage_status <> 'complete' then 'incomplete'
        when c.disclosure_id is null and d.due_on < a.as_of_date then 'missing'
        when c.disclosure_id is null then 'not_yet_due'
        when c.first_published_at is null or d.due_basis = 'presumed' then 'published'
        when c.first_published_at <= d.due_on then 'on_time'
        else 'late'
    end as publication_status,
    d.due_on,
    d.due_basis,
    d.approved_on,
    d.due_rule,
    d.approval_source,
    c.first_published_at,
    case
        when c.disclosure_id is null and d.due_on < a.as_of_date then (a.as_of_date - d.due_on)::integer
        when d.due_basis <> 'presumed' and c.first_published_at > d.due_on
            then (c.first_published_at - d.due_on)::integer
    end as days_late,
    c.disclosure_id,
    coalesce(c.statements_missing, []) as statements_missing,
    a.as_of_date
from due as d
cross join as_of as a
left join {{ ref('mart_coverage') }} as c
    on
        d.department_id = c.department_id
        and d.fiscal_year = c.fiscal_year
        and d.document_kind = c.document_kind
