select
    m.region_code,
    r.region_name,
    r.province_name,
    m.department_id,
    m.department_name,
    p.department_id is not null as is_held,
    m.fiscal_year,
    m.document_kind,
    case
        when c.coverage_status in ('set_aside', 'in_part') then c.coverage_status
        else m.publication_status
    end as publication_state,
    m.due_on,
    m.due_basis,
    m.due_rule,
    m.approved_on,
    m.approval_source,
    m.first_published_at,
    m.days_late,
    list_sort(list_transform(m.statements_missing, lambda one: coalesce(n.names[one], one))) as missing_zh,
    list_sort(list_transform(m.statements_missing, lambda one: coalesce(n.names_en[one], one))) as missing_en,
    (
        select string_agg(d.outcome_message, ' ' order by d.document_id)
        from dim_document as d
        where d.disclosure_id = m.disclosure_id and d.document_status = 'set_aside'
    ) as not_read_because,
    m.as_of_date
from mart_publication as m
inner join dim_region as r on m.region_code = r.region_code
left join dim_department as p on m.department_id = p.department_id
left join mart_coverage as c
    on
        m.department_id = c.department_id
        and m.fiscal_year = c.fiscal_year
        and m.document_kind = c.document_kind
cross join (
    select
        map_from_entries(list((statement_id, name_zh))) as names,
        map_from_entries(list((statement_id, name_en))) as names_en
    from (select distinct on (statement_id) statement_id, name_zh, name_en from dim_statement order by all)
) as n
where $with_specimens or not coalesce(p.is_synthetic, false)
order by m.region_code, m.department_name, m.department_id, m.fiscal_year, m.document_kind
