-- A department or unit, as its documents name it. The parent is known where a row of data says so (seed
-- department_names) and where a unit's name is its department's with 本级 ("at its own level") after it.
with published as (
    select
        *,
        row_number() over (
            partition by department_id
            order by is_current desc, fiscal_year desc, published_at desc nulls last, document_id desc
        ) as recency
    from {{ ref('int_documents') }}
    where disclosure_id is not null
),

names as (
    select
        department_id,
        department_published as department_name,
        min(fiscal_year) as first_fiscal_year
    from published
    group by department_id, department_published
),

latest as (
    select * from published
    where recency = 1
),

spans as (
    select
        department_id,
        min(fiscal_year) as first_fiscal_year,
        max(fiscal_year) as last_fiscal_year,
        count(distinct disclosure_id) as n_disclosures,
        bool_and(is_synthetic) as is_synthetic
    from published
    group by department_id
),

departments as (
    select
        l.department_id,
        l.department_published
        || case
            -- Told from its department by 本级, whether it says so or not.
            when
                l.department_name_normalised like '%(本级)'
                and not {{ normalised_name('l.department_published') }} like '%(本级)'
                then '（本级）'
            else ''
        end as department_name,
        l.department_published,
        l.department_name_normalised,
        l.document_level as department_level,
        l.region_code,
        {{ department_key("l.region_code", "regexp_replace(l.department_name_normalised, '\\(本级\\)$|本级$', '')") }}
            as possible_parent_id
    from latest as l
)

select
    d.department_id,
    d.department_name,
    coalesce(
        (
            select list(n.department_name order by n.first_fiscal_year, n.department_name)
            from names as n
            where
                n.department_id = d.department_id
                and {{ normalised_name('n.department_name') }} <> {{ normalised_name('d.department_published') }}
        ),
        []
    ) as earlier_names,
    nullif(d.department_level, '') as department_level,
    coalesce(u.current_department_id, p.department_id) as parent_department_id,
    d.region_code,
    s.first_fiscal_year::integer as first_fiscal_year,
    s.last_fiscal_year::integer as last_fiscal_year,
    s.n_disclosures::integer as n_disclosures,
    s.is_synthetic
from departments as d
inner join spans as s on d.department_id = s.department_id
left join departments as p
    on d.possible_parent_id = p.department_id and d.department_id <> p.department_id
left join {{ ref('int_department_links') }} as u
    on d.department_id = u.other_department_id and u.relation = 'unit_of'
