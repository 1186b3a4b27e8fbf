-- What one department published for one year and kind, and which statements it should hold.
-- What the catalogue says every disclosure holds is expected (the nine national statements of final
-- accounts), and of the provinces' own forms what at least half of the province's disclosures of that
-- year hold.
with disclosures as (
    select
        disclosure_id,
        any_value(department_id) as department_id,
        any_value(region_code) as region_code,
        any_value(fiscal_year) as fiscal_year,
        any_value(document_kind) as document_kind,
        min(published_at) filter (where outcome <> 'set_aside') as first_published_at,
        max(published_at) filter (where is_current) as last_published_at,
        count(*)::integer as n_documents,
        coalesce(
            list(document_id order by document_part, document_id) filter (where is_current), []
        ) as current_document_ids,
        count(*) filter (where outcome = 'set_aside' and is_in_raw)::integer as n_set_aside,
        bool_or(is_current) as has_current
    from {{ ref('int_documents') }}
    where disclosure_id is not null
    group by disclosure_id
),

versions as (
    select
        disclosure_id,
        max(n)::integer as n_versions
    from (
        select
            disclosure_id,
            document_part,
            count(*) filter (where outcome <> 'set_aside') as n
        from {{ ref('int_documents') }}
        where disclosure_id is not null
        group by disclosure_id, document_part
    )
    group by disclosure_id
),

printed as (
    select
        s.disclosure_id,
        s.statement_id,
        bool_and(s.is_stated_empty and s.n_amounts = 0) as is_stated_empty
    from {{ ref('int_statements') }} as s
    group by s.disclosure_id, s.statement_id
),

peers as (
    select
        left(region_code, 2) as province,
        fiscal_year,
        document_kind,
        count(*) as n_peers
    from disclosures
    where has_current
    group by all
),

usual as (
    select
        left(d.region_code, 2) as province,
        d.fiscal_year,
        d.document_kind,
        p.statement_id
    from printed as p
    inner join disclosures as d on p.disclosure_id = d.disclosure_id
    inner join peers
        on
            left(d.region_code, 2) = peers.province
            and d.fiscal_year = peers.fiscal_year
            and d.document_kind = peers.document_kind
    group by all
    having 2 * count(*) >= any_value(peers.n_peers)
),

expected as (
    select
        d.disclosure_id,
        f.statement_id
    from disclosures as d
    inner join {{ ref('stg_statement_forms') }} as f
        on
            d.document_kind = f.document_kind
            and d.fiscal_year between coalesce(f.years_from, 0) and coalesce(f.years_to, 9999)
    where
        d.has_current
        and (
            f.is_expected
            or exists (
                select 1
                from usual as u
                where
                    u.province = left(d.region_code, 2)
                    and u.fiscal_year = d.fiscal_year
                    and u.document_kind = d.document_kind
                    and u.statement_id = f.statement_id
            )
        )
),

completeness as (
    select
        coalesce(e.disclosure_id, p.disclosure_id) as disclosure_id,
        list(e.statement_id order by e.statement_id) filter (where e.statement_id is not null) as statements_expected,
        list(p.statement_id order by p.statement_id) filter (where not p.is_stated_empty) as statements_found,
        list(p.statement_id order by p.statement_id) filter (where p.is_stated_empty) as statements_stated_empty,
        list(e.statement_id order by e.statement_id) filter (where p.statement_id is null) as statements_missing
    from expected as e
    full join printed as p on e.disclosure_id = p.disclosure_id and e.statement_id = p.statement_id
    group by coalesce(e.disclosure_id, p.disclosure_id)
)

select
    d.disclosure_id,
    d.department_id,
    d.region_code,
    d.fiscal_year,
    d.document_kind,
    d.first_published_at,
    d.last_published_at,
    d.n_documents,
    v.n_versions,
    d.current_document_ids,
    d.n_set_aside,
    coalesce(c.statements_expected, []) as statements_expected,
    coalesce(c.statements_found, []) as statements_found,
    coalesce(c.statements_stated_empty, []) as statements_stated_empty,
    coalesce(c.statements_missing, []) as statements_missing,
    d.has_current and coalesce(len(c.statements_missing), 0) = 0 as is_complete
from disclosures as d
inner join versions as v on d.disclosure_id = v.disclosure_id
left join completeness as c on d.disclosure_id = c.disclosure_id
