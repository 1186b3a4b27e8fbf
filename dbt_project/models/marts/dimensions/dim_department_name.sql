-- The names a department or unit has used, each with the fiscal years of the documents that print or register it, and
-- what a row of data says of it. The years of a name are those of its documents, not of a decree.
with names as (
    select
        d.department_id,
        d.region_code,
        d.department_published as name_zh,
        min(d.fiscal_year)::integer as first_fiscal_year,
        max(d.fiscal_year)::integer as last_fiscal_year,
        count(distinct d.document_id)::integer as n_documents
    from {{ ref('int_documents') }} as d
    where d.disclosure_id is not null
    group by d.department_id, d.region_code, d.department_published
)

select
    n.department_id,
    n.name_zh as department_name,
    p.department_name as current_name,
    coalesce(
        l.relation, case when n.name_zh = p.department_name then 'current' else 'variant' end
    ) as name_relation,
    n.first_fiscal_year,
    n.last_fiscal_year,
    n.n_documents,
    l.source as name_source
from names as n
inner join {{ ref('dim_department') }} as p on n.department_id = p.department_id
left join {{ ref('department_names') }} as l
    on
        n.region_code = l.region_code
        and {{ normalised_name('n.name_zh') }} = {{ normalised_name('l.other_name') }}
        and l.relation in ('earlier', 'short')
